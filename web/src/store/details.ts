/**
 * The customer viewer: one snapshot of the server, then live by the room of the customer.
 *
 * The lists are judged by the tables, so an event about a conversation or card of the customer needs no fetch; what has
 * no events of its own (attribution, platform events) is fetched again when an activity came.
 */
import { useSyncExternalStore } from 'react';
import { type ApiError, api, take } from '@/api/client';
import type { Activity, Card, Conversation, Customer, Details, PlatformEvent, Touch } from '@/api/types';
import { Cache } from './cache';
import { activities, cards, conversations, customers, onClear } from './entities';
import { micros, OrderedList, type Source } from './ordered';
import { Resource } from './resource';
import type { Row, Table } from './table';
import { useRow } from './table';

const KEPT = 20;
const REFETCH_EVERY_MS = 5_000;

class DetailsStore {
  readonly resource: Resource<Details>;
  readonly conversations: OrderedList<Conversation>;
  readonly cards: OrderedList<Card>;
  readonly activities: OrderedList<Activity>;
  private readonly id: string;
  private loading: Promise<Details> | null = null;
  /** Activities whose touches and platform events are here. */
  private known: ReadonlySet<string> = new Set();
  private readonly unwatch: () => void;

  constructor(id: string) {
    this.id = id;
    this.resource = new Resource<Details>({ room: `customer:${id}`, load: () => this.load() });
    this.conversations = this.list(conversations, 'conversations', (row) => row.customer.id, (row) => row.last_activity_at);
    this.cards = this.list(cards, 'cards', (row) => row.customer.id, (row) => row.created_at);
    this.activities = this.list(activities, 'activities', (row) => row.customer_id, (row) => row.created_at);
    this.unwatch = activities.watch((ids) => this.heard(ids));
  }

  get retained(): boolean {
    return this.resource.retained || this.lists.some((list) => list.retained);
  }

  dispose(): void {
    this.unwatch();
    this.resource.dispose();
    for (const list of this.lists) list.dispose();
  }

  /** All of it with one request, the lists too: a refusal has left them empty. */
  readonly refetch = (): void => {
    this.resource.refetch();
    for (const list of this.lists) list.refetch();
  };

  has(id: string): boolean {
    return this.lists.some((list) => list.has(id));
  }

  private get lists(): { retained: boolean; has(id: string): boolean; dispose(): void; refetch(): void }[] {
    return [this.conversations, this.cards, this.activities];
  }

  private load(): Promise<Details> {
    this.loading ??= this.fetch().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async fetch(): Promise<Details> {
    const details = await take(api.GET('/api/v1/customers/{id}/details', { params: { path: { id: this.id } } }));
    // It was merged before anybody here heard of it.
    if (details.customer.id !== this.id) customers.rekey(this.id, details.customer.id);
    customers.put([details.customer]);
    this.known = new Set(details.activities.map(({ id }) => id));
    return details;
  }

  private list<T extends Row, K extends 'conversations' | 'cards' | 'activities'>(
    table: Table<T>,
    part: K,
    owner: (row: T) => string,
    at: (row: T) => string,
  ): OrderedList<T> {
    const source: Source<T> = {
      table,
      room: `customer:${this.id}`,
      descending: true,
      exact: true,
      key: (row) => [micros(at(row)), row.id],
      accepts: (row) => customers.resolve(owner(row)) === customers.resolve(this.id),
      // The tables' row types are those of the parts: `part` and `table` are given together, three lines above.
      page: async () => ({ items: (await this.load())[part] as unknown as readonly T[] }),
    };
    return new OrderedList(source);
  }

  private heard(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      const owner = activities.get(id)?.customer_id;
      if (owner !== undefined && !this.known.has(id) && customers.resolve(owner) === customers.resolve(this.id)) {
        this.resource.refetchWithin(REFETCH_EVERY_MS);
        return;
      }
    }
  }
}

const all = new Cache(KEPT, (id) => new DetailsStore(id));
onClear(() => all.clear());

/** Whether a customer's page shows it. */
export function isInDetails(id: string): boolean {
  for (const details of all.values()) if (details.has(id)) return true;
  return false;
}

export interface CustomerDetails {
  state: 'loading' | 'ready' | 'error' | 'missing';
  error: ApiError | null;
  customer?: Customer;
  /** Newest first, all three. */
  conversationIds: readonly string[];
  cardIds: readonly string[];
  activityIds: readonly string[];
  attribution: readonly Touch[];
  events: readonly PlatformEvent[];
  retry(): void;
}

const NO_TOUCHES: readonly Touch[] = [];
const NO_EVENTS: readonly PlatformEvent[] = [];

export function useDetails(customerId: string): CustomerDetails {
  const store = all.get(customers.resolve(customerId));
  const { data, state, error } = useSyncExternalStore(store.resource.subscribe, store.resource.read);
  const lists = [
    useSyncExternalStore(store.conversations.subscribe, store.conversations.read),
    useSyncExternalStore(store.cards.subscribe, store.cards.read),
    useSyncExternalStore(store.activities.subscribe, store.activities.read),
  ] as const;
  return {
    // The lists are filled from the same answer, a moment later.
    state: state === 'ready' && lists.some((list) => list.state === 'loading') ? 'loading' : state,
    error,
    customer: useRow(customers, customerId),
    conversationIds: lists[0].ids,
    cardIds: lists[1].ids,
    activityIds: lists[2].ids,
    attribution: data?.attribution ?? NO_TOUCHES,
    events: data?.events ?? NO_EVENTS,
    retry: store.refetch,
  };
}
