// The composer with its stores, and what a thread shows of them. The line to the server is a fake.
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forget } from '@/api/renewal';
import type { Conversation } from '@/api/types';
import { sendKeyPreference, undoSendPreference } from '@/lib/composing';
import * as rooms from '@/live/rooms';
import { readDraft } from '@/store/drafts';
import { clearAll, conversations, messages } from '@/store/entities';
import { type Asked, at, conversation, joinedRooms, ME, message, serve, settle, USER } from '@/store/fakes';
import { startOutbox, stopOutbox, unsent } from '@/store/outbox';
import { endSession, loadSession } from '@/store/session';
import { useThread } from '@/store/thread';
import { useUnsent, withUnsent } from '@/store/unsent';
import { place } from '../grouping';
import { MessageRow } from '../message';
import { composer } from './deferred';
import { Composer } from './index';
import { matching } from './suggestions';

let root: Root;
let host: HTMLElement;
let requests: Asked[];
let answer: (asked: Asked) => { status?: number; body?: unknown } | Promise<{ status?: number; body?: unknown }>;
let user: object;
let channel: object | null;

/** As the thread does it: rows by their keys. */
function Rows() {
  const { ids } = useThread('one');
  const waiting = useUnsent('one');
  const rows = withUnsent(ids.map((id) => messages.get(id)).filter((row) => row !== undefined), waiting);
  return place(rows, null).map((one) => (
    <div key={one.key} data-row={one.key}>
      <MessageRow place={one} begins={false} highlighted={false} onJump={() => undefined} />
    </div>
  ));
}

async function later(ms = 0): Promise<void> {
  await act(async () => {
    await settle();
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
  });
}

async function show(one: Conversation, more: ReactNode = null): Promise<void> {
  conversations.put([one]);
  await act(async () => {
    root.render(
      <>
        {more}
        <Composer conversation={one} seen={() => 'seen'} />
      </>,
    );
  });
  await later(20);
}

const area = () => host.querySelector<HTMLTextAreaElement>('textarea');
const posts = () => requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages')).map(({ body }) => body as Record<string, unknown>);
const rowOf = (text: string) => [...host.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.textContent?.includes(text));

async function type(text: string): Promise<void> {
  await act(async () => {
    const element = area();
    if (!element) throw new Error('no text area');
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(element, text);
    element.setSelectionRange(text.length, text.length);
    element.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function press(key: string, more: KeyboardEventInit = {}): Promise<void> {
  await act(async () => {
    area()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  });
  await later();
}

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.parse(at(100)) });
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  localStorage.clear();
  clearAll();
  user = USER;
  channel = null;
  sendKeyPreference.write('enter');
  undoSendPreference.write('off');
  rooms.hold('inbox');
  joinedRooms('inbox');
  answer = ({ body }) => {
    const sent = body as { client_id: string; text: string };
    return { status: 201, body: message('m-server', 'one', 100, { direction: 'out', status: 'queued', author: { id: ME, name: 'Ada' }, ...sent, attachments: [] }) };
  };
  requests = serve((asked) => {
    if (asked.path.endsWith('/auth/me')) return { body: user };
    if (asked.path.endsWith('/channels')) return { body: { items: channel ? [channel] : [], next_cursor: null } };
    if (asked.path.endsWith('/conversations/one')) return { body: conversation('one') };
    if (asked.method === 'GET') return { body: { items: asked.path.endsWith('/messages') ? [message('m1', 'one', 1)] : [], next_cursor: null } };
    return asked.path.endsWith('/messages') ? answer(asked) : { status: 204 };
  });
  await loadSession();
  startOutbox(ME);
  host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
  stopOutbox();
  endSession();
  forget();
  rooms.reset();
  vi.useRealTimers();
});

test('Enter sends what is written, and empties the text area; Shift+Enter and an input method do not', async () => {
  await show(conversation('one'));
  await type('Merhaba');
  await press('Enter', { shiftKey: true });
  await press('Enter', { isComposing: true });
  await press('Enter', { keyCode: 229 });
  expect(posts()).toEqual([]);
  await press('Enter');
  expect(posts()).toMatchObject([{ text: 'Merhaba', seen_message_id: 'seen' }]);
  expect(area()?.value).toBe('');
  expect(readDraft('one', 'reply').text).toBe('');
});

test('after its shortcut the very next key is text', async () => {
  await show(conversation('one'));
  await act(async () => {
    dispatchEvent(new KeyboardEvent('keydown', { key: 'r', code: 'KeyR', cancelable: true }));
    expect(document.activeElement).toBe(area());
  });
});

test('with the other preference Enter is a new line, and Ctrl or Cmd+Enter sends', async () => {
  sendKeyPreference.write('mod-enter');
  await show(conversation('one'));
  await type('Merhaba');
  await press('Enter');
  expect(posts()).toEqual([]);
  await press('Enter', { metaKey: true });
  expect(posts()).toHaveLength(1);
});

