import { Reply } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { messages } from '@/store/entities';
import { currentUser } from '@/store/session';
import { useRow } from '@/store/table';
import { previewOf } from '../preview';

/** What the message answers; a press leads to the original, also when that has still to be loaded. */
export function Quote({ reply, onJump }: { reply: NonNullable<Message['reply_to']>; onJump(id: string): void }) {
  const t = useTexts().inbox;
  const original = useRow(messages, reply.message_id);
  const id = reply.message_id;
  const preview = original ? previewOf(original, t, currentUser()?.id ?? null) : null;
  const text = preview?.text ?? (id ? t.message.replyGone : t.message.replyUnknown);
  const look =
    'mb-1 flex w-full min-w-0 items-start gap-1.5 rounded-6 border-s-2 border-accent bg-hover px-2 py-1 text-start text-13 text-ink-2';
  const inner = (
    <>
      <Reply size={14} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 rtl:-scale-x-100" />
      <span className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]" dir="auto">
        {preview?.mark ? `${preview.mark} ` : ''}
        {text}
      </span>
    </>
  );
  if (!id) return <div className={look}>{inner}</div>;
  return (
    <button type="button" className={look} title={t.message.replyTo} onClick={() => onJump(id)}>
      {inner}
    </button>
  );
}
