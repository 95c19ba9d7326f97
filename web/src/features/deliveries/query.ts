/** Deliveries, their bodies and the channels, as the server last told; there are no events for any of them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '@/api/client';
import { deliveriesQuery, type State } from './search';

export const KEYS = { list: ['deliveries', 'list'], one: ['deliveries', 'one'], channels: ['deliveries', 'channels'] } as const;

export function listOptions(state: State | undefined) {
  return infiniteQueryOptions({
    queryKey: [...KEYS.list, state ?? 'all'],
    queryFn: ({ pageParam, signal }) => take(api.GET('/api/v1/webhook-deliveries', { params: { query: deliveriesQuery(state, pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10_000,
  });
}

export function bodyOptions(id: string) {
  return queryOptions({
    queryKey: [...KEYS.one, id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/webhook-deliveries/{id}', { params: { path: { id } }, signal })),
    retry: false,
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
