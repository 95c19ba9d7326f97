/**
 * Editing a card while others may edit it too. Pure but for the write that is handed in.
 *
 * An edit holds only what the user touched, and the card as it was when they began. What has another value by then in the
 * same field is shown before anything is written; a change of anything else (another field, a message, the place) is not.
 */
import type { Card, CardEdit } from '@/api/types';
import { currentOf } from './batch';

export const fields = ['title', 'value', 'assignee', 'due_at'] as const;
export type CardField = (typeof fields)[number];

function same(field: CardField, a: Pick<Card, CardField>, b: Pick<Card, CardField>): boolean {
  if (field === 'title') return a.title === b.title;
  if (field === 'due_at') return (a.due_at ?? null) === (b.due_at ?? null);
  if (field === 'assignee') return (a.assignee?.id ?? null) === (b.assignee?.id ?? null);
  return (a.value?.amount ?? null) === (b.value?.amount ?? null) && (a.value?.currency ?? null) === (b.value?.currency ?? null);
}

/** What is another in `now`. */
export function differences(start: Card, now: Card): CardField[] {
  return fields.filter((field) => !same(field, start, now));
}

/** Only what would change the card. */
export function onlyChanges(start: Card, edit: CardEdit): CardEdit {
  const entries = fields.filter((field) => edit[field] !== undefined && !same(field, start, { ...start, ...edit }));
  return Object.fromEntries(entries.map((field) => [field, edit[field]]));
}

export type Saved = { done: true } | { done: false; current: Card };

/**
 * Saves unless somebody changed the same fields since `start`. A 409 about anything else is no conflict of the user's:
 * the same edit goes out once more, on the version that came with the refusal.
 */
export async function saveEdit(
  start: Card,
  now: Card,
  edit: CardEdit,
  patch: (id: string, edit: CardEdit) => Promise<Card>,
): Promise<Saved> {
  const clashes = (card: Card) => differences(start, card).some((field) => edit[field] !== undefined);
  if (clashes(now)) return { done: false, current: now };
  const changes = onlyChanges(start, edit);
  if (Object.keys(changes).length === 0) return { done: true };
  try {
    await patch(start.id, changes);
  } catch (error) {
    const current = currentOf(error);
    if (!current) throw error;
    if (clashes(current)) return { done: false, current };
    await patch(start.id, changes);
  }
  return { done: true };
}
