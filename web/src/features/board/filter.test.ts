import { describe, expect, it } from 'vitest';
import { isFiltered, matcher } from './filter';
import { boardSearch } from './search';
import { fold } from '@/lib/fold';
import { card } from './testing';

const matches = (filter: Parameters<typeof matcher>[0], row = card('1')) => matcher(filter, 'me')(row);

describe('the filter', () => {
  it('finds words of title and customer in any order, case and accents aside', () => {
    const row = card('1', { title: 'Çatı onarımı', customer: { id: 'k', name: 'İlker Öztürk' } });
    expect(matches({ q: 'ozturk cati' }, row)).toBe(true);
    expect(matches({ q: 'ILKER' }, row)).toBe(true);
    expect(matches({ q: 'ilker berlin' }, row)).toBe(false);
    expect(fold('STRASSE')).toBe(fold('Straße'));
  });

  it('knows me, nobody and a colleague', () => {
    const mine = card('1', { assignee: { id: 'me', name: 'Me' } });
    expect(matches({ assignee: 'me' }, mine)).toBe(true);
    expect(matches({ assignee: 'none' }, mine)).toBe(false);
    expect(matches({ assignee: 'none' })).toBe(true);
    expect(matches({ assignee: 'other' }, mine)).toBe(false);
  });

  it('knows the source', () => {
    expect(matches({ source: 'ad' }, card('1', { source: 'ad' }))).toBe(true);
    expect(matches({ source: 'ad' })).toBe(false);
  });
});

describe('the address', () => {
  it('leaves out defaults and nonsense', () => {
    expect(boardSearch({ q: '  ', source: 'moon', assignee: 3, card: null })).toEqual({ assignee: '3' });
    expect(boardSearch({ q: 2024, source: 'ad' })).toEqual({ q: '2024', source: 'ad' });
    expect(isFiltered(boardSearch({ card: 'x' }))).toBe(false);
    expect(isFiltered(boardSearch({ q: 'x' }))).toBe(true);
  });
});
