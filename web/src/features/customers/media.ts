import { useSyncExternalStore } from 'react';

const query = matchMedia('(width < 40rem)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether a table has no room: cards take its place, so that the same rows are not in the page twice. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
