import { expect, test } from 'vitest';
import { askAgainIn } from './query';

const pages = (...states: string[][]) => ({ pages: states.map((page) => ({ items: page.map((state) => ({ state })) })) });

test('what waits is asked for soon, the rest only while nobody is at the list', () => {
  expect(askAgainIn(undefined, true)).toBe(false);
  expect(askAgainIn(pages(['done', 'failed']), false)).toBe(false);
  const resting = askAgainIn(pages(['done']), true);
  const waiting = askAgainIn(pages(['done', 'received']), false);
  expect(waiting).toBeLessThan(Number(resting));
  expect(askAgainIn(pages(['done', 'received']), true)).toBe(waiting);
});

test('many loaded pages make no more requests', () => {
  expect(Number(askAgainIn(pages(['done'], ['received'], ['done']), false)) / 3).toBe(askAgainIn(pages(['received']), false));
});
