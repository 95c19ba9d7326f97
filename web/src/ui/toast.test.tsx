import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { popups } from './deferred';
import { UiProvider } from './provider';
import { toast, undoable } from './toast';

let root: Root;

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  await new Promise<void>((resolve) => popups.warm(resolve));
  vi.useFakeTimers();
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () => root.render(<UiProvider>{null}</UiProvider>));
});

afterEach(async () => {
  await act(async () => vi.advanceTimersByTimeAsync(60_000));
  await act(async () => root.unmount());
  document.body.replaceChildren();
  vi.useRealTimers();
});

const shows = (text: string) => document.body.textContent?.includes(text) ?? false;

async function ctrlZ(target: EventTarget = document.body) {
  await act(async () => target.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', code: 'KeyZ', ctrlKey: true, bubbles: true, cancelable: true })));
}

it('runs the last thing that can be taken back on Ctrl+Z, then the one before', async () => {
  const [first, second] = [vi.fn(), vi.fn()];
  await act(async () => {
    undoable('First', first);
    undoable('Second', second);
  });
  expect(shows('Second')).toBe(true);

  await ctrlZ();
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  await ctrlZ();
  await ctrlZ();
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
});

it('leaves Ctrl+Z to a text field', async () => {
  const undo = vi.fn();
  const field = document.body.appendChild(document.createElement('textarea'));
  await act(async () => undoable('Resolved', undo));
  await ctrlZ(field);
  expect(undo).not.toHaveBeenCalled();
});

it('can no longer be taken back after six seconds', async () => {
  const undo = vi.fn();
  await act(async () => undoable('Resolved', undo));
  await act(async () => vi.advanceTimersByTimeAsync(5_900));
  expect(shows('Resolved')).toBe(true);
  await act(async () => vi.advanceTimersByTimeAsync(200));
  await ctrlZ();
  expect(undo).not.toHaveBeenCalled();
});

it('takes back once, by the button', async () => {
  const undo = vi.fn();
  await act(async () => undoable('Resolved', undo));
  const button = [...document.querySelectorAll('button')].find((candidate) => candidate.textContent === 'Undo');
  await act(async () => button?.click());
  await ctrlZ();
  expect(undo).toHaveBeenCalledTimes(1);
});

it('shows what went wrong and what to do', async () => {
  await act(async () => toast({ title: 'Card not moved', text: 'Somebody moved it first.', tone: 'danger' }));
  expect(shows('Card not moved')).toBe(true);
  expect(shows('Somebody moved it first.')).toBe(true);
});
