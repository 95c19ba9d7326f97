/**
 * The live line of this tab: socket, rooms and tables put together.
 *
 * `onmessage` only parses and queues; messages of threads are drawn at the next frame, lists, counts and boards every
 * 200 ms. Events never make a fetch, except where this code can't know the answer. Each tab has its own socket.
 */
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { LiveEvent, SignalName, Welcome } from '@/api/types';
import { applyEvents, applyMessages } from '@/store/apply';
import { doubtAll } from '@/store/entities';
import { currentUser, loadSession } from '@/store/session';
import { alertsFor, startAlerts, stopAlerts } from './alerts';
import { heardBuild } from './build';
import { dropCursor, readCursor, writeCursor } from './cursor';
import * as rooms from './rooms';
import { Schedule } from './schedule';
import { LiveSocket, type Place } from './socket';

export type LiveState = 'connecting' | 'live' | 'catching_up' | 'offline';

export interface LiveView {
  state: LiveState;
  /** Events that the last return brought; for some seconds. */
  caughtUp: number | null;
}

const LISTS_EVERY_MS = 200;
/** So long without an event, and the replay is over: the server does not say where it ends. */
const QUIET_MS = 400;
const CAUGHT_UP_MS = 5_000;
/** Events that nobody has missed by themselves. */
const SILENT: ReadonlySet<string> = new Set(['inbox.counted', 'draft.updated', 'notification.created', 'notification.read']);
/** A refused handshake looks like an outage; every so many tries REST is asked whose fault it is. */
const ASK_EVERY = 3;

let socket: LiveSocket | null = null;
let user: string | null = null;
let view: LiveView = { state: 'connecting', caughtUp: null };
const listeners = new Set<() => void>();
let letGo: () => void = () => undefined;

let queue: LiveEvent[] = [];
let threadQueue: LiveEvent[] = [];
/** Where the cursor stood when the newest event of `queue` came. */
let received: Place | null = null;
let replayed = 0;
/** Where the log stood at the last welcome: what is above is new and no replay. */
let replayTo = 0;
let quiet: ReturnType<typeof setTimeout> | undefined;
let fading: ReturnType<typeof setTimeout> | undefined;

const threadSchedule = new Schedule(() => {
  const events = threadQueue;
  threadQueue = [];
  applyMessages(events);
}, 'frame');
const listSchedule = new Schedule(() => {
  // A merge must find the messages that came before it.
  threadSchedule.now();
  const events = queue;
  queue = [];
  applyEvents(events);
  alertsFor(events);
  if (received && user) writeCursor({ user, ...received });
}, LISTS_EVERY_MS);

/** After sign-in. */
export function start(): void {
  const me = currentUser();
  if (!me || (socket && user === me.id)) return;
  stop();
  user = me.id;
  letGo = rooms.hold('inbox');
  set({ state: 'connecting', caughtUp: null });
  const url = `${location.origin.replace(/^http/, 'ws')}/api/v1/realtime`;
  const stored = readCursor(me.id);
  socket = new LiveSocket(url, stored && { epoch: stored.epoch, seq: stored.seq }, {
    rooms: rooms.names,
    welcome,
    frame: (frame) => (frame.type === 'event' ? enqueue(frame) : rooms.take(frame)),
    down,
    revoked,
  });
  socket.start();
  document.addEventListener('visibilitychange', flush);
  startAlerts();
}

/** After sign-out. */
export function stop(): void {
  if (!socket) return;
  socket.stop();
  socket = null;
  user = null;
  document.removeEventListener('visibilitychange', flush);
  clearTimeout(quiet);
  clearTimeout(fading);
  threadSchedule.cancel();
  listSchedule.cancel();
  queue = [];
  threadQueue = [];
  received = null;
  letGo();
  rooms.reset();
  stopAlerts();
  dropCursor();
  set({ state: 'connecting', caughtUp: null });
}

export function useLive(): LiveView {
  return useSyncExternalStore(subscribe, readLive);
}

/** Is in the room while mounted; tells who else is, and who types. */
export function useRoom(room: string | null): rooms.RoomView {
  useEffect(() => (room === null ? undefined : rooms.hold(room)), [room]);
  const follow = useCallback(
    (listener: () => void) => (room === null ? () => undefined : rooms.subscribe(room, listener)),
    [room],
  );
  return useSyncExternalStore(follow, () => rooms.view(room ?? ''));
}

export function signal(room: string, name: SignalName): void {
  rooms.signal(room, name);
}

function welcome(frame: Welcome, { missed, restored, first }: { missed: boolean; restored: boolean; first: boolean }): void {
  const line = socket;
  if (!line) return;
  heardBuild(frame.build);
  if (missed) {
    // What was received is still true; then everything is fetched, and what follows comes on top.
    flush();
    if (restored) doubtAll();
  }
  replayed = 0;
  replayTo = frame.seq;
  received = line.place;
  rooms.welcomed(frame, missed, line.send);
  set({ state: first ? 'live' : 'catching_up', caughtUp: null });
  if (!first) settle(missed);
}

function enqueue(event: LiveEvent): void {
  queue.push(event);
  received = socket?.place ?? null;
  if (event.name === 'message.created' || event.name === 'message.updated') {
    threadQueue.push(event);
    threadSchedule.request();
  }
  listSchedule.request();
  if (view.state !== 'catching_up') return;
  if (event.seq > replayTo) {
    caughtUp(replayed);
    return;
  }
  // What was missed, and not what this person did elsewhere; a note that names somebody is one piece of news.
  if (!SILENT.has(event.name)) replayed += 1;
  settle(false);
}

/** Live again once it is quiet. */
function settle(missed: boolean): void {
  clearTimeout(quiet);
  quiet = setTimeout(() => caughtUp(missed ? null : replayed), QUIET_MS);
}

function caughtUp(events: number | null): void {
  clearTimeout(quiet);
  clearTimeout(fading);
  flush();
  set({ state: 'live', caughtUp: events });
  fading = setTimeout(() => set({ ...view, caughtUp: null }), CAUGHT_UP_MS);
}

function down(tries: number): void {
  clearTimeout(quiet);
  rooms.disconnected();
  // The first try is made at once: nobody needs to be told of a blink.
  set({ state: tries === 1 && navigator.onLine ? 'connecting' : 'offline', caughtUp: null });
  // A session that is over ends by itself; everything else is what is known already.
  if (tries % ASK_EVERY === 0) void loadSession().catch(() => undefined);
}

/** A session that was not used for long can be carried on; one that was signed out can't, which ends it here. */
function revoked(): void {
  const line = socket;
  clearTimeout(quiet);
  rooms.disconnected();
  set({ state: 'connecting', caughtUp: null });
  const proceed = (): void => {
    if (socket === line && currentUser()?.id === user) line?.again();
  };
  // Without an answer the socket tries as after any other end.
  loadSession().then(proceed, proceed);
}

function flush(): void {
  threadSchedule.now();
  listSchedule.now();
}

function set(next: LiveView): void {
  if (next.state === view.state && next.caughtUp === view.caughtUp) return;
  view = next;
  for (const listener of listeners) listener();
}

function readLive(): LiveView {
  return view;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
