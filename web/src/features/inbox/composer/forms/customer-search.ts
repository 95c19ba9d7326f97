import { useEffect, useState } from 'react';
import { api, take } from '@/api/client';
import type { Customer } from '@/api/types';
import { customers } from '@/store/entities';

const PAUSE_MS = 200;
const SHOWN = 5;
const LEAST_CHARS = 2;

interface Search {
  state: 'idle' | 'ready' | 'failed';
  found: readonly Customer[];
}

const NOTHING: Search = { state: 'idle', found: [] };

/** Customers by the words of the search over all of them. What was found stands until the next answer. */
export function useCustomerSearch(query: string): Search {
  const [search, setSearch] = useState(NOTHING);
  const q = query.trim();
  useEffect(() => {
    if (q.length < LEAST_CHARS) {
      setSearch(NOTHING);
      return;
    }
    const abort = new AbortController();
    const { signal } = abort;
    const timer = setTimeout(async () => {
      try {
        const { items } = await take(api.GET('/api/v1/customers', { params: { query: { q, limit: SHOWN } }, signal }));
        if (signal.aborted) return;
        customers.put(items);
        setSearch({ state: 'ready', found: items });
      } catch {
        if (!signal.aborted) setSearch({ state: 'failed', found: [] });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [q]);
  return search;
}
