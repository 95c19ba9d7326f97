/**
 * Lists of conversations, one for each combination of filters; the last few stay alive so that switching views is
 * instant. The inbox room tells of every conversation, so a list that nobody looks at stays true too.
 */
import { useSyncExternalStore } from 'react';
import { api, take } from '@/api/client';
import type { Conversation, ConversationStatus } from '@/api/types';
import { Cache } from './cache';
import { conversations, onClear } from './entities';
import { type FreshList, micros, OrderedList } from './ordered';
import { currentUser } from './session';

export type { FreshList as ConversationList, IdList } from './ordered';

export interface ConversationFilter {
  /** `me`, `none`, or a user's id. */
  assignee?: string;
  status: ConversationStatus | 'all';
  channel?: string;
  label?: string;
  unread?: boolean;
  /** In the customer's name, phone, e-mail, username or external id. */
  q?: string;
  /** By latest activity; newest first when not given. */
  order?: 'newest' | 'oldest';
}

const LISTS_KEPT = 8;

const lists = new Cache(LISTS_KEPT, (key) => makeList(JSON.parse(key) as ConversationFilter));
onClear(() => lists.clear());

export function useConversationList(filter: ConversationFilter): FreshList {
  const list = lists.get(keyOf(filter));
  return useSyncExternalStore(list.subscribe, list.read);
}

/** Whether any list shows it. */
export function isListed(id: string): boolean {
  for (const list of lists.values()) if (list.has(id)) return true;
  return false;
}

/** What the server's filter says, for everything but full text. */
export function matches(filter: ConversationFilter, row: Conversation, me: string | undefined): boolean {
  const { assignee, status, channel, label, unread } = filter;
  if (status !== 'all' && row.status !== status) return false;
  if (assignee === 'none' && row.assignee) return false;
  if (assignee !== undefined && assignee !== 'none' && row.assignee?.id !== (assignee === 'me' ? me : assignee)) return false;
  if (channel !== undefined && row.channel.id !== channel) return false;
  if (label !== undefined && !row.labels.includes(label)) return false;
  return !unread || row.unread_count > 0;
}

/** The same filter has the same key, whatever is left out or empty. */
function keyOf({ assignee, status, channel, label, unread, q, order }: ConversationFilter): string {
  const words = q?.trim();
  return JSON.stringify({
    status,
    assignee: assignee || undefined,
    channel: channel || undefined,
    label: label || undefined,
    unread: unread || undefined,
    q: words || undefined,
    order: order === 'oldest' ? order : undefined,
  });
}

function makeList(filter: ConversationFilter): OrderedList<Conversation> {
  const { order, ...query } = filter;
  return new OrderedList<Conversation>({
    table: conversations,
    room: 'inbox',
    descending: order !== 'oldest',
    exact: filter.q === undefined,
    key: (row) => [micros(row.last_activity_at), row.id],
    accepts: (row) => matches(filter, row, currentUser()?.id),
    page: async (cursor, limit) => {
      const asked = { ...query, order: order === 'oldest' ? 'asc' : 'desc', limit, cursor: cursor ?? undefined };
      const page = await take(api.GET('/api/v1/conversations', { params: { query: asked } }));
      return { items: page.items, next_cursor: 'next_cursor' in page ? page.next_cursor : null };
    },
  });
}
