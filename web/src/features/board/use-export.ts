/** One export at a time: how far it is, and a way to stop it. */
import { useEffect, useRef, useState } from 'react';
import type { Card, ColumnSummary } from '@/api/types';
import { announce } from '@/lib/announce';
import { download } from '@/lib/csv';
import { texts } from '@/lib/i18n';
import { toast } from '@/ui/toast';
import { reason } from './actions';
import { exportCards } from './export';
import { dateOf } from './labels';

export interface Exporting {
  /** Cards fetched so far; null while nothing is exported. */
  fetched: number | null;
  start(columns: readonly ColumnSummary[], name: string): void;
  cancel(): void;
}

export function useExport(boardId: string, boardName: string, match: ((card: Card) => boolean) | null): Exporting {
  const [fetched, setFetched] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (columns: readonly ColumnSummary[], name: string) => {
    if (running.current) return;
    const words = texts().board;
    const abort = new AbortController();
    running.current = abort;
    setFetched(0);
    try {
      const { text, count } = await exportCards({ boardId, columns, match: match ?? (() => true), progress: setFetched, signal: abort.signal });
      download(`${name || boardName} ${dateOf(new Date().toISOString())}.csv`, text, 'text/csv');
      toast({ title: words.exported(count), tone: 'ok' });
      announce(words.exported(count));
    } catch (error) {
      const retry = { label: texts().common.retry, run: () => void start(columns, name) };
      if (!abort.signal.aborted) toast({ title: words.notExported, text: reason(error), tone: 'danger', action: retry });
    } finally {
      running.current = null;
      setFetched(null);
    }
  };

  return { fetched, start: (columns, name) => void start(columns, name), cancel: () => running.current?.abort() };
}
