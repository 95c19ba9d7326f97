import { useOpened } from './opened';

export interface ConfirmProps {
  open: boolean;
  onClose(): void;
  title: string;
  text: string;
  /** What will happen, as a verb. */
  confirm: string;
  onConfirm(): void;
  danger?: boolean;
}

/** For what can't be undone; whatever can be gets `undoable` instead. */
export function Confirm(props: ConfirmProps) {
  const parts = useOpened(props.open);
  return parts && <parts.ConfirmPopup {...props} />;
}
