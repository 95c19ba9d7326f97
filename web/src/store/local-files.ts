/**
 * Files that were attached in this tab, as addresses that the page can show: from the moment of choosing on, and after the
 * server has them too, so that a picture never blinks. By the `client_id` of the message that they go with.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { onClear } from './entities';

/** Each holds a file in memory. */
const MOST_SHOWN = 60;

const urls = new Map<string, string>();
const listeners = new Set<() => void>();

onClear(() => {
  for (const url of urls.values()) URL.revokeObjectURL(url);
  urls.clear();
  tell();
});

export function showLocally(clientId: string, blob: Blob): void {
  if (urls.has(clientId)) return;
  urls.set(clientId, URL.createObjectURL(blob));
  for (const old of urls.keys()) {
    if (urls.size <= MOST_SHOWN) break;
    hideLocally(old);
  }
  tell();
}

export function hideLocally(clientId: string): void {
  const url = urls.get(clientId);
  if (url === undefined) return;
  URL.revokeObjectURL(url);
  urls.delete(clientId);
  tell();
}

export function localUrl(clientId: string | null | undefined): string | null {
  return (clientId && urls.get(clientId)) || null;
}

export function useLocalUrl(clientId: string | null | undefined): string | null {
  return useSyncExternalStore(subscribe, useCallback(() => localUrl(clientId), [clientId]));
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
