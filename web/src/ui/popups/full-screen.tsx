import { Dialog as Base } from '@base-ui/react/dialog';
import type { FullScreenProps } from '../full-screen';

/** Dark in both themes: pictures are looked at against the dark. */
export function FullScreenPopup({ open, onClose, label, children }: FullScreenProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Popup data-theme="dark" className="fixed inset-0 z-40 flex flex-col bg-sunken text-13 text-ink outline-none transition-opacity duration-120 data-starting-style:opacity-0 data-ending-style:opacity-0">
          <Base.Title className="sr-only">{label}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
