import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useConversationList } from '@/store/conversation-list';
import { useCounts } from '@/store/counts';
import { clearAll } from '@/store/entities';
import { type Asked, conversation, customer, event, FakeSocket, ME, message, serve, settle, USER, welcome } from '@/store/fakes';
import { currentUser, loadSession, useSession } from '@/store/session';
import { concerns } from './alerts';
import { type LiveView, signal, start, stop, useLive, useRoom } from './live';
import type { RoomView } from './rooms';

const ROOM = 'conversation:one';
const OTHER = { user_id: 'bo', name: 'Bo' };
let root: Root;
let requests: Asked[];
let items: ReturnType<typeof conversation>[];
let shown: { ids: readonly string[]; live: LiveView; room: RoomView; session: string; unread: number | undefined };

function Page({ room }: { room: string | null }) {
  shown = {
    ids: useConversationList({ status: 'open' }).ids,
    live: useLive(),
    room: useRoom(room),
    session: useSession(),
    unread: useCounts()?.unread,
  };
  return null;
}

const listRequests = () => requests.filter((asked) => asked.path.endsWith('/conversations')).length;
const counts = (unread: number) => ({ mine: 1, unassigned: 1, all: 2, unread });

async function during(run: () => void | Promise<void>, ms = 0): Promise<void> {
  await act(async () => {
    await run();
    await settle();
    await vi.advanceTimersByTimeAsync(ms);
  });
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
  sessionStorage.clear();
  clearAll();
  items = [conversation('one', 10)];
  requests = serve(({ path }) => {
    if (path.endsWith('/auth/me')) return { body: USER };
    if (path.endsWith('/counts')) return { body: counts(0), seq: 10 };
    if (path.endsWith('/logout')) return { status: 204 };
    return { body: { items, next_cursor: null }, seq: 10 };
  });
  await loadSession();
  root = createRoot(document.createElement('div'));
  await during(() => {
    start();
    root.render(<Page room={ROOM} />);
  });
});
afterEach(async () => {
  await during(() => {
    root.unmount();
    stop();
  });
  clearAll();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function enter(more: Parameters<typeof welcome>[0] = {}): Promise<FakeSocket> {
  const socket = FakeSocket.last;
  await during(() => {
    socket.open();
    socket.hear(welcome({ rooms: ['inbox', ROOM], presence: { [ROOM]: [{ user_id: ME, name: 'Ada' }, OTHER] }, ...more }));
  }, 20);
  return socket;
}

const created = (id: string, seq: number, prev = seq - 1) =>
  event('conversation.created', seq, { conversation: conversation(id, seq) }, { prev });

test('joins, then fetches once; events are drawn together, at most every 200 ms', async () => {
  expect(listRequests()).toBe(0);
  const socket = await enter();
  expect(socket.sent[0]).toMatchObject({ type: 'hello', resume_from: null });
  expect(socket.sent[0]?.['rooms']).toEqual(expect.arrayContaining(['inbox', ROOM]));
  expect(listRequests()).toBe(1);
  expect(shown).toMatchObject({ ids: ['one'], live: { state: 'live' }, unread: 0 });
  await during(() => {
    socket.hear(created('two', 11));
    socket.hear(event('inbox.counted', 11, counts(5), { prev: 11 }));
  }, 30);
  expect(shown.ids).toEqual(['one']);
  await during(() => undefined, 20);
  expect(shown).toMatchObject({ ids: ['two', 'one'], unread: 5 });
  expect(document.title.startsWith('(5) ')).toBe(true);
  expect(JSON.parse(sessionStorage.getItem('sb.cursor') ?? '')).toEqual({ user: ME, epoch: 7, seq: 11 });
  expect(listRequests()).toBe(1);
  // Right after that the next ones wait.
  await during(() => socket.hear(created('three', 12)), 150);
  expect(shown.ids).toEqual(['two', 'one']);
  await during(() => undefined, 50);
  expect(shown.ids).toEqual(['three', 'two', 'one']);
});

test('after a drop it resumes: nothing is fetched, what was missed is told', async () => {
  await enter();
  await during(() => FakeSocket.last.die(), 5);
  const socket = FakeSocket.last;
  await during(() => socket.open());
  expect(socket.sent[0]).toMatchObject({ resume_from: 10, epoch: 7 });
  await during(() => {
    socket.hear(welcome({ rooms: ['inbox', ROOM], seq: 13, resumed: true }));
    socket.hear(created('two', 12, 10));
    socket.hear(created('three', 13, 12));
  });
  expect(shown.live.state).toBe('catching_up');
  await during(() => undefined, 600);
  expect(shown).toMatchObject({ ids: ['three', 'two', 'one'], live: { state: 'live', caughtUp: 2 } });
  expect(listRequests()).toBe(1);
  await during(() => undefined, 6_000);
  expect(shown.live.caughtUp).toBeNull();
});

test('not resumed: the screen stays, and what is shown is fetched and replaced', async () => {
  await enter();
  await during(() => FakeSocket.last.die(), 5);
  items = [conversation('new', 50)];
  const socket = FakeSocket.last;
  let answered: () => void = () => undefined;
  const fetched = globalThis.fetch;
  const gate = new Promise<void>((resolve) => (answered = resolve));
  globalThis.fetch = async (...args) => gate.then(() => fetched(...args));
  await during(() => {
    socket.open();
    socket.hear(welcome({ rooms: ['inbox', ROOM], seq: 99 }));
  });
  expect(shown).toMatchObject({ ids: ['one'], live: { state: 'catching_up' } });
  await during(answered, 600);
  expect(shown).toMatchObject({ ids: ['new'], live: { state: 'live' } });
  expect(listRequests()).toBe(2);
});

test('presence and typing of others; typing ends by itself, and is told once in 3 s', async () => {
  const socket = await enter();
  expect(shown.room.presence).toEqual([OTHER]);
  await during(() => socket.hear({ type: 'signal', room: ROOM, name: 'typing.started', from: OTHER, data: null }));
  expect(shown.room.typing).toEqual([OTHER]);
  await during(() => undefined, 6_100);
  expect(shown.room.typing).toEqual([]);
  await during(() => socket.hear({ type: 'presence', room: ROOM, joined: [], left: [OTHER] }));
  expect(shown.room.presence).toEqual([]);
  const before = socket.sent.length;
  for (let i = 0; i < 5; i += 1) signal(ROOM, 'typing.started');
  signal(ROOM, 'typing.stopped');
  signal(ROOM, 'typing.stopped');
  expect(socket.sent.slice(before).map((frame) => frame['name'])).toEqual(['typing.started', 'typing.stopped']);
});

test('rooms that are only passed by are not joined, and few frames go out', async () => {
  const socket = await enter();
  const before = socket.sent.length;
  for (let n = 0; n < 30; n += 1) await during(() => root.render(<Page room={`conversation:${n}`} />), 10);
  await during(() => undefined, 2_000);
  const frames = socket.sent.slice(before);
  expect(frames.at(-1) ?? frames).toBeDefined();
  expect(frames.length).toBeLessThan(20);
  const joined = frames.filter((frame) => frame['type'] === 'join').map((frame) => frame['room']);
  const left = frames.filter((frame) => frame['type'] === 'leave').map((frame) => frame['room']);
  expect(joined).toContain('conversation:29');
  expect(left).toContain(ROOM);
  expect(joined.filter((room) => !left.includes(room))).toEqual(['conversation:29']);
});

const over = { status: 401, body: { type: '', title: '', status: 401, detail: 'over', code: 'unauthenticated', request_id: '' } };

test('4001 ends the session', async () => {
  const socket = await enter();
  serve(() => over);
  await during(() => socket.die(4001), 1_000);
  expect(shown.session).toBe('out');
  expect(FakeSocket.all).toHaveLength(1);
});

test('4001 of a session that can be carried on: the socket comes back where it was', async () => {
  const socket = await enter();
  let renewed = false;
  const asked = serve(({ path }) => {
    if (path.endsWith('/refresh')) {
      renewed = true;
      return { body: { access_token: 'x', token_type: 'Bearer', expires_in: 600, user: USER } };
    }
    return renewed ? { body: USER } : over;
  });
  await during(() => {
    vi.setSystemTime(Date.now() + 43_200_000);
    socket.die(4001);
  }, 600);
  expect(asked.map(({ path }) => path.slice('/api/v1'.length))).toEqual(['/auth/me', '/auth/refresh', '/auth/me']);
  expect(shown).toMatchObject({ session: 'in', ids: ['one'] });
  const next = FakeSocket.last;
  expect(next).not.toBe(socket);
  await during(() => next.open());
  expect(next.sent[0]).toMatchObject({ resume_from: 10 });
});

test('somebody else signed in meanwhile: nothing of the one before is left', async () => {
  const socket = await enter();
  serve(({ path }) => (path.endsWith('/me') ? { body: { ...USER, id: 'bo', name: 'Bo' } } : { body: { items: [], next_cursor: null }, seq: 1 }));
  await during(() => socket.die(4001), 1_000);
  expect(currentUser()?.name).toBe('Bo');
  expect(shown.ids).toEqual([]);
  // The frame stops the line of the one, and starts one for the other.
  expect(FakeSocket.all).toHaveLength(1);
});

test('a refused handshake is asked about every third time, not only once', async () => {
  await enter();
  const asked = serve(() => ({ status: 503 }));
  const refuse = async (): Promise<void> => {
    await during(() => FakeSocket.last.die(), 1);
    for (let ms = 0; FakeSocket.last.readyState === 3 && ms < 30_000; ms += 100) await during(() => undefined, 100);
  };
  for (let tries = 1; tries <= 9; tries += 1) await refuse();
  expect(asked.filter(({ path }) => path.endsWith('/me'))).toHaveLength(3);
  serve(() => over);
  for (let tries = 10; tries <= 12; tries += 1) await refuse();
  expect(shown.session).toBe('out');
});

test('the browser without network is told at once, and with it is back at once', async () => {
  const socket = await enter();
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  await during(() => void dispatchEvent(new Event('offline')));
  expect(shown.live.state).toBe('offline');
  expect(socket.closed).toBe(true);
  await during(() => undefined, 5);
  // A try that hangs, as one does without network.
  const hung = FakeSocket.last;
  online.mockReturnValue(true);
  await during(() => void dispatchEvent(new Event('online')));
  expect(hung.closed).toBe(true);
  const next = FakeSocket.last;
  expect(next).not.toBe(hung);
  await during(() => {
    next.open();
    next.hear(welcome({ rooms: ['inbox', ROOM], resumed: true }));
  }, 1_000);
  expect(shown.live.state).toBe('live');
});

test('another tab signs out', async () => {
  await enter();
  const other = new BroadcastChannel('sb');
  vi.useRealTimers();
  await act(async () => {
    other.postMessage('logout');
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  other.close();
  vi.useFakeTimers();
  expect(currentUser()).toBeNull();
});

test('alerts only for what a customer just wrote to me or to nobody', () => {
  const now = Date.parse(event('message.created', 5, {} as never).at);
  const said = (more: object, conv: object = {}) =>
    concerns(event('message.created', 5, { message: message('m', 'one', 5, more), conversation: conversation('one', 5, conv), customer: customer('k') }), now);
  expect(said({})).toBe(true);
  expect(said({}, { assignee: { id: ME, name: 'Ada' } })).toBe(true);
  expect(said({}, { assignee: OTHER })).toBe(false);
  expect(said({ direction: 'out' })).toBe(false);
  expect(said({ history: true })).toBe(false);
  // Replayed after a long sleep.
  expect(concerns(event('message.created', 5, { message: message('m', 'one'), conversation: conversation('one'), customer: customer('k') }), now + 120_000)).toBe(false);
});
