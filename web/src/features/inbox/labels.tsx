/** Where labels are edited: beside a button, or in a dialog. */
import type { ReactElement } from 'react';
import { useTexts } from '@/lib/i18n';
import { Popover } from '@/ui/popover';
import type { Run } from './acts';
import { extras } from './extras';
import type { Opened } from './menus';

export interface EditorProps {
  /** Undefined: several conversations at once, to which a label can only be added. */
  labels: readonly string[] | undefined;
  /** Labels that are in use, to choose from while typing. */
  known: readonly string[];
  run: Run;
}

export function Labels(props: EditorProps) {
  const parts = extras.useLoaded(true);
  return parts && <parts.LabelEditor {...props} />;
}

export function LabelsPopover({ trigger, open, onOpenChange, ...editor }: EditorProps & Opened & { trigger: ReactElement }) {
  const t = useTexts().inbox.actions;
  return (
    <Popover trigger={trigger} label={t.labels} open={open} onOpenChange={onOpenChange} align="end">
      <Labels {...editor} />
    </Popover>
  );
}
