/** How many open conversations there are. The server tells absolute numbers, so nothing is counted here. */
import { useSyncExternalStore } from 'react';
import { api, takeShown } from '@/api/client';
import type { Counts } from '@/api/types';
import { onClear } from './entities';
import { Resource } from './resource';

/** Of the numbers that are shown: an answer that is older than an event does not replace it. */
let shown = -1;

const counts = new Resource<Counts>({ room: 'inbox', load });

async function load(): Promise<Counts> {
  const { data, seq } = await takeShown(api.GET('/api/v1/conversations/counts'));
  const current = currentCounts();
  if (current && seq < shown) return current;
  shown = seq;
  return data;
}

onClear(() => {
  shown = -1;
  counts.clear();
});

export function useCounts(): Counts | undefined {
  return useSyncExternalStore(counts.subscribe, counts.read).data;
}

export function currentCounts(): Counts | undefined {
  return counts.read().data;
}

/** Calls back when the numbers change, and keeps them live meanwhile. */
export function watchCounts(listener: () => void): () => void {
  return counts.subscribe(listener);
}

/** What `inbox.counted` said. */
export function setCounts(data: Counts, seq: number): void {
  if (seq < shown) return;
  shown = seq;
  counts.set(data);
}
