import type { Conversation, DraftKind } from '@/api/types';
import { announce } from '@/lib/announce';
import { undoSendPreference } from '@/lib/composing';
import { texts } from '@/lib/i18n';
import { signal } from '@/live/live';
import { clearDraft, readDraft, restoreDraft, writeDraft } from '@/store/drafts';
import { restoreForm } from '@/store/forms';
import { dropFileOf, enqueue, takeBack, type Unsent } from '@/store/outbox';
import type { UnsentContent, UnsentTemplate } from '@/store/outbox-entry';
import { useUsers } from '@/store/people';
import { useUser } from '@/store/session';
import { readTray, restoreToTray, takeFromTray, type TrayFile } from '@/store/tray';
import { toast, undoable } from '@/ui/toast';
import { focusComposer } from './focus';
import { parts } from './limits';
import { forgetPicked, namedIn, pick } from './mentions';
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

export interface SendOptions {
  at?: string;
  /** A recording goes alone: what was begun beside it stays. */
  only?: TrayFile;
}

export type Send = (options?: SendOptions) => void;

/** Puts what is written and what was attached into the outbox, and empties the composer. */
export function useSend({ conversation, kind, seen, overrides, blocked }: Sender): Send {
  const me = useUser();
  const users = useUsers();
  return ({ at, only } = {}) => {
    const t = texts().composer;
    const { id, channel } = conversation;
    const draft = readDraft(id, kind);
    const text = only ? '' : draft.text.trim();
    const files = only ? [only] : readTray(id, kind);
    const note = kind === 'note';
    if ((text === '' && files.length === 0) || blocked) return;
    const { used, limit } = measure(text, channel.kind, note);
    if (used > limit) {
      announce(t.tooLong(used - limit));
      return;
    }
    // A note can be deleted, and what is scheduled taken back: neither needs a moment for regrets.
    const hold = !note && at === undefined && undoSendPreference.read() === 'on' ? HOLD_MS : 0;
    const entries: Unsent[] = [];
    for (const [index, part] of parts(text, files, channel.kind, note).entries()) {
      const entry = enqueue({
        client_id: part.file?.key,
        conversation_id: id,
        text: part.text,
        file: part.file,
        internal: note,
        mentions: note ? namedIn(part.text, users, me.id, id) : [],
        reply_to: note || index > 0 || only ? null : draft.reply_to,
        seen_message_id: seen(),
        send_at: note ? undefined : at,
        override_window: overrides,
        hold_ms: hold,
      });
      if (!entry) break;
      entries.push(entry);
    }
    if (entries.length === 0) {
      toast({ title: t.full, text: t.fullText, tone: 'danger' });
      return;
    }
    if (!only) {
      clearDraft(id, kind);
      if (note) forgetPicked(id);
      takeFromTray(id, kind, new Set(entries.map(({ client_id }) => client_id)));
    }
    signal(`conversation:${id}`, 'typing.stopped');
    if (hold > 0) undoable(t.sendingNow, () => regret(entries), hold);
  };
}

interface ContentOptions extends Pick<Sender, 'seen' | 'overrides'> {
  /** Above buttons and a list; null where the content has none. */
  text: string | null;
  at?: string;
}

/** What was filled in beside or in the place of a text. Whether the outbox took it. */
export function sendContent({ id }: Conversation, content: UnsentContent, { text, at, seen, overrides }: ContentOptions): boolean {
  const t = texts().composer;
  const hold = at === undefined && undoSendPreference.read() === 'on' ? HOLD_MS : 0;
  const entry = enqueue({
    conversation_id: id,
    text: text ?? '',
    content,
    internal: false,
    reply_to: readDraft(id, 'reply').reply_to,
    seen_message_id: seen(),
    send_at: at,
    override_window: overrides,
    hold_ms: hold,
  });
  if (!entry) {
    toast({ title: t.full, text: t.fullText, tone: 'danger' });
    return false;
  }
  if (text === null) writeDraft(id, 'reply', { reply_to: null });
  else clearDraft(id, 'reply');
  if (hold > 0) undoable(t.sendingNow, () => regret([entry]), hold);
  return true;
}

/** A template, with the file above it if it has one. */
export function sendTemplate(conversation: Conversation, template: UnsentTemplate, file: TrayFile | null, seen: string | null): void {
  const t = texts().composer;
  const hold = undoSendPreference.read() === 'on' ? HOLD_MS : 0;
  const entry = enqueue({
    client_id: file?.key,
    conversation_id: conversation.id,
    text: '',
    file,
    template,
    internal: false,
    reply_to: null,
    seen_message_id: seen,
    hold_ms: hold,
  });
  if (!entry) toast({ title: t.full, text: t.fullText, tone: 'danger' });
  else if (hold > 0) undoable(t.sendingNow, () => regret([entry]), hold);
}

function regret(entries: readonly Unsent[]): void {
  const back = entries.map(({ client_id }) => takeBack(client_id)).filter((entry) => entry !== null);
  if (back.length === 0) {
    toast({ title: texts().composer.tooLate, tone: 'danger' });
    return;
  }
  // From the last on, since each is put in front of what is there.
  for (const entry of back.toReversed()) {
    // A template is chosen anew: there is no text to be written on.
    if (entry.template) dropFileOf(entry);
    else edit(entry);
  }
}

/** What was not sent is there to be worked on. */
export function edit({ client_id, conversation_id, internal, mentions, text, file, content, reply_to }: Unsent): void {
  const kind = internal ? 'note' : 'reply';
  for (const person of mentions) pick(conversation_id, person.id);
  if (text !== '' || reply_to !== null) restoreDraft(conversation_id, kind, text, reply_to);
  if (file !== null) restoreToTray(conversation_id, kind, [{ ...file, key: client_id }]);
  if (content !== null) restoreForm(conversation_id, content);
  focusComposer(conversation_id, kind);
}
