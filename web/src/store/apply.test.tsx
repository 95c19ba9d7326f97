import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as rooms from '@/live/rooms';
import { markRead, patchConversation } from './actions';
import { applyEvents, applyMessages } from './apply';
import { type ConversationFilter, type ConversationList, matches, useConversationList } from './conversation-list';
import { clearAll, conversations, customers, messages } from './entities';
import { type Asked, at, conversation, customer, event, joinedRooms, ME, message, serve, settle, USER } from './fakes';
import { currentUser, endSession, loadSession } from './session';
import { useRow } from './table';
import { useThread } from './thread';

let root: Root;
let list: ConversationList;
let thread: readonly string[];
let header: string | undefined;
let requests: Asked[];

const FILTER: ConversationFilter = { status: 'open', assignee: 'me' };
const mine = { assignee: { id: ME, name: 'Ada' } };

function Inbox({ open }: { open: string }) {
  list = useConversationList(FILTER);
  thread = useThread(open).ids;
  header = useRow(conversations, open)?.id;
  return null;
}

const rows = () => [conversation('one', 10, mine), conversation('two', 20, mine)];
let said: Record<string, ReturnType<typeof message>[]>;
type Answer = { status?: number; body?: unknown };
let answers: (asked: Asked) => Answer | Promise<Answer> | undefined;

