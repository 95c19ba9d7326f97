/**
 * The inbox's part of the URL: which conversations are listed, and which message a link points at.
 * Invariant: a default is never in the URL, so equal views have equal addresses.
 */
import type { ConversationStatus } from '@/api/types';
import type { ConversationFilter } from '@/store/conversation-list';

export type InboxView = 'mine' | 'unassigned' | 'all';

export interface InboxSearch {
  /** Absent: all. */
  view?: 'mine' | 'unassigned';
  /** Absent: open. */
  status?: Exclude<ConversationStatus, 'open'> | 'all';
  channel?: string;
  label?: string;
  unread?: true;
  q?: string;
  order?: 'oldest';
  /** The message that a link leads to. */
  m?: string;
}

/** The router reads `?q=123` as a number; people mean the text. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((item) => item === value);
}

export function inboxSearch(raw: Record<string, unknown>): InboxSearch {
  const search: InboxSearch = {
    view: oneOf(raw['view'], ['mine', 'unassigned']),
    status: oneOf(raw['status'], ['pending', 'snoozed', 'resolved', 'all']),
    channel: text(raw['channel']),
    label: text(raw['label']),
    unread: raw['unread'] === true || raw['unread'] === 'true' || raw['unread'] === 1 ? true : undefined,
    q: text(raw['q']),
    order: oneOf(raw['order'], ['oldest']),
    m: text(raw['m']),
  };
  for (const key of Object.keys(search) as (keyof InboxSearch)[]) {
    if (search[key] === undefined) delete search[key];
  }
  return search;
}

export function toFilter(search: InboxSearch): ConversationFilter {
  const filter: ConversationFilter = { status: search.status ?? 'open', order: search.order ?? 'newest' };
  if (search.view) filter.assignee = search.view === 'mine' ? 'me' : 'none';
  if (search.channel) filter.channel = search.channel;
  if (search.label) filter.label = search.label;
  if (search.unread) filter.unread = true;
  if (search.q) filter.q = search.q;
  return filter;
}

/** How many filters besides the view narrow the list. */
export function narrowed(search: InboxSearch): number {
  return [search.status, search.channel, search.label, search.unread, search.q].filter((value) => value !== undefined).length;
}

/** The search of the address of one conversation: the view stays, what belongs to another conversation goes. */
export function listQuery(search: InboxSearch): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (key !== 'm') query.set(key, String(value));
  const written = query.toString();
  return written === '' ? '' : `?${written}`;
}
