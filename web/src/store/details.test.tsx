import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Activity, Details } from '@/api/types';
import { hold, reset } from '@/live/rooms';
import { applyEvents } from './apply';
import { type CustomerDetails, useDetails } from './details';
import { clearAll } from './entities';
import { type Asked, at, card, conversation, customer, event, joinedRooms, serve, settle } from './fakes';

let root: Root;
let shown: CustomerDetails;
let rooms: (() => void)[];
let requests: Asked[];
let answer: { status?: number; body?: unknown };
const K = { customer: { id: 'k', name: 'Name k' } };

function Page({ id }: { id: string }) {
  shown = useDetails(id);
  return null;
}

function activity(id: string, n: number, more: Partial<Activity> = {}): Activity {
  return { id, customer_id: 'k', kind: 'note', status: 'done', data: {}, created_at: at(n), version: 1, ...more } as Activity;
}

function details(more: Partial<Details> = {}): Details {
  return {
    customer: customer('k'),
    conversations: [conversation('old', 1), conversation('new', 9)],
    cards: [card('c1', 'col', 'a')],
    activities: [activity('a1', 2)],
    attribution: [],
    events: [],
    ...more,
  } as unknown as Details;
}

async function during(run: () => void, ms = 0): Promise<void> {
  await act(async () => {
    run();
    await settle();
    await vi.advanceTimersByTimeAsync(ms);
  });
}
const show = (id = 'k') => during(() => root.render(<Page id={id} />), 10);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  clearAll();
  rooms = ['customer:k', 'customer:gone'].map(hold);
  joinedRooms('customer:k', 'customer:gone');
  answer = { body: details() };
  requests = serve(() => answer);
  root = createRoot(document.createElement('div'));
});
afterEach(() => {
  act(() => root.unmount());
  for (const letGo of rooms) letGo();
  reset();
  clearAll();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('one request fills all lists, newest first', async () => {
  await show();
  expect(requests.map(({ path }) => path)).toEqual(['/api/v1/customers/k/details']);
  expect(shown).toMatchObject({ state: 'ready', customer: { name: 'Name k' }, conversationIds: ['new', 'old'], cardIds: ['c1'], activityIds: ['a1'] });
});

test('events of this customer come in without a request, those of others stay out', async () => {
  await show();
  await during(() =>
    applyEvents([
      event('conversation.created', 11, { conversation: conversation('third', 20) }),
      event('conversation.created', 12, { conversation: conversation('strange', 21, { customer: { id: 'x', name: 'X' } }) }),
      event('card.created', 13, { card: { ...card('c2', 'col', 'b', { created_at: at(5) }), ...K } } as never),
      event('customer.updated', 14, { customer: customer('k', { name: 'Renamed', version: 2 }) }),
    ]),
  );
  expect(shown).toMatchObject({ customer: { name: 'Renamed' }, conversationIds: ['third', 'new', 'old'], cardIds: ['c2', 'c1'] });
  expect(requests).toHaveLength(1);
});

test('a new activity has touches and platform events fetched again, many of them once in five seconds', async () => {
  await show();
  answer = { body: details({ activities: [activity('a1', 2), activity('a2', 30), activity('a3', 31)], attribution: [{ source: 'ad' }] as never }) };
  for (const [id, n] of [['a2', 30], ['a3', 31]] as const) {
    await during(() => applyEvents([event('activity.created', n, { activity: activity(id, n) })]));
  }
  expect(shown.activityIds).toEqual(['a3', 'a2', 'a1']);
  expect(requests).toHaveLength(1);
  await during(() => undefined, 5_000);
  expect(requests).toHaveLength(2);
  expect(shown.attribution).toHaveLength(1);
});

test('an activity of another customer has nothing fetched', async () => {
  await show();
  await during(() => applyEvents([event('activity.created', 30, { activity: activity('b1', 30, { customer_id: 'x' }) })]), 6_000);
  expect(requests).toHaveLength(1);
  expect(shown.activityIds).toEqual(['a1']);
});

test('one that was merged away shows the one that is left', async () => {
  await show('gone');
  expect(shown.customer?.id).toBe('k');
  expect(shown.conversationIds).toEqual(['new', 'old']);
  expect(shown.activityIds).toEqual(['a1']);
});

test('a merge while it is shown brings what the other one had', async () => {
  await show();
  await during(() =>
    applyEvents([
      event('conversation.created', 11, { conversation: conversation('theirs', 15, { customer: { id: 'm', name: 'M' } }) }),
      event('customer.merged', 12, { customer: customer('k', { version: 2 }), merged_id: 'm' }),
    ]),
  );
  expect(shown.conversationIds).toEqual(['theirs', 'new', 'old']);
});

test('what is not there, and what could not be fetched', async () => {
  answer = { status: 404, body: { type: '', title: '', status: 404, detail: 'no', code: 'not_found', request_id: '' } };
  await show();
  expect(shown.state).toBe('missing');
  act(() => root.unmount());
  clearAll();
  root = createRoot(document.createElement('div'));
  answer = { status: 503 };
  await show();
  expect(shown.state).toBe('error');
  answer = { body: details() };
  await during(() => shown.retry(), 10);
  expect(shown).toMatchObject({ state: 'ready', conversationIds: ['new', 'old'] });
});
