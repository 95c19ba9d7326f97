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
  /** The newest customer that was known when the page came; what is younger is new to whoever looks at it. */
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

async function fetchRows(search: CustomersSearch, page: number, limit: number, signal?: AbortSignal) {
  const query = { ...apiQuery(search), page, limit };
  const answer = await take(api.GET('/api/v1/customers', { params: { query }, signal }));
  if (!('total' in answer)) throw new Error('the list was answered without a total');
  customers.put(answer.items);
  return answer;
}

/** At most as many rows as one file of an office program still opens with ease. */
export const MOST_EXPORTED = 50_000;
const EXPORT_PAGE = 200;

/** Everything that matches, page by page; `told` hears how far it is. */
export async function fetchAll(search: CustomersSearch, signal: AbortSignal, told: (done: number, total: number) => void): Promise<Customer[]> {
  const rows = new Map<string, Customer>();
  for (let page = 1; ; page += 1) {
    const answer = await fetchRows(search, page, EXPORT_PAGE, signal);
    // Somebody new moves the others on by one while we read: twice on two pages is still one customer.
    for (const row of answer.items) rows.set(row.id, row);
    told(rows.size, Math.max(answer.total, rows.size));
    if (answer.total > MOST_EXPORTED || answer.items.length < EXPORT_PAGE) return [...rows.values()];
  }
}

export function useCustomersPage(search: CustomersSearch): CustomersPageData {
  const page = search.page ?? 1;
  const query = useQuery({
    queryKey: ['customers', apiQuery(search), page],
    queryFn: async ({ signal }): Promise<PageOfIds> => {
      const answer = await fetchRows(search, page, PAGE_SIZE, signal);
      return { ids: answer.items.map((row) => row.id), items: answer.items, total: answer.total, newest: newestKnown() };
    },
    placeholderData: keepPreviousData,
    // The socket says what is new; asking again by itself would move the rows under the pointer.
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const fresh = useFresh(query.data);
  // The store trims rows that nobody shows and is emptied at the end of a session; this page may be remembered longer.
  // An older version never replaces a newer one, so nothing goes back in time.
  const { data } = query;
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

function newestKnown(): string {
  let newest = '';
  for (const row of customers.values()) if (row.created_at > newest) newest = row.created_at;
  return newest;
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
