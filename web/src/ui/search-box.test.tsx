import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SearchBox } from './search-box';

let root: Root;
const told: string[] = [];
/** The owner shows this value. */
const shows = (value: string) => act(async () => root.render(<SearchBox label="Search" value={value} onChange={(next) => told.push(next)} />));
const box = () => document.querySelector('input')!;

async function type(text: string, pause = 250) {
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(box(), text);
    box().dispatchEvent(new InputEvent('input', { bubbles: true }));
    vi.advanceTimersByTime(pause);
  });
}

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.useFakeTimers();
  told.length = 0;
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await shows('');
});

afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('keeps what is typed while its owner still comes to what was typed before', async () => {
  await type('a');
  await type('ab');
  await type('abc', 0);
  await shows('a');
  expect(box().value).toBe('abc');
  await shows('ab');
  await act(async () => vi.advanceTimersByTime(250));
  expect(told).toEqual(['a', 'ab', 'abc']);
  await shows('abc');
  expect(box().value).toBe('abc');
});

it('shows what comes from elsewhere, and sends nothing that was typed before', async () => {
  await type('a');
  await shows('a');
  await type('ab', 0);
  await shows('');
  await act(async () => vi.advanceTimersByTime(250));
  expect(box().value).toBe('');
  expect(told).toEqual(['a']);
});
