/** What is offered at the caret while somebody types: saved replies after a slash, in a note colleagues after an at sign. */
import { useEffect, useMemo, useRef } from 'react';
import type { Conversation, SavedReply, User } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { plainText } from '@/lib/richtext';
import { useUsers } from '@/store/people';
import { useSavedReplies } from '@/store/saved-replies';
import { useUser } from '@/store/session';
import { Avatar } from '@/ui/avatar';
import { colleaguesLike, pick } from './mentions';
import { filled } from './rules';

const MOST_SHOWN = 8;
const NONE: readonly Suggestion[] = [];

/** The word at the caret that asks for something. */
export interface Asked {
  sign: '/' | '@';
  /** Where the sign stands. */
  from: number;
  query: string;
}

export interface Suggestion {
  key: string;
  name: string;
  detail: string;
  /** Takes the place of what asked for it. */
  insert: string;
  /** With the face of a person. */
  face: boolean;
  chosen?(): void;
}

export const optionId = (list: string, index: number) => `${list}-${index}`;

/** What fits the word; null: nobody asks. */
export function useSuggestions(asked: Asked | null, { id, customer }: Conversation): readonly Suggestion[] {
  const me = useUser();
  const replies = useSavedReplies(asked?.sign === '/');
  const users = useUsers();
  return useMemo(() => {
    if (asked === null) return NONE;
    if (asked.sign === '@') return colleaguesLike(users, asked.query, me.id).slice(0, MOST_SHOWN).map((user) => asColleague(user, id));
    const names = { customer: customer.name, agent: me.name };
    return matching(replies, asked.query).map((reply) => ({
      key: reply.id,
      name: `/${reply.shortcut}`,
      detail: plainText(reply.text),
      insert: filled(reply.text, names),
      face: false,
    }));
  }, [asked, replies, users, me.id, me.name, id, customer.name]);
}

function asColleague(user: User, conversation: string): Suggestion {
  return { key: user.id, name: user.name, detail: user.email ?? '', insert: `@${user.name} `, face: true, chosen: () => pick(conversation, user.id) };
}

/** Those whose short name begins with the query, then those that have it anywhere. */
export function matching(all: readonly SavedReply[], query: string): readonly SavedReply[] {
  const wanted = query.toLocaleLowerCase();
  const rank = ({ shortcut, text }: SavedReply) => {
    const name = shortcut.toLocaleLowerCase();
    return name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : text.toLocaleLowerCase().includes(wanted) ? 2 : 3;
  };
  return all
    .map((reply) => ({ reply, at: rank(reply) }))
    .filter(({ at }) => at < 3)
    .toSorted((a, b) => a.at - b.at)
    .slice(0, MOST_SHOWN)
    .map(({ reply }) => reply);
}

interface ListProps {
  id: string;
  sign: Asked['sign'];
  suggestions: readonly Suggestion[];
  current: number;
  onChoose(index: number): void;
}

/** Above the text area, which keeps the focus and the keys. */
export function SuggestionList({ id, sign, suggestions, current, onChoose }: ListProps) {
  const t = useTexts().composer;
  const chosen = useRef<HTMLDivElement>(null);
  useEffect(() => chosen.current?.scrollIntoView({ block: 'nearest' }), [current]);
  return (
    <div
      role="listbox"
      id={id}
      aria-label={sign === '@' ? t.colleagues : t.savedReplies}
      className="absolute inset-x-0 bottom-full z-20 mb-1 max-h-72 overflow-y-auto rounded-12 border border-line bg-raised p-1 shadow-high"
    >
      {suggestions.map(({ key, name, detail, face }, index) => (
        <div
          key={key}
          ref={index === current ? chosen : undefined}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === current}
          // The press must not take the focus out of the text.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(index)}
          className={`flex min-h-9 cursor-default gap-3 rounded-6 px-2.5 py-1.5 text-13 aria-selected:bg-accent-soft hover:bg-hover ${face ? 'items-center' : 'items-baseline'}`}
        >
          {face && <Avatar name={name} size={24} />}
          <bdi className={face ? 'min-w-0 truncate font-medium' : 'shrink-0 font-medium'}>{name}</bdi>
          <span className="min-w-0 truncate text-ink-2" dir="auto">
            {detail}
          </span>
        </div>
      ))}
    </div>
  );
}
