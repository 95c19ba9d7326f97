import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
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

export function Tabs<T extends string>({ label, value, onChange, items, panel, className }: TabsProps<T>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onChange(next as T)} className={cx('flex min-h-0 min-w-0 flex-col', panel !== undefined && 'grow', className)}>
      <Base.List aria-label={label} className="flex max-w-full shrink-0 gap-0.5 overflow-x-auto rounded-8 bg-sunken p-0.5 [scrollbar-width:none]">
        {items.map((item) => (
          <Base.Tab
            key={item.value}
            value={item.value}
            className="flex h-7 grow items-center justify-center gap-1.5 rounded-6 border border-transparent px-2.5 text-12 font-medium whitespace-nowrap text-ink-3 transition-colors duration-120 select-none hover:text-ink focus-visible:outline-offset-0 max-sm:h-10 data-active:border-line data-active:bg-raised data-active:text-ink data-active:shadow-low"
          >
            {item.label}
            {item.count !== undefined && <span className="font-normal text-ink-3 tabular-nums">{item.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {panel !== undefined && (
        <Base.Panel value={value} className="flex min-h-0 grow flex-col">
          {panel}
        </Base.Panel>
      )}
    </Base.Root>
  );
}