test('the message stands at once, and the server’s takes its very place', async () => {
  let take = (): void => undefined;
  const given = answer;
  answer = async (asked) => {
    await new Promise<void>((resolve) => (take = resolve));
    return given(asked);
  };
  await show(conversation('one'), <Rows />);
  await type('Anında');
  await press('Enter');
  const [before] = rowOf('Anında');
  expect(before?.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Queued');
  const inner = before?.querySelector('article');
  take();
  await later();
  const after = rowOf('Anında');
  expect(after).toHaveLength(1);
  expect(after[0]).toBe(before);
  expect(after[0]?.querySelector('article')).toBe(inner);
  expect(unsent()).toEqual([]);
});

test('the event may be faster than the answer: no line is doubled', async () => {
  answer = async ({ body }) => {
    const { client_id } = body as { client_id: string };
    messages.put([message('m-server', 'one', 100, { direction: 'out', text: 'Çift', client_id })]);
    throw new TypeError('cut');
  };
  await show(conversation('one'), <Rows />);
  await type('Çift');
  await press('Enter');
  expect(unsent()).toHaveLength(1);
  expect(rowOf('Çift')).toHaveLength(1);
});

test('a refusal stands in its place with its sentence, and its text can be had back', async () => {
  answer = () => ({
    status: 422,
    body: { type: 'about:blank', title: 'x', status: 422, detail: 'd', code: 'invalid', request_id: 'r', errors: [{ field: 'text', code: 'unsupported', detail: 'No' }] },
  });
  await show(conversation('one'), <Rows />);
  await type('Olmaz');
  await press('Enter');
  // The chunk of the composer, which brings the actions under a message.
  await later(50);
  expect(rowOf('Olmaz')[0]?.textContent).toContain('Not sent');
  expect(unsent()[0]?.refusal?.code).toBe('unsupported');
});

test('on a stopped channel it says why and who mends it, and what is held waits without a vain try', async () => {
  composer.warm();
  await vi.dynamicImportSettled();
  channel = { id: 'ch', kind: 'whatsapp', name: '908502223344', confirmed: true, health: 'stopped', health_reason: 'The account is locked.', version: 1 };
  await show(conversation('one'), <Rows />);
  const bar = () => host.querySelector('section [role="status"]')?.textContent;
  expect(bar()).toBe('+90 850 222 33 44 is stopped: nothing goes out. The account is locked. Messages wait until an administrator has put that right.');
  expect(area()?.disabled).toBe(false);
  const error = { code: 131_031, title: 'x', detail: null };
  answer = ({ body }) => ({ status: 201, body: message('m-server', 'one', 100, { direction: 'out', ...(body as object), status: 'held', error, attachments: [] }) });
  await type('Wait');
  await press('Enter');
  await later(50);
  const [row] = rowOf('Wait');
  expect(row?.textContent).toContain('It waits: the platform has locked or restricted this account. An administrator finds the reason at Meta.');
  expect([...(row?.querySelectorAll('button') ?? [])].map((button) => button.textContent).filter(Boolean)).toEqual(['Discard']);
});

test('a closed window is not written into, unless somebody insists', async () => {
  await show(conversation('one', 0, { sending: { mode: 'closed', until: null } }));
  expect(area()?.disabled).toBe(true);
  await act(async () => [...host.querySelectorAll('button')].find((button) => button.textContent === 'Send anyway')?.click());
  await later(20);
  expect(area()?.disabled).toBe(false);
  await type('Yine de');
  await press('Enter');
  expect(posts()).toMatchObject([{ text: 'Yine de', override_window: true }]);
});

const TEMPLATE = {
  id: 't1',
  name: 'order_ready',
  sendable: true,
  language: 'tr',
  category: 'utility',
  status: 'approved',
  components: [{ type: 'BODY', text: 'Merhaba {{1}}, {{2}} hazır.' }],
  parameters: [
    { key: 'body.1', kind: 'text', example: 'Ayşe' },
    { key: 'body.2', kind: 'text', example: null },
  ],
};
const button = (name: string) => [...host.querySelectorAll('button')].find((one) => one.textContent?.includes(name) || one.getAttribute('aria-label') === name);

test('outside of WhatsApp’s window the templates are the composer: filled, seen, sent', async () => {
  const other = answer;
  requests = serve((asked) => {
    if (asked.path.endsWith('/auth/me')) return { body: user };
    if (asked.path.endsWith('/templates')) return { body: { items: [TEMPLATE, { ...TEMPLATE, id: 't2', name: 'waiting', status: 'pending', sendable: false }], next_cursor: null } };
    if (asked.method === 'GET') return { body: { items: [], next_cursor: null } };
    return asked.path.endsWith('/messages') ? other(asked) : { status: 204 };
  });
  await show(conversation('one', 0, { sending: { mode: 'template', until: null } }), <Rows />);
  await act(() => vi.dynamicImportSettled());
  await later(50);
  expect(area()).toBeNull();
  expect(button('waiting'), 'only approved ones').toBeUndefined();
  await act(async () => button('order_ready')?.click());
  const send = () => button('Send template');
  expect(send()?.disabled).toBe(true);
  const fields = [...host.querySelectorAll<HTMLInputElement>('form input')];
  for (const [index, field] of fields.entries()) {
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, ['Ayşe', 'masa'][index]);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
  expect(host.querySelector('[aria-label="As the customer will see it"]')?.textContent).toContain('Merhaba Ayşe, masa hazır.');
  await act(async () => send()?.click());
  await later();
  expect(posts()).toMatchObject([{ template: { id: 't1', parameters: { 'body.1': 'Ayşe', 'body.2': 'masa' } } }]);
  expect(posts()[0]).not.toHaveProperty('text');
  expect(button('order_ready'), 'the list stands again').toBeDefined();
});

test('what is pasted is seen at once, and goes as a message of its own with the text under it', async () => {
  const stored = { id: 'f1', file_name: 'a.png', mime_type: 'image/png', size: 3, received: 3, state: 'ready', part_size: 10 };
  requests = serve((asked) => {
    if (asked.path.endsWith('/auth/me')) return { body: user };
    if (asked.path.startsWith('/api/v1/files')) return { status: 201, body: stored };
    if (asked.method === 'GET') return { body: { items: [], next_cursor: null } };
    return asked.path.endsWith('/messages') ? answer(asked) : { status: 204 };
  });
  await show(conversation('one'), <Rows />);
  await type('Bu mu?');
  const paste = async (files: File[], types: string[]) => {
    const event = new Event('paste', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files, types } });
    await act(async () => void area()?.dispatchEvent(event));
    await later();
    return event.defaultPrevented;
  };
  const image = new File(['abc'], 'a.png', { type: 'image/png' });
  expect(await paste([image], ['text/plain', 'Files']), 'beside a text its picture is not meant').toBe(false);
  expect(await paste([new File([new Uint8Array(5_000_001)], 'big.png', { type: 'image/png' })], ['Files'])).toBe(true);
  expect(host.querySelector('[aria-label="Attached files"]')).toBeNull();
  await paste([image], ['Files']);
  expect(host.querySelector('[aria-label="Attached files"]')?.textContent).toContain('a.png');
  expect(host.querySelector('[aria-label="Attached files"] img')?.getAttribute('src')).toMatch(/^blob:/);
  await press('Enter');
  for (let turn = 0; turn < 5; turn += 1) await later();
  expect(posts()).toMatchObject([{ text: 'Bu mu?', attachments: ['f1'] }]);
  expect(host.querySelector('[aria-label="Attached files"]')).toBeNull();
  expect(area()?.value).toBe('');
});

