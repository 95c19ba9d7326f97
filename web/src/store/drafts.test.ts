// A draft is what the text area shows: no word of it is lost, and another device never types into it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as rooms from '@/live/rooms';
import { applyDraftEvent, clearDraft, loadDrafts, readDraft, restoreDraft, writeDraft } from './drafts';
import { clearAll } from './entities';
import { type Asked, at, event, serve, settle, USER, welcome } from './fakes';
import { endSession, loadSession } from './session';

let requests: Asked[];
let saved: number;
let stored: object[];
let down: boolean;
let hold: Promise<void> | null;

const writes = () => requests.filter(({ method }) => method !== 'GET').map(({ method, body }) => (method === 'PUT' ? (body as { text: string }).text : method));
const said = (n: number, text: string | null) =>
  applyDraftEvent(event('draft.updated', n, { draft: { conversation_id: 'one', kind: 'reply', text, reply_to: null, updated_at: at(n), version: n } }));
const text = () => readDraft('one', 'reply').text;

async function later(ms = 0): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

beforeEach(async () => {
  vi.useFakeTimers();
  localStorage.clear();
  clearAll();
  saved = 0;
  stored = [];
  down = false;
  hold = null;
  requests = serve(async ({ path, method, body }) => {
    if (path.endsWith('/auth/me')) return { body: USER };
    if (hold) await hold;
    if (down) throw new TypeError('cut');
    if (method === 'DELETE') return { status: 204 };
    if (method === 'GET') return { body: { items: stored } };
    saved += 1;
    return { body: { ...(body as object), kind: 'reply', updated_at: at(saved), version: saved } };
  });
  await loadSession();
  requests.length = 0;
});
afterEach(() => {
  endSession();
  rooms.reset();
  vi.useRealTimers();
});

test('it is saved when the typing pauses, and deleted when it is empty', async () => {
  writeDraft('one', 'reply', { text: 'H' });
  await later(600);
  writeDraft('one', 'reply', { text: 'Hi' });
  await later(600);
  expect(writes()).toEqual([]);
  await later(100);
  expect(writes()).toEqual(['Hi']);
  clearDraft('one', 'reply');
  await later();
  expect(writes()).toEqual(['Hi', 'DELETE']);
  await later(60_000);
  expect(writes()).toHaveLength(2);
});

test('another device is followed, but never into what is being typed', async () => {
  said(1, 'from the phone');
  expect(text()).toBe('from the phone');
  writeDraft('one', 'reply', { text: 'from the phone, and here' });
  said(2, 'from the phone again');
  expect(text()).toBe('from the phone, and here');
  saved = 2;
  await later(700);
  said(3, 'late echo');
  expect(text()).toBe('from the phone, and here');
  said(4, 'newer');
  expect(text()).toBe('newer');
});

test('what was sent does not come back with the echo of its last save', async () => {
  let go = (): void => undefined;
  writeDraft('one', 'reply', { text: 'to be sent' });
  hold = new Promise((resolve) => (go = resolve));
  await later(700);
  clearDraft('one', 'reply');
  go();
  hold = null;
  await later();
  expect(writes()).toEqual(['to be sent', 'DELETE']);
  said(1, 'to be sent');
  expect(text()).toBe('');
  said(2, null);
  expect(text()).toBe('');
});

test('what is typed during a save is saved after it', async () => {
  let go = (): void => undefined;
  hold = new Promise((resolve) => (go = resolve));
  writeDraft('one', 'reply', { text: 'a' });
  await later(700);
  writeDraft('one', 'reply', { text: 'ab' });
  await later(700);
  expect(writes()).toEqual(['a']);
  go();
  hold = null;
  await later();
  expect(writes()).toEqual(['a', 'ab']);
});

test('offline it stays, survives the session, and is saved when the line is back', async () => {
  down = true;
  writeDraft('one', 'reply', { text: 'in the tunnel' });
  await later(700);
  endSession();
  expect(text()).toBe('');
  await loadSession();
  expect(text()).toBe('in the tunnel');
  stored = [{ kind: 'reply', text: 'older', updated_at: at(9), version: 9 }];
  down = false;
  await loadDrafts('one');
  expect(text()).toBe('in the tunnel');
  requests.length = 0;
  rooms.welcomed(welcome(), false, () => undefined);
  await later();
  expect(writes()).toEqual(['in the tunnel']);
});

test('opening shows what the server has, also that there is nothing any more', async () => {
  stored = [{ kind: 'reply', text: 'theirs', updated_at: at(1), version: 1 }];
  await loadDrafts('one');
  expect(text()).toBe('theirs');
  stored = [];
  await loadDrafts('one');
  expect(text()).toBe('');
});

test('a text that is taken back stands before what was begun since', () => {
  restoreDraft('one', 'reply', 'first', 'm1');
  expect(readDraft('one', 'reply')).toMatchObject({ text: 'first', reply_to: 'm1' });
  restoreDraft('one', 'reply', 'zeroth', null);
  expect(readDraft('one', 'reply')).toMatchObject({ text: 'zeroth\nfirst', reply_to: 'm1' });
});
