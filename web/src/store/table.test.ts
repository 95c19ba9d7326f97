import { beforeEach, expect, test, vi } from 'vitest';
import { conversation } from './fakes';
import { Table } from './table';

type Row = ReturnType<typeof conversation>;
let table: Table<Row>;
beforeEach(() => {
  table = new Table<Row>();
});

test('an older version never replaces a newer one', () => {
  table.put([conversation('a', 0, { version: 3, status: 'resolved' })]);
  table.put([conversation('a', 0, { version: 2, status: 'open' })]);
  expect(table.get('a')?.status).toBe('resolved');
  table.put([conversation('a', 0, { version: 4, status: 'open' })]);
  expect(table.get('a')?.status).toBe('open');
});

test('the same row again draws nothing', () => {
  table.put([conversation('a')]);
  const listener = vi.fn();
  table.subscribe('a', listener);
  const before = table.get('a');
  table.put([conversation('a')]);
  expect(listener).not.toHaveBeenCalled();
  expect(table.get('a')).toBe(before);
});

test('an edit lies over the base until the base has its version', () => {
  table.put([conversation('a', 0, { version: 1 })]);
  const edit = table.edit('a', { status: 'resolved' });
  // Somebody else's change came meanwhile: the edit stays on top of it.
  table.put([conversation('a', 0, { version: 2, labels: ['vip'] })]);
  expect(table.get('a')).toMatchObject({ status: 'resolved', labels: ['vip'], version: 2 });
  table.ack(edit, 3);
  expect(table.get('a')?.status).toBe('resolved');
  table.put([conversation('a', 0, { version: 3, status: 'resolved' })]);
  // The edit is gone: the next change of the server shows.
  table.put([conversation('a', 0, { version: 4, status: 'open' })]);
  expect(table.get('a')?.status).toBe('open');
});

test('an acknowledged edit goes at once when the base was faster', () => {
  table.put([conversation('a', 0, { version: 1 })]);
  const edit = table.edit('a', { status: 'resolved' });
  table.put([conversation('a', 0, { version: 5, status: 'pending' })]);
  table.ack(edit, 2);
  expect(table.get('a')?.status).toBe('pending');
});

test('a rejected edit shows the base again, and leaves the others', () => {
  table.put([conversation('a')]);
  const first = table.edit('a', { status: 'resolved' });
  table.edit('a', { labels: ['x'] });
  table.reject(first);
  expect(table.get('a')).toMatchObject({ status: 'open', labels: ['x'] });
});

test('a merged id leads to the row that is left, for readers, listeners and edits', () => {
  table.put([conversation('old'), conversation('new', 0, { version: 2 })]);
  const edit = table.edit('old', { status: 'resolved' });
  const listener = vi.fn();
  table.subscribe('old', listener);
  table.rekey('old', 'new');
  expect(listener).toHaveBeenCalledTimes(1);
  expect(table.get('old')).toMatchObject({ id: 'new', status: 'resolved' });
  table.reject(edit);
  expect(table.get('new')?.status).toBe('open');
  listener.mockClear();
  table.put([conversation('new', 0, { version: 3, status: 'pending' })]);
  expect(listener).toHaveBeenCalledTimes(1);
  // A late answer about the merged one does not bring it back.
  table.put([conversation('old', 0, { version: 9 })]);
  expect(table.get('old')?.id).toBe('new');
});

test('after a restore the next row counts, whatever its version', () => {
  table.put([conversation('a', 0, { version: 9, status: 'resolved' })]);
  table.doubt();
  expect(table.get('a')?.status).toBe('resolved');
  table.put([conversation('a', 0, { version: 2 })]);
  expect(table.get('a')?.status).toBe('open');
  table.put([conversation('a', 0, { version: 1, status: 'resolved' })]);
  expect(table.get('a')?.status).toBe('open');
});

test('trimming spares what is shown or used', () => {
  table.put(['a', 'b', 'c', 'd'].map((id) => conversation(id)));
  table.subscribe('a', () => undefined);
  table.trim(2, (id) => id === 'b');
  expect(['a', 'b', 'c', 'd'].filter((id) => table.get(id))).toEqual(['a', 'b']);
});

test('rows that are not to go are not looked at for every row more', () => {
  const used = vi.fn(() => true);
  table.put(Array.from({ length: 100 }, (_, n) => conversation(`u${n}`, n)));
  table.trim(50, used);
  expect(used).toHaveBeenCalledTimes(100);
  table.put([conversation('one more')]);
  table.trim(50, used);
  expect(used).toHaveBeenCalledTimes(100);
  table.put(Array.from({ length: 20 }, (_, n) => conversation(`v${n}`, n)));
  table.trim(50, () => false);
  expect(table.size).toBe(50);
});
