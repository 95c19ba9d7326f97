import { afterEach, expect, it } from 'vitest';
import { showLang } from '@/lib/i18n';
import { matches } from './match';

afterEach(() => showLang('en'));

it('finds every word, in any order', () => {
  expect(matches('Go to the inbox', 'inbox go')).toBe(true);
  expect(matches('Go to the inbox', 'inbox board')).toBe(false);
});

it('finds only where a word begins', () => {
  expect(matches('Switch to dark', 'ark')).toBe(false);
  expect(matches('Sign out (all tabs)', 'all')).toBe(true);
});

it('looks past case and accents', async () => {
  expect(matches('Zeynep Şahin', 'sahin')).toBe(true);
  await showLang('tr');
  expect(matches('Işık İnşaat', 'isik ins')).toBe(true);
});
