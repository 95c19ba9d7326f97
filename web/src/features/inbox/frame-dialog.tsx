import type { ReactNode } from 'react';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';

interface Choice {
  label: string;
  run(): void;
}

interface FrameProps {
  title: string;
  onClose(): void;
  /** Beside the main one. */
  other: Choice;
  main: Choice;
  wide?: boolean;
  children: ReactNode;
}

/** The inbox's dialogs: mounted while they are open, with two buttons, the main one last. */
export function FrameDialog({ title, onClose, other, main, wide, children }: FrameProps) {
  const actions = (
    <>
      <Button variant="quiet" onClick={other.run}>
        {other.label}
      </Button>
      <Button variant="primary" onClick={main.run}>
        {main.label}
      </Button>
    </>
  );
  return (
    <Dialog open wide={wide} onClose={onClose} title={title} actions={actions}>
      {children}
    </Dialog>
  );
}
