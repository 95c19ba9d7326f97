import { describe, expect, test } from 'vitest';
import { texts } from '@/lib/i18n';
import { inverse } from './changes';
import { attachment, conversation, message } from './examples';
import { firstUnread, newSince, place } from './grouping';
import { previewOf } from './preview';
import { inboxSearch, listQuery, narrowed, toFilter } from './search';
import { advance, extend, nothing, step, toggle } from './selection';
import { fromLocalField, snoozeTimes, toLocalField } from './snooze';
import { windowState } from './window-pill';

const t = texts().inbox;

/** A message at a local minute, so that the tests hold in every time zone. */
const at = (id: string, day: number, minute: number, fields: Parameters<typeof message>[0] = {}) =>
  message({ id, sent_at: new Date(2026, 10, day, 10, minute).toISOString(), ...fields });

describe('runs and days', () => {
  const shape = (rows: ReturnType<typeof at>[], unread: string | null = null) =>
    place(rows, unread).map((one) => `${one.id}${one.day ? ' day' : ''}${one.unread ? ' unread' : ''}${one.first ? ' first' : ''}${one.last ? ' last' : ''}`);

  test('messages of one writer in a row are a run', () => {
    expect(shape([at('a', 1, 0), at('b', 1, 1), at('c', 1, 2, { direction: 'out' })])).toEqual(['a day first', 'b last', 'c first last']);
  });
  test('a pause, another day, another colleague and the divider end it', () => {
    const out = { direction: 'out' } as const;
    const rows = [
      at('a', 1, 0),
      at('b', 1, 9),
      at('c', 2, 0),
      at('d', 2, 1, { ...out, author: { id: 'u1', name: 'A' } }),
      at('e', 2, 2, { ...out, author: { id: 'u2', name: 'B' } }),
      at('f', 2, 3),
      at('g', 2, 4),
    ];
    expect(shape(rows, 'g')).toEqual(['a day first last', 'b first last', 'c day first last', 'd first last', 'e first last', 'f first last', 'g unread first last']);
  });
  test('nothing', () => expect(place([], null)).toEqual([]));
});

describe('the unread divider', () => {
  const rows = [at('a', 1, 0), at('b', 1, 1, { direction: 'out' }), at('c', 1, 2), at('d', 1, 3, { direction: 'internal' }), at('e', 1, 4)];
  test.each([
    [0, null],
    [1, 'e'],
    [2, 'c'],
    [3, 'a'],
    [4, null],
  ])('%i unread', (count, expected) => expect(firstUnread(rows, { anchor: 'e', count })).toBe(expected));
  test('what comes in later does not move it', () => {
    expect(firstUnread([...rows, at('f', 1, 5), at('g', 1, 6)], { anchor: 'e', count: 1 })).toBe('e');
  });
  test('imported history is never unread', () => {
    expect(firstUnread([at('h', 1, 0, { history: true }), ...rows.slice(4)], { anchor: 'e', count: 2 })).toBeNull();
  });
  test('without a mark or its anchor', () => {
    expect(firstUnread(rows, null)).toBeNull();
    expect(firstUnread(rows, { anchor: 'gone', count: 1 })).toBeNull();
  });
  test('new ones are counted from the last that was seen', () => {
    expect(newSince(['a', 'b', 'c'], 'a')).toBe(2);
    expect(newSince(['a'], 'a')).toBe(0);
    expect(newSince(['a'], null)).toBe(0);
    expect(newSince(['a'], 'gone')).toBe(0);
  });
});

describe('preview', () => {
  const of = (fields: Parameters<typeof message>[0]) => previewOf(message(fields), t, 'me');
  test('marks of the text are left out', () => expect(of({ text: '*Fiyat*\nlistesi' }).text).toBe('Fiyat listesi'));
  test.each([
    [{ direction: 'in' as const }, null],
    [{ direction: 'in' as const, author: { id: 'x', name: 'Ali' } }, 'Ali:'],
    [{ direction: 'out' as const }, 'You:'],
    [{ direction: 'out' as const, author: { id: 'me', name: 'Me' } }, 'You:'],
    [{ direction: 'out' as const, author: { id: 'u2', name: 'Deniz' } }, 'Deniz:'],
    [{ direction: 'internal' as const, author: { id: 'u2', name: 'Deniz' } }, 'Note:'],
  ])('%j is marked %j', (fields, mark) => expect(of({ text: 'x', ...fields }).mark).toBe(mark));
  test('a file without words shows its name, else its kind', () => {
    expect(of({ kind: 'document', attachments: [attachment({ file_name: 'a.pdf' })] })).toMatchObject({ kind: 'document', text: 'a.pdf' });
    expect(of({ kind: 'voice', attachments: [attachment({ kind: 'voice' })] })).toMatchObject({ kind: 'voice', text: 'Voice message' });
    expect(of({ kind: 'telepathy' }).text).toBe('Unsupported message');
  });
  test('deleted and missing ones are quiet', () => {
    expect(of({ deleted_at: '2026-11-17T10:00:00Z' })).toMatchObject({ text: 'Deleted message', quiet: true });
    expect(previewOf(null, t, 'me')).toMatchObject({ text: 'No messages yet', quiet: true });
  });
});

