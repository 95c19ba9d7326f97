import { expect, test } from 'vitest';
import { USER } from '@/store/fakes';
import { conversation } from '../examples';
import { barred, filled, inserted, isNear, laterTimes, measure, sendingAt, slashAt, stopOf } from './rules';

const HOUR = 3_600_000;
const written = Date.parse('2026-11-17T10:00:00Z');
const ends = written + 24 * HOUR;
const free = (kind: 'whatsapp' | 'messenger' | 'instagram') =>
  conversation({ channel: { id: 'ch', kind, account_id: '1', name: 'Shop' }, sending: { mode: 'free', until: new Date(ends).toISOString() } });

test('the window goes on by itself when its time is over', () => {
  expect(sendingAt(free('whatsapp'), ends - 1).mode).toBe('free');
  expect(sendingAt(free('whatsapp'), ends)).toEqual({ mode: 'template', until: null });
  for (const kind of ['messenger', 'instagram'] as const) {
    const week = written + 7 * 24 * HOUR;
    expect(sendingAt(free(kind), ends)).toEqual({ mode: 'human_agent', until: new Date(week).toISOString() });
    expect(sendingAt(free(kind), week - 1).mode).toBe('human_agent');
    expect(sendingAt(free(kind), week).mode).toBe('closed');
  }
  expect(sendingAt(conversation({ sending: { mode: 'human_agent', until: new Date(ends).toISOString() } }), ends).mode).toBe('closed');
  expect(sendingAt(conversation({ sending: { mode: 'free', until: null } }), ends * 2).mode).toBe('free');
});

test('who may write: everybody’s, their own and nobody’s, or none', () => {
  const mine = conversation({ assignee: { id: USER.id, name: 'Ada' } });
  const theirs = conversation({ assignee: { id: 'bo', name: 'Bo' } });
  const may = (permissions: string[]) => [conversation(), mine, theirs].map((one) => barred({ ...USER, role: 'agent', permissions }, one));
  expect(may(['inbox.reply:all'])).toEqual([null, null, null]);
  expect(may(['inbox.reply:own'])).toEqual([null, null, 'others']);
  expect(may(['inbox.read:all'])).toEqual(['never', 'never', 'never']);
});

test('each channel counts in its own way', () => {
  expect(measure('🙂é', 'whatsapp', false)).toEqual({ used: 2, limit: 4_096 });
  expect(measure('🙂é', 'messenger', false)).toEqual({ used: 2, limit: 2_000 });
  expect(measure('🙂é', 'instagram', false)).toEqual({ used: 6, limit: 1_000 });
  expect(measure('🙂é', 'instagram', true)).toEqual({ used: 2, limit: 10_000 });
  expect(isNear({ used: 799, limit: 1_000 })).toBe(false);
  expect(isNear({ used: 800, limit: 1_000 })).toBe(true);
});

test('a slash counts at the beginning of a word', () => {
  expect(slashAt('/', 1)).toEqual({ from: 0, query: '' });
  expect(slashAt('Well, /hel and on', 10)).toEqual({ from: 6, query: 'hel' });
  expect(slashAt('and/or', 6)).toBeNull();
  expect(slashAt('https://x', 9)).toBeNull();
  expect(slashAt('/hel lo', 7)).toBeNull();
});

test('texts go in at their place, with what is known filled in', () => {
  expect(inserted('Well, /hel and on', 6, 10, 'hello')).toEqual({ text: 'Well, hello and on', caret: 11 });
  const names = { customer: 'Ayşe Yılmaz', agent: 'Ada' };
  expect(filled('{{customer.first_name}} / {{ customer.name }} / {{agent.name}}', names)).toBe('Ayşe / Ayşe Yılmaz / Ada');
  expect(filled('{{order.id}} {{constructor}} {{customer.name}}', { ...names, customer: '' })).toBe('{{order.id}} {{constructor}} {{customer.name}}');
});

test('later is in an hour, or tomorrow at nine', () => {
  const now = new Date(2026, 11, 31, 23, 30);
  const { hour, tomorrow } = laterTimes(now);
  expect(Date.parse(hour) - now.getTime()).toBe(HOUR);
  expect(new Date(tomorrow)).toEqual(new Date(2027, 0, 1, 9));
});

test('what a channel was stopped for is known by its code, as the server sorts them', () => {
  for (const code of [0, 190]) expect(stopOf(code)).toBe('token');
  for (const code of [3, 10, 200, 299, 131_005]) expect(stopOf(code)).toBe('permission');
  for (const code of [368, 130_497, 131_031]) expect(stopOf(code)).toBe('restricted');
  for (const code of [131_042, 131_044]) expect(stopOf(code)).toBe('payment');
  for (const code of [199, 300, 131_026]) expect(stopOf(code)).toBeNull();
});
