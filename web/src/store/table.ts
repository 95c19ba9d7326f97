/**
 * Rows of one kind by id, with optimistic edits laid over them.
 *
 * Invariants:
 * - An older `version` never replaces a newer one, wherever it comes from (REST, socket, an answer that was late).
 * - `get` is base + edits in the order they were made. The server changes only the base, so an edit never flickers back:
 *   it goes when the base has its version (acknowledged) or when it is rejected.
 * - Rows are immutable: whoever holds the same object holds the same content.
 * - The id of a merged row leads to the one that is left.
 * Absent on purpose: order and membership (`ordered.ts`), fetching, persistence.
 */
import { useCallback, useSyncExternalStore } from 'react';

export interface Row {
  id: string;
  version: number;
}

/** An optimistic edit. */
export interface Edit<T extends Row> {
  readonly patch: Partial<T>;
  /** The version of the base that has it; null while the server has not answered. */
  since: number | null;
}

/** `own`: by an optimistic edit here, not by the server. */
export type Watcher = (ids: ReadonlySet<string>, own: boolean) => void;

export class Table<T extends Row> {
  private readonly rows = new Map<string, T>();
  private readonly edits = new Map<string, Edit<T>[]>();
  private readonly views = new Map<string, T>();
  private readonly merged = new Map<string, string>();
  /** The other way round: who asks by a merged id hears of the row that is left. */
  private readonly formerly = new Map<string, string[]>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly watchers = new Set<Watcher>();
  /** Of another life of the database: the next row replaces it, whatever its version. */
  private readonly void = new Set<string>();
  /** Rows that the last trimming left. */
  private spared = 0;
  private readonly newer: (row: T, than: T) => boolean;

  /** `newer` decides between two rows of one version: some fields are of other records and don't count. */
  constructor(newer: (row: T, than: T) => boolean = () => true) {
    this.newer = newer;
  }

  get size(): number {
    return this.rows.size;
  }

  /** What is to be shown. */
  get(id: string): T | undefined {
    const key = this.resolve(id);
    return this.views.get(key) ?? this.rows.get(key);
  }

  /** What the server said last. */
  base(id: string): T | undefined {
    return this.rows.get(this.resolve(id));
  }

  /** The id that is left after merges. */
  resolve(id: string): string {
    let key = id;
    for (let next = this.merged.get(key); next !== undefined; next = this.merged.get(key)) key = next;
    return key;
  }

  values(): IterableIterator<T> {
    return this.rows.values();
  }

  put(rows: readonly T[]): void {
    const changed = new Set<string>();
    for (const row of rows) if (this.write(row)) changed.add(row.id);
    this.tell(changed, false);
  }

  remove(id: string): void {
    const key = this.resolve(id);
    if (!this.rows.delete(key)) return;
    this.edits.delete(key);
    this.views.delete(key);
    this.tell(new Set([key]), false);
  }

  /** `from` is gone; what was said of it is said of `to` from now on. */
  rekey(from: string, to: string): void {
    const [old, left] = [this.resolve(from), this.resolve(to)];
    if (old === left) return;
    this.merged.set(old, left);
    this.formerly.set(left, [...(this.formerly.get(left) ?? []), old, ...(this.formerly.get(old) ?? [])]);
    this.rows.delete(old);
    this.views.delete(old);
    const edits = this.edits.get(old);
    this.edits.delete(old);
    if (edits) this.edits.set(left, [...(this.edits.get(left) ?? []), ...edits]);
    this.settle(left);
    this.tell(new Set([old, left]), false);
  }

  edit(id: string, patch: Partial<T>): Edit<T> {
    const key = this.resolve(id);
    const edit: Edit<T> = { patch, since: null };
    this.edits.set(key, [...(this.edits.get(key) ?? []), edit]);
    this.settle(key);
    this.tell(new Set([key]), true);
    return edit;
  }

  /** The server took the edit: its row of `version` has it. */
  ack(edit: Edit<T>, version: number): void {
    edit.since = version;
    this.revise(edit, (edits) => edits);
  }

  /** Takes the edit away, if it is still there. */
  reject(edit: Edit<T>): void {
    this.revise(edit, (edits) => edits.filter((each) => each !== edit));
  }

  subscribe(id: string, listener: () => void): () => void {
    let set = this.listeners.get(id);
    if (!set) this.listeners.set(id, (set = new Set()));
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(id) === set) this.listeners.delete(id);
    };
  }

  /** Tells of every change, once a batch. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Forgets the rows that came first, down to `most`, but for those that somebody shows or that are `used`. */
  trim(most: number, used: (id: string) => boolean): void {
    // Not at every row more: those that stay are looked at each time.
    if (this.rows.size <= Math.max(most, this.spared * 1.1)) return;
    for (const id of this.rows.keys()) {
      if (this.rows.size <= most) break;
      if (this.listeners.has(id) || this.edits.has(id) || used(id)) continue;
      this.rows.delete(id);
      this.void.delete(id);
    }
    this.spared = this.rows.size;
  }

  /** The database was restored: versions start again from an earlier place. What is shown stays until it is replaced. */
  doubt(): void {
    for (const id of this.rows.keys()) this.void.add(id);
  }

  clear(): void {
    const ids = new Set(this.rows.keys());
    for (const map of [this.rows, this.edits, this.views, this.merged, this.formerly, this.void]) map.clear();
    this.spared = 0;
    this.tell(ids, false);
  }

  private write(row: T): boolean {
    // A late answer about a row that was merged away: the one that is left is another record.
    if (this.merged.has(row.id)) return false;
    const old = this.void.delete(row.id) ? undefined : this.rows.get(row.id);
    if (old && (old.version > row.version || (old.version === row.version && !this.newer(row, old)))) return false;
    if (old && old.version === row.version && JSON.stringify(old) === JSON.stringify(row)) return false;
    this.rows.set(row.id, row);
    this.settle(row.id);
    return true;
  }

  private revise(edit: Edit<T>, by: (edits: Edit<T>[]) => Edit<T>[]): void {
    // By identity and not by id: the row may have been merged since.
    for (const [key, edits] of this.edits) {
      if (!edits.includes(edit)) continue;
      this.edits.set(key, by(edits));
      this.settle(key);
      this.tell(new Set([key]), true);
      return;
    }
  }

  /** Drops the edits that the base has, and lays the others over it. */
  private settle(key: string): void {
    const base = this.rows.get(key);
    const edits = this.edits.get(key)?.filter((edit) => edit.since === null || !base || base.version < edit.since);
    if (edits && edits.length > 0) this.edits.set(key, edits);
    else this.edits.delete(key);
    if (base && edits && edits.length > 0) this.views.set(key, Object.assign({}, base, ...edits.map((edit) => edit.patch)));
    else this.views.delete(key);
  }

  private tell(ids: ReadonlySet<string>, own: boolean): void {
    if (ids.size === 0) return;
    for (const watcher of this.watchers) watcher(ids, own);
    const called = new Set<() => void>();
    for (const id of ids) {
      for (const key of [id, ...(this.formerly.get(id) ?? [])]) this.listeners.get(key)?.forEach((listener) => called.add(listener));
    }
    for (const listener of called) listener();
  }
}

/** The row as it is to be shown; draws again only when this one changes. */
export function useRow<T extends Row>(table: Table<T>, id: string | null | undefined): T | undefined {
  const subscribe = useCallback(
    (listener: () => void) => (id ? table.subscribe(id, listener) : () => undefined),
    [table, id],
  );
  return useSyncExternalStore(subscribe, () => (id ? table.get(id) : undefined));
}