test('the customer hears that somebody writes, now and then, and of no note', async () => {
  await show(conversation('one'));
  const told = () => requests.filter(({ path }) => path.endsWith('/typing')).length;
  await type('M');
  await type('Me');
  expect(told()).toBe(1);
  await later(20_000);
  await type('Mer');
  expect(told()).toBe(2);
  await act(async () => host.querySelectorAll<HTMLInputElement>('input[type="radio"]')[1]?.click());
  await later(20_000);
  await type('x');
  expect(told()).toBe(2);
});

test('whoever may not write reads why', async () => {
  await show(conversation('one', 0, { sending: { mode: 'unsupported', until: null } }));
  expect(area()).toBeNull();
  await show(conversation('one', 0, { version: 2, assignee: { id: 'bo', name: 'Bo' } }));
  expect(host.textContent).toContain('Bo answers this conversation');
  user = { ...USER, permissions: ['inbox.read:all'], version: 2 };
  await act(() => loadSession());
  expect(host.textContent).toContain('does not answer');
});

test('too long is said, and not sent', async () => {
  await show(conversation('one'));
  await type('x'.repeat(4_097));
  expect(host.textContent).toContain('1 too many');
  await press('Enter');
  expect(posts()).toEqual([]);
  expect(area()?.value).toHaveLength(4_097);
});

test('a note goes as a note, at any length of the window', async () => {
  await show(conversation('one', 0, { sending: { mode: 'closed', until: null } }));
  await act(async () => host.querySelectorAll<HTMLInputElement>('input[type="radio"]')[1]?.click());
  await later(20);
  await type('Aramızda');
  await press('Enter');
  expect(posts()).toMatchObject([{ text: 'Aramızda', internal: true }]);
  expect(posts()[0]).not.toHaveProperty('override_window');
});

test('saved replies are found by their name first', () => {
  const reply = (shortcut: string, text: string) => ({ id: shortcut, shortcut, text, version: 1 });
  const all = [reply('bye', 'hello again'), reply('othello', 'x'), reply('Hello', 'y'), reply('price', 'z')];
  expect(matching(all, 'hel').map(({ shortcut }) => shortcut)).toEqual(['Hello', 'othello', 'bye']);
});
