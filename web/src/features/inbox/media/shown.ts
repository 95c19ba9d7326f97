/** Which picture or film of which conversation is looked at in full. */
import { useSyncExternalStore } from 'react';
import { onClear } from '@/store/entities';

export interface Shown {
  conversation: string;
  /** Its name in the thread (`fileId`). */
  file: string;
}

let shown: Shown | null = null;
const listeners = new Set<() => void>();

onClear(() => look(null));

export function look(next: Shown | null): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function useShown(): Shown | null {
  return useSyncExternalStore(subscribe, () => shown);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
