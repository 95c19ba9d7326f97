import { Switch as Base } from '@base-ui/react/switch';
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
      <Base.Root
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative flex h-5 w-9 shrink-0 items-center rounded-full bg-line-strong px-0.5 transition-colors duration-160 data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Thumb className="size-4 rounded-full bg-raised shadow-low transition-transform duration-160 ease-out data-checked:translate-x-4 rtl:data-checked:-translate-x-4 dark:bg-canvas forced-colors:bg-[CanvasText]" />
      </Base.Root>
    </label>
  );
}
