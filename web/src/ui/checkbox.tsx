import { Check, Minus } from 'lucide-react';
import { cx } from './styles';

interface CheckboxProps {
  checked: boolean;
  /** `range`: Shift was held, as one does to tick all from the last one on. */
  onChange(checked: boolean, range: boolean): void;
  label: string;
  hideLabel?: boolean;
  /** Some, but not all, of what this stands for is chosen. */
  indeterminate?: boolean;
  disabled?: boolean;
}

export function Checkbox({ checked, onChange, label, hideLabel = false, indeterminate = false, disabled = false }: CheckboxProps) {
  return (
    // The label around the box is the target: 24 px high at least, 44 px for a finger.
    <label className={cx('inline-flex min-h-6 items-center gap-2 text-13 max-sm:min-h-11', hideLabel && 'min-w-6 justify-center max-sm:min-w-11', disabled && 'text-ink-3')}>
      <span className="relative flex size-4 shrink-0 text-accent-ink">
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          ref={(box) => {
            if (box) box.indeterminate = indeterminate;
          }}
          onChange={(event) => onChange(event.currentTarget.checked, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
          aria-label={hideLabel ? label : undefined}
          className="size-4 appearance-none rounded-[4px] border border-line-strong bg-raised transition-colors duration-120 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-50"
        />
        {(checked || indeterminate) && (
          <span className="pointer-events-none absolute inset-0 flex items-center justify-center forced-colors:text-[CanvasText]">
            {indeterminate ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
          </span>
        )}
      </span>
      {!hideLabel && label}
    </label>
  );
}
