import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { type ReactNode, type RefObject, useMemo, useRef } from 'react';
import { homeOf } from './home';
import { anchoredPopup, control, cx, option } from './styles';

export interface SelectItem<T extends string = string> {
  value: T;
  label: string;
  icon?: ReactNode;
}

/** Asked when the list opens: by then the trigger is on the page. */
function useHome(trigger: RefObject<Element | null>): RefObject<HTMLElement | null> {
  return useMemo(
    () => ({
      get current() {
        return homeOf(trigger.current) ?? null;
      },
    }),
    [trigger],
  );
}

/** The open list; `MultiSelect` shows the same one. */
export function SelectPopup<T extends string>({ items, trigger }: { items: readonly SelectItem<T>[]; trigger: RefObject<Element | null> }) {
  const home = useHome(trigger);
  return (
    <Base.Portal container={home}>
      <Base.Positioner positionMethod="fixed" sideOffset={4} collisionPadding={8} alignItemWithTrigger={false} className="z-50 outline-none">
        <Base.Popup className={cx(anchoredPopup, 'max-h-[min(22rem,var(--available-height))] min-w-(--anchor-width) overflow-y-auto p-1')}>
          {items.map((item) => (
            <Base.Item key={item.value} value={item.value} className={cx(option, 'pe-8 relative')}>
              {item.icon && <span className="flex shrink-0 text-ink-2">{item.icon}</span>}
              <Base.ItemText className="truncate">
                <bdi>{item.label}</bdi>
              </Base.ItemText>
              <Base.ItemIndicator className="absolute end-2 text-accent-text">
                <Check size={14} strokeWidth={2.25} />
              </Base.ItemIndicator>
            </Base.Item>
          ))}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

export interface SelectProps<T extends string> {
  label: string;
  hideLabel?: boolean;
  value: T;
  onChange(value: NoInfer<T>): void;
  items: readonly SelectItem<NoInfer<T>>[];
  disabled?: boolean;
  className?: string;
}

export function Select<T extends string>({ label, hideLabel = false, value, onChange, items, disabled, className }: SelectProps<T>) {
  const trigger = useRef<HTMLButtonElement>(null);
  const chosen = items.find((item) => item.value === value);
  return (
    <Base.Root items={items} value={value} disabled={disabled} onValueChange={(next) => next !== null && onChange(next as T)}>
      <div className={cx('flex min-w-0 flex-col gap-1', className)}>
        {!hideLabel && <Base.Label className="text-12 font-medium text-ink-2">{label}</Base.Label>}
        <Base.Trigger
          ref={trigger}
          aria-label={hideLabel ? label : undefined}
          className={cx(control, 'flex min-w-0 items-center gap-2 ps-2.5 pe-2 text-start select-none hover:bg-raised-hover max-sm:text-14', hideLabel && 'not-focus-visible:border-line shadow-low')}
        >
          {chosen?.icon && <span className="flex shrink-0 text-ink-2">{chosen.icon}</span>}
          <span className="min-w-0 grow truncate">
            <Base.Value />
          </span>
          <Base.Icon className="shrink-0 text-ink-3">
            <ChevronsUpDown size={14} />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <SelectPopup items={items} trigger={trigger} />
    </Base.Root>
  );
}
