import { Plus, X } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import type { FormOf } from '@/store/forms';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { MOST } from './content';
import { Counted } from './counted';
import { focusNext } from './focus-next';

type Buttons = FormOf<'buttons'>;

interface ButtonsFormProps {
  form: Buttons;
  most: number;
  onChange(form: Buttons): void;
}

export function ButtonsForm({ form, most, onChange }: ButtonsFormProps) {
  const t = useTexts().forms;
  const { titles } = form;
  const change = (next: readonly string[]) => onChange({ ...form, titles: next });
  const full = titles.length >= most;
  const add = () => {
    if (!full) change([...titles, '']);
    focusNext('[data-button]');
  };
  return (
    <div className="flex flex-col gap-2">
      {titles.map((title, index) => (
        <div key={index} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <Counted
              data-button
              label={t.button(index + 1)}
              value={title}
              most={MOST.buttonTitle}
              onChange={(value) => change(titles.with(index, value))}
              onNext={add}
            />
          </div>
          <IconButton
            className="mt-5"
            label={t.remove(t.button(index + 1))}
            disabled={titles.length === 1}
            icon={<X size={15} />}
            onClick={() => change(titles.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="flex items-center gap-2">
        <Button size="sm" disabled={full} icon={<Plus size={14} aria-hidden="true" />} onClick={add}>
          {t.addButton}
        </Button>
        <span className="text-12 tabular-nums text-ink-2">{t.used(titles.length, most)}</span>
      </div>
    </div>
  );
}
