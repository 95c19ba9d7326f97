/**
 * Whom a note names.
 *
 * The text says it: "@" and a colleague's whole name, picked from the list or typed. So it survives whatever a draft
 * survives. Only which of two with the same name was picked is kept beside it, as long as the page.
 */
import type { Person, User } from '@/api/types';
import { fold } from '@/lib/fold';
import { collate } from '@/lib/format';
import { splitAtNames } from '@/lib/mentions';
import { onClear } from '@/store/entities';

/** Ids that were picked, by conversation. */
const picked = new Map<string, Set<string>>();
onClear(() => picked.clear());

export function pick(conversation: string, user: string): void {
  const ids = picked.get(conversation) ?? new Set();
  picked.set(conversation, ids.add(user));
}

export function forgetPicked(conversation: string): void {
  picked.delete(conversation);
}

/** Who may be named: everybody who can sign in, but not oneself. */
const others = (users: readonly User[], me: string) => users.filter((user) => user.id !== me && !user.disabled);

/** Those whose name, or a word of it, begins with the query. */
export function colleaguesLike(users: readonly User[], query: string, me: string): readonly User[] {
  const wanted = fold(query);
  const rank = ({ name }: User) => {
    const whole = fold(name);
    return whole.startsWith(wanted) ? 0 : whole.includes(` ${wanted}`) ? 1 : 2;
  };
  return others(users, me)
    .map((user) => ({ user, at: rank(user) }))
    .filter(({ at }) => at < 2)
    .toSorted((a, b) => a.at - b.at || collate(a.user.name, b.user.name))
    .map(({ user }) => user);
}

/** Whom a text names, each once, in order. Of several with one name those that were picked, else the first. */
export function namedIn(text: string, users: readonly User[], me: string, conversation: string): Person[] {
  const there = others(users, me);
  const chosen = picked.get(conversation);
  const found = splitAtNames(text, there.map(({ name }) => name)).flatMap((piece) => {
    const alike = there.filter(({ name }) => name === piece.name);
    const meant = alike.filter(({ id }) => chosen?.has(id));
    return meant.length > 0 ? meant : alike.slice(0, 1);
  });
  return [...new Map(found.map(({ id, name }) => [id, { id, name }])).values()];
}
