import { type KeyboardEvent, type ReactNode, useId } from 'react';
import { cx } from './styles';

interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange(value: NoInfer<T>): void;
  items: readonly { value: NoInfer<T>; label: string; count?: number }[];
  /** What the chosen tab shows. Left out where the tabs only narrow a list that stands elsewhere on the page. */
  panel?: ReactNode;
  className?: string;
}

const track = 'flex max-w-full shrink-0 gap-0.5 overflow-x-auto rounded-8 bg-sunken p-0.5 [scrollbar-width:none]';
const segment =
  'flex h-7 grow items-center justify-center gap-1.5 rounded-6 border px-2.5 text-12 font-medium whitespace-nowrap transition-colors duration-120 select-none max-sm:h-10';
const chosen = 'border-line bg-raised text-ink shadow-low forced-colors:border-[Highlight]';
const other = 'border-transparent text-ink-3 hover:text-ink';

function Words({ label, count }: { label: string; count?: number }) {
  return (
    <>
      {label}
      {count !== undefined && <span className="font-normal text-ink-3 tabular-nums">{count}</span>}
    </>
  );
}

/** One look, two meanings: with a panel it is a list of tabs, without one a choice. */
export function Tabs<T extends string>(props: TabsProps<T>) {
  return props.panel === undefined ? <Choice {...props} /> : <TabList {...props} />;
}

function Choice<T extends string>({ label, value, onChange, items, className }: TabsProps<T>) {
  const name = useId();
  return (
    <div className={cx('flex min-h-0 min-w-0 flex-col', className)}>
      <div role="radiogroup" aria-label={label} className={track}>
        {items.map((item) => (
          <label key={item.value} className={cx(segment, 'relative has-focus-visible:outline-2 has-focus-visible:outline-accent-text', item.value === value ? chosen : other)}>
            <input type="radio" name={name} checked={item.value === value} onChange={() => onChange(item.value)} className="sr-only" />
            <Words label={item.label} count={item.count} />
          </label>
        ))}
      </div>
    </div>
  );
}

function TabList<T extends string>({ label, value, onChange, items, panel, className }: TabsProps<T>) {
  const id = useId();
  const keyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const forwards = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const backwards = forwards === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
    const steps: Partial<Record<string, number>> = { [forwards]: at + 1, [backwards]: at - 1, Home: 0, End: -1 };
    const step = steps[event.key];
    if (at < 0 || step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    tabs.at(step % tabs.length)?.focus();
  };
  return (
    <div className={cx('flex min-h-0 min-w-0 grow flex-col', className)}>
      <div role="tablist" aria-label={label} onKeyDown={keyDown} className={track}>
        {items.map((item) => (
          <button
            key={item.value}
            type="button"
            role="tab"
            id={`${id}-${item.value}`}
            aria-selected={item.value === value}
            aria-controls={`${id}-panel`}
            tabIndex={item.value === value ? 0 : -1}
            onClick={() => onChange(item.value)}
            className={cx(segment, 'focus-visible:outline-offset-0', item.value === value ? chosen : other)}
          >
            <Words label={item.label} count={item.count} />
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`} tabIndex={0} className="flex min-h-0 grow flex-col focus-visible:-outline-offset-2">
        {panel}
      </div>
    </div>
  );
}
