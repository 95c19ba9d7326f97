import type { ReactNode } from 'react';
import { useOpened } from './opened';

export interface DrawerProps {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  label: string;
  children: ReactNode;
}

/** A sheet at the end side, the whole width of a phone. The content scrolls by itself. */
export function Drawer(props: DrawerProps) {
  const parts = useOpened(props.open);
  return parts && <parts.DrawerPopup {...props} />;
}
