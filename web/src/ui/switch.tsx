import { useId } from 'react';

interface SwitchProps {
  checked: boolean;
  onChange(checked: boolean): void;
  label: string;
  hint?: string;
  disabled?: boolean;
}

/** A setting that takes effect at once; for one that waits for "Save", use `Checkbox`. */
export function Switch({ checked, onChange, label, hint, disabled = false }: SwitchProps) {
  const id = useId();
  return (
    <label className="flex min-h-6 items-start justify-between gap-4 max-sm:min-h-11">
      <span className="flex min-w-0 flex-col">
        <span id={id} className={disabled ? 'text-13 text-ink-3' : 'text-13 font-medium'}>
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="text-12 text-ink-3">
            {hint}
          </span>
        )}
      </span>
      <span className="relative flex shrink-0">
        <input
          type="checkbox"
          role="switch"
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.currentTarget.checked)}
          aria-labelledby={id}
          aria-describedby={hint ? `${id}-hint` : undefined}
          className="peer h-5 w-9 appearance-none rounded-full bg-line-strong transition-colors duration-160 checked:bg-accent disabled:opacity-50"
        />
        <span className="pointer-events-none absolute start-0.5 top-0.5 size-4 rounded-full bg-raised shadow-low transition-transform duration-160 ease-out peer-checked:translate-x-4 rtl:peer-checked:-translate-x-4 dark:bg-canvas forced-colors:bg-[CanvasText]" />
      </span>
    </label>
  );
}
