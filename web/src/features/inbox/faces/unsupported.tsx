import { useState } from 'react';
import { CircleQuestionMark } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/toast';
import { Block } from './block';
import { TextFace } from './text';

/** A kind that the platform doesn't pass on, or that came after this build: the raw data is a click away. */
export function UnsupportedFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const [open, setOpen] = useState(false);
  const type = message.original_type;
  return (
    <>
      <Block icon={CircleQuestionMark} title={t.kinds.unsupported} note={type ? t.faces.unsupportedType(type) : t.faces.unsupported}>
        <button
          type="button"
          className="min-h-6 text-13 font-medium text-accent-text underline-offset-2 hover:underline"
          onClick={() => setOpen(true)}
        >
          {t.message.raw}
        </button>
      </Block>
      <TextFace text={message.text} />
      {open && <RawDialog value={message.raw ?? message} onClose={() => setOpen(false)} />}
    </>
  );
}

function RawDialog({ value, onClose }: { value: unknown; onClose(): void }) {
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
