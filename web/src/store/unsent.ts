/** The outbox as a thread shows it: each entry is a message of this person, until the server's own is there. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Attachment, Message, NewContact } from '@/api/types';
import { conversations, messages } from './entities';
import { find, subscribeOutbox, unsent, type Unsent } from './outbox';
import type { UnsentFile } from './outbox-entry';
import { currentUser } from './session';
import { useRow } from './table';

function kindOf({ file, template, content }: Unsent): string {
  if (template) return 'template';
  if (content && 'location' in content) return 'location';
  if (content && 'contacts' in content) return 'contacts';
  return file === null ? 'text' : fileKindOf(file);
}

const fileKindOf = ({ voice, sticker, kind }: UnsentFile) => (voice ? 'voice' : sticker ? 'sticker' : kind);

/** As the server will give it out. What has no id yet is shown without. */
function contentOf(content: Unsent['content']): Pick<Message, 'location' | 'contacts' | 'buttons' | 'list'> {
  if (content === null || 'location' in content) return content ?? {};
  if ('contacts' in content) return { contacts: content.contacts.map(asCard) };
  if ('buttons' in content) return { buttons: content.buttons.map(withId) };
  const { button, sections } = content.list;
  return { list: { button, sections: sections.map(({ title, rows }) => ({ title, rows: rows.map(withId) })) } };
}

const withId = <T extends { id?: string | null }>(one: T) => ({ ...one, id: one.id ?? '' });

/** A card as Meta writes it. */
function asCard({ name, phones = [], emails = [], organization }: NewContact): Record<string, unknown> {
  return {
    name: { formatted_name: name },
    phones: phones.map((phone) => ({ phone })),
    emails: emails.map((email) => ({ email })),
    ...(organization && { org: { company: organization } }),
  };
}

/** Shown from this browser (`local-files`): the server has no address for it yet. */
function attachmentsOf({ client_id, file }: Unsent): Attachment[] {
  if (file === null) return [];
  const { name, type, size, width, height, duration_ms, peaks } = file;
  return [{ id: client_id, kind: fileKindOf(file), state: 'ready', file_name: name, mime_type: type, size, width, height, duration_ms, peaks }];
}

const drawn = new WeakMap<Unsent, Message>();

/** The same object for the same entry. Its id is the `client_id`, which the server's message has too. */
function asMessage(entry: Unsent): Message {
  const known = drawn.get(entry);
  if (known) return known;
  const me = currentUser();
  const message: Message = {
    id: entry.client_id,
    client_id: entry.client_id,
    conversation_id: conversations.resolve(entry.conversation_id),
    direction: entry.internal ? 'internal' : 'out',
    kind: kindOf(entry),
    text: entry.template?.preview ?? entry.text,
    ...contentOf(entry.content),
    attachments: attachmentsOf(entry),
    reactions: [],
    mentions: [...entry.mentions],
    reply_to: entry.reply_to === null ? null : { message_id: entry.reply_to, external_id: '' },
    status: entry.refusal ? 'failed' : 'queued',
    author: me && { id: me.id, name: me.name },
    send_at: entry.send_at,
    sent_at: entry.written_at,
    created_at: entry.written_at,
    version: 0,
  };
  drawn.set(entry, message);
  return message;
}

/** What of a conversation waits, in the order of writing. */
export function useUnsent(conversation: string): readonly Message[] {
  const all = useSyncExternalStore(subscribeOutbox, unsent);
  return useMemo(() => all.filter((entry) => conversations.resolve(entry.conversation_id) === conversation).map(asMessage), [all, conversation]);
}

/** The entry behind a message of the thread, while there is one. */
export function useUnsentEntry(id: string): Unsent | undefined {
  return useSyncExternalStore(subscribeOutbox, useCallback(() => find(id), [id]));
}

/** A message of a thread, whether the server has it or not. */
export function useMessage(id: string): Message | undefined {
  const entry = useUnsentEntry(id);
  return useRow(messages, id) ?? (entry && asMessage(entry));
}

/** Rows and what waits behind them; what the server has shown is not shown twice. */
export function withUnsent(rows: readonly Message[], waiting: readonly Message[]): readonly Message[] {
  if (waiting.length === 0) return rows;
  const taken = new Set(rows.map((row) => row.client_id));
  const left = waiting.filter((message) => !taken.has(message.client_id));
  return left.length === 0 ? rows : [...rows, ...left];
}
