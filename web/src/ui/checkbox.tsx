import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import { cx } from './styles';

interface CheckboxProps {
  checked: boolean;
  onChange(checked: boolean): void;
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
      <Base.Root
        checked={checked}
        indeterminate={indeterminate}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
        aria-label={hideLabel ? label : undefined}
        className="flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-line-strong bg-raised text-accent-ink transition-colors duration-120 data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent data-disabled:opacity-50"
      >
        <Base.Indicator className="flex">{indeterminate ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}</Base.Indicator>
      </Base.Root>
      {!hideLabel && label}
    </label>
  );
}
