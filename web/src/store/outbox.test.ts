// From "send" until the server has it: nothing is lost, nothing goes twice, nothing goes as somebody else.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forget, remember } from '@/api/renewal';
import * as rooms from '@/live/rooms';
import { clearAll, messages } from './entities';
import { type Asked, ME, message, serve, settle, welcome } from './fakes';
import { discard, enqueue, find, MOST_UNSENT, sendAgain, startOutbox, stopOutbox, takeBack, unsent } from './outbox';

type Answer = { status?: number; body?: unknown };
let requests: Asked[];
let answer: (asked: Asked) => Answer | Promise<Answer>;

const body = (asked: Asked | undefined) => asked?.body as Record<string, unknown>;
const texts = () => requests.map((asked) => body(asked)['text']);
const taken = (asked: Asked): Answer => ({
  status: 201,
  body: message(`m-${String(body(asked)['client_id'])}`, 'one', 1, { direction: 'out', status: 'queued', client_id: String(body(asked)['client_id']) }),
});
const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { type: 'about:blank', title: code, status, detail: `Because of ${code}`, code, request_id: 'r', ...more },
});
const write = (text: string, more: object = {}) =>
  enqueue({ conversation_id: 'one', text, internal: false, reply_to: null, seen_message_id: null, ...more });

async function later(ms = 0): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  clearAll();
  remember(ME);
  answer = taken;
  requests = serve((asked) => answer(asked));
  startOutbox(ME);
});
afterEach(() => {
  stopOutbox();
  forget();
  rooms.reset();
  vi.useRealTimers();
});

test('what is sent leaves the outbox, in the order of writing', async () => {
  write('first');
  write('second');
  expect(unsent().map(({ text }) => text)).toEqual(['first', 'second']);
  await later();
  expect(texts()).toEqual(['first', 'second']);
  expect(unsent()).toEqual([]);
  expect(localStorage.length).toBe(1);
});

test('without an answer it is tried again with the same id, and nothing passes it', async () => {
  answer = () => Promise.reject(new TypeError('cut'));
  const first = write('first');
  write('second');
  await later();
  expect(texts()).toEqual(['first']);
  expect(find(first?.client_id ?? '')?.tries).toBe(1);
  answer = () => problem(503, 'unavailable');
  await later(1_000);
  expect(texts()).toEqual(['first', 'first']);
  answer = taken;
  await later(2_000);
  expect(texts()).toEqual(['first', 'first', 'first', 'second']);
  expect(new Set(requests.slice(0, 3).map((asked) => body(asked)['client_id'])).size).toBe(1);
});

test('the line is back: it goes at once', async () => {
  answer = () => Promise.reject(new TypeError('cut'));
  write('first');
  await later();
  await later(20_000);
  const tried = requests.length;
  answer = taken;
  rooms.welcomed(welcome(), false, () => undefined);
  await later();
  expect(requests.length).toBe(tried + 1);
  expect(unsent()).toEqual([]);
});

test('a clock that was set back holds nothing for long, and makes no storm', async () => {
  answer = () => Promise.reject(new TypeError('cut'));
  write('first');
  await later();
  vi.setSystemTime(Date.now() - 3_600_000);
  await later(120_000);
  expect(requests.length).toBeGreaterThan(3);
  expect(requests.length).toBeLessThan(20);
});

test('a refusal stays with its sentence, holds nothing up, and may be sent again with an agreement', async () => {
  answer = (asked) =>
    body(asked)['text'] === 'late' && body(asked)['override_window'] !== true
      ? problem(422, 'invalid', { errors: [{ field: 'text', code: 'outside_window', detail: 'Too late' }], alternatives: ['override', 'template'] })
      : taken(asked);
  const late = write('late');
  write('note', { internal: true });
  await later();
  expect(unsent().map(({ text, refusal }) => [text, refusal?.code, refusal?.override])).toEqual([['late', 'outside_window', true]]);
  await later(60_000);
  expect(texts()).toEqual(['late', 'note']);
  sendAgain(late?.client_id ?? '', { override_window: true });
  await later();
  expect(unsent()).toEqual([]);
  expect(body(requests[2])['client_id']).toBe(late?.client_id);
});

