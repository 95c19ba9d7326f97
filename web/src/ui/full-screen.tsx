import type { ReactNode } from 'react';
import { useOpened } from './opened';

export interface FullScreenProps {
  open: boolean;
  onClose(): void;
  /** Names it; shown only to screen readers. */
  label: string;
  children: ReactNode;
}

/** Over everything, dark, for what is looked at. */
export function FullScreen(props: FullScreenProps) {
  const parts = useOpened(props.open);
  return parts && <parts.FullScreenPopup {...props} />;
}
