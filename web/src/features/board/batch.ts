/**
 * Moving and assigning cards, one or many, and the way back.
 *
 * Invariants: writes go one after the other, so that the cards keep their order and the server's limit of writes a second
 * is kept; one refused card does not stop the others, a lost connection does; whatever was done can be undone.
 * Absent on purpose: what is shown of it (`actions.ts`); the optimistic overlay and the turn of each card's writes (`store/actions.ts`).
 */
import { ApiError } from '@/api/client';
import type { Card, CardSpot, Person } from '@/api/types';
import { moveCard, patchCard } from '@/store/actions';
import { cards } from '@/store/entities';
import { waysBack, type Origin } from './place';

export interface Watch {
  progress(done: number, total: number): void;
  cancelled(): boolean;
}

export interface Batch<T> {
  done: T[];
  failed: { id: string; error: unknown }[];
}

/** The server takes 20 writes a second; the first few need not wait. */
const UNPACED = 10;
const PACE_MS = 70;
const BUSY_MS = 1500;
const BUSY_TRIES = 5;

const unwatched: Watch = { progress: () => undefined, cancelled: () => false };

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const isStatus = (error: unknown, status: number) => error instanceof ApiError && error.status === status;

/** The record that a 409 brought along. */
export function currentOf(error: unknown): Card | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  const current = error.problem?.current;
  return typeof current === 'object' && current !== null && 'column_id' in current ? (current as Card) : null;
}

/** Moves a card. If only something else of it changed meanwhile (a message came), the move is meant all the same. */
export async function moveOne(id: string, to: CardSpot): Promise<Card> {
  const before = cards.base(id);
  try {
    return await moveCard(id, to);
  } catch (error) {
    const current = currentOf(error);
    if (!current || !before || current.column_id !== before.column_id || current.rank !== before.rank) throw error;
    return moveCard(id, to);
  }
}

/** Moves cards to a spot, in their order. */
export function moveAll(origins: readonly Origin[], to: CardSpot, watch: Watch = unwatched): Promise<Batch<Origin>> {
  let spot = to;
  return each(
    origins,
    async ({ id }) => {
      await moveOne(id, spot);
      spot = { column_id: to.column_id, after_card_id: id };
    },
    watch,
  );
}

/** Puts moved cards back, the last one first: then the neighbour below each is there already. */
export function undoMoves(moved: readonly Origin[], watch: Watch = unwatched): Promise<Batch<Origin>> {
  return each(moved.toReversed(), ({ id, ...origin }) => moveToFirst(id, waysBack({ id, ...origin })), watch);
}

async function moveToFirst(id: string, spots: readonly CardSpot[]): Promise<void> {
  for (const [index, spot] of spots.entries()) {
    try {
      await moveOne(id, spot);
      return;
    } catch (error) {
      // 422: that neighbour has gone elsewhere since.
      if (!isStatus(error, 422) || index === spots.length - 1) throw error;
    }
  }
}

export interface Assigned {
  id: string;
  before: Person | null;
  after: Person | null;
}

export function assignAll(ids: readonly string[], assignee: Person | null, watch: Watch = unwatched): Promise<Batch<Assigned>> {
  const items = ids
    .map((id): Assigned => ({ id, before: cards.get(id)?.assignee ?? null, after: assignee }))
    .filter(({ before }) => before?.id !== assignee?.id);
  return each(items, ({ id }) => patchCard(id, { assignee }), watch);
}

/** Leaves alone what somebody else has assigned since. */
export function undoAssign(assigned: readonly Assigned[], watch: Watch = unwatched): Promise<Batch<Assigned>> {
  const own = assigned.filter(({ id, after }) => (cards.get(id)?.assignee?.id ?? null) === (after?.id ?? null));
  return each(own, ({ id, before }) => patchCard(id, { assignee: before }), watch);
}

async function each<T extends { id: string }>(items: readonly T[], write: (item: T) => Promise<unknown>, watch: Watch): Promise<Batch<T>> {
  const batch: Batch<T> = { done: [], failed: [] };
  for (const [index, item] of items.entries()) {
    if (watch.cancelled()) break;
    if (index >= UNPACED) await sleep(PACE_MS);
    try {
      await patiently(() => write(item));
      batch.done.push(item);
    } catch (error) {
      batch.failed.push({ id: item.id, error });
      if (isStatus(error, 0) || isStatus(error, 401)) break;
    }
    watch.progress(index + 1, items.length);
  }
  return batch;
}

async function patiently(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (!isStatus(error, 429) || tries >= BUSY_TRIES) throw error;
      await sleep(BUSY_MS * tries);
    }
  }
}
