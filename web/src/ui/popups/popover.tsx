import { Popover as Base } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { homeOf } from '../home';
import { anchoredPopup, cx } from '../styles';
import type { TriggerLink } from '../trigger';
import { Bridge } from './bridge';

interface PopoverPopupProps {
  link: TriggerLink;
  label: string;
  children: ReactNode;
  align: 'start' | 'center' | 'end';
  open: boolean;
  onOpenChange(open: boolean): void;
}

export function PopoverPopup({ link, label, children, align, open, onOpenChange }: PopoverPopupProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={<Bridge link={link} />} />
      <Base.Portal container={homeOf(link.element)}>
        <Base.Positioner positionMethod="fixed" sideOffset={4} align={align} collisionPadding={8} className="z-50">
          <Base.Popup aria-label={label} className={cx(anchoredPopup, 'max-h-(--available-height) w-max max-w-[min(24rem,var(--available-width))] min-w-56 overflow-y-auto p-3')}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
