/** What the list of deliveries shows, as the address says it. The list itself is read by cursor, from the newest on. */
export const STATES = ['received', 'done', 'failed', 'unrouted'] as const;
export type State = (typeof STATES)[number];

export interface DeliveriesSearch {
  /** Left out: all. */
  state?: State;
  /** The delivery whose body is open at the side. */
  id?: string;
}

export const PAGE_SIZE = 50;

export function deliveriesSearch(raw: Record<string, unknown>): DeliveriesSearch {
  const search: DeliveriesSearch = {};
  const state = STATES.find((it) => it === raw['state']);
  if (state) search.state = state;
  if (typeof raw['id'] === 'string' && raw['id'] !== '') search.id = raw['id'];
  return search;
}

export function deliveriesQuery(state: State | undefined, cursor: string | null): { limit: number; state?: State; cursor?: string } {
  return { limit: PAGE_SIZE, ...(state && { state }), ...(cursor !== null && { cursor }) };
}

/** Only these two can be replayed as a whole. */
export function isReplayable(state: State | undefined): state is 'failed' | 'unrouted' {
  return state === 'failed' || state === 'unrouted';
}
