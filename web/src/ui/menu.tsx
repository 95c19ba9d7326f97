import { Menu as Base } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { keyLabel } from '@/lib/keys';
import { Kbd } from './kbd';
import { anchoredPopup, cx, option } from './styles';

export type MenuItem =
  | {
      label: string;
      icon?: ReactNode;
      shortcut?: string;
      onSelect?(): void;
      danger?: boolean;
      disabled?: boolean;
      /** Given, the item is a choice that is on or off. */
      checked?: boolean;
      /** Given, the item opens these. */
      items?: MenuItem[];
    }
  | 'separator';

function Face({ item, after }: { item: Exclude<MenuItem, 'separator'>; after?: ReactNode }) {
  return (
    <>
      {item.icon && <span className={cx('flex shrink-0', !item.danger && 'text-ink-2')}>{item.icon}</span>}
      <bdi className="min-w-0 grow truncate">{item.label}</bdi>
      {after}
      {item.shortcut && (
        <span className="ps-4">
          <Kbd keys={item.shortcut} />
        </span>
      )}
    </>
  );
}

function Item({ item }: { item: MenuItem }) {
  if (item === 'separator') return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
  const shared = {
    disabled: item.disabled,
    label: item.label,
    'aria-keyshortcuts': item.shortcut ? keyLabel(item.shortcut).join('+') : undefined,
  };
  if (item.items) {
    return (
      <Base.SubmenuRoot>
        <Base.SubmenuTrigger {...shared} className={cx(option, 'data-popup-open:bg-accent-soft')}>
          <Face item={item} after={<ChevronRight size={14} className="text-ink-3 rtl:-scale-x-100" />} />
        </Base.SubmenuTrigger>
        <MenuPopup items={item.items} sideOffset={2} alignOffset={-5} />
      </Base.SubmenuRoot>
    );
  }
  if (item.checked !== undefined) {
    return (
      <Base.CheckboxItem {...shared} closeOnClick checked={item.checked} onCheckedChange={() => item.onSelect?.()} className={option}>
        <Face item={item} after={item.checked && <Check size={14} strokeWidth={2.25} className="text-accent-text" />} />
      </Base.CheckboxItem>
    );
  }
  return (
    <Base.Item {...shared} onClick={() => item.onSelect?.()} className={cx(option, item.danger && 'text-danger-text data-highlighted:bg-danger-soft')}>
      <Face item={item} />
    </Base.Item>
  );
}

function MenuPopup({ items, label, sideOffset, alignOffset, align }: { items: readonly MenuItem[]; label?: string; sideOffset: number; alignOffset?: number; align?: 'start' | 'end' }) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={sideOffset} alignOffset={alignOffset} align={align} collisionPadding={8} className="z-50 outline-none">
        <Base.Popup aria-label={label} className={cx(anchoredPopup, 'max-h-(--available-height) max-w-80 min-w-48 overflow-y-auto p-1')}>
          {items.map((item, index) => (
            <Item key={index} item={item} />
          ))}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

interface MenuProps {
  trigger: ReactElement;
  items: readonly MenuItem[];
  /** Names the menu; without it the trigger's name does. */
  label?: string;
  align?: 'start' | 'end';
  /** For menus that a shortcut opens. */
  open?: boolean;
  onOpenChange?(open: boolean): void;
}

export function Menu({ trigger, items, label, align = 'start', open, onOpenChange }: MenuProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger render={trigger} />
      <MenuPopup items={items} label={label} sideOffset={4} align={align} />
    </Base.Root>
  );
}
