/**
 * Small choices of this browser (theme, density), kept in localStorage and followed by all tabs.
 * Only values from the given list ever come out, whatever storage holds.
 */
import { useSyncExternalStore } from 'react';

export interface Preference<T extends string> {
  read(): T;
  write(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function preference<T extends string>(key: string, values: readonly [T, ...T[]]): Preference<T> {
  const listeners = new Set<() => void>();
  const load = (): T => {
    try {
      const stored = localStorage.getItem(key);
      return values.find((value) => value === stored) ?? values[0];
    } catch {
      return values[0];
    }
  };
  let value = load();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  addEventListener('storage', (event) => {
    if (event.key !== key && event.key !== null) return;
    value = load();
    changed();
  });
  return {
    read: () => value,
    write(next) {
      value = next;
      try {
        localStorage.setItem(key, next);
      } catch {
        // Without storage the choice lasts until the tab is closed.
      }
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function usePreference<T extends string>(it: Preference<T>): [T, (value: T) => void] {
  return [useSyncExternalStore(it.subscribe, it.read), it.write];
}
