import { Plus, X } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { EMPTY_ROW, EMPTY_SECTION, type FormOf, type FormRow, type FormSection } from '@/store/forms';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { MOST, MOST_ROWS } from './content';
import { Counted } from './counted';
import { focusNext } from './focus-next';

type List = FormOf<'list'>;

interface ListFormProps {
  form: List;
  onChange(form: List): void;
}

export function ListForm({ form, onChange }: ListFormProps) {
  const t = useTexts().forms;
  const { button, sections } = form;
  const used = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  const change = (next: readonly FormSection[]) => onChange({ ...form, sections: next });
  const addSection = () => {
    change([...sections, EMPTY_SECTION]);
    focusNext('[data-section-title]');
  };
  return (
    <div className="flex flex-col gap-3">
      <Counted label={t.listButton} value={button} most={MOST.listButton} onChange={(value) => onChange({ ...form, button: value })} onNext={() => undefined} />
      {sections.map((section, index) => (
        <SectionForm
          key={index}
          section={section}
          number={index + 1}
          only={sections.length === 1}
          full={used >= MOST_ROWS}
          onChange={(next) => change(next === null ? sections.filter((_, at) => at !== index) : sections.with(index, next))}
        />
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" disabled={used >= MOST_ROWS} icon={<Plus size={14} aria-hidden="true" />} onClick={addSection}>
          {t.addSection}
        </Button>
        <span role="status" className="text-12 tabular-nums text-ink-2">
          {t.rows(used, MOST_ROWS)}
        </span>
      </div>
    </div>
  );
}

interface SectionFormProps {
  section: FormSection;
  number: number;
  /** With one section the heading is not needed, and can't be removed. */
  only: boolean;
  /** No row more, in all sections together. */
  full: boolean;
  /** Null: removed. */
  onChange(section: FormSection | null): void;
}

function SectionForm({ section, number, only, full, onChange }: SectionFormProps) {
  const t = useTexts().forms;
  const { title, rows } = section;
  const heading = t.section(number);
  const change = (next: readonly FormRow[]) => onChange({ ...section, rows: next });
  const add = () => {
    if (full) return;
    change([...rows, EMPTY_ROW]);
    focusNext(`[data-row-of="${number}"]`);
  };
  return (
    <fieldset aria-label={heading} className="flex flex-col gap-2 rounded-8 border border-line p-2">
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <Counted
            data-section-title
            label={only ? t.optional(heading) : heading}
            value={title}
            most={MOST.sectionTitle}
            onChange={(value) => onChange({ ...section, title: value })}
            onNext={add}
          />
        </div>
        {!only && <IconButton className="mt-5" label={t.remove(heading)} icon={<X size={15} />} onClick={() => onChange(null)} />}
      </div>
      {rows.map((row, index) => (
        <div key={index} className="flex items-start gap-1">
          <div className="grid min-w-0 flex-1 gap-2 @[48rem]:grid-cols-2">
            <Counted
              data-row-of={number}
              label={t.row(index + 1)}
              value={row.title}
              most={MOST.rowTitle}
              onChange={(value) => change(rows.with(index, { ...row, title: value }))}
              onNext={add}
            />
            <Counted
              label={t.optional(t.rowDetail(index + 1))}
              value={row.description}
              most={MOST.rowDescription}
              onChange={(value) => change(rows.with(index, { ...row, description: value }))}
              onNext={add}
            />
          </div>
          <IconButton
            className="mt-5"
            label={t.remove(t.row(index + 1))}
            disabled={rows.length === 1}
            icon={<X size={15} />}
            onClick={() => change(rows.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div>
        <Button size="sm" variant="plain" disabled={full} icon={<Plus size={14} aria-hidden="true" />} onClick={add}>
          {t.addRow}
        </Button>
      </div>
    </fieldset>
  );
}
