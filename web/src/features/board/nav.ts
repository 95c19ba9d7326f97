/** Where the board leads: other filters, a card's details, another board, the customer drawer, writing first. */
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { BoardSearch } from './search';

export interface BoardNav {
  /** Typing in a filter must not fill the history: those replace the entry. */
  filter(patch: Partial<BoardSearch>): void;
  openCard(id: string): void;
  closeCard(): void;
  openCustomer(id: string): void;
  /** To a customer first; the card makes room. */
  write(customer: string): void;
  openBoard(id: string): void;
}

export function useBoardNav(): BoardNav {
  const navigate = useNavigate();
  return useMemo(
    () => ({
      filter: (patch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...patch }), replace: true }),
      openCard: (card) => void navigate({ to: '.', search: (old: object) => ({ ...old, card }) }),
      closeCard: () => void navigate({ to: '.', search: (old: object) => ({ ...old, card: undefined }), replace: true }),
      openCustomer: (c) => void navigate({ to: '.', search: (old: object) => ({ ...old, c }) }),
      write: (write) => void navigate({ to: '.', search: (old: object) => ({ ...old, card: undefined, write }) }),
      openBoard: (boardId) => void navigate({ to: '/board/$boardId', params: { boardId } }),
    }),
    [navigate],
  );
}
