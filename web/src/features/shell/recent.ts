/**
 * What was opened last in this tab, for the palette. Ids only and in memory only: names of customers are not left behind
 * in the browser, and after signing out nothing is.
 */
import { useSyncExternalStore } from 'react';

export interface Recent {
  kind: 'conversation' | 'customer';
  id: string;
}

const KEPT = 8;

let list: readonly Recent[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Recent[]): void {
  list = next;
  for (const listener of listeners) listener();
}

export function visited(recent: Recent): void {
  set([recent, ...list.filter(({ kind, id }) => kind !== recent.kind || id !== recent.id)].slice(0, KEPT));
}

export function forgetRecent(): void {
  set([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const snapshot = () => list;

export function useRecent(): readonly Recent[] {
  return useSyncExternalStore(subscribe, snapshot);
}
