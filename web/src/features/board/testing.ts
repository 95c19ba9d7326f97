/** A card for tests. */
import type { Card } from '@/api/types';

export function card(id: string, change: Partial<Card> = {}): Card {
  return {
    id,
    board_id: 'board',
    column_id: 'one',
    rank: '80',
    customer: { id: `customer-${id}`, name: 'Jonas Wilson' },
    title: 'Roof repair',
    value: null,
    source: 'organic',
    attribution: null,
    assignee: null,
    due_at: null,
    last_message_at: null,
    created_at: '2026-11-20T10:00:00Z',
    version: 1,
    ...change,
  };
}
