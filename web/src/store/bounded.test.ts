// A browser that is left open: whatever comes, what is kept has an end.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as rooms from '@/live/rooms';
import type { Conversation } from '@/api/types';
import { conversation, joinedRooms, settle } from './fakes';
import { micros, OrderedList } from './ordered';
import { Table } from './table';

const MOST_GROWN = 1_000;
let table: Table<Conversation>;
let list: OrderedList<Conversation>;
/** What the server has, newest first. */
let all: Conversation[];
let asked: { cursor: string | null; limit: number }[];

beforeEach(async () => {
  vi.useFakeTimers();
  rooms.hold('inbox');
  joinedRooms('inbox');
  table = new Table<Conversation>();
  all = [];
  asked = [];
  come(0, 60);
  list = new OrderedList<Conversation>({
    table,
    room: 'inbox',
    descending: true,
    exact: true,
    key: (row) => [micros(row.last_activity_at), row.id],
    accepts: (row) => row.status === 'open',
    page: async (cursor, limit) => {
      asked.push({ cursor, limit });
      const from = Number(cursor ?? 0);
      return { items: all.slice(from, from + limit), next_cursor: from + limit < all.length ? String(from + limit) : null };
    },
  });
  list.subscribe(() => undefined);
  await settle();
  asked = [];
});
afterEach(() => {
  list.dispose();
  rooms.reset();
  vi.useRealTimers();
});

/** New conversations, each newer than all before. */
function come(from: number, to: number): void {
  for (let n = from; n < to; n += 1) {
    const row = conversation(`c${n}`, n);
    all.unshift(row);
    table.put([row]);
  }
}

const newest = (count: number) => all.slice(0, count).map(({ id }) => id);

test('a list that grew by a thousand rows starts anew, and goes on', async () => {
  expect(list.read().ids).toHaveLength(50);
  come(60, 60 + MOST_GROWN);
  expect(list.read().ids).toHaveLength(50 + MOST_GROWN);
  expect(asked).toEqual([]);
  come(2_000, 2_001);
  await settle();
  expect(asked).toEqual([{ cursor: null, limit: 200 }]);
  expect(list.read()).toMatchObject({ ids: newest(200), hasMore: true, state: 'ready' });
  list.loadMore();
  await settle();
  come(3_000, 3_001);
  expect(list.read().ids).toEqual(newest(251));
});

test('it grows only by what comes by itself: pages that were asked for stay', async () => {
  come(60, 60 + MOST_GROWN - 1);
  for (let turn = 0; turn < 3; turn += 1) {
    all.push(...Array.from({ length: 50 }, (_, n) => conversation(`old${turn}-${n}`, -1 - turn * 50 - n)));
    list.loadMore();
    await settle();
  }
  asked = [];
  come(3_000, 3_000 + MOST_GROWN);
  await settle();
  expect(asked).toEqual([]);
});

test('under the pointer nothing moves however much comes, and afterwards everything is there', async () => {
  const before = list.read().ids;
  list.setFrozen(true);
  come(60, 60 + MOST_GROWN + 500);
  await settle();
  expect(list.read()).toMatchObject({ ids: before, fresh: MOST_GROWN });
  expect(asked).toEqual([]);
  list.setFrozen(false);
  await settle();
  expect(list.read()).toMatchObject({ ids: newest(before.length), fresh: 0 });
});

test('what waits under the pointer is not trimmed away', async () => {
  list.setFrozen(true);
  come(60, 80);
  table.trim(0, (id) => list.has(id));
  list.setFrozen(false);
  expect(list.read().ids.slice(0, 20)).toEqual(newest(20));
});

test('a server that fails is asked again after as many rows more', async () => {
  const { page } = list.source;
  const down = vi.fn(() => Promise.reject(new Error('down')));
  list.source.page = down;
  come(60, 60 + MOST_GROWN);
  for (let n = 0; n < 3; n += 1) {
    come(60 + MOST_GROWN + n, 61 + MOST_GROWN + n);
    await settle();
  }
  expect(down).toHaveBeenCalledTimes(1);
  expect(list.read()).toMatchObject({ state: 'ready', ids: newest(50 + MOST_GROWN + 3) });
  list.source.page = page;
  come(3_000, 3_000 + MOST_GROWN + 1);
  await settle();
  expect(list.read().ids).toEqual(newest(200));
});
