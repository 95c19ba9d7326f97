/**
 * Writes that show at once.
 *
 * Invariants: every write lays an edit over the row and takes it away again when the server has answered, either way; the
 * writes of one record go out one after the other, so that the second knows the version that the first one made; a 409
 * puts the server's row into the table before it rejects. Absent on purpose: toasts and undo (the pages know the words).
 */
import { ApiError, api, take } from '@/api/client';
import type { Activity, Card, CardEdit, CardSpot, Conversation, ConversationEdit, Customer, CustomerEdit } from '@/api/types';
import { peekColumn } from './board';
import { activities, cards, conversations, customers } from './entities';
import { rankAfter, rankBefore, rankLast } from './ranks';
import type { Row, Table } from './table';

/** How long a read mark waits for the event that has it. */
const READ_MARK_MS = 3_000;

export function patchConversation(id: string, patch: ConversationEdit): Promise<Conversation> {
  const { assignee, ...rest } = patch;
  // Without a version: every message makes a new one, and an assignment does not depend on what was just said.
  const body = { ...rest, ...assigned(assignee) };
  return optimistic(conversations, id, patch, (key) =>
    take(api.PATCH('/api/v1/conversations/{id}', { params: { path: { id: key } }, body })),
  );
}

export function patchCustomer(id: string, patch: CustomerEdit): Promise<Customer> {
  return optimistic(customers, id, patch, (key, version) =>
    take(api.PATCH('/api/v1/customers/{id}', { params: { path: { id: key } }, body: { ...patch, version } })),
  );
}

export function patchActivity(id: string, status: 'pending' | 'done'): Promise<Activity> {
  return optimistic(activities, id, { status }, (key, version) =>
    take(api.PATCH('/api/v1/activities/{id}', { params: { path: { id: key } }, body: { status, version } })),
  );
}

export function patchCard(id: string, patch: CardEdit): Promise<Card> {
  const { assignee, ...rest } = patch;
  return optimistic(cards, id, patch, (key, version) => {
    const body = { ...rest, ...assigned(assignee), version };
    return take(api.PATCH('/api/v1/cards/{id}', { params: { path: { id: key } }, body }));
  });
}

/** Neither neighbour: last in the column. */
export function moveCard(id: string, to: CardSpot): Promise<Card> {
  const card = cards.get(id);
  const place = { column_id: to.column_id, rank: card ? provisionalRank(card, to) : rankLast(undefined) };
  return optimistic(cards, id, place, (key, version) =>
    take(api.PATCH('/api/v1/cards/{id}', { params: { path: { id: key } }, body: { ...to, version } })),
  );
}

/** The team has read up to the message. */
export async function markRead(conversationId: string, messageId: string): Promise<void> {
  const row = conversations.get(conversationId);
  const body = { message_id: messageId };
  const path = { id: conversations.resolve(conversationId) };
  const call = (): Promise<unknown> => take(api.POST('/api/v1/conversations/{id}/read', { params: { path }, body }));
  if (!row || row.unread_count === 0) {
    await call();
    return;
  }
  const edit = conversations.edit(row.id, { unread_count: 0 });
  try {
    await call();
  } catch (error) {
    conversations.reject(edit);
    throw error;
  }
  // The answer has no record: the next version is the one that was read, and if none comes, nothing was.
  conversations.ack(edit, row.version + 1);
  setTimeout(() => conversations.reject(edit), READ_MARK_MS);
}

const queues = new WeakMap<object, Map<string, Promise<unknown>>>();

async function optimistic<T extends Row>(
  table: Table<T>,
  id: string,
  patch: object,
  call: (id: string, version: number | undefined) => Promise<T>,
): Promise<T> {
  const edit = table.edit(id, known(patch) as Partial<T>);
  try {
    return await inTurn(table, table.resolve(id), async () => {
      const row = await call(table.resolve(id), table.base(id)?.version);
      table.ack(edit, row.version);
      table.put([row]);
      return row;
    });
  } catch (error) {
    const current = error instanceof ApiError && error.code === 'version_conflict' ? error.problem?.current : undefined;
    table.reject(edit);
    if (isRow<T>(current)) table.put([current]);
    throw error;
  }
}

async function inTurn<T>(table: object, id: string, run: () => Promise<T>): Promise<T> {
  let queue = queues.get(table);
  if (!queue) queues.set(table, (queue = new Map()));
  const before = queue.get(id);
  const turn = before ? before.then(run, run) : run();
  queue.set(id, turn);
  try {
    return await turn;
  } finally {
    if (queue.get(id) === turn) queue.delete(id);
  }
}

/** Where the card stands until the server says its rank. */
function provisionalRank(card: Card, to: CardSpot): string {
  const column = peekColumn(card.board_id, to.column_id);
  const other = (near: string | undefined): string | undefined => {
    // The card itself is no neighbour of its new place.
    const before = near === card.id ? column?.before(near) : near;
    return before && cards.get(before)?.rank;
  };
  const after = to.after_card_id && cards.get(to.after_card_id)?.rank;
  if (after) return rankAfter(after);
  const before = to.before_card_id && cards.get(to.before_card_id)?.rank;
  if (before && to.before_card_id) return rankBefore(before, other(column?.before(to.before_card_id)));
  return rankLast(other(column?.last()));
}

function assigned(assignee: { id: string } | null | undefined): { assignee_id?: string | null } {
  return assignee === undefined ? {} : { assignee_id: assignee?.id ?? null };
}

/** Without what is not given: laid over a row it would blank the field. */
function known(patch: object): object {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function isRow<T extends Row>(value: unknown): value is T {
  return typeof value === 'object' && value !== null && 'id' in value && 'version' in value;
}
