/** Adding and removing labels, beside a button or in a dialog. */
import { useState } from 'react';
import { X } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import type { EditorProps } from './labels';

const MOST_LABELS = 50;
const LONGEST_LABEL = 50;

export function LabelEditor({ labels, known, run }: EditorProps) {
  const t = useTexts().inbox.actions;
  const [text, setText] = useState('');
  const label = text.trim();
  const own = labels ?? [];
  const error = label.length > LONGEST_LABEL ? t.labelTooLong : own.length >= MOST_LABELS ? t.labelTooMany : undefined;
  const add = () => {
    if (label === '' || error !== undefined) return;
    setText('');
    if (labels === undefined) run({ type: 'label', add: label });
    else if (!labels.includes(label)) run({ type: 'labels', labels: [...labels, label] });
  };
  return (
    <div className="flex w-64 max-w-full flex-col gap-3">
      {own.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {own.map((one) => (
            <li key={one} className="flex min-w-0 items-center gap-0.5 rounded-6 bg-sunken ps-2 text-12 text-ink">
              <bdi className="truncate">{one}</bdi>
              <button
                type="button"
                aria-label={t.removeLabel(one)}
                className="flex size-6 shrink-0 items-center justify-center rounded-6 text-ink-2 hover:bg-hover hover:text-ink"
                onClick={() => run({ type: 'labels', labels: own.filter((other) => other !== one) })}
              >
                <X size={12} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field label={t.addLabel} error={error}>
          <Input value={text} list="inbox-labels" autoComplete="off" onChange={(event) => setText(event.currentTarget.value)} />
        </Field>
        <Button type="submit" variant="quiet" disabled={label === ''}>
          {t.add}
        </Button>
      </form>
      <LabelOptions id="inbox-labels" known={known.filter((one) => !own.includes(one))} />
    </div>
  );
}

export function LabelOptions({ id, known }: { id: string; known: readonly string[] }) {
  return (
    <datalist id={id}>
      {known.map((one) => (
        <option key={one} value={one} />
      ))}
    </datalist>
  );
}
