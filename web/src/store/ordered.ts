/**
 * A list of ids in order: pages from REST, joined with what the tables hear live.
 *
 * Invariants:
 * - `ids` is sorted by the rows' keys; a row stands in it once.
 * - Beyond the last loaded page nothing is inserted: the page brings it, and there is never a hole.
 * - While frozen nothing moves under the reader; `fresh` tells how many rows would. The user's own edits, and undoing
 *   them, may take a row away or bring it back even then.
 * - What a fetch brings is judged by the newest row in the table, so that a late answer changes nothing.
 * - However long it stays open, it grows by no more than `MOST_GROWN` rows beyond what was asked for: then it starts anew.
 * Absent on purpose: drawing, and how rows are filtered (`Source.accepts`).
 */
import { type ApiError, asApiError } from '@/api/client';
import * as rooms from '@/live/rooms';
import type { Row, Table } from './table';

export interface IdList {
  ids: readonly string[];
  state: 'loading' | 'ready' | 'error';
  error: ApiError | null;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore(): void;
  retry(): void;
}

export interface FreshList extends IdList {
  /** Changes that are held back while frozen. */
  fresh: number;
  setFrozen(frozen: boolean): void;
}

/** What rows are sorted by: a number or a text in byte order; equal ones by id. */
export type Key = readonly [at: number | string, id: string];

export interface Page<T> {
  items: readonly T[];
  next_cursor?: string | null;
}

export interface Source<T extends Row> {
  table: Table<T>;
  /** Whose events keep the list true. */
  room: string;
  key(row: T): Key;
  descending: boolean;
  accepts(row: T): boolean;
  /** Whether `accepts` says all; else only the server knows (full text). */
  exact: boolean;
  page(cursor: string | null, limit: number): Promise<Page<T>>;
  /** Pages come newest first, and `ids` are oldest first. */
  reversed?: boolean;
}

const PAGE = 50;
const MOST_PER_PAGE = 200;
/** Rows that a refetch brings back at once; what was deeper loads again by scrolling. */
const MOST_REFETCHED = 1_000;
const REFETCH_EVERY_MS = 5_000;
/** Rows that came by themselves, or wait while frozen. */
const MOST_GROWN = 1_000;
/** What a list that grew too long begins with again. */
const ANEW = 200;

export class OrderedList<T extends Row> {
  readonly source: Source<T>;
  private ids: string[] = [];
  private readonly keys = new Map<string, Key>();
  private cursor: string | null = null;
  private boundary: Key | null = null;
  private loaded = false;
  private error: ApiError | null = null;
  private loadingMore = false;
  /** Asked for during a fetch from the start, or dropped by it; whoever shows the end of the rows asks once. */
  private moreWanted = false;
  /** Rows that were there after the last fetch. */
  private asked = 0;
  private frozen = false;
  private readonly held = new Set<string>();
  /** More would have been held than is noted. */
  private overfull = false;
  /** Not in the last answer although the table's row would belong: it changed while nobody listened. */
  private readonly gone = new Set<string>();
  /** Changed while a fetch was under way. */
  private touched: Set<string> | null = null;
  private run = 0;
  private waiting = false;
  private stale = true;
  private holders = 0;
  private release: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refetched = 0;
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[];
  private snapshot: FreshList;

  constructor(source: Source<T>) {
    this.source = source;
    this.stops = [source.table.watch(this.changed), rooms.onResync(source.room, this.resync)];
    this.snapshot = this.draw();
  }

  get retained(): boolean {
    return this.holders > 0;
  }

  /** Whether it shows the row, or will. */
  has(id: string): boolean {
    return this.keys.has(id) || this.held.has(id);
  }

  /** The row before, in the order of the pages. */
  before(id: string): string | undefined {
    const key = this.keys.get(id);
    return key && this.ids[this.place(key) - 1];
  }

  last(): string | undefined {
    return this.ids.at(-1);
  }

  readonly read = (): FreshList => this.snapshot;

