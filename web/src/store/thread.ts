/**
 * Messages of conversations, oldest first. The last 40 threads stay in memory and live; of all others no message is kept,
 * however many arrive.
 */
import { useSyncExternalStore } from 'react';
import { api, take } from '@/api/client';
import type { Message } from '@/api/types';
import { Cache } from './cache';
import { conversations, messages, onClear } from './entities';
import { type IdList, micros, OrderedList } from './ordered';

const THREADS_KEPT = 40;

const threads = new Cache(THREADS_KEPT, makeThread, forget);
onClear(() => threads.clear());

/** Oldest first; `loadMore` loads older ones. */
export function useThread(conversationId: string): IdList {
  const thread = threads.get(conversations.resolve(conversationId));
  return useSyncExternalStore(thread.subscribe, thread.read);
}

/** Whether messages of the conversation are worth keeping. */
export function hasThread(conversationId: string): boolean {
  return threads.peek(conversationId) !== undefined;
}

/** Whether a thread shows the message. */
export function isInThread(id: string): boolean {
  const row = messages.base(id);
  return row !== undefined && threads.peek(conversations.resolve(row.conversation_id))?.has(id) === true;
}

/** `from` was merged into `to`: its messages are part of the other thread now. */
export function mergeThreads(from: string, to: string): void {
  const moved = [...messages.values()].filter((row) => row.conversation_id === from);
  const left = threads.peek(to);
  // Whoever looks at the old one is led to the one that is left by its id.
  for (const row of moved) messages.remove(row.id);
  messages.put(moved.map((row) => ({ ...row, conversation_id: to })));
  // Older ones of the merged conversation stand between its loaded pages.
  if (left) left.invalidate();
  if (!threads.peek(from)?.retained) threads.delete(from);
}

function makeThread(id: string): OrderedList<Message> {
  return new OrderedList<Message>({
    table: messages,
    room: 'inbox',
    descending: true,
    reversed: true,
    exact: true,
    key: (row) => [micros(row.sent_at), row.id],
    accepts: (row) => conversations.resolve(row.conversation_id) === conversations.resolve(id) && !wasTakenBack(row),
    page: async (cursor, limit) => {
      const params = { path: { id }, query: { limit, cursor: cursor ?? undefined } };
      const page = take(api.GET('/api/v1/conversations/{id}/messages', { params }));
      // A link leads here past every list, and a list may have missed what happened to it.
      if (cursor === null) await Promise.all([page, loadConversation(id)]);
      return page;
    },
  });
}

/** Ours, and gone before the platform had it: for nobody was it ever there. */
function wasTakenBack(row: Message): boolean {
  return row.direction !== 'in' && Boolean(row.deleted_at) && !row.external_id;
}

async function loadConversation(id: string): Promise<void> {
  const row = await take(api.GET('/api/v1/conversations/{id}', { params: { path: { id } } }));
  // It was merged before anybody here heard of it.
  if (row.id !== id) conversations.rekey(id, row.id);
  conversations.put([row]);
}

function forget(id: string): void {
  for (const row of messages.values()) if (row.conversation_id === id) messages.remove(row.id);
}
