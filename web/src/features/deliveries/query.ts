/**
 * Deliveries, their bodies and the channels, as the server last told. There are no events for any of them, so this is the
 * one place that asks again by itself: soon while something shown waits, seldom else, a page of the list at a time.
 */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import { deliveriesQuery, type State } from './search';

export const KEYS = { list: ['deliveries', 'list'], one: ['deliveries', 'one'], channels: ['deliveries', 'channels'] } as const;

const WAITING_MS = 3_000;
const RESTING_MS = 15_000;
/** What was replayed leaves the list of its state, and comes back to it when it fails again: looked for that long. */
const REPLAY_MS = 60_000;

/** Why the list should be asked for again, besides what is in it. */
export interface Watch {
  /** Nobody is about to click on a row, so that new ones may push the others down. */
  resting: boolean;
  /** When something was replayed last, in ms since 1970; 0: never. */
  replayedAt: number;
}

interface Pages {
  pages: readonly { items: readonly { state: string }[] }[];
}

/** Each loaded page is a request: the more there are, the longer it takes, and the same number of requests in all. */
export function askAgainIn(data: Pages | undefined, { resting, replayedAt }: Watch, now = Date.now()): number | false {
  if (!data) return false;
  const rows = data.pages.flatMap((page) => page.items);
  const waits = now - replayedAt < REPLAY_MS || rows.some((row) => row.state === 'received');
  // An empty list has nothing to push down.
  if (!waits && !resting && rows.length > 0) return false;
  return (waits ? WAITING_MS : RESTING_MS) * data.pages.length;
}

export function listOptions(state: State | undefined, watch: Watch) {
  return infiniteQueryOptions({
    queryKey: [...KEYS.list, state ?? 'all'],
    queryFn: ({ pageParam, signal }) => take(api.GET('/api/v1/webhook-deliveries', { params: { query: deliveriesQuery(state, pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10_000,
    refetchInterval: (query) => askAgainIn(query.state.data, watch),
  });
}

export function bodyOptions(id: string) {
  return queryOptions({
    queryKey: [...KEYS.one, id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/webhook-deliveries/{id}', { params: { path: { id } }, signal })),
    retry: false,
    refetchInterval: (query) => query.state.data?.state === 'received' && WAITING_MS,
  });
}

export const channelOptions = queryOptions({
  queryKey: KEYS.channels,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/channels', { signal }))).items,
});

/** As many ids as one call takes. */
export const MOST_REPLAYED = 1000;

export async function replay(what: { ids: readonly string[] } | { state: 'failed' | 'unrouted' }): Promise<number> {
  if ('state' in what) return (await take(api.POST('/api/v1/webhook-deliveries/replay', { body: { state: what.state } }))).count;
  const [only, ...others] = what.ids;
  if (only !== undefined && others.length === 0) {
    await take(api.POST('/api/v1/webhook-deliveries/{id}/replay', { params: { path: { id: only } } }));
    return 1;
  }
  return (await take(api.POST('/api/v1/webhook-deliveries/replay', { body: { ids: [...what.ids] } }))).count;
}

export function confirmChannel(id: string, version: number) {
  return take(api.PATCH('/api/v1/channels/{id}', { params: { path: { id } }, body: { confirmed: true, version } }));
}
