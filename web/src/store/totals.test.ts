import { beforeEach, expect, test } from 'vitest';
import { card, event } from './fakes';
import { rankAfter, rankBefore, rankLast } from './ranks';
import { Totals } from './totals';

const COLUMNS = [
  { id: 'x', name: 'X', kind: 'open' as const, count: 10, sum: [{ amount: 1_000, currency: 'TRY' }] },
  { id: 'y', name: 'Y', kind: 'won' as const, count: 5, sum: [] },
];
const lira = (amount: number) => ({ amount, currency: 'TRY' });
let totals: Totals;

beforeEach(() => {
  totals = new Totals();
  totals.reset(COLUMNS, [card('a', 'x', '80', { value: lira(300) })], 100);
});

const shown = () =>
  Object.fromEntries(totals.view(COLUMNS).map((column) => [column.id, [column.count, ...column.sum.map((money) => money.amount)]]));

test('a card that is not loaded moves with its count and value', () => {
  const data = { card: card('far', 'y', '80', { value: lira(200), version: 2 }), from_column_id: 'x' };
  expect(totals.apply(event('card.moved', 101, data))).toBe(true);
  expect(shown()).toEqual({ x: [9, 800], y: [6, 200] });
});

test('created, changed in value, deleted', () => {
  totals.apply(event('card.created', 101, { card: card('n', 'x', '70', { value: { amount: 5, currency: 'EUR' } }), from_column_id: null }));
  expect(shown()).toEqual({ x: [11, 1_000, 5], y: [5] });
  expect(totals.apply(event('card.updated', 102, { card: card('a', 'x', '80', { value: lira(100) }), from_column_id: null }))).toBe(true);
  expect(shown()).toEqual({ x: [11, 800, 5], y: [5] });
  expect(totals.apply(event('card.deleted', 103, { id: 'a' }))).toBe(true);
  expect(shown()).toEqual({ x: [10, 700, 5], y: [5] });
});

test('every event counts once, and not when the answer had it', () => {
  const data = { card: card('far', 'y', '80'), from_column_id: 'x' };
  totals.apply(event('card.moved', 100, data));
  expect(shown()).toEqual({ x: [10, 1_000], y: [5] });
  totals.apply(event('card.moved', 101, data));
  totals.apply(event('card.moved', 101, data));
  expect(shown()).toEqual({ x: [9, 1_000], y: [6] });
});

test('an unknown earlier value is told, a known one is not', () => {
  const updated = (seq: number, amount: number) =>
    totals.apply(event('card.updated', seq, { card: card('far', 'x', '90', { value: lira(amount) }), from_column_id: null }));
  expect(updated(101, 50)).toBe(false);
  expect(totals.apply(event('card.deleted', 102, { id: 'farther' }))).toBe(false);
  expect(updated(103, 80)).toBe(true);
  expect(shown()['x']).toEqual([10, 1_030]);
});

test('a page from later than the event does not pass for what was before', () => {
  totals.learn([card('p', 'x', '90', { value: lira(70) })], 105);
  expect(totals.apply(event('card.updated', 103, { card: card('p', 'x', '90', { value: lira(70) }), from_column_id: null }))).toBe(false);
});

test('what the table knows first is on top, and counted once when its event comes', () => {
  const moved = card('a', 'y', '80', { value: lira(300), version: 2 });
  expect(totals.see(moved)).toBe(true);
  expect(shown()).toEqual({ x: [9, 700], y: [6, 300] });
  totals.apply(event('card.moved', 101, { card: moved, from_column_id: 'x' }));
  totals.see(moved);
  expect(shown()).toEqual({ x: [9, 700], y: [6, 300] });
});

test('provisional ranks stand exactly where the card was dropped', () => {
  for (const [a, b] of [['80', '8040'], ['80', '81'], ['7f80', '80']] as const) {
    expect(a < rankAfter(a) && rankAfter(a) < b).toBe(true);
    expect(a < rankBefore(b, a) && rankBefore(b, a) < b).toBe(true);
  }
  const first = rankBefore('01', undefined);
  expect(first < '01' && rankBefore(first, undefined) < first).toBe(true);
  expect(rankLast('ff') > 'ffff' && rankLast(rankLast(undefined)) > rankLast(undefined)).toBe(true);
});

test('a card that moved while nobody listened, and is on no first page, counts once', () => {
  // The board was left; a drawer fetched the card, which is in y now.
  totals.see(card('a', 'y', '80', { value: lira(300), version: 2 }));
  const later = { x: { count: 9, sum: [lira(700)] }, y: { count: 6, sum: [lira(300)] } };
  totals.reset(COLUMNS.map((column) => ({ ...column, ...later[column.id as 'x' | 'y'] })), [], 200);
  totals.see(card('a', 'y', '80', { value: lira(300), version: 2 }));
  expect(shown()).toEqual({ x: [9, 700], y: [6, 300] });
});
