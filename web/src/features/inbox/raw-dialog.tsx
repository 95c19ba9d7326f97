import { useTexts } from '@/lib/i18n';
import { toast } from '@/ui/toast';
import { FrameDialog } from './frame-dialog';

/** What the platform sent, as it came. */
export function RawDialog({ value, onClose }: { value: unknown; onClose(): void }) {
  const t = useTexts().inbox.message;
  const json = JSON.stringify(value, null, 2);
  const copy = () => {
    void navigator.clipboard.writeText(json).then(() => toast({ title: t.copied, tone: 'ok' }));
  };
  return (
    <FrameDialog wide title={t.rawTitle} onClose={onClose} other={{ label: t.copy, run: copy }} main={{ label: t.close, run: onClose }}>
      {/* Focusable, so that it can be scrolled with the keyboard. */}
      <pre
        tabIndex={0}
        aria-label={t.rawTitle}
        dir="ltr"
        className="max-h-[60vh] overflow-auto whitespace-pre-wrap rounded-8 bg-sunken p-3 font-mono text-12 [overflow-wrap:anywhere]"
      >
        {json}
      </pre>
    </FrameDialog>
  );
}
