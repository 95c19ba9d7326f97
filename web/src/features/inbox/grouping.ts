/**
 * How messages stand together: days, runs of one writer, and where the unread ones begin.
 * Pure, from the rows to flags; what the flags look like is `message.tsx`.
 */
import type { Message } from '@/api/types';

export interface Place {
  id: string;
  /** Stays when a message that was just sent gets the server's id, so that nothing is drawn anew. */
  key: string;
  /** The time to make a day's separator of, above this message. */
  day: string | null;
  /** The unread ones begin here. */
  unread: boolean;
  /** First and last of a run: messages of one writer in a row, near each other in time. */
  first: boolean;
  last: boolean;
}

/** The unread ones as they were when the conversation was opened: `count` incoming ones up to `anchor`. */
export interface UnreadMark {
  anchor: string;
  count: number;
}

const RUN_MS = 5 * 60_000;

export function localDay(at: string): number {
  const date = new Date(at);
  return date.getFullYear() * 10_000 + date.getMonth() * 100 + date.getDate();
}

const writer = (message: Message) => `${message.direction}:${message.author?.id ?? ''}`;

export function place(messages: readonly Message[], firstUnread: string | null): Place[] {
  const places: Place[] = [];
  let before: { day: number; writer: string; at: number } | null = null;
  for (const message of messages) {
    const now = { day: localDay(message.sent_at), writer: writer(message), at: Date.parse(message.sent_at) };
    const day = before?.day === now.day ? null : message.sent_at;
    const unread = message.id === firstUnread;
    const joins =
      before !== null && day === null && !unread && before.writer === now.writer && now.at - before.at < RUN_MS;
    if (!joins) {
      const previous = places.at(-1);
      if (previous) previous.last = true;
    }
    places.push({ id: message.id, key: message.client_id ?? message.id, day, unread, first: !joins, last: false });
    before = now;
  }
  const end = places.at(-1);
  if (end) end.last = true;
  return places;
}

/**
 * The message above which the divider stands. Null: nothing was unread, or the first unread one has not been loaded yet.
 * History that was imported is never unread (the server doesn't count it either).
 */
export function firstUnread(messages: readonly Message[], mark: UnreadMark | null): string | null {
  if (!mark || mark.count === 0) return null;
  let left = mark.count;
  let index = messages.findIndex((message) => message.id === mark.anchor);
  for (; index >= 0; index -= 1) {
    const message = messages[index];
    if (message?.direction === 'in' && !message.history) {
      left -= 1;
      if (left === 0) return message.id;
    }
  }
  return null;
}

/** How many messages came in after the one that was last seen at the end. */
export function newSince(ids: readonly string[], seen: string | null): number {
  if (seen === null) return 0;
  const index = ids.lastIndexOf(seen);
  return index < 0 ? 0 : ids.length - 1 - index;
}
