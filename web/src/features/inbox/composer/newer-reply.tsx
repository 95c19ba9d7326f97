import { useSyncExternalStore } from 'react';
import { useTexts } from '@/lib/i18n';
import { conversations } from '@/store/entities';
import { discard, dropFileOf, sendAgain, subscribeOutbox, unsent } from '@/store/outbox';
import { currentUser } from '@/store/session';
import { FrameDialog } from '../frame-dialog';
import { previewOf } from '../preview';
import { edit } from './send';

/** Somebody answered while this was being written: that is read before it is sent. */
export function NewerReply({ conversationId }: { conversationId: string }) {
  const { inbox, composer: t } = useTexts();
  const entry = useSyncExternalStore(subscribeOutbox, unsent).find((one) => one.refusal?.newer && conversations.resolve(one.conversation_id) === conversationId);
  const newer = entry?.refusal?.newer;
  if (!entry || !newer) return null;
  // What was sent together is refused together, and one look at the answer is enough.
  const anyway = () => {
    for (const one of unsent()) if (one.refusal?.newer && conversations.resolve(one.conversation_id) === conversationId) sendAgain(one.client_id, { seen_message_id: newer.id });
  };
  const back = () => {
    const taken = discard(entry.client_id);
    if (taken?.template) dropFileOf(taken);
    else if (taken) edit(taken);
  };
  return (
    <FrameDialog
      title={t.newer.title(newer.author?.name ?? t.newer.somebody)}
      onClose={back}
      other={{ label: t.newer.back, run: back }}
      main={{ label: t.newer.sendAnyway, run: anyway }}
    >
      <dl className="flex flex-col gap-3 text-13">
        <div>
          <dt className="text-12 text-ink-2">{t.newer.theirs}</dt>
          <dd className="mt-0.5 rounded-8 bg-sunken px-3 py-2 [overflow-wrap:anywhere]" dir="auto">
            {previewOf(newer, inbox, currentUser()?.id ?? null).text}
          </dd>
        </div>
        <div>
          <dt className="text-12 text-ink-2">{t.newer.yours}</dt>
          <dd className="mt-0.5 line-clamp-4 rounded-8 bg-out px-3 py-2 text-out-ink [overflow-wrap:anywhere]" dir="auto">
            {entry.text || entry.file?.name || entry.template?.preview}
          </dd>
        </div>
      </dl>
    </FrameDialog>
  );
}
