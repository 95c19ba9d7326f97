/** Our reaction to a message of a customer: one at a time, shown at once, as the platforms do it. */
import { api, take } from '@/api/client';
import type { Message } from '@/api/types';
import { messages } from './entities';

/** How long a reaction that was taken back waits for the event that has it so. */
const EVENT_MS = 3_000;

type Reactions = Message['reactions'];

const OURS = 'agent';

export function ourReaction(reactions: Reactions): string | null {
  return reactions.find(({ by }) => by === OURS)?.emoji ?? null;
}

/** Pure: what stands at the message after ours was set, or taken back with null. */
export function withOurs(reactions: Reactions, emoji: string | null): Reactions {
  const theirs = reactions.filter(({ by }) => by !== OURS);
  return emoji === null ? theirs : [...theirs, { emoji, by: OURS, state: 'sending' }];
}

/** Null takes it back. Rejects when the server did not take it; then it stands as before. */
export async function react(id: string, emoji: string | null): Promise<void> {
  const row = messages.get(id);
  if (!row) return;
  const edit = messages.edit(id, { reactions: withOurs(row.reactions, emoji) });
  const params = { path: { id: row.id } };
  try {
    if (emoji !== null) {
      const answer = await take(api.PUT('/api/v1/messages/{id}/reaction', { params, body: { emoji } }));
      messages.ack(edit, answer.version);
      messages.put([answer]);
      return;
    }
    await take(api.DELETE('/api/v1/messages/{id}/reaction', { params }));
  } catch (error) {
    messages.reject(edit);
    throw error;
  }
  // The answer has no record: the next version is the one without it.
  messages.ack(edit, (messages.base(id)?.version ?? row.version) + 1);
  setTimeout(() => messages.reject(edit), EVENT_MS);
}
