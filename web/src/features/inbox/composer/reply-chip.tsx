import { Reply, X } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { writeDraft } from '@/store/drafts';
import { messages } from '@/store/entities';
import { currentUser } from '@/store/session';
import { useRow } from '@/store/table';
import { IconButton } from '@/ui/icon-button';
import { previewOf } from '../preview';
import { focusComposer } from './focus';

/** Which message is being answered. */
export function ReplyChip({ conversationId, messageId }: { conversationId: string; messageId: string }) {
  const { inbox, composer: t } = useTexts();
  const original = useRow(messages, messageId);
  const preview = original ? previewOf(original, inbox, currentUser()?.id ?? null) : null;
  return (
    <div className="mb-2 flex items-center gap-2 rounded-8 border-s-2 border-accent bg-hover py-1 ps-2.5 pe-1 text-13 text-ink-2">
      <Reply size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0 rtl:-scale-x-100" />
      <span className="min-w-0 flex-1 truncate" dir="auto">
        <span className="sr-only">{t.answering} </span>
        {preview ? `${preview.mark ?? ''} ${preview.text}`.trim() : inbox.message.replyGone}
      </span>
      <IconButton
        size="sm"
        label={t.noQuote}
        icon={<X size={14} />}
        onClick={() => {
          writeDraft(conversationId, 'reply', { reply_to: null });
          focusComposer(conversationId, 'reply');
        }}
      />
    </div>
  );
}
