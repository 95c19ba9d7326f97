import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Row, Table } from '@/store/table';

/** Several rows as they are to be shown, in the order of their ids; draws again when one of them changes. */
export function useRows<T extends Row>(table: Table<T>, ids: readonly string[]): readonly T[] {
  const last = useRef<readonly T[]>([]);
  const subscribe = useCallback(
    (listener: () => void) => {
      const wanted = new Set(ids);
      return table.watch((changed) => {
        for (const id of changed) {
          if (!wanted.has(id)) continue;
          listener();
          return;
        }
      });
    },
    [table, ids],
  );
  return useSyncExternalStore(subscribe, () => {
    const rows = ids.map((id) => table.get(id)).filter((row) => row !== undefined);
    const same = rows.length === last.current.length && rows.every((row, index) => row === last.current[index]);
    if (!same) last.current = rows;
    return last.current;
  });
}
