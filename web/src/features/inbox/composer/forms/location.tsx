import { type ClipboardEvent, type ReactNode, useId } from 'react';
import { useTexts } from '@/lib/i18n';
import type { FormOf } from '@/store/forms';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { coordinatesOf, degreesOf, MOST_LATITUDE, MOST_LONGITUDE } from './coordinates';

type Location = FormOf<'location'>;

interface LocationFormProps {
  form: Location;
  onChange(form: Location): void;
}

export function LocationForm({ form, onChange }: LocationFormProps) {
  const t = useTexts().forms;
  const hint = useId();
  /** A pair or a link fills both fields; whether it did. */
  const spread = (written: string): boolean => {
    const found = coordinatesOf(written);
    if (found) onChange({ ...form, latitude: String(found.latitude), longitude: String(found.longitude) });
    return found !== null;
  };
  const paste = (event: ClipboardEvent) => {
    if (spread(event.clipboardData.getData('text'))) event.preventDefault();
  };
  const coordinate = (key: 'latitude' | 'longitude', most: number): ReactNode => (
    <Field label={t[key]} error={isBarren(form[key]) ? t.noPlace : undefined}>
      <Input
        dir="ltr"
        autoComplete="off"
        aria-describedby={hint}
        data-invalid={form[key].trim() !== '' && degreesOf(form[key], most) === null && coordinatesOf(form[key]) === null ? '' : undefined}
        value={form[key]}
        onChange={(event) => onChange({ ...form, [key]: event.currentTarget.value })}
        onPaste={paste}
        onBlur={() => spread(form[key])}
      />
    </Field>
  );
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-3 @[26rem]:grid-cols-2">
        {coordinate('latitude', MOST_LATITUDE)}
        {coordinate('longitude', MOST_LONGITUDE)}
      </div>
      <p id={hint} className="-mt-1.5 text-12 text-ink-2">
        {t.paste}
      </p>
      <div className="grid gap-3 @[26rem]:grid-cols-2">
        {(['name', 'address'] as const).map((key) => (
          <Field key={key} label={t.optional(key === 'name' ? t.placeName : t.address)}>
            <Input dir="auto" autoComplete="off" value={form[key]} onChange={(event) => onChange({ ...form, [key]: event.currentTarget.value })} />
          </Field>
        ))}
      </div>
    </div>
  );
}

/** A link that says no place, as the short ones do. */
function isBarren(written: string): boolean {
  return /^\s*https?:/i.test(written) && coordinatesOf(written) === null;
}
