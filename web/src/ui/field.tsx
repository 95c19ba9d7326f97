import { createContext, type ReactNode, useContext, useId } from 'react';

interface FieldState {
  control: string;
  description: string | undefined;
  invalid: boolean;
}

const FieldContext = createContext<FieldState | null>(null);

/** What ties a control to the field around it, if there is one. */
export function useFieldProps() {
  const field = useContext(FieldContext);
  if (!field) return {};
  return {
    id: field.control,
    'aria-describedby': field.description,
    'aria-invalid': field.invalid || undefined,
    'data-invalid': field.invalid ? '' : undefined,
  };
}

/** Label, hint and error of one control. */
export function Field({ label, hint, error, children }: { label: string; hint?: string; error?: string; children: ReactNode }) {
  const id = useId();
  const said = error || hint;
  return (
    <FieldContext value={{ control: id, description: said ? `${id}-said` : undefined, invalid: Boolean(error) }}>
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="w-fit text-12 font-medium text-ink-2">
          {label}
        </label>
        {children}
        {said && (
          <div id={`${id}-said`} aria-live={error ? 'polite' : undefined} className={error ? 'text-12 text-danger-text' : 'text-12 text-ink-3'}>
            {said}
          </div>
        )}
      </div>
    </FieldContext>
  );
}
