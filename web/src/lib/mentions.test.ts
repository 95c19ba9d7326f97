import { expect, test } from 'vitest';
import { splitAtNames } from './mentions';

const named = (text: string, ...names: string[]) => splitAtNames(text, names).flatMap(({ name }) => name ?? []);

test('a name counts whole, after an at sign that begins a word', () => {
  expect(named('@Ali Can, @Ali and @Ali’ye', 'Ali', 'Ali Can')).toEqual(['Ali Can', 'Ali', 'Ali']);
  expect(named('mail ali@Ali.example, @Alina, @ Ali, @ali', 'Ali')).toEqual([]);
  expect(named('(@Şule)', 'Şule')).toEqual(['Şule']);
  expect(named('@', '')).toEqual([]);
});

test('the pieces are the text', () => {
  for (const text of ['', '@Ali', 'x @Ali y @Ali', '@@Ali@Ali', 'no @one']) {
    expect(splitAtNames(text, ['Ali']).map((piece) => piece.text).join('')).toBe(text);
  }
});
