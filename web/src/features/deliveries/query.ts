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

interface Pages {
  pages: readonly { items: readonly { state: string }[] }[];
}

/** Each loaded page is a request: the more there are, the longer it takes, and the same number of requests in all. */
export function askAgainIn(data: Pages | undefined, resting: boolean): number | false {
  if (!data) return false;
  const waits = data.pages.some((page) => page.items.some((row) => row.state === 'received'));
  if (!waits && !resting) return false;
  return (waits ? WAITING_MS : RESTING_MS) * data.pages.length;
}

/** `resting`: nobody is about to click on a row, so that new ones may push the others down. */
export function listOptions(state: State | undefined, resting: boolean) {
  return infiniteQueryOptions({
    queryKey: [...KEYS.list, state ?? 'all'],
    queryFn: ({ pageParam, signal }) => take(api.GET('/api/v1/webhook-deliveries', { params: { query: deliveriesQuery(state, pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10_000,
    refetchInterval: (query) => askAgainIn(query.state.data, resting),
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
