import type { ReactNode } from 'react';

interface ChoicesProps<T extends string> {
  label: string;
  name: string;
  value: T;
  onChange(value: T): void;
  items: readonly { value: T; label: string; icon?: ReactNode }[];
}

/** A few exclusive choices, all visible: radio buttons, so that arrows walk through them and a screen reader counts them. */
export function Choices<T extends string>({ label, name, value, onChange, items }: ChoicesProps<T>) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-12 font-medium text-ink-2">{label}</legend>
      <div className="flex flex-wrap gap-2">
        {items.map((item) => (
          <label
            key={item.value}
            className="flex min-h-9 grow basis-28 items-center justify-center gap-2 rounded-8 border border-line bg-raised px-3 text-13 font-medium text-ink-2 transition-colors duration-120 select-none hover:bg-hover [&_svg]:shrink-0 has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent-text has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text max-sm:min-h-11"
          >
            <input type="radio" name={name} checked={item.value === value} onChange={() => onChange(item.value)} className="sr-only" />
            {item.icon}
            {item.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
