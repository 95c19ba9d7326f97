import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conversation, event, FakeSocket, welcome } from '@/store/fakes';
import { backoff, type Handlers, LiveSocket, type Place } from './socket';

let handlers: { [K in keyof Handlers]: ReturnType<typeof vi.fn> };
let line: LiveSocket;

const some = (seq: number, prev: number) => event('conversation.updated', seq, { conversation: conversation('a') }, { prev });

function begin(cursor: Place | null): FakeSocket {
  handlers = { rooms: vi.fn(() => ['inbox']), welcome: vi.fn(), frame: vi.fn(), down: vi.fn(), revoked: vi.fn() };
  line = new LiveSocket('ws://x', cursor, handlers as unknown as Handlers);
  line.start();
  FakeSocket.last.open();
  return FakeSocket.last;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
});
afterEach(() => {
  line.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('says hello with the stored place, and starts at the welcome otherwise', () => {
  expect(begin({ epoch: 7, seq: 4 }).sent).toEqual([{ type: 'hello', rooms: ['inbox'], resume_from: 4, epoch: 7 }]);
  line.stop();
  const socket = begin(null);
  expect(socket.sent).toEqual([{ type: 'hello', rooms: ['inbox'], resume_from: null, epoch: null }]);
  socket.hear(welcome({ seq: 10 }));
  expect(line.place).toEqual({ epoch: 7, seq: 10 });
  expect(handlers.welcome).toHaveBeenCalledWith(expect.anything(), { missed: true, restored: false, first: true });
});

test('sparse places are no hole; a hole resumes from the last place', async () => {
  const socket = begin(null);
  socket.hear(welcome({ seq: 10 }));
  socket.hear(some(15, 10));
  socket.hear({ type: 'beat', seq: 40, prev: 15 });
  socket.hear(some(41, 40));
  expect(handlers.frame).toHaveBeenCalledTimes(2);
  // 44 is missing: what comes after the hole is not passed on.
  socket.hear(some(45, 44));
  expect(handlers.frame).toHaveBeenCalledTimes(2);
  expect(socket.closed).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  const next = FakeSocket.last;
  expect(next).not.toBe(socket);
  next.open();
  expect(next.sent[0]).toMatchObject({ resume_from: 41, epoch: 7 });
  next.hear(welcome({ seq: 50, resumed: true }));
  next.hear(some(44, 41));
  expect(handlers.frame).toHaveBeenCalledTimes(3);
  expect(handlers.welcome).toHaveBeenLastCalledWith(expect.anything(), { missed: false, restored: false, first: false });
});

test('a hole in the beats is one too', () => {
  const socket = begin(null);
  socket.hear(welcome({ seq: 10 }));
  socket.hear({ type: 'beat', seq: 20, prev: 11 });
  expect(socket.closed).toBe(true);
  expect(line.place?.seq).toBe(10);
});

test('not resumed: starts at the new place, and says that something was missed', () => {
  const socket = begin({ epoch: 7, seq: 4 });
  socket.hear(welcome({ seq: 99, epoch: 8, resumed: false }));
  expect(handlers.welcome).toHaveBeenCalledWith(expect.anything(), { missed: true, restored: true, first: true });
  socket.hear(some(100, 99));
  expect(handlers.frame).toHaveBeenCalledTimes(1);
});

test('too many missed: the replay only moves the place', () => {
  const socket = begin({ epoch: 7, seq: 4 });
  socket.hear(welcome({ seq: 5_000, resumed: true }));
  expect(handlers.welcome).toHaveBeenCalledWith(expect.anything(), { missed: true, restored: false, first: true });
  socket.hear(some(900, 4));
  socket.hear(some(5_001, 900));
  expect(handlers.frame).toHaveBeenCalledTimes(1);
  expect(line.place?.seq).toBe(5_001);
});

test('silence is death; beats are life', async () => {
  const socket = begin(null);
  socket.hear(welcome());
  await vi.advanceTimersByTimeAsync(20_000);
  socket.hear({ type: 'beat', seq: 11, prev: 10 });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(socket.closed).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.closed).toBe(true);
  expect(FakeSocket.all.length).toBeGreaterThan(1);
});

test('after the end of the session it waits to be told', async () => {
  const socket = begin(null);
  socket.hear(welcome());
  socket.die(4001);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(handlers.revoked).toHaveBeenCalledTimes(1);
  expect(handlers.down).not.toHaveBeenCalled();
  expect(FakeSocket.all).toHaveLength(1);
  line.again();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.all).toHaveLength(2);
});

test('it comes back for ever: at once, then ever later', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  begin(null).die();
  for (let tries = 1; tries <= 60; tries += 1) {
    for (let ms = 0; FakeSocket.all.length === tries && ms < 30_000; ms += 100) await vi.advanceTimersByTimeAsync(100);
    expect(FakeSocket.all).toHaveLength(tries + 1);
    FakeSocket.last.die();
  }
  expect([0, 1, 2, 3, 20].map((tries) => backoff(tries, () => 1))).toEqual([0, 500, 1_000, 2_000, 30_000]);
  expect(backoff(3, () => 0)).toBe(0);
});

test('the line that is back need not wait', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  begin(null).die();
  for (let i = 0; i < 10; i += 1) {
    await vi.advanceTimersByTimeAsync(30_000);
    FakeSocket.last.die();
  }
  const before = FakeSocket.all.length;
  dispatchEvent(new Event('online'));
  expect(FakeSocket.all).toHaveLength(before + 1);
});

test('a machine that slept does not trust its socket', async () => {
  const socket = begin(null);
  socket.hear(welcome());
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1_010);
  expect(socket.closed).toBe(true);
  expect(FakeSocket.all).toHaveLength(2);
});
