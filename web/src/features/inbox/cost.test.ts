import { expect, test } from 'vitest';
import { costNote, windowAt } from './cost';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 2, 12);
const iso = (time: number) => new Date(time).toISOString();

test('utility is free while the window is open, the others never are', () => {
  for (const window of ['open', 'closed', 'unknown'] as const) {
    expect(costNote('marketing', window)).toBe('marketing');
    expect(costNote('authentication', window)).toBe('authentication');
  }
  expect(costNote('utility', 'open')).toBe('free');
  expect(costNote('utility', 'closed')).toBe('charged');
  expect(costNote('utility', 'unknown')).toBe('depends');
});

test('of a category that nobody knows nothing is claimed', () => {
  for (const category of ['marketing_lite', 'MARKETING', '', 'constructor']) expect(costNote(category, 'open')).toBeNull();
});

test('the window is open from the customer’s message on, for 24 hours', () => {
  const expires = iso(NOON + 24 * HOUR);
  expect(windowAt(NOON, expires)).toBe('open');
  expect(windowAt(NOON + 24 * HOUR - 1, expires)).toBe('open');
  expect(windowAt(NOON + 24 * HOUR, expires)).toBe('closed');
  expect(windowAt(NOON, null)).toBe('closed');
  expect(windowAt(NOON, undefined)).toBe('closed');
});

test('where the customer has written since, only a message that is known tells', () => {
  const expires = iso(NOON + 48 * HOUR);
  expect(windowAt(NOON, expires)).toBe('unknown');
  expect(windowAt(NOON, expires, [NOON + HOUR, NOON - 24 * HOUR])).toBe('unknown');
  expect(windowAt(NOON, expires, [NOON + HOUR, NOON - 24 * HOUR + 1])).toBe('open');
  expect(windowAt(NOON, expires, [NOON])).toBe('open');
});