describe('the address', () => {
  test('defaults and nonsense are left out', () => {
    expect(inboxSearch({ view: 'all', status: 'open', unread: false, q: ' ', order: 'newest', label: 5, channel: {}, m: null })).toEqual({ label: '5' });
  });
  test('a number that was searched for is a text', () => expect(inboxSearch({ q: 532 }).q).toBe('532'));
  test('the filter says what the store wants', () => {
    expect(toFilter(inboxSearch({ view: 'mine', unread: true, order: 'oldest' }))).toEqual({ status: 'open', assignee: 'me', unread: true, order: 'oldest' });
    expect(toFilter({ view: 'unassigned', status: 'all' })).toMatchObject({ assignee: 'none', status: 'all' });
  });
  test('a row keeps the view but not the message', () => expect(listQuery({ view: 'mine', m: 'x' })).toBe('?view=mine'));
  test('the view does not count as a filter', () => expect(narrowed({ view: 'mine', q: 'x', unread: true })).toBe(2));
});

describe('selection', () => {
  const order = ['a', 'b', 'c', 'd'];
  test('a range goes both ways and survives what is not drawn', () => {
    expect([...extend(toggle(nothing, 'c'), 'a', order).ids].sort()).toEqual(['a', 'b', 'c']);
    expect([...extend(nothing, 'b', order).ids]).toEqual(['b']);
    expect(extend(nothing, 'gone', order)).toBe(nothing);
  });
  test('ticking twice is none', () => expect(toggle(toggle(nothing, 'a'), 'a').ids.size).toBe(0));
  test('steps stop at the ends', () => {
    expect(step(order, null, 1)).toBe('a');
    expect(step(order, 'd', 1)).toBeNull();
    expect(step(order, 'gone', 1)).toBe('a');
    expect(step([], null, 1)).toBeNull();
  });
  test('the next one after a conversation is done with', () => {
    expect(advance(order, 'b', 'next')).toBe('c');
    expect(advance(order, 'd', 'next')).toBe('c');
    expect(advance(order, 'a', 'previous')).toBe('b');
    expect(advance(order, 'b', 'list')).toBeNull();
    expect(advance(['a'], 'a', 'next')).toBeNull();
  });
});

describe('snoozing', () => {
  const local = (iso: string) => toLocalField(new Date(iso));
  test('the times of a Tuesday', () => {
    const times = snoozeTimes(new Date(2026, 10, 17, 14, 25));
    expect(times.laterToday && local(times.laterToday)).toBe('2026-11-17T17:00');
    expect(local(times.tomorrow)).toBe('2026-11-18T09:00');
    expect(local(times.nextWeek)).toBe('2026-11-23T09:00');
  });
  test('late in the evening there is no later today', () => expect(snoozeTimes(new Date(2026, 10, 17, 20, 0)).laterToday).toBeNull());
  test('Monday and Sunday mean the Monday after', () => {
    expect(local(snoozeTimes(new Date(2026, 10, 23, 9)).nextWeek)).toBe('2026-11-30T09:00');
    expect(local(snoozeTimes(new Date(2026, 10, 22, 9)).nextWeek)).toBe('2026-11-23T09:00');
  });
  test('only times to come', () => {
    const now = new Date(2026, 10, 17, 14).getTime();
    expect(fromLocalField('2026-11-17T13:00', now)).toBeNull();
    expect(fromLocalField('', now)).toBeNull();
    expect(fromLocalField('2026-11-17T15:00', now)).toBe(new Date(2026, 10, 17, 15).toISOString());
  });
});

test('undo brings back exactly what was changed', () => {
  const before = conversation({ status: 'snoozed', snoozed_until: '2030-01-01T00:00:00Z', priority: 'high', labels: ['a'] });
  expect(inverse(before, { status: 'resolved' })).toEqual({ status: 'snoozed', snoozed_until: '2030-01-01T00:00:00Z' });
  expect(inverse(conversation(), { status: 'snoozed', snoozed_until: 'x' })).toEqual({ status: 'open' });
  expect(inverse(before, { assignee: { id: 'u', name: 'U' }, labels: [] })).toEqual({ assignee: null, labels: ['a'] });
});

test('the window is amber in its last four hours', () => {
  const end = '2026-11-17T12:00:00Z';
  const hours = (n: number) => Date.parse(end) - n * 3_600_000;
  expect([windowState(end, hours(5)), windowState(end, hours(3)), windowState(end, hours(0))]).toEqual(['open', 'soon', 'closed']);
});
