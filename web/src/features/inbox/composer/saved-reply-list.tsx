import { useEffect, useRef } from 'react';
import type { SavedReply } from '@/api/types';
import { plainText } from '@/lib/richtext';
import { useTexts } from '@/lib/i18n';
import { useSavedReplies } from '@/store/saved-replies';

const MOST_SHOWN = 8;
const NONE: readonly SavedReply[] = [];

export const optionId = (list: string, index: number) => `${list}-${index}`;

/** Those whose short name begins with the query, then those that have it anywhere. Null: nobody asks. */
export function useMatches(query: string | null): readonly SavedReply[] {
  const all = useSavedReplies(query !== null);
  return query === null ? NONE : matching(all, query);
}

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
  matches: readonly SavedReply[];
  current: number;
  onChoose(index: number): void;
}

/** Above the text area, which keeps the focus and the keys. */
export function SavedReplyList({ id, matches, current, onChoose }: ListProps) {
  const t = useTexts().composer;
  const chosen = useRef<HTMLDivElement>(null);
  useEffect(() => chosen.current?.scrollIntoView({ block: 'nearest' }), [current]);
  return (
    <div
      role="listbox"
      id={id}
      aria-label={t.savedReplies}
      className="absolute inset-x-0 bottom-full z-20 mb-1 max-h-72 overflow-y-auto rounded-12 border border-line bg-raised p-1 shadow-high"
    >
      {matches.map((reply, index) => (
        <div
          key={reply.id}
          ref={index === current ? chosen : undefined}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === current}
          // The press must not take the focus out of the text.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(index)}
          className="flex min-h-9 cursor-default items-baseline gap-3 rounded-6 px-2.5 py-1.5 text-13 aria-selected:bg-accent-soft hover:bg-hover"
        >
          <bdi className="shrink-0 font-medium">/{reply.shortcut}</bdi>
          <span className="min-w-0 truncate text-ink-2" dir="auto">
            {plainText(reply.text)}
          </span>
        </div>
      ))}
    </div>
  );
}
