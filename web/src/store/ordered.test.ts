import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as rooms from '@/live/rooms';
import { conversation, joinedRooms, settle } from './fakes';
import { micros, OrderedList, type Page } from './ordered';
import { Table } from './table';

type Row = ReturnType<typeof conversation>;
let table: Table<Row>;
let list: OrderedList<Row>;
let pages: (cursor: string | null, limit: number) => Promise<Page<Row>>;

function make(exact = true): OrderedList<Row> {
  return new OrderedList<Row>({
    table,
    room: 'inbox',
    descending: true,
    exact,
    key: (row) => [micros(row.last_activity_at), row.id],
    accepts: (row) => row.status === 'open',
    page: (cursor, limit) => pages(cursor, limit),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  joinedRooms('inbox');
  rooms.hold('inbox');
  joinedRooms('inbox');
  table = new Table<Row>();
  pages = async () => ({ items: [conversation('c', 30), conversation('b', 20)], next_cursor: 'more' });
  list = make();
});
afterEach(() => {
  list.dispose();
  rooms.reset();
  vi.useRealTimers();
});

async function show(): Promise<void> {
  list.subscribe(() => undefined);
  await settle();
}

test('newest first, moved by events, and nothing beyond the loaded pages', async () => {
  await show();
  expect(list.read()).toMatchObject({ ids: ['c', 'b'], state: 'ready', hasMore: true });
  table.put([conversation('a', 40), conversation('z', 10)]);
  expect(list.read().ids).toEqual(['a', 'c', 'b']);
  table.put([conversation('b', 50, { version: 2 })]);
  expect(list.read().ids).toEqual(['b', 'a', 'c']);
  table.put([conversation('c', 30, { version: 2, status: 'resolved' })]);
  expect(list.read().ids).toEqual(['b', 'a']);
  pages = async () => ({ items: [conversation('z', 10)], next_cursor: null });
  list.loadMore();
  await settle();
  expect(list.read()).toMatchObject({ ids: ['b', 'a', 'z'], hasMore: false });
});

test('times are ordered by microseconds', () => {
  expect(micros('2026-01-01T00:00:00.000002Z') - micros('2026-01-01T00:00:00.000001Z')).toBe(1);
  expect(micros('2026-01-01T00:00:00.12Z')).toBe(Date.parse('2026-01-01T00:00:00.12Z') * 1_000);
});

test('what changed during a fetch is judged by the newer row', async () => {
  let answer: (page: Page<Row>) => void = () => undefined;
  pages = () => new Promise((resolve) => (answer = resolve));
  await show();
  table.put([conversation('c', 30, { version: 2, status: 'resolved' }), conversation('n', 60)]);
  answer({ items: [conversation('c', 30), conversation('b', 20)], next_cursor: null });
  await settle();
  expect(list.read().ids).toEqual(['n', 'b']);
});

test('frozen: nothing moves, changes are counted, and come when it thaws', async () => {
  await show();
  list.read().setFrozen(true);
  table.put([conversation('a', 40), conversation('b', 50, { version: 2 })]);
  expect(list.read()).toMatchObject({ ids: ['c', 'b'], fresh: 2 });
  // One goes back to where it is shown: nothing is held back of it any more.
  table.put([conversation('b', 20, { version: 3 })]);
  expect(list.read().fresh).toBe(1);
  list.read().setFrozen(false);
  expect(list.read()).toMatchObject({ ids: ['a', 'c', 'b'], fresh: 0 });
});

test('frozen: what the user takes away goes at once', async () => {
  await show();
  list.read().setFrozen(true);
  table.edit('c', { status: 'resolved' });
  expect(list.read()).toMatchObject({ ids: ['b'], fresh: 0 });
});

test('a refetch replaces: what left while nobody listened goes, and stays gone', async () => {
  await show();
  pages = async () => ({ items: [conversation('b', 20)], next_cursor: null });
  list.refetch();
  expect(list.read()).toMatchObject({ ids: ['c', 'b'], state: 'ready' });
  await settle();
  expect(list.read().ids).toEqual(['b']);
  list.read().setFrozen(true);
  list.read().setFrozen(false);
  expect(list.read().ids).toEqual(['b']);
  table.put([conversation('c', 70, { version: 2 })]);
  expect(list.read().ids).toEqual(['c', 'b']);
});

test('full text: only the server knows, asked again at most every 5 s', async () => {
  list.dispose();
  list = make(false);
  const asked = vi.fn(async () => ({ items: [conversation('c', 30)], next_cursor: null }));
  pages = asked;
  await show();
  table.put([conversation('x', 90)]);
  table.put([conversation('y', 91)]);
  expect(list.read().ids).toEqual(['c']);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(asked).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toHaveBeenCalledTimes(2);
  table.put([conversation('c', 30, { version: 2, status: 'resolved' })]);
  expect(list.read().ids).toEqual([]);
});

test('joins first and fetches then; a room that came late is fetched again', async () => {
  rooms.disconnected();
  const asked = vi.fn(pages);
  pages = asked;
  await show();
  expect(asked).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked).toHaveBeenCalledTimes(1);
  rooms.take({ type: 'joined', room: 'inbox', ref: 1, seq: 1, presence: [] });
  await settle();
  expect(asked).toHaveBeenCalledTimes(2);
});

