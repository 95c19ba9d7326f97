/** Every way out of a place in the inbox; each keeps the part of the address that it does not mean to change. */
import { useMemo } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { InboxSearch } from './search';

export interface Go {
  /** `replace`: walking through the list with the keyboard must not fill the history. */
  open(id: string, replace?: boolean): void;
  close(): void;
  /** `replace`: nor must every letter of a search. */
  search(change: Partial<InboxSearch>, replace?: boolean): void;
  customer(id: string): void;
  /** Writing to somebody first. */
  write(): void;
  card(boardId: string, cardId: string): void;
}

export function useGo(): Go {
  const navigate = useNavigate();
  return useMemo(
    () => ({
      open: (conversationId, replace = false) =>
        void navigate({ from: '/inbox', to: '/inbox/$conversationId', params: { conversationId }, search: (old) => ({ ...old, m: undefined }), replace }),
      close: () => void navigate({ from: '/inbox', to: '/inbox', search: (old) => ({ ...old, m: undefined }) }),
      search: (change, replace = false) => void navigate({ to: '.', search: (old) => ({ ...old, ...change }), replace }),
      customer: (c) => void navigate({ to: '.', search: (old) => ({ ...old, c }) }),
      write: () => void navigate({ to: '.', search: (old) => ({ ...old, write: 'new' }) }),
      card: (boardId, card) => void navigate({ to: '/board/$boardId', params: { boardId }, search: { card } }),
    }),
    [navigate],
  );
}