  /** Whoever listens holds the list: its room is joined, and it is fetched when it is not known to be true. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.holders += 1;
    if (this.holders === 1) {
      const wasJoined = rooms.isJoined(this.source.room);
      this.release = rooms.hold(this.source.room);
      if (this.stale || !wasJoined) this.refetch();
    }
    return () => {
      this.listeners.delete(listener);
      this.holders -= 1;
      if (this.holders > 0) return;
      this.release();
      // A frozen list that nobody looks at would hold back for ever.
      this.setFrozen(false);
    };
  };

  dispose(): void {
    for (const stop of this.stops) stop();
    clearTimeout(this.timer);
    this.run += 1;
  }

  /** Fetches again from the start, and replaces in one go. */
  readonly refetch = (): void => {
    void this.fetch();
  };

  /** The first page, when another fetch brought it along. */
  seed(page: Page<T>): void {
    if (this.loaded || this.touched) return;
    this.stale = false;
    this.replace(page.items, page.next_cursor ?? null);
    this.publish();
  }

  /** What is loaded may have holes: fetched again when somebody looks. */
  invalidate(): void {
    this.stale = true;
    if (this.retained) this.refetch();
  }

  readonly setFrozen = (frozen: boolean): void => {
    if (this.frozen === frozen) return;
    this.frozen = frozen;
    if (frozen || (this.held.size === 0 && !this.overfull)) return;
    if (this.overfull) {
      this.overfull = false;
      this.held.clear();
      void this.fetch(ANEW);
      return;
    }
    for (const id of this.held) this.apply(id, this.want(id));
    this.held.clear();
    this.publish();
  };

  readonly loadMore = (): void => {
    if (this.cursor === null || this.loadingMore || !this.loaded) return;
    if (this.touched) this.moreWanted = true;
    else void this.fetchMore(this.cursor);
  };

  /** What failed, again: the next page, or all. */
  readonly retry = (): void => {
    if (this.loaded && !this.stale && this.cursor !== null) this.loadMore();
    else this.refetch();
  };

  /** `most`: so much of what was loaded is fetched again. */
  private async fetch(most = MOST_REFETCHED): Promise<void> {
    const run = ++this.run;
    const { source } = this;
    this.error = null;
    // The page on its way is dropped, and nobody will ask for it a second time.
    if (this.loadingMore) this.moreWanted = true;
    this.loadingMore = false;
    this.touched = new Set();
    this.waiting = true;
    this.publish();
    await rooms.whenJoined(source.room);
    if (run !== this.run) return;
    this.waiting = false;
    this.stale = false;
    this.refetched = Date.now();
    try {
      const wanted = Math.min(this.ids.length, most);
      const items: T[] = [];
      let cursor: string | null = null;
      do {
        const limit = Math.min(Math.max(wanted - items.length, PAGE), MOST_PER_PAGE);
        const page: Page<T> = await source.page(cursor, limit);
        if (run !== this.run) return;
        items.push(...page.items);
        cursor = page.next_cursor ?? null;
      } while (cursor !== null && items.length < wanted);
      this.replace(items, cursor);
    } catch (error) {
      if (run !== this.run) return;
      this.error = asApiError(error);
      this.stale = true;
    }
    this.touched = null;
    const more = this.moreWanted && this.error === null;
    this.moreWanted = false;
    if (more) this.loadMore();
    this.publish();
  }

  private replace(items: readonly T[], cursor: string | null): void {
    const { table } = this.source;
    const touched = this.touched ?? new Set<string>();
    const fetched = new Set(items.map((row) => row.id));
    this.mark(items, cursor);
    this.gone.clear();
    for (const id of this.ids) if (!fetched.has(id) && !touched.has(id)) this.gone.add(id);
    // The table tells of the rows that are new to it; those that it knew are looked at here.
    table.put(items);
    const known = this.loaded;
    this.loaded = true;
    for (const id of [...fetched, ...touched, ...this.gone]) this.judge(id, known && this.frozen, fetched.has(id));
    this.asked = this.ids.length;
  }

  private async fetchMore(cursor: string): Promise<void> {
    const run = this.run;
    this.loadingMore = true;
    this.error = null;
    this.touched = new Set();
    this.publish();
    try {
      const page = await this.source.page(cursor, PAGE);
      if (run !== this.run) return;
      const touched = this.touched;
      this.mark(page.items, page.next_cursor ?? null);
      this.source.table.put(page.items);
      // A fetch that began anew with fewer rows did not have them; they were never gone.
      for (const row of page.items) this.gone.delete(row.id);
      for (const row of page.items) this.judge(row.id, false, true);
      for (const id of touched) this.judge(id, this.frozen, false);
      this.asked = this.ids.length;
    } catch (error) {
      if (run !== this.run) return;
      this.error = asApiError(error);
    }
    this.touched = null;
    this.loadingMore = false;
    this.publish();
  }

