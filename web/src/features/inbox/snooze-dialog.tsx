import { useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import type { Run } from './acts';
import { fromLocalField, toLocalField } from './snooze';

interface SnoozeDialogProps {
  start: string;
  run: Run;
  onClose(): void;
}

/** A time of one's own choice. */
export function SnoozeDialog({ start, run, onClose }: SnoozeDialogProps) {
  const t = useTexts().inbox.actions;
  const [value, setValue] = useState(() => toLocalField(new Date(start)));
  const [past, setPast] = useState(false);
  const save = () => {
    const until = fromLocalField(value, Date.now());
    setPast(until === null);
    if (until === null) return;
    onClose();
    run({ type: 'snooze', until });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.snoozeTitle}
      actions={
        <>
          <Button variant="quiet" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button variant="primary" onClick={save}>
            {t.snooze}
          </Button>
        </>
      }
    >
      <Field label={t.snoozeField} error={past ? t.snoozePast : undefined}>
        <Input
          type="datetime-local"
          value={value}
          min={toLocalField(new Date())}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
