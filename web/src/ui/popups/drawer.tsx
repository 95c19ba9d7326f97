import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef } from 'react';
import { useTexts } from '@/lib/i18n';
import type { DrawerProps } from '../drawer';
import { IconButton } from '../icon-button';
import { backdrop } from '../styles';

export function DrawerPopup({ open, onClose, title, label, children }: DrawerProps) {
  const { common } = useTexts();
  const sheet = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={backdrop} />
        <Base.Popup
          ref={sheet}
          // The content loads later; starting on the close button would only say "Close".
          initialFocus={sheet}
          aria-label={label}
          className="fixed inset-y-0 end-0 z-40 flex w-full flex-col border-line bg-panel text-13 text-ink shadow-high outline-none transition-[translate,opacity] duration-160 ease-out sm:w-[min(35rem,92vw)] sm:border-s data-starting-style:translate-x-6 data-starting-style:opacity-0 data-ending-style:translate-x-6 data-ending-style:opacity-0 data-ending-style:duration-120 rtl:data-starting-style:-translate-x-6 rtl:data-ending-style:-translate-x-6"
        >
          <header className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line py-2 ps-5 pe-2.5">
            <div className="min-w-0 grow text-16 font-semibold">{title}</div>
            <Base.Close render={<IconButton label={common.close} icon={<X size={16} />} />} />
          </header>
          <div className="flex min-h-0 grow flex-col overflow-y-auto overscroll-contain">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
