import { expect, test } from 'vitest';
import { emojiIn, searched } from './emoji';

test('every language has the same ones, each once and with a name', async () => {
  const lists = await Promise.all((['en', 'de', 'tr'] as const).map(emojiIn));
  const all = lists.map((rows) => rows.map(([emoji]) => emoji));
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
  expect(new Set(all[0]).size).toBe(all[0]?.length);
  for (const rows of lists) for (const [, name] of rows) expect(name).not.toBe('');
});

test('words are found by their beginning, names first', async () => {
  const [en, tr] = await Promise.all([emojiIn('en'), emojiIn('tr')]);
  expect(searched(en, 'thumbs u').map(([emoji]) => emoji)).toEqual(['👍']);
  expect(searched(en, 'rocket science')).toEqual([]);
  expect(searched(tr, 'kalp').length).toBeGreaterThan(5);
  expect(searched(en, ' ')).toBe(en);
});
