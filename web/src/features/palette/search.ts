/** What the API finds for the palette. Rows go to the store; here are only ids. */
import { useEffect, useState } from 'react';
import { api, take } from '@/api/client';
import { cards, conversations, customers } from '@/store/entities';
import { can, useUser } from '@/store/session';
import { matches } from './match';

const PAUSE_MS = 180;
const SHOWN = 5;

export interface Found {
  state: 'idle' | 'searching' | 'ready' | 'failed';
  conversations: readonly string[];
  customers: readonly string[];
  cards: readonly string[];
}

const NOTHING: Found = { state: 'idle', conversations: [], customers: [], cards: [] };

/** Cards of boards that were open in this tab: the API has no search over cards, but a card's customer is found anyway. */
function loadedCards(q: string): string[] {
  const found: string[] = [];
  for (const card of cards.values()) {
    if (found.length === SHOWN) break;
    if (matches(`${card.title} ${card.customer.name}`, q)) found.push(card.id);
  }
  return found;
}

export function useSearchResults(query: string): Found {
  const user = useUser();
  const [found, setFound] = useState<Found>(NOTHING);
  const q = query.trim();
  const reads = { conversations: can(user, 'inbox.read'), customers: can(user, 'customers.read'), cards: can(user, 'kanban.read') };
  const { conversations: readsConversations, customers: readsCustomers, cards: readsCards } = reads;

  useEffect(() => {
    if (q.length < 2) {
      setFound(NOTHING);
      return;
    }
    // What was found before stays until the next answer, so that the list doesn't blink with every letter.
    setFound((before) => ({ ...before, state: 'searching' }));
    const abort = new AbortController();
    const { signal } = abort;
    const timer = setTimeout(async () => {
      try {
        const [talks, people] = await Promise.all([
          readsConversations ? take(api.GET('/api/v1/conversations', { params: { query: { q, status: 'all', limit: SHOWN } }, signal })) : null,
          readsCustomers ? take(api.GET('/api/v1/customers', { params: { query: { q, limit: SHOWN } }, signal })) : null,
        ]);
        if (signal.aborted) return;
        conversations.put(talks?.items ?? []);
        customers.put(people?.items ?? []);
        setFound({
          state: 'ready',
          conversations: talks?.items.map(({ id }) => id) ?? [],
          customers: people?.items.map(({ id }) => id) ?? [],
          cards: readsCards ? loadedCards(q) : [],
        });
      } catch {
        if (!signal.aborted) setFound({ ...NOTHING, state: 'failed' });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [q, readsConversations, readsCustomers, readsCards]);
  return found;
}
