/**
 * Where a card may go: from what was pointed at, or which key was pressed, to the neighbour that the server is told. Pure.
 *
 * Invariants: a spot names at most one neighbour, never the moved card itself; `null` means that nothing would change.
 */
import type { Edge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/types';
import type { CardSpot } from '@/api/types';

/** What was under the pointer at the drop: a card and the nearer of its edges, or only the column (`top`: its head). */
export interface DropPlace {
  columnId: string;
  cardId?: string;
  edge?: Edge | null;
}

/**
 * The spot for cards dropped at a place. `ids` is the target column as shown; `moving` are the dragged cards, which may be
 * in it. Of several the spot is the first one's; each further one goes after the one before it.
 */
export function spotOfDrop(ids: readonly string[], moving: readonly string[], place: DropPlace): CardSpot | null {
  const column_id = place.columnId;
  const rest = ids.filter((id) => !moving.includes(id));
  const at = indexOfDrop(ids, rest, moving, place);
  const spot = spotAt(rest, at, column_id);
  const stands = moving.length > 0 && moving.every((id, index) => ids[at + index] === id);
  return stands ? null : spot;
}

/** How many of the cards that stay are before the place. */
function indexOfDrop(ids: readonly string[], rest: readonly string[], moving: readonly string[], { cardId, edge }: DropPlace): number {
  const target = cardId === undefined ? -1 : ids.indexOf(cardId);
  if (target === -1) return cardId === undefined && edge === 'top' ? 0 : rest.length;
  const end = edge === 'bottom' ? target + 1 : target;
  return ids.slice(0, end).filter((id) => !moving.includes(id)).length;
}

/** The spot that makes a card the one at `index` among cards that stay. */
export function spotAt(rest: readonly string[], index: number, column_id: string): CardSpot {
  const before = rest[index - 1];
  if (before !== undefined) return { column_id, after_card_id: before };
  const after = rest[index];
  return after === undefined ? { column_id } : { column_id, before_card_id: after };
}

/** One step up or down within the column; null at its end. */
export function spotOfStep(ids: readonly string[], id: string, step: -1 | 1, column_id: string): CardSpot | null {
  const index = ids.indexOf(id);
  const neighbour = ids[index + step];
  if (index === -1 || neighbour === undefined) return null;
  return step === -1 ? { column_id, before_card_id: neighbour } : { column_id, after_card_id: neighbour };
}

/** Into another column, at about the height at which the card stood. */
export function spotBeside(ids: readonly string[], index: number, column_id: string): CardSpot {
  return spotAt(ids, Math.max(0, Math.min(index, ids.length)), column_id);
}

/** Where a card stood before it was moved: enough to put it back although others have moved since. */
export interface Origin {
  id: string;
  column_id: string;
  before?: string;
  after?: string;
}

export function originOf(ids: readonly string[], id: string, column_id: string): Origin {
  const index = ids.indexOf(id);
  if (index === -1) return { id, column_id };
  return { id, column_id, after: ids[index - 1], before: ids[index + 1] };
}

/** The spots to try for a way back, best first; the column alone always works. */
export function waysBack({ column_id, before, after }: Origin): CardSpot[] {
  const spots: CardSpot[] = [];
  // Cards go back last one first, so the one below is there again sooner than the one above.
  if (before !== undefined) spots.push({ column_id, before_card_id: before });
  if (after !== undefined) spots.push({ column_id, after_card_id: after });
  spots.push({ column_id });
  return spots;
}
