export { BulkBar } from './bulk';
export { FilterForm } from './filter-form';
export { LabelEditor } from './label-editor';
export { RawDialog } from './raw-dialog';
export { SnoozeDialog } from './snooze-dialog';
