import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import type { DialogProps } from '../dialog';
import { IconButton } from '../icon-button';
import { backdrop, centredPopup, cx } from '../styles';

export function DialogPopup({ open, onClose, title, description, children, actions, wide = false }: DialogProps) {
  const { common } = useTexts();
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={backdrop} />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center overflow-hidden px-3 pt-[max(0.75rem,12dvh)] pb-3">
          <Base.Popup className={cx(centredPopup, 'relative flex max-h-full w-full flex-col', wide ? 'max-w-3xl' : 'max-w-md')}>
            <header className="flex flex-col gap-1 px-5 pt-4 pe-12">
              <Base.Title className="text-16 font-semibold">{title}</Base.Title>
              {description && <Base.Description className="text-13 text-ink-2">{description}</Base.Description>}
            </header>
            <div className={cx('min-h-0 overflow-y-auto px-5 pb-5', Boolean(children) && 'pt-4')}>{children}</div>
            {actions && <footer className="flex flex-wrap items-center justify-end gap-2 rounded-b-12 border-t border-line bg-panel px-5 py-3">{actions}</footer>}
            {/* Last in the order, so that the focus starts in the content. */}
            <Base.Close render={<IconButton label={common.close} icon={<X size={16} />} className="absolute end-2.5 top-2.5" />} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
