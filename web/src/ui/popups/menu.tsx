import { Menu as Base } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { keyLabel } from '@/lib/keys';
import { homeOf } from '../home';
import { Kbd } from '../kbd';
import type { MenuItem } from '../menu';
import { anchoredPopup, cx, option } from '../styles';
import type { EntryKey, TriggerLink } from '../trigger';
import { Bridge } from './bridge';

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
        <Items items={item.items} sideOffset={2} alignOffset={-5} />
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

interface ItemsProps {
  items: readonly MenuItem[];
  label?: string;
  sideOffset: number;
  alignOffset?: number;
  align?: 'start' | 'end';
  link?: TriggerLink;
}

function Items({ items, label, sideOffset, alignOffset, align, link }: ItemsProps) {
  return (
    // A submenu goes where its menu is.
    <Base.Portal container={link && homeOf(link.element)}>
      <Base.Positioner positionMethod="fixed" sideOffset={sideOffset} alignOffset={alignOffset} align={align} collisionPadding={8} className="z-50 outline-none">
        <Base.Popup aria-label={label} className={cx(anchoredPopup, 'max-h-(--available-height) max-w-80 min-w-48 overflow-y-auto p-1')}>
          {items.map((item, index) => (
            <Item key={index} item={item} />
          ))}
          {link?.entry && <Entry link={link} at={link.entry} />}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** Opened by a key before Base UI could see it: the focus starts at an item all the same. */
function Entry({ link, at }: { link: TriggerLink; at: EntryKey }) {
  const here = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const menu = here.current?.closest('[role="menu"]');
    const frame = requestAnimationFrame(() => {
      link.entry = null;
      menu?.dispatchEvent(new KeyboardEvent('keydown', { key: at, bubbles: true, cancelable: true }));
    });
    return () => cancelAnimationFrame(frame);
  }, [link, at]);
  return <span ref={here} hidden />;
}

interface MenuPopupProps {
  link: TriggerLink;
  items: readonly MenuItem[];
  label?: string;
  align: 'start' | 'end';
  open: boolean;
  onOpenChange(open: boolean): void;
}

export function MenuPopup({ link, items, label, align, open, onOpenChange }: MenuPopupProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={<Bridge link={link} />} />
      <Items items={items} label={label} sideOffset={4} align={align} link={link} />
    </Base.Root>
  );
}
