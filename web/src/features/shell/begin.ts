/** Finds out who this is, however long the server takes to answer: nothing else can be done before that. */
import { useSyncExternalStore } from 'react';
import { loadSession } from '@/store/session';

const LONGEST_MS = 10_000;

let unanswered = false;
const listeners = new Set<() => void>();

function tell(next: boolean): void {
  unanswered = next;
  for (const listener of listeners) listener();
}

export async function beginSession(): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_MS)) {
    try {
      await loadSession();
      tell(false);
      return;
    } catch {
      tell(true);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the server was asked and did not answer yet. */
export function useUnanswered(): boolean {
  return useSyncExternalStore(subscribe, () => unanswered);
}
