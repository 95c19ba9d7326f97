import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clearAll, messages } from './entities';
import { type Asked, message, serve } from './fakes';
import { ourReaction, react, withOurs } from './reactions';

const THEIRS = { emoji: '🙏', by: 'customer' };
let asked: Asked[];
let answer: (one: Asked) => { status?: number; body?: unknown } | Promise<{ status?: number; body?: unknown }>;

beforeEach(() => {
  clearAll();
  vi.useFakeTimers();
  messages.put([message('m', 'one', 1, { reactions: [THEIRS] })]);
  answer = ({ method, body }) => (method === 'PUT' ? { body: message('m', 'one', 1, { version: 2, reactions: [THEIRS, { emoji: (body as { emoji: string }).emoji, by: 'agent' }] }) } : { status: 204 });
  asked = serve((one) => answer(one));
});
afterEach(() => vi.useRealTimers());

test('ours is one, beside the customer’s', () => {
  const once = withOurs([THEIRS], '👍');
  expect(once).toEqual([THEIRS, { emoji: '👍', by: 'agent', state: 'sending' }]);
  expect(withOurs(once, '❤️')).toEqual([THEIRS, { emoji: '❤️', by: 'agent', state: 'sending' }]);
  expect(withOurs(once, null)).toEqual([THEIRS]);
  expect(ourReaction(once)).toBe('👍');
  expect(ourReaction([THEIRS])).toBeNull();
});

test('it stands at once, and stays when the server has it', async () => {
  const done = react('m', '👍');
  expect(messages.get('m')?.reactions.at(-1)).toEqual({ emoji: '👍', by: 'agent', state: 'sending' });
  await done;
  expect(messages.get('m')?.reactions.at(-1)).toEqual({ emoji: '👍', by: 'agent' });
  expect(asked.map(({ method, body }) => [method, body])).toEqual([['PUT', { emoji: '👍' }]]);
});

test('a no takes it away again', async () => {
  answer = () => ({ status: 422, body: { code: 'outside_window', detail: 'Too late' } });
  await expect(react('m', '👍')).rejects.toMatchObject({ detail: 'Too late' });
  expect(messages.get('m')?.reactions).toEqual([THEIRS]);
});

test('taken back, it does not flicker until the event is here', async () => {
  await react('m', '👍');
  await react('m', null);
  expect(messages.get('m')?.reactions).toEqual([THEIRS]);
  messages.put([message('m', 'one', 1, { version: 3, reactions: [THEIRS] })]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(messages.get('m')?.reactions).toEqual([THEIRS]);
});

test('without an event nothing was taken back, and it is seen', async () => {
  await react('m', '👍');
  await react('m', null);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ourReaction(messages.get('m')?.reactions ?? [])).toBe('👍');
});
