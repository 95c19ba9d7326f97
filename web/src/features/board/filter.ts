/** Which cards the filters leave. Pure; the server has no such filter, so the page asks this for every loaded card. */
import type { Card } from '@/api/types';
import { fold } from '@/lib/fold';
import type { BoardSearch } from './search';

export type Filter = Pick<BoardSearch, 'q' | 'assignee' | 'source'>;

export function isFiltered(filter: Filter): boolean {
  return Boolean(filter.q || filter.assignee || filter.source);
}

/** A test with the filter's text folded once. */
export function matcher(filter: Filter, me: string): (card: Card) => boolean {
  const words = fold(filter.q ?? '').split(/\s+/u).filter(Boolean);
  const assignee = filter.assignee === 'me' ? me : filter.assignee;
  return (card) => {
    if (filter.source && card.source !== filter.source) return false;
    if (assignee === 'none' ? card.assignee : assignee && card.assignee?.id !== assignee) return false;
    if (words.length === 0) return true;
    const text = fold(`${card.title} ${card.customer.name}`);
    return words.every((word) => text.includes(word));
  };
}
