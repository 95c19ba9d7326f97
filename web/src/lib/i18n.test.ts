import { afterEach, describe, expect, it } from 'vitest';
import { de } from '@/messages/de';
import { en } from '@/messages/en';
import { tr } from '@/messages/tr';
import { currentLang, plural, preferredLang, showLang, texts } from './i18n';

afterEach(async () => {
  localStorage.clear();
  delete document.documentElement.dataset['dir'];
  await showLang('en');
});

/** Every leaf as "section.key", with what kind of text it is. */
function leaves(tree: object, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    const name = `${path}.${key}`;
    if (typeof value === 'object' && value !== null) return leaves(value, name);
    return [`${name} ${typeof value === 'function' ? 'function' : 'string'}`];
  });
}

function strings(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) => {
    if (typeof value === 'object' && value !== null) return strings(value);
    return typeof value === 'string' ? [value] : [];
  });
}

describe('languages', () => {
  it.each([
    ['de', de],
    ['tr', tr],
  ])('%s has exactly the texts of English', (_, other) => {
    expect(leaves(other).toSorted()).toEqual(leaves(en).toSorted());
  });

  it.each([
    ['en', en],
    ['de', de],
    ['tr', tr],
  ])('%s has no empty text and none that shouts', (_, all) => {
    expect(strings(all).filter((text) => text.trim() === '' || text.includes('!'))).toEqual([]);
  });

  it('shows another language with its texts at once', async () => {
    await showLang('de');
    expect(currentLang()).toBe('de');
    expect(texts().shell.inbox).toBe(de.shell.inbox);
    expect(document.documentElement.lang).toBe('de');
    expect(document.documentElement.dir).toBe('ltr');
  });

  it('shows the last one asked for, whichever arrives first', async () => {
    await Promise.all([showLang('tr'), showLang('en')]);
    expect(currentLang()).toBe('en');
  });

  it('keeps a direction that was forced', async () => {
    document.documentElement.dataset['dir'] = 'rtl';
    await showLang('tr');
    expect(document.documentElement.dir).toBe('rtl');
  });

  it('prefers the stored choice and ignores nonsense', () => {
    localStorage.setItem('sb-lang', 'tr');
    expect(preferredLang()).toBe('tr');
    localStorage.setItem('sb-lang', 'xx');
    expect(preferredLang()).toBe('en');
  });
});

describe('plural', () => {
  const forms = { one: 'one', other: 'other' };
  it.each([
    ['en', 1, 'one'],
    ['en', 0, 'other'],
    ['en', 2, 'other'],
    ['de', 1, 'one'],
    ['de', 1.5, 'other'],
    ['tr', 1, 'one'],
    ['tr', 5, 'other'],
  ] as const)('%s %d', (lang, n, form) => {
    expect(plural(lang, n, forms)).toBe(form);
  });
});
