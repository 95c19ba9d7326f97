import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/toast';

/** What the platform sent, as it came. */
export function RawDialog({ value, onClose }: { value: unknown; onClose(): void }) {
  const t = useTexts().inbox.message;
  const json = JSON.stringify(value, null, 2);
  const copy = () => {
    void navigator.clipboard.writeText(json).then(() => toast({ title: t.copied, tone: 'ok' }));
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t.rawTitle}
      actions={
        <>
          <Button variant="quiet" onClick={copy}>
            {t.copy}
          </Button>
          <Button variant="primary" onClick={onClose}>
            {t.close}
          </Button>
        </>
      }
    >
      {/* Focusable, so that it can be scrolled with the keyboard. */}
      <pre
        tabIndex={0}
        aria-label={t.rawTitle}
        dir="ltr"
        className="max-h-[60vh] overflow-auto whitespace-pre-wrap rounded-8 bg-sunken p-3 font-mono text-12 [overflow-wrap:anywhere]"
      >
        {json}
      </pre>
    </Dialog>
  );
}
