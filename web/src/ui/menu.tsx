import type { ReactElement, ReactNode } from 'react';
import { Trigger, useTriggered } from './trigger';

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
  const { shown, link, parts, wake, setShown } = useTriggered({ open, onOpenChange });
  return (
    <>
      <Trigger trigger={trigger} link={link} kind="menu" wake={wake} setShown={setShown} />
      {parts && <parts.MenuPopup link={link} items={items} label={label} align={align} open={shown} onOpenChange={setShown} />}
    </>
  );
}
