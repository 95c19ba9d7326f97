import { expect, test } from 'vitest';
import { deliveriesQuery, deliveriesSearch, isReplayable } from './search';

test('the address holds a known state and the open delivery', () => {
  expect(deliveriesSearch({})).toEqual({});
  expect(deliveriesSearch({ state: 'failed', id: 'x', page: 3 })).toEqual({ state: 'failed', id: 'x' });
  expect(deliveriesSearch({ state: 'all', id: '' })).toEqual({});
  expect(deliveriesSearch({ state: ['failed'], id: 7 })).toEqual({});
});

test('the question to the API', () => {
  expect(deliveriesQuery(undefined, null)).toEqual({ limit: 50 });
  expect(deliveriesQuery('unrouted', 'abc')).toEqual({ limit: 50, state: 'unrouted', cursor: 'abc' });
});

test('what waits or is done is not replayed as a whole', () => {
  expect([undefined, 'received', 'done', 'failed', 'unrouted'].map((state) => isReplayable(state as never))).toEqual([false, false, false, true, true]);
});
