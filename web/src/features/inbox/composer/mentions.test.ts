import { expect, test } from 'vitest';
import type { User } from '@/api/types';
import { USER } from '@/store/fakes';
import { colleaguesLike, forgetPicked, namedIn, pick } from './mentions';
import { askedAt } from './rules';

const user = (id: string, name: string, more: Partial<User> = {}): User => ({ ...USER, id, name, role: 'agent', ...more });
const all = [user('me', 'Ada Byron'), user('a', 'Ali'), user('b', 'Ali Can'), user('c', 'Can Ali'), user('d', 'Ali'), user('e', 'Alma', { disabled: true })];
const ids = (people: readonly { id: string }[]) => people.map(({ id }) => id);

test('an at sign asks for colleagues in a note only, also for names of several words', () => {
  expect(askedAt('Hello @al', 9, true)).toEqual({ sign: '@', from: 6, query: 'al' });
  expect(askedAt('@Ali Ca', 7, true)).toEqual({ sign: '@', from: 0, query: 'Ali Ca' });
  expect(askedAt('(@', 2, true)).toEqual({ sign: '@', from: 1, query: '' });
  expect(askedAt('@al', 3, false)).toBeNull();
  expect(askedAt('a@b', 3, true)).toBeNull();
  expect(askedAt('@ x', 3, true)).toBeNull();
  expect(askedAt('@a\nb', 4, true)).toBeNull();
  expect(askedAt('@Ali ', 5, true), 'just put in').toBeNull();
  expect(askedAt('@al /hel', 8, true)).toEqual({ sign: '/', from: 4, query: 'hel' });
});

test('colleagues are offered by the beginnings of their names; oneself and who is gone never', () => {
  expect(ids(colleaguesLike(all, 'al', 'me'))).toEqual(['a', 'd', 'b', 'c']);
  expect(ids(colleaguesLike(all, 'ali c', 'me'))).toEqual(['b']);
  expect(ids(colleaguesLike(all, 'a', 'me'))).not.toContain('me');
});

test('case and accents are as they like to be typed', () => {
  const team = [user('i', 'İlker Şahin'), user('o', 'Ilgın Öz')];
  expect(ids(colleaguesLike(team, 'il', 'me'))).toEqual(['o', 'i']);
  expect(ids(colleaguesLike(team, 'sahin', 'me'))).toEqual(['i']);
});

test('the text says who is named; of two with one name the one that was picked', () => {
  const named = (text: string) => ids(namedIn(text, all, 'me', 'x'));
  expect(named('@Ali Can and @Ali, @Ali Can')).toEqual(['b', 'a']);
  expect(named('@Alma, @Ada Byron, @Nobody')).toEqual([]);
  pick('x', 'd');
  expect(named('@Ali')).toEqual(['d']);
  expect(ids(namedIn('@Ali', all, 'me', 'y'))).toEqual(['a']);
  forgetPicked('x');
  expect(named('@Ali')).toEqual(['a']);
});
