import type { ReactNode } from 'react';
import { useOpened } from './opened';

export interface DialogProps {
  open: boolean;
  onClose(): void;
  title: string;
  description?: string;
  children?: ReactNode;
  /** Buttons at the end, the one that acts last. */
  actions?: ReactNode;
  wide?: boolean;
}

export function Dialog(props: DialogProps) {
  const parts = useOpened(props.open);
  return parts && <parts.DialogPopup {...props} />;
}
