import type { ReactNode } from 'react';
import type { Person } from '@/api/types';
import { splitAtNames } from '@/lib/mentions';
import { currentUser } from '@/store/session';

/** Names in a note stand out, one's own more. */
export function withMentions(text: string, mentions: readonly Person[]): ReactNode {
  const me = currentUser()?.id;
  return splitAtNames(text, mentions.map(({ name }) => name)).map((piece, index) =>
    piece.name === null ? (
      piece.text
    ) : (
      <mark
        key={index}
        data-mention={mentions.some(({ id, name }) => id === me && name === piece.name) ? 'own' : 'other'}
        className="rounded-6 bg-accent-soft px-0.5 font-medium text-accent-text data-[mention=own]:bg-accent data-[mention=own]:text-accent-ink"
      >
        {piece.text}
      </mark>
    ),
  );
}