  private mark(items: readonly T[], cursor: string | null): void {
    const last = items.at(-1);
    this.cursor = cursor;
    this.boundary = last ? this.source.key(last) : this.boundary;
  }

  private readonly resync = (missed: boolean): void => {
    // A fetch that waits for the room will see everything.
    if (this.waiting) return;
    if (missed) this.stale = true;
    if (this.retained && (this.stale || this.error)) this.refetch();
  };

  private readonly changed = (ids: ReadonlySet<string>, own: boolean): void => {
    if (this.touched) for (const id of ids) this.touched.add(id);
    if (!this.loaded) return;
    let drawn = false;
    for (const id of ids) {
      if (!own) this.gone.delete(id);
      drawn = this.judge(id, this.frozen, false, own) || drawn;
    }
    if (!this.touched && this.ids.length > this.asked + MOST_GROWN) {
      // Tried again after as many more, if this fails.
      this.asked = this.ids.length;
      void this.fetch(ANEW);
    } else if (drawn) this.publish();
  };

  /** Puts a row where it belongs, or notes that it would; tells whether anything is to be drawn. */
  private judge(id: string, frozen: boolean, listed: boolean, own = false): boolean {
    const want = this.want(id, listed, own);
    const have = this.keys.get(id);
    if (want === have || (want && have && compare(want, have) === 0)) return this.held.delete(id);
    if (frozen && !(own && (!want || !have))) {
      if (this.held.has(id)) return false;
      if (this.held.size >= MOST_GROWN) this.overfull = true;
      else this.held.add(id);
      return !this.overfull;
    }
    this.held.delete(id);
    this.apply(id, want);
    return true;
  }

  /** Where the row belongs in what is loaded; undefined: not here. */
  private want(id: string, listed = false, own = false): Key | undefined {
    const row = this.source.table.get(id);
    if (!row || row.id !== id || this.gone.has(id) || !this.source.accepts(row)) return undefined;
    const key = this.source.key(row);
    if (this.cursor !== null && this.boundary && this.order(key, this.boundary) > 0) return undefined;
    if (this.source.exact || listed || this.keys.has(id)) return key;
    if (!own) this.refetchSoon();
    return undefined;
  }

  private refetchSoon(): void {
    this.stale = true;
    if (!this.retained || this.timer !== undefined) return;
    const wait = Math.max(0, this.refetched + REFETCH_EVERY_MS - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.retained && this.stale) this.refetch();
    }, wait);
  }

  private apply(id: string, want: Key | undefined): void {
    const have = this.keys.get(id);
    if (have) this.ids.splice(this.place(have), 1);
    this.keys.delete(id);
    if (!want) return;
    this.ids.splice(this.place(want), 0, id);
    this.keys.set(id, want);
  }

  /** Of the first row that does not stand before `key`. */
  private place(key: Key): number {
    let [low, high] = [0, this.ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.keys.get(this.ids[middle] ?? '');
      if (other && this.order(other, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private order(a: Key, b: Key): number {
    return this.source.descending ? compare(b, a) : compare(a, b);
  }

  private publish(): void {
    this.snapshot = this.draw();
    for (const listener of this.listeners) listener();
  }

  private draw(): FreshList {
    return {
      ids: this.source.reversed ? this.ids.toReversed() : [...this.ids],
      state: this.loaded ? 'ready' : this.error ? 'error' : 'loading',
      error: this.error,
      hasMore: this.cursor !== null,
      loadingMore: this.loadingMore,
      loadMore: this.loadMore,
      retry: this.retry,
      fresh: this.held.size,
      setFrozen: this.setFrozen,
    };
  }
}

export function compare(a: Key, b: Key): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}

/** Epoch microseconds of an RFC 3339 time in UTC: the server orders by them, and they fit a number exactly. */
export function micros(at: string): number {
  const ms = Date.parse(at);
  const digits = /\.\d{3}(\d{1,3})/.exec(at)?.[1] ?? '';
  return ms * 1_000 + Number(digits.padEnd(3, '0') || 0);
}