beforeEach(async () => {
  said = { one: [message('m3', 'one', 3), message('m1', 'one', 1)], two: [message('m2', 'two', 2)] };
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  clearAll();
  answers = () => undefined;
  requests = serve((asked) => {
    const special = answers(asked);
    if (special) return special;
    if (asked.path.endsWith('/auth/me')) return { body: USER };
    if (asked.path.endsWith('/conversations')) return { body: { items: rows().toReversed(), next_cursor: null }, seq: 5 };
    const [id = '', part] = asked.path.split('/').slice(4);
    if (part === 'messages') return { body: { items: said[id] ?? [], next_cursor: null }, seq: 5 };
    return { body: rows().find((row) => row.id === id) };
  });
  await loadSession();
  root = createRoot(document.createElement('div'));
  await act(async () => root.render(<Inbox open="one" />));
  await act(async () => {
    joinedRooms('inbox');
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

test('lists newest first, threads oldest first', () => {
  expect(list.ids).toEqual(['two', 'one']);
  expect(thread).toEqual(['m1', 'm3']);
});

test('a message appends to the open thread, lifts its conversation, and is kept only for threads in memory', async () => {
  const events = [
    event('message.created', 6, { message: message('m9', 'one', 9), conversation: conversation('one', 90, { ...mine, version: 2 }), customer: customer('k') }),
    event('message.created', 7, { message: message('m8', 'else', 8), conversation: conversation('else', 80, { version: 2 }), customer: customer('k') }),
  ];
  await act(async () => applyMessages(events));
  expect(thread).toEqual(['m1', 'm3', 'm9']);
  expect(messages.get('m8')).toBeUndefined();
  await act(async () => applyEvents(events));
  expect(list.ids).toEqual(['one', 'two']);
  expect(conversations.get('else')).toBeDefined();
});

test('an event that is older than what is known changes nothing', async () => {
  await act(async () => conversations.put([conversation('one', 10, { ...mine, version: 9, labels: ['new'] })]));
  await act(async () => applyEvents([event('conversation.updated', 6, { conversation: conversation('one', 99, { version: 8, status: 'resolved' }) })]));
  expect(list.ids).toEqual(['two', 'one']);
  expect(conversations.get('one')?.labels).toEqual(['new']);
});

test('a merged conversation: list, thread and header go to the one that is left', async () => {
  said['two'] = [message('m3', 'two', 3), message('m2', 'two', 2), message('m1', 'two', 1)];
  await act(async () => {
    applyEvents([event('conversation.merged', 6, { conversation: conversation('two', 30, { ...mine, version: 2 }), merged_id: 'one' })]);
    await vi.advanceTimersByTimeAsync(50);
  });
  expect(list.ids).toEqual(['two']);
  expect(header).toBe('two');
  expect(thread).toEqual(['m1', 'm2', 'm3']);
  expect(messages.get('m1')?.conversation_id).toBe('two');
  // A message that was under way to the merged one.
  await act(async () => applyMessages([event('message.created', 7, { message: message('m7', 'one', 7), conversation: conversation('two', 70, { version: 3 }), customer: customer('k') })]));
  expect(thread).toEqual(['m1', 'm2', 'm3', 'm7']);
});

test('the thread that is left takes the messages in without waiting for the server', async () => {
  await act(async () => {
    root.render(<Inbox open="two" />);
    await vi.advanceTimersByTimeAsync(50);
  });
  expect(thread).toEqual(['m2']);
  answers = () => new Promise(() => undefined);
  await act(async () => applyEvents([event('conversation.merged', 6, { conversation: conversation('two', 30, { ...mine, version: 2 }), merged_id: 'one' })]));
  expect(thread).toEqual(['m1', 'm2', 'm3']);
});

test('a merged or renamed customer is so wherever he is named', async () => {
  customers.put([customer('k'), customer('kk')]);
  await act(async () => applyEvents([event('customer.merged', 6, { customer: customer('kk', { name: 'Emre', version: 2 }), merged_id: 'k' })]));
  expect(customers.get('k')?.name).toBe('Emre');
  expect(conversations.get('one')?.customer).toMatchObject({ id: 'kk', name: 'Emre' });
  await act(async () => applyEvents([event('customer.updated', 7, { customer: customer('kk', { name: 'Emre S', version: 3 }) })]));
  expect(conversations.get('two')?.customer.name).toBe('Emre S');
});

test('resolving leaves the list at once; a refusal brings it back', async () => {
  let refuse: () => void = () => undefined;
  const refused = { status: 403, body: { type: '', title: '', status: 403, detail: 'no', code: 'forbidden', request_id: '' } };
  answers = ({ method }) => (method === 'PATCH' ? new Promise((resolve) => (refuse = () => resolve(refused))) : undefined);
  let patch: Promise<unknown> = Promise.resolve();
  await act(async () => {
    patch = patchConversation('one', { status: 'resolved', assignee: null });
    patch.catch(() => undefined);
    await settle();
  });
  expect(list.ids).toEqual(['two']);
  await act(async () => {
    refuse();
    await expect(patch).rejects.toMatchObject({ code: 'forbidden', detail: 'no' });
  });
  expect(list.ids).toEqual(['two', 'one']);
  const sent = requests.find((asked) => asked.method === 'PATCH');
  expect(sent?.body).toEqual({ status: 'resolved', assignee_id: null });
  expect(sent?.headers.get('Idempotency-Key')).toBeTruthy();
});

test('a read mark shows at once, stays until its event, and does not hide what comes later', async () => {
  answers = ({ method }) => (method === 'POST' ? { status: 204 } : undefined);
  await act(async () => conversations.put([conversation('one', 10, { ...mine, version: 2, unread_count: 3 })]));
  await act(async () => {
    const read = markRead('one', 'm3');
    expect(conversations.get('one')?.unread_count).toBe(0);
    await read;
  });
  expect(conversations.get('one')?.unread_count).toBe(0);
  await act(async () => applyEvents([event('conversation.updated', 6, { conversation: conversation('one', 10, { ...mine, version: 3, unread_count: 0 }) })]));
  await act(async () => applyEvents([event('conversation.updated', 7, { conversation: conversation('one', 10, { ...mine, version: 4, unread_count: 1 }) })]));
  expect(conversations.get('one')?.unread_count).toBe(1);
});

test('the end of the session forgets everything', async () => {
  await act(async () => {
    root.render(null);
    endSession();
  });
  expect(currentUser()).toBeNull();
  expect(conversations.size + messages.size + customers.size).toBe(0);
});

test('the filter is that of the server', () => {
  const row = conversation('a', 0, { ...mine, labels: ['vip'], unread_count: 1 });
  const says = (filter: Partial<ConversationFilter>) => matches({ status: 'open', ...filter }, row, ME);
  expect(says({ assignee: 'me', label: 'vip', unread: true, channel: 'ch' })).toBe(true);
  for (const filter of [{ status: 'pending' as const }, { assignee: 'none' }, { assignee: 'x' }, { label: 'x' }, { channel: 'x' }]) {
    expect(says(filter)).toBe(false);
  }
  expect(matches({ status: 'all', unread: true }, { ...row, unread_count: 0 }, ME)).toBe(false);
  expect(at(1) > at(0)).toBe(true);
});
