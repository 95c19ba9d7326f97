import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clearAll } from './entities';
import { type Asked, serve, settle, USER } from './fakes';
import { heardOfChannel, useChannels, useStoppedChannel, useUsers } from './people';
import { endSession, loadSession } from './session';

let root: Root;
let requests: Asked[];
let names: string[];
let channels: number;
let stopped: string | null | undefined;
let health: string;

function Page() {
  names = useUsers().map(({ name }) => name);
  channels = useChannels().length;
  stopped = useStoppedChannel('ch')?.health_reason;
  return null;
}
const asked = (part: string) => requests.filter(({ path }) => path.endsWith(part)).length;
async function show(): Promise<void> {
  root = createRoot(document.createElement('div'));
  await act(async () => {
    root.render(<Page />);
    await settle();
  });
}
const hide = () => act(() => root.unmount());

beforeEach(async () => {
  vi.useFakeTimers();
  health = 'ok';
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  requests = serve(({ path, query }) => {
    if (path.endsWith('/auth/me')) return { body: USER };
    if (path.endsWith('/channels')) return { body: { items: [{ id: 'ch', health, health_reason: health === 'ok' ? null : 'Locked.' }], next_cursor: null } };
    const second = query.get('cursor') === 'more';
    return { body: { items: [{ ...USER, id: second ? 'b' : 'a', name: second ? 'Bo' : 'Ada' }], next_cursor: second ? null : 'more' } };
  });
  await loadSession();
});
afterEach(async () => {
  await hide();
  endSession();
  clearAll();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('everybody, over all pages; fetched again only after five minutes', async () => {
  await show();
  expect(names).toEqual(['Ada', 'Bo']);
  expect(channels).toBe(1);
  expect(asked('/users')).toBe(2);
  await hide();
  await vi.advanceTimersByTimeAsync(60_000);
  await show();
  expect(asked('/users')).toBe(2);
  await hide();
  await vi.advanceTimersByTimeAsync(300_000);
  await show();
  expect(asked('/users')).toBe(4);
  expect(asked('/channels')).toBe(2);
});

test('with the session goes what it knew', async () => {
  await show();
  await act(async () => {
    endSession();
    await settle();
  });
  expect(names).toEqual([]);
  expect(channels).toBe(0);
});

test('what is held tells that its channel is stopped, what is sent that it goes on; nothing else is asked for', async () => {
  await show();
  const hear = async (status: string, direction: 'in' | 'out' = 'out', id = 'ch') => {
    await act(async () => {
      heardOfChannel(id, { direction, status });
      await vi.advanceTimersByTimeAsync(5_000);
    });
  };
  await hear('sent');
  await hear('failed');
  await hear('held', 'in');
  await hear('held', 'out', 'other');
  expect(asked('/channels')).toBe(1);
  health = 'stopped';
  await hear('held');
  expect([asked('/channels'), stopped]).toEqual([2, 'Locked.']);
  await hear('held');
  expect(asked('/channels')).toBe(2);
  health = 'ok';
  await hear('sent');
  expect([asked('/channels'), stopped]).toEqual([3, undefined]);
});
