/**
 * Boards: their columns with totals, and the cards of each column.
 *
 * Invariants: one fetch of the board serves its totals and the first page of every column; cards stand in byte order of
 * `rank`; totals follow the events (`totals.ts`), and when they can't, the board's numbers are fetched again, at most
 * every two seconds. Absent on purpose: filters (the page hides cards), and the drag itself.
 */
import { useSyncExternalStore } from 'react';
import { type ApiError, api, take, takeShown } from '@/api/client';
import type { Board, BoardSummary, Card, ColumnSummary, LiveEvent } from '@/api/types';
import { Cache } from './cache';
import { cards, onClear } from './entities';
import { type IdList, OrderedList, type Page } from './ordered';
import { Resource } from './resource';
import { type CardEvent, Totals } from './totals';

const BOARDS_KEPT = 4;
const FIRST_PAGE = 50;
const SUMMARY_EVERY_MS = 2_000;

interface BoardView {
  name: string;
  columns: readonly ColumnSummary[];
}

interface CardChange {
  event: CardEvent;
  worthSame: boolean;
}

class BoardStore {
  readonly id: string;
  readonly totals = new Totals();
  readonly resource: Resource<BoardView>;
  readonly columns: Cache<OrderedList<Card>>;
  private loading: Promise<Board> | null = null;
  /** Card events that came while a fetch was under way: they wait for it, since it may have them or not. */
  private readonly late: CardChange[] = [];
  private fetches = 0;
  private summaryAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly unwatch: () => void;

  constructor(id: string) {
    this.id = id;
    this.resource = new Resource<BoardView>({
      room: `board:${id}`,
      load: async () => this.view(await this.load()),
    });
    this.columns = new Cache(Number.POSITIVE_INFINITY, (column) => this.makeColumn(column));
    this.unwatch = cards.watch((ids) => this.see(ids));
  }

  get retained(): boolean {
    if (this.resource.retained) return true;
    for (const column of this.columns.values()) if (column.retained) return true;
    return false;
  }

  dispose(): void {
    this.unwatch();
    clearTimeout(this.timer);
    this.columns.clear();
    this.resource.dispose();
  }

  apply(changes: readonly CardChange[]): void {
    if (this.fetches > 0) {
      this.late.push(...changes);
      return;
    }
    const followed = changes.map(({ event, worthSame }) => this.totals.apply(event, worthSame));
    if (followed.includes(false)) this.refreshSoon();
    this.see(new Set(changes.map(({ event }) => (event.name === 'card.deleted' ? event.data.id : event.data.card.id))), true);
  }

  /** The whole board with the first cards of its columns; whoever asks meanwhile gets the same. */
  private load(): Promise<Board> {
    this.loading ??= this.fetch(FIRST_PAGE).finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async fetch(limit: number): Promise<Board> {
    this.fetches += 1;
    this.summaryAt = Date.now();
    try {
      const params = { path: { id: this.id }, query: { limit } };
      const { data: board, seq } = await takeShown(api.GET('/api/v1/boards/{id}', { params }));
      const shown = board.columns.flatMap((column) => column.cards);
      cards.put(shown);
      this.totals.reset(board.columns, shown, seq);
      for (const column of board.columns) {
        if (limit === FIRST_PAGE) this.columns.get(column.id).seed({ items: column.cards, next_cursor: column.next_cursor });
      }
      for (const card of cards.values()) if (card.board_id === this.id) this.totals.see(cards.get(card.id) ?? card);
      return board;
    } finally {
      this.fetches -= 1;
      if (this.fetches === 0 && this.late.length > 0) this.apply(this.late.splice(0));
    }
  }

  private view(board: Board): BoardView {
    const columns = board.columns.map(({ id, name, kind, count, sum }) => ({ id, name, kind, count, sum }));
    return { name: board.name, columns: this.totals.view(columns) };
  }

  private see(ids: ReadonlySet<string>, always = false): void {
    let changed = always;
    for (const id of ids) {
      const card = cards.get(id);
      if (card?.board_id === this.id) changed = this.totals.see(card) || changed;
    }
    const shown = this.resource.read().data;
    if (changed && shown) this.resource.set({ ...shown, columns: this.totals.view(shown.columns) });
  }

  private refreshSoon(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        if (!this.retained) return;
        this.fetch(1).then(
          (board) => this.resource.set(this.view(board)),
          // The next event, or the resync after the outage, tries again.
          () => undefined,
        );
      },
      Math.max(0, this.summaryAt + SUMMARY_EVERY_MS - Date.now()),
    );
  }

  private makeColumn(column: string): OrderedList<Card> {
    return new OrderedList<Card>({
      table: cards,
      room: `board:${this.id}`,
      descending: false,
      exact: true,
      key: (row) => [row.rank, row.id],
      accepts: (row) => row.column_id === column,
      page: (cursor, limit) => this.page(column, cursor, limit),
    });
  }

  private async page(column_id: string, cursor: string | null, limit: number): Promise<Page<Card>> {
    if (cursor === null && limit <= FIRST_PAGE) {
      const found = (await this.load()).columns.find((column) => column.id === column_id);
      return found ? { items: found.cards, next_cursor: found.next_cursor } : { items: [] };
    }
    const params = { path: { id: this.id, column_id }, query: { limit, cursor: cursor ?? undefined } };
    const { data, seq } = await takeShown(api.GET('/api/v1/boards/{id}/columns/{column_id}/cards', { params }));
    this.totals.learn(data.items, seq);
    return data;
  }
}

