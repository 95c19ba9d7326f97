import { afterEach, expect, it } from 'vitest';
import { api } from '@/api/client';
import { serve } from '@/store/fakes';
import { isBusy } from './busy';

afterEach(() => document.body.replaceChildren());

it('is whoever has typed something that would be lost', () => {
  for (const [html, busy] of [
    ['', false],
    ['<textarea></textarea><input>', false],
    ['<textarea>Dear Carla</textarea>', true],
    ['<input value="Carla">', true],
    ['<input type="date" value="2026-01-01">', true],
    ['<p contenteditable="true">Dear</p>', true],
    ['<p contenteditable="true"></p>', false],
    // What is looked for is in the address; choices are kept when they are made.
    ['<input type="search" value="Carla">', false],
    ['<input role="combobox" value="board">', false],
    ['<input type="radio" checked><input type="checkbox" checked value="on">', false],
    ['<input readonly value="wamid">', false],
  ] as const) {
    document.body.innerHTML = html;
    expect(isBusy(), html).toBe(busy);
  }
});

it('is who waits for the server to take a change', async () => {
  let during = false;
  serve(() => {
    during = isBusy();
    return { status: 204 };
  });
  await api.POST('/api/v1/conversations/{id}/read', { params: { path: { id: 'c' } }, body: { message_id: 'm' } });
  expect(during).toBe(true);
  expect(isBusy()).toBe(false);
});
