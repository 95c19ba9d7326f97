import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as rooms from '@/live/rooms';
import type { Card } from '@/api/types';
import { moveCard } from './actions';
import { applyEvents } from './apply';
import { useBoard, useColumn } from './board';
import { cards, clearAll } from './entities';
import { type Asked, card, conversation, customer, event, joinedRooms, message, serve, settle } from './fakes';

const ROOM = ['board:b'];
let root: Root;
let shown: { totals: Record<string, number[]>; x: readonly string[]; y: readonly string[] };
let requests: Asked[];
let seq: number;
let gate: Promise<void>;
let patched: (body: Record<string, unknown>) => { status?: number; body: unknown } | Promise<{ status?: number; body: unknown }>;
let columns: () => { id: string; count: number; sum: { amount: number; currency: string }[]; cards: Card[] }[];

function Board() {
  const board = useBoard('b');
  const [x, y] = [useColumn('b', 'x'), useColumn('b', 'y')];
  shown = {
    totals: Object.fromEntries(board.columns.map((each) => [each.id, [each.count, ...each.sum.map((money) => money.amount)]])),
    x: x.ids,
    y: y.ids,
  };
  return null;
}

const lira = (amount: number) => ({ amount, currency: 'TRY' });

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  clearAll();
  seq = 100;
  gate = Promise.resolve();
  columns = () => [
    { id: 'x', count: 10, sum: [lira(1_000)], cards: [card('a', 'x', '80', { value: lira(300) }), card('b', 'x', '81')] },
    { id: 'y', count: 5, sum: [], cards: [card('c', 'y', '80'), card('d', 'y', '81')] },
  ];
  requests = serve(async ({ method, body }) => {
    if (method === 'PATCH') return patched(body as Record<string, unknown>);
    await gate;
    const full = columns().map((each) => ({ name: each.id, kind: 'open', next_cursor: null, ...each }));
    return { seq, body: { id: 'b', name: 'Sales', is_default: true, columns: full } };
  });
  root = createRoot(document.createElement('div'));
  await act(async () => root.render(<Board />));
  await act(async () => {
    joinedRooms('inbox', 'board:b');
    await settle();
    await vi.advanceTimersByTimeAsync(50);
  });
});
afterEach(() => {
  act(() => root.unmount());
  clearAll();
  rooms.reset();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('one fetch serves totals and columns', () => {
  expect(requests).toHaveLength(1);
  expect(shown).toEqual({ totals: { x: [10, 1_000], y: [5] }, x: ['a', 'b'], y: ['c', 'd'] });
});

test('somebody moves a card that is not loaded', async () => {
  const far = card('far', 'y', '8080', { version: 2, value: lira(200) });
  await act(async () => applyEvents([event('card.moved', 101, { card: far, from_column_id: 'x' }, { rooms: ROOM })]));
  expect(shown).toEqual({ totals: { x: [9, 800], y: [6, 200] }, x: ['a', 'b'], y: ['c', 'far', 'd'] });
  expect(requests).toHaveLength(1);
});

test('a card that is dropped stays where it was dropped, and is counted once', async () => {
  let answer: (value: { body: unknown }) => void = () => undefined;
  patched = () => new Promise((resolve) => (answer = resolve));
  let move: Promise<Card> | undefined;
  await act(async () => {
    move = moveCard('a', { column_id: 'y', after_card_id: 'c' });
    await settle();
  });
  const after = { totals: { x: [9, 700], y: [6, 300] }, x: ['b'], y: ['c', 'a', 'd'] };
  expect(shown).toEqual(after);
  expect(requests.at(-1)?.body).toEqual({ column_id: 'y', after_card_id: 'c', version: 1 });
  const moved = card('a', 'y', '8040', { version: 2, value: lira(300) });
  await act(async () => {
    answer({ body: moved });
    await move;
  });
  expect(shown).toEqual(after);
  await act(async () => applyEvents([event('card.moved', 101, { card: moved, from_column_id: 'x' }, { rooms: ROOM })]));
  expect(shown).toEqual(after);
});

test('a refused move goes back, and the table has what the server has', async () => {
  const current = card('a', 'x', '90', { version: 4, value: lira(300) });
  patched = () => ({ status: 409, body: { type: '', title: '', status: 409, detail: 'late', code: 'version_conflict', request_id: '', current } });
  await act(async () => {
    await expect(moveCard('a', { column_id: 'y' })).rejects.toMatchObject({ code: 'version_conflict', status: 409 });
  });
  expect(cards.get('a')).toEqual(current);
  expect(shown).toEqual({ totals: { x: [10, 1_000], y: [5] }, x: ['b', 'a'], y: ['c', 'd'] });
});

test('moves of one card go out in turn, each with the version of the one before', async () => {
  let version = 1;
  patched = (body) => {
    version += 1;
    return { body: card('a', String(body['column_id']), '8040', { version, value: lira(300) }) };
  };
  await act(async () => {
    await Promise.all([moveCard('a', { column_id: 'y' }), moveCard('a', { column_id: 'x' })]);
  });
  expect(requests.slice(1).map((each) => each.body)).toEqual([
    { column_id: 'y', version: 1 },
    { column_id: 'x', version: 2 },
  ]);
  expect(shown.x).toContain('a');
});

test('what can not be counted is fetched, at most every two seconds', async () => {
  const updated = (id: string, at: number) =>
    event('card.updated', at, { card: card(id, 'x', '99', { value: lira(1) }), from_column_id: null }, { rooms: ROOM });
  columns = () => [
    { id: 'x', count: 10, sum: [lira(1_234)], cards: [] },
    { id: 'y', count: 5, sum: [], cards: [] },
  ];
  seq = 103;
  await act(async () => applyEvents([updated('u', 101), updated('v', 102)]));
  await act(async () => {
    applyEvents([event('card.deleted', 103, { id: 'unknown' }, { rooms: ROOM })]);
    await vi.advanceTimersByTimeAsync(1_900);
  });
  expect(requests).toHaveLength(1);
  await act(async () => vi.advanceTimersByTimeAsync(200));
  expect(requests).toHaveLength(2);
  expect(requests[1]?.query.get('limit')).toBe('1');
  expect(shown.totals).toEqual({ x: [10, 1_234], y: [5] });
  // The loaded cards stayed.
  expect(shown.x.slice(0, 2)).toEqual(['a', 'b']);
});

test('a message that touches a card that is not loaded makes no fetch', async () => {
  const touched = event('card.updated', 102, { card: card('u', 'x', '99', { value: lira(1), version: 2 }), from_column_id: null }, { rooms: ROOM });
  const said = { message: message('m', 'one'), conversation: conversation('one'), customer: customer('k') };
  await act(async () => {
    applyEvents([{ ...event('message.created', 101, said), at: touched.at }, touched]);
    await vi.advanceTimersByTimeAsync(3_000);
  });
  expect(requests).toHaveLength(1);
  expect(shown.totals).toEqual({ x: [10, 1_000], y: [5] });
});

test('events that come while the board is fetched count once', async () => {
  const far = card('far', 'y', '8080', { version: 2 });
  seq = 101;
  columns = () => [
    { id: 'x', count: 39, sum: [lira(1_000)], cards: [] },
    { id: 'y', count: 6, sum: [], cards: [far] },
  ];
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => (open = resolve));
  await act(async () => {
    joinedRooms('inbox');
    rooms.take({ type: 'joined', room: 'board:b', ref: 1, seq: 100, presence: [] });
    await settle();
    applyEvents([
      event('card.moved', 101, { card: far, from_column_id: 'x' }, { rooms: ROOM }),
      event('card.created', 102, { card: card('new', 'x', '01'), from_column_id: null }, { rooms: ROOM }),
    ]);
    open();
    await settle();
    await vi.advanceTimersByTimeAsync(50);
  });
  // 101 is in the answer, 102 comes on top.
  expect(shown.totals).toEqual({ x: [40, 1_000], y: [6] });
  expect(shown.x).toEqual(['new']);
});
