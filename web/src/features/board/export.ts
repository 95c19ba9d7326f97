/**
 * Cards as a table for a spreadsheet: every page of every column wanted, fetched one after the other.
 * Absent on purpose: rows on the way in the store. Thousands of cards that nobody looks at would only push others out.
 */
import { api, take } from '@/api/client';
import type { Card, ColumnSummary } from '@/api/types';
import { csv } from '@/lib/csv';
import { texts } from '@/lib/i18n';
import { plainAmount } from './amount';
import { sourceName } from './labels';

export interface ExportJob {
  boardId: string;
  columns: readonly ColumnSummary[];
  match(card: Card): boolean;
  progress(fetched: number): void;
  signal: AbortSignal;
}

const PAGE = 200;

/** The text and how many cards are in it. */
export async function exportCards({ boardId, columns, match, progress, signal }: ExportJob): Promise<{ text: string; count: number }> {
  const words = texts().board.csv;
  const parts = [
    csv([[words.customer, words.title, words.value, words.currency, words.column, words.source, words.assignee, words.due, words.created]]),
  ];
  let fetched = 0;
  let count = 0;
  for (const column of columns) {
    let cursor: string | undefined;
    do {
      const page: { items: Card[]; next_cursor?: string | null } = await take(
        api.GET('/api/v1/boards/{id}/columns/{column_id}/cards', {
          params: { path: { id: boardId, column_id: column.id }, query: { limit: PAGE, cursor } },
          signal,
        }),
      );
      const rows = page.items.filter(match).map((card) => row(card, column.name));
      parts.push(csv(rows));
      fetched += page.items.length;
      count += rows.length;
      progress(fetched);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined && !signal.aborted);
    signal.throwIfAborted();
  }
  return { text: parts.join(''), count };
}

function row(card: Card, column: string): string[] {
  return [
    card.customer.name,
    card.title,
    card.value ? plainAmount(card.value) : '',
    card.value?.currency ?? '',
    column,
    sourceName(card.source),
    card.assignee?.name ?? '',
    card.due_at ?? '',
    card.created_at,
  ];
}
