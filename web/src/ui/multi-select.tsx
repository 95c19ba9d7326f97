import { Select as Base } from '@base-ui/react/select';
import { ChevronDown, X } from 'lucide-react';
import { useRef } from 'react';
import { useTexts } from '@/lib/i18n';
import { IconButton } from './icon-button';
import { type SelectItem, SelectPopup } from './select';
import { cx } from './styles';

interface MultiSelectProps {
  label: string;
  values: readonly string[];
  onChange(values: string[]): void;
  items: readonly SelectItem[];
  className?: string;
}

/** A filter: empty it shows its label, filled the first choice and how many more there are. */
export function MultiSelect({ label, values, onChange, items, className }: MultiSelectProps) {
  const { common } = useTexts();
  const first = items.find((item) => item.value === values[0]);
  const trigger = useRef<HTMLButtonElement>(null);
  const active = values.length > 0;
  return (
    <div
      className={cx(
        'inline-flex h-control min-w-0 items-center rounded-6 border transition-colors duration-120',
        active ? 'border-accent-text bg-accent-soft' : 'border-line bg-raised shadow-low hover:bg-raised-hover',
        className,
      )}
    >
      <Base.Root multiple items={items} value={[...values]} onValueChange={(next) => onChange(next)}>
        <Base.Trigger
          ref={trigger}
          aria-label={label}
          className={cx('flex h-full min-w-0 grow items-center gap-1.5 rounded-6 ps-2.5 text-13 select-none focus-visible:outline-offset-0', active ? 'pe-1 text-ink' : 'pe-2 text-ink-2')}
        >
          <Base.Value className="flex min-w-0 gap-1.5">
            {() => (
              <>
                <span className="min-w-0 truncate">{first ? first.label : label}</span>
                {values.length > 1 && <span className="font-medium text-accent-text tabular-nums">+{values.length - 1}</span>}
              </>
            )}
          </Base.Value>
          {!active && (
            <Base.Icon className="shrink-0 text-ink-3">
              <ChevronDown size={14} />
            </Base.Icon>
          )}
        </Base.Trigger>
        <SelectPopup items={items} trigger={trigger} />
      </Base.Root>
      {active && <IconButton size="sm" label={`${common.clear}: ${label}`} icon={<X size={14} />} className="me-px h-6 w-6" onClick={() => onChange([])} />}
    </div>
  );
}
