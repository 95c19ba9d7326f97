/** What the user does to cards, with all that is shown and said of it: undo, progress, refusals with their reason. */
import { ApiError } from '@/api/client';
import type { CardSpot, Person } from '@/api/types';
import { announce } from '@/lib/announce';
import { texts } from '@/lib/i18n';
import { cards } from '@/store/entities';
import { toast, undoable } from '@/ui/toast';
import { assignAll, currentOf, moveAll, undoAssign, undoMoves, type Assigned, type Batch, type Watch } from './batch';
import type { BoardControl } from './control';
import { originOf, type Origin } from './place';

export function cardName(id: string): string {
  const card = cards.get(id);
  return card ? card.title || card.customer.name : '';
}

/** Why something was refused, in words for the user. */
export function reason(error: unknown): string {
  const words = texts().common.errors;
  if (!(error instanceof ApiError)) return words.unknown;
  if (error.status === 0) return words.offline;
  if (error.status === 403) return words.forbidden;
  if (error.status === 404) return words.not_found;
  if (error.status === 409) return words.version_conflict;
  if (error.status >= 500) return words.unavailable;
  return error.problem?.errors?.[0]?.detail ?? error.detail;
}

/** Several at once show how far they are, and can be stopped. */
function watched(control: BoardControl, total: number): Watch & { end(): void } {
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
  };
  const progress = (done: number) => {
    if (total > 1) control.setProgress({ done, total, cancel });
  };
  progress(0);
  return { progress, cancelled: () => isCancelled, end: () => control.setProgress(null) };
}

/** How the move was made: with the keyboard, the focus goes along; a drop is where the pointer is. */
export type Means = 'drop' | 'key' | 'menu';

export async function moveCards(control: BoardControl, ids: readonly string[], to: CardSpot, means: Means): Promise<void> {
  const ordered = control.inOrder(ids);
  const first = ordered[0];
  if (first === undefined) return;
  const origins = ordered.map((id) => {
    const at = control.locate(id);
    return originOf(at?.ids ?? [], id, at?.columnId ?? to.column_id);
  });
  const staysInColumn = origins.every((origin) => origin.column_id === to.column_id);
  look(control, ordered, to.column_id, means);
  const watch = watched(control, ordered.length);
  const batch = await moveAll(origins, to, watch);
  watch.end();
  if (batch.done.length > 0) tellMoved(control, batch, to.column_id, means === 'key' && staysInColumn);
  if (batch.failed.length > 0) tellRefused(control, batch, to, means);
}

/** Where the eyes and the focus go: with the cards, but on a phone, where other columns are out of sight, a menu leaves both. */
function look(control: BoardControl, moving: readonly string[], columnId: string, means: Means): void {
  const [first] = moving;
  if (first === undefined) return;
  if (means !== 'menu' || control.alone === null || control.alone === columnId) {
    control.want(first, columnId, { focus: means !== 'drop', highlight: true });
    return;
  }
  const { ids, index } = control.locate(first) ?? { ids: [], index: 0 };
  const stays = (id: string) => !moving.includes(id);
  const next = ids.slice(index).find(stays) ?? ids.findLast(stays);
  if (next !== undefined) control.want(next, control.alone, { focus: true });
}

function tellMoved(control: BoardControl, { done }: Batch<Origin>, columnId: string, quietly: boolean): void {
  const words = texts().board;
  const [first] = done;
  if (!first) return;
  const column = control.name(columnId);
  const title = done.length === 1 ? words.moved(cardName(first.id), column) : words.movedMany(done.length, column);
  const at = control.locate(first.id);
  announce(at && done.length === 1 ? words.movedToPlace(cardName(first.id), column, at.index + 1, at.ids.length) : title);
  // A step up or down is undone with the opposite key; a toast for each would bury the board.
  if (!quietly) undoable(title, () => void undoMove(control, done));
}

async function undoMove(control: BoardControl, moved: readonly Origin[]): Promise<void> {
  const watch = watched(control, moved.length);
  const { done, failed } = await undoMoves(moved, watch);
  watch.end();
  const last = done.at(-1);
  if (last) control.want(last.id, last.column_id, { highlight: true });
  if (done.length > 0) announce(texts().board.movedBack(done.length));
  if (failed[0]) toast({ title: texts().board.notUndone(failed.length), text: reason(failed[0].error), tone: 'danger' });
}

function tellRefused(control: BoardControl, { failed }: Batch<Origin>, to: CardSpot, means: Means): void {
  const words = texts().board;
  const [first] = failed;
  if (!first) return;
  const current = failed.length === 1 ? currentOf(first.error) : null;
  const again = { label: words.moveAnyway, run: () => void moveCards(control, [first.id], to, means) };
  if (current) {
    // The card already stands where the colleague put it; nothing is lost by asking.
    const text = words.movedByOther(control.name(current.column_id));
    toast({ title: words.conflict(cardName(first.id)), text, tone: 'danger', action: again });
  } else {
    const title = failed.length === 1 ? words.notMoved(cardName(first.id)) : words.notMovedMany(failed.length);
    const retry = { label: texts().common.retry, run: () => void moveCards(control, failed.map(({ id }) => id), to, means) };
    toast({ title, text: reason(first.error), tone: 'danger', action: retry });
  }
  announce(`${words.notMoved(cardName(first.id))} ${reason(first.error)}`);
}

/** A place that means nothing: says why, and leaves the card where it is. */
export function refuse(id: string, why: string): void {
  toast({ title: texts().board.notMoved(cardName(id)), text: why });
  announce(`${texts().board.notMoved(cardName(id))} ${why}`);
}

export async function assignCards(control: BoardControl, ids: readonly string[], assignee: Person | null): Promise<void> {
  const words = texts().board;
  const watch = watched(control, ids.length);
  const { done, failed } = await assignAll(control.inOrder(ids), assignee, watch);
  watch.end();
  if (done.length > 0) {
    const title = words.assigned(done.length, assignee?.name ?? texts().common.nobody);
    announce(title);
    undoable(title, () => void undoAssigned(control, done));
  }
  if (failed[0]) {
    const retry = { label: texts().common.retry, run: () => void assignCards(control, failed.map(({ id }) => id), assignee) };
    toast({ title: words.notAssigned(failed.length), text: reason(failed[0].error), tone: 'danger', action: retry });
  }
}

async function undoAssigned(control: BoardControl, done: readonly Assigned[]): Promise<void> {
  const watch = watched(control, done.length);
  const { failed } = await undoAssign(done, watch);
  watch.end();
  if (failed[0]) toast({ title: texts().board.notUndone(failed.length), text: reason(failed[0].error), tone: 'danger' });
}
