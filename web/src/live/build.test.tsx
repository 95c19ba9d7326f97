import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heardBuild, loadNewBuild, useNewBuild } from './build';

const reload = vi.fn();
let there: boolean;

function Page() {
  there = useNewBuild();
  return null;
}

function hears(own: string, server: string): boolean {
  document.querySelector('meta')?.setAttribute('content', own);
  act(() => heardBuild(server));
  return there;
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('location', { reload });
  sessionStorage.clear();
  document.head.innerHTML = '<meta name="build" content="">';
  const root = createRoot(document.createElement('div'));
  act(() => root.render(<Page />));
});
afterEach(() => vi.unstubAllGlobals());

test('another build is newer; the same one, none and those of development are not', () => {
  expect(hears('a1', 'a1')).toBe(false);
  expect(hears('a1', 'b2')).toBe(true);
  // Two servers behind one address: the next connection is to one of the old ones.
  expect(hears('a1', 'a1')).toBe(false);
  for (const [own, server] of [['', 'b2'], ['%BUILD%', 'b2'], ['dev', 'b2'], ['a1', ''], ['a1', 'dev']] as const) {
    expect(hears(own, server), `${own} ${server}`).toBe(false);
  }
});

test('what a reload did not bring is not asked for again; the next one is', () => {
  expect(hears('a1', 'b2')).toBe(true);
  loadNewBuild();
  expect(reload).toHaveBeenCalledTimes(1);
  expect(hears('a1', 'b2')).toBe(false);
  expect(hears('a1', 'c3')).toBe(true);
});
