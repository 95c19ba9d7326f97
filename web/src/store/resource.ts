/**
 * One answer of the server, shared by all who show it: fetched when the first one looks, again when it may have changed
 * while nobody listened. While it is fetched again, the old one stays on the screen.
 */
import { type ApiError, asApiError } from '@/api/client';
import * as rooms from '@/live/rooms';

export interface ResourceView<T> {
  data: T | undefined;
  state: 'loading' | 'ready' | 'error' | 'missing';
  error: ApiError | null;
}

export interface ResourceOptions<T> {
  /** Whose events keep it true; null: nobody's, then it is fetched again when it is older than `freshMs`. */
  room: string | null;
  load(): Promise<T>;
  freshMs?: number;
}

export class Resource<T> {
  private readonly options: ResourceOptions<T>;
  private data: T | undefined;
  private error: ApiError | null = null;
  private run = 0;
  private waiting = false;
  private fetching: Promise<void> | null = null;
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private stale = true;
  private holders = 0;
  private release: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stop: () => void;
  private readonly listeners = new Set<() => void>();
  private snapshot: ResourceView<T>;

  constructor(options: ResourceOptions<T>) {
    this.options = options;
    this.stop = rooms.onResync(options.room ?? 'inbox', this.resync);
    this.snapshot = this.draw();
  }

  get retained(): boolean {
    return this.holders > 0;
  }

  readonly read = (): ResourceView<T> => this.snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.holders += 1;
    if (this.holders === 1) {
      const { room, freshMs = 300_000 } = this.options;
      const old = room === null ? Date.now() - this.fetchedAt > freshMs : !rooms.isJoined(room);
      if (room !== null) this.release = rooms.hold(room);
      if (this.stale || old) this.refetch();
    }
    return () => {
      this.listeners.delete(listener);
      this.holders -= 1;
      if (this.holders === 0) this.release();
    };
  };

  /** What an event said. A fetch that is under way is older than it only if it says so by itself. */
  set(data: T): void {
    this.data = data;
    this.error = null;
    this.publish();
  }

  readonly refetch = (): void => {
    void this.fetch();
  };

  /** At most one fetch in that time. */
  refetchWithin(everyMs: number): void {
    this.stale = true;
    if (this.timer !== undefined || !this.retained) return;
    const wait = Math.max(0, this.fetchedAt + everyMs - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.retained && this.stale) this.refetch();
    }, wait);
  }

  clear(): void {
    this.run += 1;
    this.data = undefined;
    this.error = null;
    this.stale = true;
    this.fetching = null;
    this.publish();
  }

  dispose(): void {
    this.stop();
    clearTimeout(this.timer);
    this.run += 1;
  }

  private fetch(): Promise<void> {
    // One that has not begun yet will see everything.
    if (this.fetching && this.waiting) return this.fetching;
    const run = ++this.run;
    const fetching = this.perform(run).finally(() => {
      if (run === this.run) this.fetching = null;
    });
    this.fetching = fetching;
    return fetching;
  }

  private async perform(run: number): Promise<void> {
    this.error = null;
    this.waiting = true;
    this.publish();
    if (this.options.room !== null) await rooms.whenJoined(this.options.room);
    if (run !== this.run) return;
    this.waiting = false;
    this.stale = false;
    this.fetchedAt = Date.now();
    try {
      const data = await this.options.load();
      if (run !== this.run) return;
      this.data = data;
    } catch (error) {
      if (run !== this.run) return;
      this.error = asApiError(error);
      this.stale = true;
    }
    this.publish();
  }

  private readonly resync = (missed: boolean): void => {
    if (this.waiting) return;
    if (missed) this.stale = true;
    if (this.retained && (this.stale || this.error)) this.refetch();
  };

  private publish(): void {
    this.snapshot = this.draw();
    for (const listener of this.listeners) listener();
  }

  private draw(): ResourceView<T> {
    const missing = this.error?.status === 404 || this.error?.status === 400;
    const state = missing ? 'missing' : this.data !== undefined ? 'ready' : this.error ? 'error' : 'loading';
    return { data: this.data, state, error: this.error };
  }
}
