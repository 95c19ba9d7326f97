import { useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { FrameDialog } from '../frame-dialog';
import { fromLocalField, toLocalField } from '../snooze';

const YEAR_MS = 365 * 86_400_000;

interface LaterDialogProps {
  start: string;
  onClose(): void;
  onPick(at: string): void;
}

/** A time of one's own choice, at most a year ahead. */
export function LaterDialog({ start, onClose, onPick }: LaterDialogProps) {
  const t = useTexts().composer;
  const { common } = useTexts();
  const [value, setValue] = useState(() => toLocalField(new Date(start)));
  const [wrong, setWrong] = useState(false);
  const save = () => {
    const at = fromLocalField(value, Date.now());
    const good = at !== null && Date.parse(at) - Date.now() <= YEAR_MS;
    setWrong(!good);
    if (!good) return;
    onClose();
    onPick(at);
  };
  return (
    <FrameDialog title={t.sendLater} onClose={onClose} other={{ label: common.cancel, run: onClose }} main={{ label: t.schedule, run: save }}>
      <Field label={t.laterField} error={wrong ? t.laterWrong : undefined}>
        <Input type="datetime-local" value={value} min={toLocalField(new Date())} onChange={(event) => setValue(event.currentTarget.value)} />
      </Field>
    </FrameDialog>
  );
}
