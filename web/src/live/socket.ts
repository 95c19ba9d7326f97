/**
 * The socket: hello, cursor, gaps, heartbeat, and coming back for ever.
 *
 * Invariants:
 * - A frame is passed on only if its `prev` is the cursor. Permission filtering makes `seq` sparse, so `prev` and not
 *   `seq - 1` shows a hole; with a hole the socket reconnects and resumes from the cursor, so nothing is missed or twice.
 * - After a drop it reconnects at once, then after 0.5 s, doubling to 30 s, each at random below (so that a thousand
 *   clients don't come back at one moment); it never gives up, and it never polls.
 * Absent on purpose: what frames mean (`live.ts`), rooms (`rooms.ts`).
 */
import type { ClientFrame, ServerFrame, Welcome } from '@/api/types';

export interface Handlers {
  rooms(): string[];
  /** `missed`: events since the last connection are lost, fetch again. `restored`: another life of the database. */
  welcome(frame: Welcome, what: { missed: boolean; restored: boolean; first: boolean }): void;
  frame(frame: Exclude<ServerFrame, Welcome | { type: 'beat' }>): void;
  /** A connection ended, or could not be made; how many times in a row. */
  down(tries: number): void;
  /** The server ended the session; whoever carries it on calls `again`. */
  revoked(): void;
}

export interface Place {
  epoch: number;
  seq: number;
}

/** More missed events than this are fetched and not replayed. */
const MOST_REPLAYED = 2_000;
const TICK_MS = 1_000;
const DRIFT_MS = 30_000;
const HANDSHAKE_MS = 10_000;
const BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A connection that lived that long starts the count of tries again. */
const STEADY_MS = 5_000;
const RESTART_SPREAD_MS = 3_000;
const REVOKED = 4001;
const RESTARTING = 1012;

export class LiveSocket {
  private readonly url: string;
  private readonly handlers: Handlers;
  private socket: WebSocket | null = null;
  private cursor: Place | null;
  private welcomed = false;
  private everWelcomed = false;
  private heartbeatMs = HANDSHAKE_MS;
  private heard = 0;
  private welcomedAt = 0;
  private ticked = 0;
  private tries = 0;
  /** Up to here events were given up: they only move the cursor. */
  private skipTo = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private ticker: ReturnType<typeof setInterval> | undefined;

  constructor(url: string, cursor: Place | null, handlers: Handlers) {
    this.url = url;
    this.cursor = cursor;
    this.handlers = handlers;
  }

  get place(): Place | null {
    return this.cursor;
  }

  start(): void {
    this.ticked = Date.now();
    this.ticker = setInterval(this.tick, TICK_MS);
    addEventListener('online', this.back);
    addEventListener('offline', this.cut);
    addEventListener('pageshow', this.shown);
    document.addEventListener('visibilitychange', this.seen);
    this.connect();
  }

  stop(): void {
    clearInterval(this.ticker);
    clearTimeout(this.retry);
    removeEventListener('online', this.back);
    removeEventListener('offline', this.cut);
    removeEventListener('pageshow', this.shown);
    document.removeEventListener('visibilitychange', this.seen);
    this.hangUp();
  }

  readonly send = (frame: ClientFrame): void => {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  };

  private connect(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.hangUp();
    const socket = new WebSocket(this.url, 'switchboard.v1');
    this.socket = socket;
    this.welcomed = false;
    this.heard = Date.now();
    this.heartbeatMs = HANDSHAKE_MS;
    socket.onopen = () => {
      const place = this.cursor;
      this.send({
        type: 'hello',
        rooms: this.handlers.rooms(),
        resume_from: place?.seq ?? null,
        epoch: place?.epoch ?? null,
      });
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket === this.socket) this.hear(String(event.data));
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost(event.code);
    };
  }

  /** Lets go of the socket without being told of its end. */
  private hangUp(): void {
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private hear(text: string): void {
    this.heard = Date.now();
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.type === 'welcome') {
      this.enter(frame);
      return;
    }
    if (frame.type !== 'event' && frame.type !== 'beat') {
      this.handlers.frame(frame);
      return;
    }
    if (!this.cursor || frame.prev !== this.cursor.seq) {
      this.lost(null);
      return;
    }
    this.cursor = { epoch: this.cursor.epoch, seq: frame.seq };
    if (frame.type === 'event' && frame.seq > this.skipTo) this.handlers.frame(frame);
  }

  private enter(frame: Welcome): void {
    const before = this.cursor;
    const tooMany = before !== null && frame.seq - before.seq > MOST_REPLAYED;
    const missed = !frame.resumed || tooMany;
    this.skipTo = frame.resumed && tooMany ? frame.seq : 0;
    if (!frame.resumed || !before) this.cursor = { epoch: frame.epoch, seq: frame.seq };
    this.welcomed = true;
    this.welcomedAt = Date.now();
    this.heartbeatMs = frame.heartbeat_s * 1_000;
    const first = !this.everWelcomed;
    this.everWelcomed = true;
    this.handlers.welcome(frame, { missed, restored: before !== null && before.epoch !== frame.epoch, first });
  }

  /** `code` null: we gave it up ourselves. */
  private lost(code: number | null): void {
    this.hangUp();
    if (this.welcomed && Date.now() - this.welcomedAt >= STEADY_MS) this.tries = 0;
    this.welcomed = false;
    clearTimeout(this.retry);
    if (code === REVOKED) {
      this.handlers.revoked();
      return;
    }
    this.again(code === RESTARTING ? Math.random() * RESTART_SPREAD_MS : undefined);
    this.handlers.down(this.tries);
  }

  /** Tries anew after a while, the longer the more often it failed. */
  again(delay = backoff(this.tries)): void {
    this.tries += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), delay);
  }

  private readonly tick = (): void => {
    const now = Date.now();
    const slept = now - this.ticked > DRIFT_MS;
    this.ticked = now;
    if (slept) this.wake();
    else if (this.socket && now - this.heard > this.heartbeatMs) this.lost(null);
  };

  /** The browser has no network: what is open is dead, though nothing says so. */
  private readonly cut = (): void => {
    if (this.socket) this.lost(null);
  };

  /** The network is back: a try that began without it would only wait. */
  private readonly back = (): void => {
    if (this.welcomed) {
      this.wake();
      return;
    }
    this.tries = 0;
    this.connect();
  };

  /** The line or the machine is back: what is open is not to be trusted, what waits need not wait. */
  private readonly wake = (): void => {
    this.ticked = Date.now();
    if (this.socket && !this.welcomed) return;
    this.tries = 0;
    if (this.socket) this.lost(null);
    else this.connect();
  };

  private readonly seen = (): void => {
    if (document.hidden) return;
    // A hidden tab's timers are slow: a late tick is no sleep, but a silent socket is a dead one.
    if (!this.socket || Date.now() - this.heard > this.heartbeatMs) this.wake();
  };

  private readonly shown = (event: PageTransitionEvent): void => {
    if (event.persisted) this.wake();
  };
}

/** At once, then 0.5 s doubling to 30 s, at random below. */
export function backoff(tries: number, random: () => number = Math.random): number {
  if (tries === 0) return 0;
  return random() * Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** (tries - 1));
}
