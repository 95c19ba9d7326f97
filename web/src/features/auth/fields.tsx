import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, type RefObject, useEffect, useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { Field } from '@/ui/field';
import { IconButton } from '@/ui/icon-button';
import { Input } from '@/ui/input';
import type { Refusal } from './errors';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  label: string;
  name: string;
  hint?: string;
  error?: string;
  value: string;
  onChange(value: string): void;
}

export function TextField({ label, hint, error, onChange, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      <Input {...input} dir={input.dir ?? 'auto'} required className="min-h-10" onChange={(event) => onChange(event.currentTarget.value)} />
    </Field>
  );
}

export function PasswordField({ label, hint, error, onChange, ...input }: TextFieldProps) {
  const { auth } = useTexts();
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      <span className="relative flex">
        <Input
          {...input}
          dir="ltr"
          required
          type={shown ? 'text' : 'password'}
          autoCapitalize="none"
          spellCheck={false}
          className="min-h-10 pe-11"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <IconButton
          label={shown ? auth.hidePassword : auth.showPassword}
          icon={shown ? <EyeOff size={16} /> : <Eye size={16} />}
          onClick={() => setShown(!shown)}
          size="sm"
          className="absolute end-1.5 inset-y-0 my-auto"
        />
      </span>
    </Field>
  );
}

/** What is wrong with the form as a whole. */
export function FormFault({ text }: { text: string | null }) {
  return (
    <div role="alert" className="empty:hidden">
      {text !== null && (
        <p className="flex items-start gap-2 rounded-8 bg-danger-soft px-3 py-2 text-13 text-danger-text">
          <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
          <span className="min-w-0">{text}</span>
        </p>
      )}
    </div>
  );
}

/** Puts the focus on the first field that was refused. */
export function useFocusOnRefusal(form: RefObject<HTMLFormElement | null>, refused: Refusal): void {
  useEffect(() => {
    const controls = [...(form.current?.elements ?? [])];
    const first = controls.find((control) => control instanceof HTMLInputElement && refused.fields[control.name] !== undefined);
    if (first instanceof HTMLElement) first.focus();
  }, [form, refused]);
}
