import { describe, expect, it } from 'vitest';
import type { User } from '@/api/types';
import { grouped } from './cheat-sheet';
import { isMissingChunk } from './faults';
import { pageAt, pagesOf } from './pages';

const user = (...permissions: string[]) => ({ permissions }) as User;

describe('pages', () => {
  it('are those that one may open', () => {
    const agent = user('inbox.read:all', 'kanban.read:all', 'customers.read:all');
    expect(pagesOf(agent).map(({ id }) => id)).toEqual(['inbox', 'board', 'customers', 'profile']);
    expect(pagesOf(user('deliveries.manage:all')).map(({ id }) => id)).toEqual(['deliveries', 'profile']);
  });

  it('own the paths below them', () => {
    expect(pageAt('/inbox/1')).toBe('inbox');
    expect(pageAt('/settings/deliveries')).toBe('deliveries');
    expect(pageAt('/inboxes')).toBeNull();
  });
});

it('knows a chunk of an older version', () => {
  expect(isMissingChunk(new TypeError('Failed to fetch dynamically imported module: /assets/page-1.js'))).toBe(true);
  expect(isMissingChunk(new TypeError('error loading dynamically imported module: /assets/page-1.js'))).toBe(true);
  expect(isMissingChunk(new TypeError('Importing a module script failed.'))).toBe(true);
  expect(isMissingChunk(new TypeError('x is undefined'))).toBe(false);
  expect(isMissingChunk('text')).toBe(false);
});

it('groups shortcuts; the newer of two with the same keys is the one that runs', () => {
  const entry = (keys: string, group: string, label = keys) => ({ keys, group, label, run: () => undefined });
  const groups = grouped([entry('j', 'Inbox'), entry('?', 'General'), entry('k', 'Inbox'), entry('j', 'Inbox', 'newer')]);
  expect(groups.map(([group, list]) => [group, list.map(({ label }) => label)])).toEqual([
    ['Inbox', ['newer', 'k']],
    ['General', ['?']],
  ]);
});
