import { expect, test } from 'vitest';
import { askAgainIn } from './query';

const pages = (...states: string[][]) => ({ pages: states.map((page) => ({ items: page.map((state) => ({ state })) })) });
const NOW = 1_795_000_000_000;
const busy = { resting: false, replayedAt: 0 };
const resting = { resting: true, replayedAt: 0 };

test('what waits is asked for soon, the rest only while nobody is at the list', () => {
  expect(askAgainIn(undefined, resting)).toBe(false);
  expect(askAgainIn(pages(['done', 'failed']), busy)).toBe(false);
  const seldom = askAgainIn(pages(['done']), resting);
  const soon = askAgainIn(pages(['done', 'received']), busy);
  expect(soon).toBeLessThan(Number(seldom));
  expect(askAgainIn(pages(['done', 'received']), resting)).toBe(soon);
});

test('what was replayed out of the list is looked for until it can not come back', () => {
  const soon = askAgainIn(pages(['received']), busy, NOW);
  expect(askAgainIn(pages(['failed']), { resting: false, replayedAt: NOW - 5_000 }, NOW)).toBe(soon);
  expect(askAgainIn(pages([]), { resting: false, replayedAt: NOW - 5_000 }, NOW)).toBe(soon);
  expect(askAgainIn(pages(['failed']), { resting: false, replayedAt: NOW - 120_000 }, NOW)).toBe(false);
});

test('an empty list is asked for with somebody at it too', () => {
  expect(askAgainIn(pages([]), busy)).toBe(askAgainIn(pages([]), resting));
});

test('many loaded pages make no more requests', () => {
  expect(Number(askAgainIn(pages(['done'], ['received'], ['done']), busy)) / 3).toBe(askAgainIn(pages(['received']), busy));
});
