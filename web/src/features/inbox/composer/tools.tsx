import { Reply, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { writeDraft } from '@/store/drafts';
import { conversations } from '@/store/entities';
import { useUser } from '@/store/session';
import { useRow } from '@/store/table';
import { Confirm } from '@/ui/confirm';
import { cx } from '@/ui/styles';
import { focusComposer } from './focus';
import { useChange } from './outgoing';
import { ReactButton } from './react-button';
import { barred, sendingAt } from './rules';

const tool =
  'flex size-7 items-center justify-center rounded-6 text-ink-2 hover:bg-hover hover:text-ink focus-visible:-outline-offset-2 max-sm:size-9';

/** What can be done with a message, at its corner while it is pointed at or has the focus. */
export function MessageTools({ message }: { message: Message }) {
  const t = useTexts().composer;
  const user = useUser();
  const conversation = useRow(conversations, message.conversation_id);
  const [asking, setAsking] = useState(false);
  const { takeBack } = useChange(message);
  if (!conversation || message.version === 0 || message.deleted_at || barred(user, conversation) !== null) return null;
  const note = message.direction === 'internal';
  if (note && message.author?.id !== user.id) return null;
  const { mode } = sendingAt(conversation, Date.now());
  if (!note && mode === 'unsupported') return null;
  const reacts = message.direction === 'in' && (mode === 'free' || mode === 'human_agent');
  const reply = () => {
    writeDraft(conversation.id, 'reply', { reply_to: message.id });
    focusComposer(conversation.id, 'reply');
  };
  return (
    <>
      {/* Beside the bubble, towards the middle: it covers nothing that is read. */}
      <span
        className={cx(
          'absolute top-0.5 flex max-sm:flex-col rounded-8 border border-line bg-raised opacity-0 shadow-low group-[:hover]/message:opacity-100 focus-within:opacity-100 has-aria-expanded:opacity-100',
          message.direction === 'in' ? 'start-full ms-1.5' : 'end-full me-1.5',
        )}
      >
        {note ? (
          <button type="button" className={tool} aria-label={t.deleteNote} title={t.deleteNote} onClick={() => setAsking(true)}>
            <Trash2 size={14} strokeWidth={1.75} aria-hidden="true" />
          </button>
        ) : (
          <>
            {reacts && <ReactButton message={message} channel={conversation.channel.kind} className={tool} />}
            <button type="button" className={tool} aria-label={t.quote} title={t.quote} onClick={reply}>
              <Reply size={15} strokeWidth={1.75} aria-hidden="true" className="rtl:-scale-x-100" />
            </button>
          </>
        )}
      </span>
      {asking && (
        <Confirm open danger title={t.deleteNoteTitle} text={t.deleteNoteText} confirm={t.deleteNote} onConfirm={() => void takeBack()} onClose={() => setAsking(false)} />
      )}
    </>
  );
}
