import type { ReactElement, ReactNode } from 'react';
import { Trigger, useTriggered } from './trigger';

interface PopoverProps {
  trigger: ReactElement;
  label: string;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  open?: boolean;
  onOpenChange?(open: boolean): void;
}

export function Popover({ trigger, label, children, align = 'start', open, onOpenChange }: PopoverProps) {
  const { shown, link, parts, wake, setShown } = useTriggered({ open, onOpenChange });
  return (
    <>
      <Trigger trigger={trigger} link={link} kind="dialog" wake={wake} setShown={setShown} />
      {parts && (
        <parts.PopoverPopup link={link} label={label} align={align} open={shown} onOpenChange={setShown}>
          {children}
        </parts.PopoverPopup>
      )}
    </>
  );
}
