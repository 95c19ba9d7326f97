import { expect, test } from 'vitest';
import { own } from './own';

test('a table has only what was put into it', () => {
  const table: Record<string, number> = { image: 1 };
  expect(own(table, 'image')).toBe(1);
  for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '']) expect(own(table, key)).toBeUndefined();
});