const boards = new Cache(BOARDS_KEPT, (id) => new BoardStore(id));
const summaries = new Resource<readonly BoardSummary[]>({
  room: null,
  freshMs: 60_000,
  load: async () => (await take(api.GET('/api/v1/boards', { params: { query: { limit: 200 } } }))).items,
});
onClear(() => {
  boards.clear();
  summaries.clear();
});

const NO_BOARDS: readonly BoardSummary[] = [];
const NO_COLUMNS: readonly ColumnSummary[] = [];

export function useBoards(): {
  boards: readonly BoardSummary[];
  state: 'loading' | 'ready' | 'error';
  error: ApiError | null;
  retry(): void;
} {
  const { data, state, error } = useSyncExternalStore(summaries.subscribe, summaries.read);
  return { boards: data ?? NO_BOARDS, state: state === 'missing' ? 'error' : state, error, retry: summaries.refetch };
}

export function useBoard(id: string): {
  name: string;
  columns: readonly ColumnSummary[];
  state: 'loading' | 'ready' | 'error' | 'missing';
  error: ApiError | null;
  retry(): void;
} {
  const { resource } = boards.get(id);
  const { data, state, error } = useSyncExternalStore(resource.subscribe, resource.read);
  return { name: data?.name ?? '', columns: data?.columns ?? NO_COLUMNS, state, error, retry: resource.refetch };
}

/** Ids of a column's cards, in order of `rank`. */
export function useColumn(boardId: string, columnId: string): IdList {
  const list = boards.get(boardId).columns.get(columnId);
  return useSyncExternalStore(list.subscribe, list.read);
}

/** Whether a column shows it. */
export function isOnBoard(id: string): boolean {
  for (const board of boards.values()) for (const column of board.columns.values()) if (column.has(id)) return true;
  return false;
}

/** For a link to a card that is on no loaded page. */
export async function loadCard(id: string): Promise<Card> {
  const card = await take(api.GET('/api/v1/cards/{id}', { params: { path: { id } } }));
  cards.put([card]);
  return card;
}

/** What is loaded of a column; for the place of a dropped card. */
export function peekColumn(boardId: string, columnId: string): OrderedList<Card> | undefined {
  return boards.peek(boardId)?.columns.peek(columnId);
}

/**
 * The card events of a portion, in order, after their cards were put into the table.
 *
 * What a message did to a card (its time, its customer) is written together with the message, at the same time of the log,
 * and never changes a value. So the many updates of cards that are not loaded need no fetch.
 */
export function applyCardEvents(events: readonly LiveEvent[]): void {
  const ofMessages = new Set(events.filter((event) => event.name.startsWith('message.')).map((event) => event.at));
  const changes = events
    .filter((event): event is CardEvent => event.name.startsWith('card.'))
    .map((event) => ({ event, worthSame: ofMessages.has(event.at) }));
  if (changes.length === 0) return;
  for (const board of boards.values()) {
    const own = changes.filter(({ event }) => event.rooms.includes(`board:${board.id}`));
    if (own.length > 0) board.apply(own);
  }
}
