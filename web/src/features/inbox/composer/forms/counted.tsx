import type { ComponentProps } from 'react';
import { useTexts } from '@/lib/i18n';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { isNear } from '../rules';
import { lengthOf } from './content';

interface CountedProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  label: string;
  value: string;
  /** Characters that the platform takes; more can be written, and is said to be too much. */
  most: number;
  onChange(value: string): void;
  /** Enter goes on to the next one; it must not send what is half filled in. */
  onNext?(): void;
}

/** A field that says how much of it is used once that is most of it. */
export function Counted({ label, value, most, onChange, onNext, ...rest }: CountedProps) {
  const t = useTexts().forms;
  const used = lengthOf(value);
  const said = t.used(used, most);
  return (
    <Field label={label} hint={isNear({ used, limit: most }) ? said : undefined} error={used > most ? said : undefined}>
      <Input
        dir="auto"
        autoComplete="off"
        {...rest}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || !onNext) return;
          event.preventDefault();
          onNext();
        }}
      />
    </Field>
  );
}
