import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import type { Notification } from '@/api/types';
import { clearAll } from './entities';
import { at, conversation, customer, event, joinedRooms, message, serve, settle } from './fakes';
import { applyNotificationEvents, heard, loadOlder, type Told, useNotifications } from './notifications';

const notification = (id: string, more: Partial<Notification> = {}): Notification => ({
  id,
  kind: 'mention',
  conversation: { id: 'c', customer: { id: 'k', name: 'Name k' } },
  message: { id: `m${id}`, excerpt: 'Look' },
  actor: { id: 'b', name: 'Bob' },
  created_at: at(1),
  read_at: null,
  ...more,
});
const list = (...items: Notification[]): Told => ({ items, unread_count: 7, next_cursor: null, seq: 10 });
const created = (seq: number, id: string) => event('notification.created', seq, { notification: notification(id) });

test('a new one stands first and counts once, whichever came first, list or event', () => {
  const after = heard(list(notification('1')), created(11, '2'));
  expect(after.items.map(({ id }) => id)).toEqual(['2', '1']);
  expect(after.unread_count).toBe(8);
  expect(heard(after, created(11, '2'))).toBe(after);
  expect(heard(list(notification('2')), created(10, '2')).unread_count).toBe(7);
});

test('what was read elsewhere is read here, also what is not on the page', () => {
  const after = heard(list(notification('1'), notification('2')), event('notification.read', 11, { ids: ['2', 'older', 'oldest'], read_at: at(9) }));
  expect(after.items.map(({ read_at }) => read_at)).toEqual([null, at(9)]);
  expect(after.unread_count).toBe(4);
});

test('a deleted note takes its words along', () => {
  const gone = (deleted_at: string | null) => event('message.updated', 11, { message: message('m1', 'c', 1, { deleted_at }), conversation: conversation('c'), customer: customer('k') });
  const before = list(notification('1'), notification('2'));
  expect(heard(before, gone(null))).toBe(before);
  expect(heard(before, gone(at(2))).items.map((item) => item.message.excerpt)).toEqual([null, 'Look']);
});

test('what comes while the list is on its way is in it afterwards, once; older ones follow', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  let answer: () => void = () => undefined;
  serve(async ({ query }) => {
    if (query.has('cursor')) return { body: { items: [notification('0')], next_cursor: null, unread_count: 1 }, seq: 12 };
    await new Promise<void>((resolve) => (answer = resolve));
    return { body: { items: [notification('2'), notification('1')], next_cursor: 'c', unread_count: 2 }, seq: 11 };
  });
  let shown: Told | undefined;
  const Shown = () => {
    shown = useNotifications().data;
    return null;
  };
  const root = createRoot(document.createElement('div'));
  await act(async () => root.render(createElement(Shown)));
  await act(async () => {
    joinedRooms('inbox');
    await settle();
  });
  await act(async () => {
    applyNotificationEvents([created(11, '2'), created(12, '3')]);
    answer();
    await vi.waitFor(() => expect(shown).toBeDefined());
  });
  expect(shown?.items.map(({ id }) => id)).toEqual(['3', '2', '1']);
  expect(shown?.unread_count).toBe(3);
  await act(loadOlder);
  expect(shown?.items.map(({ id }) => id)).toEqual(['3', '2', '1', '0']);
  await act(async () => applyNotificationEvents([created(13, '4')]));
  expect(shown?.unread_count).toBe(4);
  act(() => root.unmount());
  clearAll();
});
