import type { Conversation, DraftKind } from '@/api/types';
import { announce } from '@/lib/announce';
import { undoSendPreference } from '@/lib/composing';
import { texts } from '@/lib/i18n';
import { signal } from '@/live/live';
import { clearDraft, readDraft, restoreDraft } from '@/store/drafts';
import { enqueue, takeBack, type Unsent } from '@/store/outbox';
import { toast, undoable } from '@/ui/toast';
import { focusComposer } from './focus';
import { measure } from './rules';

/** In this time a reply can be taken back. */
const HOLD_MS = 5_000;

interface Sender {
  conversation: Conversation;
  kind: DraftKind;
  seen(): string | null;
  /** Though the window is closed. */
  overrides: boolean;
  /** Nothing may be sent at the moment. */
  blocked: boolean;
}

export type Send = (options?: { at?: string }) => void;

/** Puts what is written into the outbox, and empties the text area. */
export function useSend({ conversation, kind, seen, overrides, blocked }: Sender): Send {
  return ({ at } = {}) => {
    const t = texts().composer;
    const draft = readDraft(conversation.id, kind);
    const text = draft.text.trim();
    const note = kind === 'note';
    if (text === '' || blocked) return;
    const { used, limit } = measure(text, conversation.channel.kind, note);
    if (used > limit) {
      announce(t.tooLong(used - limit));
      return;
    }
    // A note can be deleted, and what is scheduled taken back: neither needs a moment for regrets.
    const hold = !note && at === undefined && undoSendPreference.read() === 'on' ? HOLD_MS : 0;
    const entry = enqueue({
      conversation_id: conversation.id,
      text,
      internal: note,
      reply_to: note ? null : draft.reply_to,
      seen_message_id: seen(),
      send_at: note ? undefined : at,
      override_window: overrides,
      hold_ms: hold,
    });
    if (!entry) {
      toast({ title: t.full, text: t.fullText, tone: 'danger' });
      return;
    }
    clearDraft(conversation.id, kind);
    signal(`conversation:${conversation.id}`, 'typing.stopped');
    if (hold > 0) undoable(t.sendingNow, () => regret(entry), hold);
  };
}

function regret({ client_id }: Unsent): void {
  const entry = takeBack(client_id);
  if (!entry) {
    toast({ title: texts().composer.tooLate, tone: 'danger' });
    return;
  }
  edit(entry);
}

/** A text that was not sent is there to be written on. */
export function edit(entry: Unsent): void {
  const kind = entry.internal ? 'note' : 'reply';
  restoreDraft(entry.conversation_id, kind, entry.text, entry.reply_to);
  focusComposer(entry.conversation_id, kind);
}
