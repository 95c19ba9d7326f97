/** The live records. One table a kind; everything that shows one of them reads it here. */
import type { Activity, Card, Conversation, Customer, Message } from '@/api/types';
import { Table } from './table';

/** The last message is a record of its own: its ticks change without the conversation's version. */
function hasNewerMessage(row: Conversation, than: Conversation): boolean {
  const [a, b] = [row.last_message, than.last_message];
  return !a || !b || a.id !== b.id || a.version >= b.version;
}

export const conversations = new Table<Conversation>(hasNewerMessage);
export const messages = new Table<Message>();
export const customers = new Table<Customer>();
export const cards = new Table<Card>();
export const activities = new Table<Activity>();

/** So many rows of a table are kept though nobody shows them. */
export const MOST_ROWS = 5_000;

const cleaners = new Set<() => void>();

/** Runs at the end of a session: no private data outlives it. */
export function onClear(cleaner: () => void): void {
  cleaners.add(cleaner);
}

/** The database was restored: no version that is known means anything. */
export function doubtAll(): void {
  for (const table of [conversations, messages, customers, cards, activities]) table.doubt();
}

export function clearAll(): void {
  for (const table of [conversations, messages, customers, cards, activities]) table.clear();
  for (const cleaner of cleaners) cleaner();
}