test('a colleague who answered first is shown, and confirmed', async () => {
  const theirs = message('theirs', 'one', 5, { direction: 'out' });
  answer = (asked) => (body(asked)['seen_message_id'] === 'theirs' ? taken(asked) : problem(409, 'newer_reply', { current: theirs }));
  const mine = write('mine', { seen_message_id: 'old' });
  await later();
  expect(find(mine?.client_id ?? '')?.refusal?.newer).toEqual(theirs);
  sendAgain(mine?.client_id ?? '', { seen_message_id: 'theirs' });
  await later();
  expect(unsent()).toEqual([]);
});

test('it can be taken back while it is held, and not afterwards', async () => {
  const one = write('one', { hold_ms: 5_000 });
  await later(4_000);
  expect(takeBack(one?.client_id ?? '')?.text).toBe('one');
  // It is on its way, and nobody knows yet how it ends.
  let end = (): void => undefined;
  answer = async (asked) => {
    await new Promise<void>((resolve) => (end = resolve));
    return taken(asked);
  };
  const two = write('two', { hold_ms: 5_000 });
  await later(5_000);
  expect(takeBack(two?.client_id ?? '')).toBeNull();
  expect(unsent()).toHaveLength(1);
  end();
  await later();
  expect(unsent()).toEqual([]);
  expect(texts()).toEqual(['two']);
});

test('it survives the page, and waits for its writer', async () => {
  answer = () => Promise.reject(new TypeError('cut'));
  const mine = write('mine', { hold_ms: 5_000 });
  stopOutbox();
  forget();
  remember('somebody-else');
  startOutbox('somebody-else');
  await later(60_000);
  expect(unsent()).toEqual([]);
  expect(requests).toEqual([]);
  stopOutbox();
  answer = taken;
  remember(ME);
  startOutbox(ME);
  await later();
  expect(body(requests[0])['client_id']).toBe(mine?.client_id);
});

test('with the cookies of another person nothing is sent', async () => {
  remember('somebody-else');
  write('mine');
  await later(60_000);
  expect(requests).toEqual([]);
  expect(unsent()).toHaveLength(1);
});

test('what another tab sent or wrote is heard of', async () => {
  const held = write('held', { hold_ms: 5_000 });
  localStorage.removeItem(`sb.outbox.${ME}.${held?.client_id}`);
  await later(6_000);
  expect(requests).toEqual([]);
  localStorage.setItem(`sb.outbox.${ME}.x`, JSON.stringify({ ...held, client_id: 'x', text: 'theirs', not_before: 0 }));
  localStorage.setItem(`sb.outbox.${ME}.broken`, '{');
  dispatchEvent(new StorageEvent('storage', { key: `sb.outbox.${ME}.x` }));
  await later();
  expect(texts()).toEqual(['theirs']);
});

test('a full storage loses nothing while the tab lives, and there is an end', async () => {
  const full = () => {
    throw new Error('full');
  };
  vi.stubGlobal('localStorage', { length: 0, key: () => null, getItem: () => null, removeItem: () => undefined, setItem: full });
  write('kept');
  expect(unsent()).toHaveLength(1);
  await later();
  expect(texts()).toEqual(['kept']);
  vi.unstubAllGlobals();
  answer = () => Promise.reject(new TypeError('cut'));
  for (let n = 0; n < MOST_UNSENT; n += 1) expect(write(`n${n}`, { hold_ms: 20_000 })).not.toBeNull();
  expect(write('one more')).toBeNull();
});

test('discarded while it is under way, a lost answer does not bring it back', async () => {
  answer = () => problem(422, 'invalid', { errors: [{ field: 'text', code: 'too_long', detail: 'Long' }] });
  const entry = write('long');
  await later();
  expect(discard(entry?.client_id ?? '')?.text).toBe('long');
  await later(60_000);
  expect(unsent()).toEqual([]);
  expect(messages.size).toBe(0);
});
