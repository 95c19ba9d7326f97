/**
 * What this person was told: the newest page, and how many are unread.
 *
 * Invariant: an event counts once. One that is older than the list is in it already; one that comes while the list is on
 * its way is applied to it when it is here. Marking asks the server only, whose event changes the list in every tab.
 */
import { useSyncExternalStore } from 'react';
import { api, take, takeShown } from '@/api/client';
import type { LiveEvent, NotificationList } from '@/api/types';
import { onClear } from './entities';
import { Resource, type ResourceView } from './resource';

export interface Told extends NotificationList {
  /** The place in the log that this shows. */
  seq: number;
}

const PAGE = 30;

/** What came since something was asked for that is on its way. */
const onTheirWay = new Set<LiveEvent[]>();

/** Asks, and gives what came meanwhile beside the answer. */
async function listening<T>(ask: () => Promise<T>): Promise<{ answer: T; since: LiveEvent[] }> {
  const since: LiveEvent[] = [];
  onTheirWay.add(since);
  try {
    return { answer: await ask(), since };
  } finally {
    onTheirWay.delete(since);
  }
}

const told = new Resource<Told>({
  room: 'inbox',
  load: async () => {
    const { answer, since } = await listening(() => takeShown(api.GET('/api/v1/notifications', { params: { query: { limit: PAGE } } })));
    return since.reduce(heard, { ...answer.data, seq: answer.seq });
  },
});
onClear(() => told.clear());

export function useNotifications(): ResourceView<Told> {
  return useSyncExternalStore(told.subscribe, told.read);
}

export const refetchNotifications = told.refetch;

export function applyNotificationEvents(events: readonly LiveEvent[]): void {
  for (const since of onTheirWay) since.push(...events);
  const { data } = told.read();
  const next = data && events.reduce(heard, data);
  if (next !== data && next) told.set(next);
}

/** The list after an event. */
export function heard(list: Told, event: LiveEvent): Told {
  if (event.seq <= list.seq) return list;
  switch (event.name) {
    case 'notification.created':
      return { ...list, seq: event.seq, items: [event.data.notification, ...list.items], unread_count: list.unread_count + 1 };
    case 'notification.read': {
      const { ids, read_at } = event.data;
      const read = new Set(ids);
      const items = list.items.map((item) => (read.has(item.id) ? { ...item, read_at } : item));
      return { ...list, seq: event.seq, items, unread_count: Math.max(0, list.unread_count - ids.length) };
    }
    case 'message.updated': {
      const { id, deleted_at } = event.data.message;
      if (!deleted_at || !list.items.some((item) => item.message.id === id)) return list;
      return { ...list, items: list.items.map((item) => (item.message.id === id ? { ...item, message: { id, excerpt: null } } : item)) };
    }
    default:
      return list;
  }
}

/** Behind the last one that is shown. */
export async function loadOlder(): Promise<void> {
  const { data: before } = told.read();
  if (!before?.next_cursor) return;
  const query = { limit: PAGE, cursor: before.next_cursor };
  const { answer, since } = await listening(() => takeShown(api.GET('/api/v1/notifications', { params: { query } })));
  const { data: now } = told.read();
  // Fetched anew meanwhile: these pages don't belong together.
  if (now?.next_cursor !== before.next_cursor) return;
  const changes = since.filter(({ name }) => name !== 'notification.created');
  const { items, next_cursor } = changes.reduce(heard, { ...answer.data, seq: answer.seq });
  told.set({ ...now, items: [...now.items, ...items], next_cursor });
}

/** These, or all. */
export async function markNotificationsRead(which: { ids: string[] } | { all: true }): Promise<void> {
  await take(api.POST('/api/v1/notifications/read', { body: which }));
}
