import { useState } from 'react';
import { CircleQuestionMark } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { extras } from '../extras';
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
      {open && <Raw value={message.raw ?? message} onClose={() => setOpen(false)} />}
    </>
  );
}

function Raw({ value, onClose }: { value: unknown; onClose(): void }) {
  const parts = extras.useLoaded(true);
  return parts && <parts.RawDialog value={value} onClose={onClose} />;
}
