import { AlertDialog as Base } from '@base-ui/react/alert-dialog';
import { useRef } from 'react';
import { useTexts } from '@/lib/i18n';
import { Button } from '../button';
import type { ConfirmProps } from '../confirm';
import { backdrop, centredPopup, cx } from '../styles';

export function ConfirmPopup({ open, onClose, title, text, confirm, onConfirm, danger = false }: ConfirmProps) {
  const { common } = useTexts();
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={backdrop} />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center px-3 pt-[max(0.75rem,18dvh)] pb-3">
          <Base.Popup initialFocus={cancel} className={cx(centredPopup, 'flex max-h-full w-full max-w-sm flex-col gap-1.5 overflow-y-auto p-5')}>
            <Base.Title className="text-16 font-semibold">{title}</Base.Title>
            <Base.Description className="text-13 text-ink-2">{text}</Base.Description>
            <div className="flex flex-wrap justify-end gap-2 pt-4">
              <Base.Close render={<Button ref={cancel}>{common.cancel}</Button>} />
              <Button
                variant={danger ? 'danger' : 'primary'}
                onClick={() => {
                  onConfirm();
                  onClose();
                }}
              >
                {confirm}
              </Button>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
