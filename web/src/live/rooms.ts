/**
 * The rooms that this tab is in, who else is there, and who types.
 *
 * Invariants: a room is joined while somebody here holds it (and a moment longer, so that stepping back costs nothing);
 * what is wanted is compared with what was asked, so rooms that were only passed by are never joined and the server's
 * limit of frames is kept. Whoever shows data of a room joins first and fetches then (`whenJoined`), and fetches again
 * when events may have been missed (`onResync`). Absent on purpose: the socket itself, and anything stored.
 */
import type { ClientFrame, Presence, ServerFrame, SignalName, Welcome } from '@/api/types';

/** Between two portions of joins and leaves; the server takes 20 frames a second. */
const PACE_MS = 150;
const PORTION = 2;
const LEAVE_AFTER_MS = 600;
const TYPING_MS = 6_000;
const SIGNAL_EVERY_MS = 3_000;

export interface RoomView {
  presence: readonly Presence[];
  typing: readonly Presence[];
}

/** `missed`: events may be missing since the last fetch; else it is just the line that is back. */
export type Resync = (missed: boolean) => void;

const NOBODY: RoomView = { presence: [], typing: [] };

interface Room {
  holders: number;
  /** Asked of the server on this connection, or said in `hello`. */
  asked: boolean;
  joined: boolean;
  present: readonly Presence[];
  typing: Map<string, { who: Presence; timer: ReturnType<typeof setTimeout> }>;
  view: RoomView;
  leaving: ReturnType<typeof setTimeout> | undefined;
}

const rooms = new Map<string, Room>();
const listeners = new Map<string, Set<() => void>>();
const resyncs = new Map<string, Set<Resync>>();
const waiters = new Map<string, Set<() => void>>();
const asked = new Map<number, string>();
const signals = new Map<string, number>();

let send: ((frame: ClientFrame) => void) | null = null;
let me: string | null = null;
let lastRef = 0;
let lastPortion = 0;
let pacing: ReturnType<typeof setTimeout> | undefined;

/** Holds a room; the answer lets it go. */
export function hold(name: string): () => void {
  let room = rooms.get(name);
  if (!room) {
    room = { holders: 0, asked: false, joined: false, present: [], typing: new Map(), view: NOBODY, leaving: undefined };
    rooms.set(name, room);
  }
  const held = room;
  held.holders += 1;
  clearTimeout(held.leaving);
  reconcile();
  let over = false;
  return () => {
    if (over) return;
    over = true;
    held.holders -= 1;
    if (held.holders === 0) held.leaving = setTimeout(reconcile, LEAVE_AFTER_MS);
  };
}

/** What `hello` asks for. */
export function names(): string[] {
  return [...rooms].filter(([, room]) => room.holders > 0).map(([name]) => name);
}

export function isJoined(name: string): boolean {
  return rooms.get(name)?.joined ?? false;
}

/** Resolves when the server has joined it, refused it, or did not answer in time: then whoever waits fetches anyway. */
export function whenJoined(name: string, timeoutMs = 1_500): Promise<void> {
  if (isJoined(name)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      waiters.get(name)?.delete(done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    add(waiters, name, done);
  });
}

export function onResync(name: string, listener: Resync): () => void {
  add(resyncs, name, listener);
  return () => resyncs.get(name)?.delete(listener);
}

export function subscribe(name: string, listener: () => void): () => void {
  add(listeners, name, listener);
  return () => listeners.get(name)?.delete(listener);
}

export function view(name: string): RoomView {
  return rooms.get(name)?.view ?? NOBODY;
}

/** Tells the others; more often than every 3 s is not sent. */
export function signal(name: string, what: SignalName): void {
  const key = `${name} ${what === 'typing.stopped' ? 'typing.started' : what}`;
  const last = signals.get(key);
  const now = Date.now();
  if (what === 'typing.stopped') {
    // Nobody was told that it began.
    if (last === undefined) return;
    signals.delete(key);
  } else {
    if (last !== undefined && now - last < SIGNAL_EVERY_MS) return;
    signals.set(key, now);
  }
  if (isJoined(name)) send?.({ type: 'signal', room: name, name: what });
}

