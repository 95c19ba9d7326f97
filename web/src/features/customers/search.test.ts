import { expect, test } from 'vitest';
import { apiQuery, changed, customersSearch, isFiltered, sortedBy } from './search';

test('defaults are left out of the address', () => {
  expect(customersSearch({ q: ' ', sort: 'created_at', order: 'desc', page: 1, filter_channel: [], filter_opt_out: [] })).toEqual({});
  expect(customersSearch({ sort: 'name', order: 'asc' })).toEqual({ sort: 'name' });
  expect(customersSearch({ sort: 'name', order: 'desc' })).toEqual({ sort: 'name', order: 'desc' });
  expect(customersSearch({ order: 'asc' })).toEqual({ order: 'asc' });
});

test('nonsense in the address is dropped', () => {
  const raw = { q: { a: 1 }, sort: 'password', order: 'up', page: '-3', filter_channel: ['fax', 'website'], filter_opt_out: 'maybe' };
  expect(customersSearch(raw)).toEqual({ filter_channel: ['website'] });
  expect(customersSearch({ page: 1e12, q: 'x'.repeat(500) })).toEqual({ page: 10_000, q: 'x'.repeat(200) });
  expect(customersSearch({ page: 2.5 })).toEqual({});
});

test('what the router made a number or a single value of is read all the same', () => {
  expect(customersSearch({ q: 532, page: '3', filter_channel: 'whatsapp', filter_opt_out: true })).toEqual({
    q: '532',
    page: 3,
    filter_channel: ['whatsapp'],
    filter_opt_out: ['true'],
  });
});

test('reading twice changes nothing', () => {
  const once = customersSearch({ q: 'ş', sort: 'email', order: 'desc', page: 4, filter_channel: ['website', 'whatsapp'], filter_opt_out: ['false'] });
  expect(customersSearch({ ...once })).toEqual(once);
});

test('the question to the API', () => {
  expect(apiQuery({})).toEqual({ sort: 'created_at', order: 'desc' });
  expect(apiQuery({ sort: 'phone', q: 'a', filter_channel: ['messenger'], filter_opt_out: ['false'], page: 3 })).toEqual({
    sort: 'phone',
    order: 'asc',
    q: 'a',
    filter_channel: ['messenger'],
    filter_opt_out: false,
  });
  expect(apiQuery({ filter_opt_out: ['true', 'false'] })).not.toHaveProperty('filter_opt_out');
});

test('a head sorts in its usual order, then in the other one, from the first page', () => {
  expect(sortedBy({ page: 3 }, 'name')).toEqual({ sort: 'name' });
  expect(sortedBy({ sort: 'name' }, 'name')).toEqual({ sort: 'name', order: 'desc' });
  expect(sortedBy({ sort: 'name', order: 'desc' }, 'name')).toEqual({ sort: 'name' });
  expect(sortedBy({}, 'created_at')).toEqual({ order: 'asc' });
});

test('a filter starts at the first page, and can be cleared', () => {
  expect(changed({ page: 5, sort: 'name' }, { q: 'x' })).toEqual({ sort: 'name', q: 'x' });
  expect(changed({ q: 'x', page: 5 }, { q: undefined })).toEqual({});
  expect(changed({ q: 'x' }, { page: 2 })).toEqual({ q: 'x', page: 2 });
  expect(isFiltered({ sort: 'name', page: 2 })).toBe(false);
  expect(isFiltered({ filter_opt_out: ['true'] })).toBe(true);
});
