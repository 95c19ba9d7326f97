/**
 * What of the open board is shared between its columns and cards: which is focused, selected, dragged, wanted.
 *
 * One object for each open board, outside of React's tree of renders: a card subscribes to the one answer that it needs, so
 * that selecting or focusing one draws one. Invariant: `selected` holds only cards that some column shows.
 */
import { createContext, use, useSyncExternalStore } from 'react';
import type { ColumnSummary } from '@/api/types';

/** A column as it is shown: filtered, in order. */
export interface ShownColumn {
  ids: readonly string[];
  /** Whether the cards below the last one are still on the server. */
  hasMore: boolean;
}

export interface Spotted extends ShownColumn {
  columnId: string;
  index: number;
}

/** A card to be scrolled to, and focused or highlighted, as soon as it is in that column. */
export interface Wanted {
  id: string;
  columnId: string;
  focus: boolean;
  highlight: boolean;
}

export interface Progress {
  done: number;
  total: number;
  cancel(): void;
}

const WANTED_MS = 5000;
const PRUNE_MS = 500;

export class BoardControl {
  readonly boardId: string;
  columns: readonly ColumnSummary[] = [];
  /** The only column that a phone shows; null where there is room for all. */
  alone: string | null = null;
  focused: string | null = null;
  selected: ReadonlySet<string> = new Set();
  dragged: ReadonlySet<string> = new Set();
  wanted: Wanted | null = null;
  progress: Progress | null = null;
  /** The cards that the "Move to" dialog is open for. */
  moving: readonly string[] | null = null;

  private readonly shown = new Map<string, ShownColumn>();
  private readonly last = new Map<string, string>();
  private anchor: string | null = null;
  private pruning: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(boardId: string) {
    this.boardId = boardId;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  show(columnId: string, column: ShownColumn): void {
    this.shown.set(columnId, column);
    clearTimeout(this.pruning);
    // Later: a card on its way is in neither column until both have said what they show.
    if (this.selected.size > 0) this.pruning = setTimeout(() => this.prune(), PRUNE_MS);
  }

  private prune(): void {
    const left = [...this.selected].filter((id) => this.locate(id));
    if (left.length < this.selected.size) this.select(left);
  }

  hide(columnId: string): void {
    this.shown.delete(columnId);
  }

  column(columnId: string): ShownColumn | undefined {
    return this.shown.get(columnId);
  }

  locate(id: string): Spotted | undefined {
    for (const [columnId, column] of this.shown) {
      const index = column.ids.indexOf(id);
      if (index !== -1) return { columnId, index, ...column };
    }
    return undefined;
  }

  name(columnId: string): string {
    return this.columns.find((column) => column.id === columnId)?.name ?? '';
  }

  /** As they stand on the board: column by column, top to bottom. */
  inOrder(ids: Iterable<string>): string[] {
    const wanted = new Set(ids);
    return this.columns.flatMap((column) => (this.shown.get(column.id)?.ids ?? []).filter((id) => wanted.has(id)));
  }

  shownIds(): string[] {
    return this.columns.flatMap((column) => this.shown.get(column.id)?.ids ?? []);
  }

  // Focus: one tab stop in each column, the card that had it last.

  focus(id: string): void {
    const columnId = this.locate(id)?.columnId;
    if (columnId !== undefined) this.last.set(columnId, id);
    this.focused = id;
    this.tell();
  }

  blur(id: string): void {
    if (this.focused !== id) return;
    this.focused = null;
    this.tell();
  }

  lastFocused(columnId: string): string | undefined {
    return this.last.get(columnId);
  }

  /** The card that an arrow key leads to. */
  neighbour(id: string, key: 'up' | 'down' | 'left' | 'right' | 'first' | 'last'): string | undefined {
    const at = this.locate(id);
    if (!at) return undefined;
    if (key === 'up') return at.ids[at.index - 1];
    if (key === 'down') return at.ids[at.index + 1];
    if (key === 'first') return at.ids[0];
    if (key === 'last') return at.ids.at(-1);
    const order = key === 'left' ? this.columns.toReversed() : this.columns;
    const from = order.findIndex((column) => column.id === at.columnId);
    for (const column of order.slice(from + 1)) {
      const ids = this.shown.get(column.id)?.ids ?? [];
      if (ids.length > 0) return ids[Math.min(at.index, ids.length - 1)];
    }
    return undefined;
  }

  want(id: string, columnId: string, how: { focus?: boolean; highlight?: boolean }): void {
    const wanted = { id, columnId, focus: false, highlight: false, ...how };
    this.wanted = wanted;
    this.tell();
    // A card that never shows up (filtered, moved on) must not grab the focus minutes later.
    setTimeout(() => this.found(wanted), WANTED_MS);
  }

  found(wanted: Wanted): void {
    if (this.wanted !== wanted) return;
    this.wanted = null;
    this.tell();
  }

  // Selection.

  select(ids: Iterable<string>): void {
    this.selected = new Set(ids);
    if (this.selected.size === 0) this.anchor = null;
    this.tell();
  }

  toggle(id: string): void {
    const next = new Set(this.selected);
    if (!next.delete(id)) next.add(id);
    this.anchor = id;
    this.select(next);
  }

  /** Everything between the card selected last and this one, when they are in one column; else just this one too. */
  selectTo(id: string): void {
    const to = this.locate(id);
    const from = this.anchor === null ? undefined : this.locate(this.anchor);
    if (!to || !from || from.columnId !== to.columnId) {
      this.select([...this.selected, id]);
      this.anchor = id;
      return;
    }
    const [low, high] = from.index < to.index ? [from.index, to.index] : [to.index, from.index];
    this.select([...this.selected, ...to.ids.slice(low, high + 1)]);
  }

  /** What an action on this card is about: the selection if it belongs to it, else the card alone. */
  group(id: string): string[] {
    return this.selected.has(id) ? this.inOrder(this.selected) : [id];
  }

  drag(ids: readonly string[]): void {
    this.dragged = new Set(ids);
    this.tell();
  }

  setProgress(progress: Progress | null): void {
    this.progress = progress;
    this.tell();
  }

  setMoving(ids: readonly string[] | null): void {
    this.moving = ids;
    this.tell();
  }
}

export const ControlContext = createContext<BoardControl>(new BoardControl(''));

export function useControl(): BoardControl {
  return use(ControlContext);
}

/** One answer of the control; draws again when it is another one. */
export function useShared<T>(select: (control: BoardControl) => T): T {
  const control = useControl();
  return useSyncExternalStore(control.subscribe, () => select(control));
}
