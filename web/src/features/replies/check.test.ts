import { expect, test } from 'vitest';
import { checkName, checkText } from './check';

test('a name is one word that nobody else has', () => {
  expect(checkName('hello', ['Bye'])).toBeNull();
  expect(checkName('', [])).toBe('required');
  expect(checkName('two words', [])).toBe('space');
  expect(checkName('a/b', [])).toBe('space');
  expect(checkName('x'.repeat(40), [])).toBeNull();
  expect(checkName('x'.repeat(41), [])).toBe('long');
  expect(checkName('BYE', ['Bye'])).toBe('taken');
});

test('a text has only variables that are filled', () => {
  expect(checkText('Hi {{ customer.first_name }}, {{agent.name}}')).toBeNull();
  expect(checkText('  ')).toBe('textRequired');
  expect(checkText('Hi {{customer.nickname}}')).toEqual({ unknown: 'customer.nickname' });
});