test('an error keeps the data; the line that is back tries again', async () => {
  await show();
  pages = async () => Promise.reject(new Error('boom'));
  list.refetch();
  await settle();
  expect(list.read()).toMatchObject({ ids: ['c', 'b'], state: 'ready' });
  expect(list.read().error?.detail).toBe('boom');
  pages = async () => ({ items: [conversation('d', 80)], next_cursor: null });
  joinedRooms('inbox');
  await settle();
  expect(list.read()).toMatchObject({ ids: ['d'], error: null });
});

test('frozen: what the user took away himself comes back when he undoes it, where it was', async () => {
  await show();
  list.read().setFrozen(true);
  const edit = table.edit('c', { status: 'resolved' });
  expect(list.read().ids).toEqual(['b']);
  table.reject(edit);
  expect(list.read()).toMatchObject({ ids: ['c', 'b'], fresh: 0 });
  // His edit of a row that is held back for another reason moves nothing.
  table.put([conversation('b', 50, { version: 2 })]);
  table.edit('b', { priority: 'high' });
  expect(list.read()).toMatchObject({ ids: ['c', 'b'], fresh: 1 });
});

test('a next page that failed is what a retry fetches', async () => {
  await show();
  const asked: (string | null)[] = [];
  pages = async (cursor) => {
    asked.push(cursor);
    if (asked.length === 1) throw new Error('no network');
    return { items: [conversation('z', 10)], next_cursor: null };
  };
  list.loadMore();
  await settle();
  expect(list.read()).toMatchObject({ ids: ['c', 'b'], state: 'ready', loadingMore: false });
  expect(list.read().error).not.toBeNull();
  list.read().retry();
  await settle();
  expect(asked).toEqual(['more', 'more']);
  expect(list.read()).toMatchObject({ ids: ['c', 'b', 'z'], error: null });
});

test('a page that was asked for while all is fetched again comes after it', async () => {
  await show();
  let answer: (page: Page<Row>) => void = () => undefined;
  pages = (cursor) =>
    cursor === null
      ? new Promise((resolve) => (answer = resolve))
      : Promise.resolve({ items: [conversation('z', 10)], next_cursor: null });
  list.refetch();
  await settle();
  list.loadMore();
  answer({ items: [conversation('c', 30), conversation('b', 20)], next_cursor: 'more' });
  await settle();
  expect(list.read()).toMatchObject({ ids: ['c', 'b', 'z'], hasMore: false, loadingMore: false });
});

test('a page on its way is asked for again after all was fetched again', async () => {
  await show();
  let asked = 0;
  pages = (cursor) => {
    if (cursor === null) return Promise.resolve({ items: [conversation('c', 30), conversation('b', 20)], next_cursor: 'more' });
    asked += 1;
    return asked === 1 ? new Promise(() => undefined) : Promise.resolve({ items: [conversation('z', 10)], next_cursor: null });
  };
  list.loadMore();
  list.refetch();
  await settle();
  expect(list.read()).toMatchObject({ ids: ['c', 'b', 'z'], hasMore: false, loadingMore: false });
});
