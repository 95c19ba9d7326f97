/** Pages of the list: their ids are kept by the query, the customers themselves live in the store. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useState } from 'react';
import { type ApiError, api, asApiError, take } from '@/api/client';
import type { Customer } from '@/api/types';
import { customers } from '@/store/entities';
import { apiQuery, type CustomersSearch, PAGE_SIZE } from './search';

interface PageOfIds {
  ids: readonly string[];
  /** As they were when the page came; only for a store that forgot them. */
  items: readonly Customer[];
  total: number;
  /** When the newest customer came, as of this page; who is younger is new to whoever looks at it. */
  newest: string;
}

export interface CustomersPageData {
  data: PageOfIds | undefined;
  error: ApiError | null;
  /** The page that is shown is another one than the one asked for, which is still on its way. */
  stale: boolean;
  /** Customers that came or changed since, and may belong on this page. */
  fresh: number;
  refresh(): void;
}

async function fetchPage(search: CustomersSearch, page: number, signal: AbortSignal): Promise<PageOfIds> {
  const query = { ...apiQuery(search), page, limit: PAGE_SIZE };
  const [answer, newest] = await Promise.all([take(api.GET('/api/v1/customers', { params: { query }, signal })), newestAt(signal)]);
  if (!('total' in answer)) throw new Error('the list was answered without a total');
  customers.put(answer.items);
  return { ids: answer.items.map((row) => row.id), items: answer.items, total: answer.total, newest };
}

/** Of everybody, not only of those who are known here: whoever is fetched later must not pass for somebody new. */
async function newestAt(signal: AbortSignal): Promise<string> {
  const { items } = await take(api.GET('/api/v1/customers', { params: { query: { limit: 1, sort: 'created_at', order: 'desc' } }, signal }));
  return items[0]?.created_at ?? '';
}

/** At most as many rows as one file of an office program still opens with ease. */
export const MOST_EXPORTED = 50_000;
const EXPORT_PAGE = 200;

/**
 * Everything that matches, by cursor: who comes or is merged while we read moves nobody out of it. Not put into the store,
 * which would hold them all. `told` hears how many there are so far.
 */
export async function fetchAll(search: CustomersSearch, signal: AbortSignal, told: (done: number) => void): Promise<Customer[]> {
  const rows: Customer[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...apiQuery(search), limit: EXPORT_PAGE, ...(cursor !== undefined && { cursor }) };
    const answer = await take(api.GET('/api/v1/customers', { params: { query }, signal }));
    if (!('next_cursor' in answer)) throw new Error('the list was answered without a cursor');
    rows.push(...answer.items);
    told(rows.length);
    cursor = answer.next_cursor ?? undefined;
  } while (cursor !== undefined && rows.length < MOST_EXPORTED);
  return rows;
}

export function useCustomersPage(search: CustomersSearch): CustomersPageData {
  const page = search.page ?? 1;
  const query = useQuery({
    queryKey: ['customers', apiQuery(search), page],
    queryFn: ({ signal }) => fetchPage(search, page, signal),
    placeholderData: keepPreviousData,
    // The socket says what is new; asking again by itself would move the rows under the pointer.
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  // A question that failed has no placeholder any more; what was shown before it stays all the same.
  const [last, setLast] = useState(query.data);
  if (query.data !== undefined && query.data !== last) setLast(query.data);
  const data = query.data ?? (query.error ? last : undefined);
  const fresh = useFresh(data);
  // The store trims rows that nobody shows and is emptied at the end of a session; this page may be remembered longer.
  // An older version never replaces a newer one, so nothing goes back in time.
  useLayoutEffect(() => {
    const lost = data?.items.filter((row) => !customers.base(row.id)) ?? [];
    if (lost.length > 0) customers.put(lost);
  }, [data]);
  return {
    data,
    error: query.error ? asApiError(query.error) : null,
    stale: query.isPlaceholderData,
    fresh,
    refresh: () => void query.refetch(),
  };
}

/**
 * Whether a row that was just written is news to a page: somebody who came after it was read, or somebody not on it who
 * changed. A row that only happened to be fetched (for a drawer, for the palette) is none.
 */
export function isNews(row: Customer, known: number | undefined, page: { ids: readonly string[]; newest: string }): boolean {
  if (page.ids.includes(row.id)) return false;
  return known === undefined ? Date.parse(row.created_at) > Date.parse(page.newest || row.created_at) : row.version > known;
}

/** How many customers are news to the page; its own rows change in place and are none. */
function useFresh(page: PageOfIds | undefined): number {
  const [found, setFound] = useState<{ page: PageOfIds | undefined; ids: ReadonlySet<string> }>({ page, ids: new Set() });
  useEffect(() => {
    if (!page) return undefined;
    const versions = new Map<string, number>();
    for (const row of customers.values()) versions.set(row.id, row.version);
    return customers.watch((ids, own) => {
      const news = new Set<string>();
      for (const id of ids) {
        const row = customers.base(id);
        if (!row) continue;
        if (!own && isNews(row, versions.get(id), page)) news.add(id);
        versions.set(id, row.version);
      }
      if (news.size > 0) setFound((old) => ({ page, ids: old.page === page ? new Set([...old.ids, ...news]) : news }));
    });
  }, [page]);
  return found.page === page ? found.ids.size : 0;
}