/** A connection stands. `missed`: the events since the last one are lost. */
export function welcomed(frame: Welcome, missed: boolean, sender: (frame: ClientFrame) => void): void {
  send = sender;
  me = frame.user_id;
  const there = new Set(frame.rooms);
  for (const [name, room] of rooms) {
    room.asked = there.has(name) || frame.denied.includes(name);
    room.joined = there.has(name);
    room.present = frame.presence[name] ?? [];
    draw(name, room);
  }
  for (const name of [...frame.rooms, ...frame.denied]) settled(name);
  for (const name of resyncs.keys()) tellResync(name, missed && (there.has(name) || !rooms.has(name)));
  reconcile();
}

/** The connection is gone: presence is not known any more. */
export function disconnected(): void {
  send = null;
  asked.clear();
  for (const [name, room] of rooms) {
    room.asked = false;
    room.joined = false;
    room.present = [];
    for (const { timer } of room.typing.values()) clearTimeout(timer);
    room.typing.clear();
    draw(name, room);
  }
}

type RoomFrame = Extract<ServerFrame, { type: 'joined' | 'left' | 'error' | 'signal' | 'presence' }>;

export function take(frame: RoomFrame): void {
  if (frame.type === 'error') {
    // Our own references are numbers.
    const name = typeof frame.ref === 'number' ? asked.get(frame.ref) : undefined;
    if (name !== undefined) settled(name);
    return;
  }
  if (frame.type === 'left') return;
  const room = rooms.get(frame.room);
  if (!room) return;
  if (frame.type === 'joined') {
    room.joined = true;
    room.present = frame.presence;
    settled(frame.room);
    tellResync(frame.room, true);
  } else if (frame.type === 'presence') {
    const gone = new Set([...frame.left, ...frame.joined].map((who) => who.user_id));
    room.present = [...room.present.filter((who) => !gone.has(who.user_id)), ...frame.joined];
    for (const who of frame.left) stopTyping(room, who.user_id);
  } else if (frame.name === 'typing.started') {
    startTyping(frame.room, room, frame.from);
  } else if (frame.name === 'typing.stopped') {
    stopTyping(room, frame.from.user_id);
  }
  draw(frame.room, room);
}

/** The same as if nobody had ever been here. */
export function reset(): void {
  disconnected();
  signals.clear();
  me = null;
}

function startTyping(name: string, room: Room, who: Presence): void {
  stopTyping(room, who.user_id);
  const timer = setTimeout(() => {
    room.typing.delete(who.user_id);
    draw(name, room);
  }, TYPING_MS);
  room.typing.set(who.user_id, { who, timer });
}

function stopTyping(room: Room, user: string): void {
  clearTimeout(room.typing.get(user)?.timer);
  room.typing.delete(user);
}

function draw(name: string, room: Room): void {
  const others = (people: Iterable<Presence>): Presence[] => [...people].filter((who) => who.user_id !== me);
  const next = { presence: others(room.present), typing: others([...room.typing.values()].map(({ who }) => who)) };
  if (JSON.stringify(next) === JSON.stringify(room.view)) return;
  room.view = next;
  listeners.get(name)?.forEach((listener) => listener());
}

/** Asks for what is wanted and not asked, leaves what nobody holds; a few frames at a time. */
function reconcile(): void {
  if (pacing !== undefined || !send) return forget();
  const wait = lastPortion + PACE_MS - Date.now();
  if (wait > 0) {
    pacing = setTimeout(() => {
      pacing = undefined;
      reconcile();
    }, wait);
    return;
  }
  let left = PORTION;
  // Newest first: what was opened last is looked at now.
  for (const [name, room] of [...rooms].reverse()) {
    if (left === 0) break;
    if ((room.holders > 0) === room.asked) continue;
    left -= 1;
    lastRef += 1;
    if (room.holders > 0) {
      room.asked = true;
      asked.set(lastRef, name);
    }
    send({ type: room.holders > 0 ? 'join' : 'leave', room: name, ref: lastRef });
    if (room.holders === 0) rooms.delete(name);
  }
  if (left < PORTION) lastPortion = Date.now();
  forget();
  if (left === 0) reconcile();
}

/** Rooms that nobody holds and that were never asked for. */
function forget(): void {
  for (const [name, room] of rooms) if (room.holders === 0 && !room.asked) rooms.delete(name);
}

function settled(name: string): void {
  for (const done of waiters.get(name) ?? []) done();
}

function tellResync(name: string, missed: boolean): void {
  for (const listener of resyncs.get(name) ?? []) listener(missed);
}

function add<V>(map: Map<string, Set<V>>, key: string, value: V): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
