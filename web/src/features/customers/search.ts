/**
 * What the list of customers shows, as the address says it, and the question that is put to the API for it.
 *
 * Invariants: defaults are left out of the address; what somebody typed into it by hand is dropped where it makes no
 * sense, never answered with an error; a change of what is asked for starts at the first page again.
 */
import type { paths } from '@/api/schema';

export const SORTS = ['created_at', 'name', 'email', 'phone'] as const;
export type Sort = (typeof SORTS)[number];
export type Order = 'asc' | 'desc';

export const CHANNEL_KINDS = ['whatsapp', 'messenger', 'instagram', 'lead_ads', 'website'] as const;
export type Channel = (typeof CHANNEL_KINDS)[number];

export const PAGE_SIZE = 50;
/** The API refuses what is longer or deeper. */
const MAX_Q = 200;
const MAX_PAGE = 10_000;

export interface CustomersSearch {
  q?: string;
  sort?: Sort;
  order?: Order;
  page?: number;
  filter_channel?: Channel[];
  filter_opt_out?: ('true' | 'false')[];
}

type Query = NonNullable<paths['/api/v1/customers']['get']['parameters']['query']>;

export function customersSearch(raw: Record<string, unknown>): CustomersSearch {
  const search: CustomersSearch = {};
  const q = text(raw['q']).slice(0, MAX_Q);
  if (q.trim() !== '') search.q = q;
  const sort = SORTS.find((it) => it === raw['sort']);
  if (sort && sort !== 'created_at') search.sort = sort;
  const order = raw['order'];
  if ((order === 'asc' || order === 'desc') && order !== usual(sort ?? 'created_at')) search.order = order;
  const page = Number(raw['page']);
  if (Number.isInteger(page) && page > 1) search.page = Math.min(page, MAX_PAGE);
  const channels = CHANNEL_KINDS.filter((kind) => list(raw['filter_channel']).includes(kind));
  if (channels.length > 0) search.filter_channel = channels;
  const optOut = (['true', 'false'] as const).filter((it) => list(raw['filter_opt_out']).includes(it));
  if (optOut.length > 0) search.filter_opt_out = optOut;
  return search;
}

/** The order that one expects of a column: the newest first, names from A. */
export function usual(sort: Sort): Order {
  return sort === 'created_at' ? 'desc' : 'asc';
}

export function sorting(search: CustomersSearch): { sort: Sort; order: Order } {
  const sort = search.sort ?? 'created_at';
  return { sort, order: search.order ?? usual(sort) };
}

/** A click on a column's head: its usual order first, the other one with the second click. */
export function sortedBy(search: CustomersSearch, column: Sort): CustomersSearch {
  const now = sorting(search);
  const order = now.sort === column ? (now.order === 'asc' ? 'desc' : 'asc') : usual(column);
  return customersSearch({ ...search, sort: column, order, page: undefined });
}

export function changed(search: CustomersSearch, change: Partial<CustomersSearch>): CustomersSearch {
  return customersSearch({ ...search, page: undefined, ...change });
}

export function isFiltered(search: CustomersSearch): boolean {
  return search.q !== undefined || search.filter_channel !== undefined || search.filter_opt_out !== undefined;
}

/** Everything that decides which customers match and in which order; not which page of them. */
export function apiQuery(search: CustomersSearch): Query {
  const query: Query = sorting(search);
  if (search.q) query.q = search.q;
  if (search.filter_channel) query.filter_channel = search.filter_channel;
  // Both of the two values are no filter at all.
  if (search.filter_opt_out?.length === 1) query.filter_opt_out = search.filter_opt_out[0] === 'true';
  return query;
}

/** The router reads `?q=123` as a number. */
function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
