import { useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import type { Run } from './acts';
import { FrameDialog } from './frame-dialog';
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
    <FrameDialog title={t.snoozeTitle} onClose={onClose} other={{ label: t.cancel, run: onClose }} main={{ label: t.snooze, run: save }}>
      <Field label={t.snoozeField} error={past ? t.snoozePast : undefined}>
        <Input
          type="datetime-local"
          value={value}
          min={toLocalField(new Date())}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      </Field>
    </FrameDialog>
  );
}
