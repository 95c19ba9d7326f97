/**
 * Whether the server has a newer app than the one that this page is of.
 *
 * The page says its build in `<meta name="build">`, the server with every `welcome`. Invariant: a build for which the page was
 * loaded again, and which did not come with it (an old page in a cache, two versions behind one address), is not asked for
 * a second time. Absent on purpose: when to load it again; only the shell knows what somebody is doing.
 */
import { useSyncExternalStore } from 'react';

const KEY = 'sb.reloaded';

let newer: string | null = null;
const listeners = new Set<() => void>();

/** What `welcome` said. */
export function heardBuild(build: string): void {
  const own = document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content ?? '';
  const next = isNamed(own) && isNamed(build) && own !== build && build !== reloadedFor() ? build : null;
  if (next === newer) return;
  newer = next;
  for (const listener of listeners) listener();
}

export function useNewBuild(): boolean {
  return useSyncExternalStore(subscribe, () => newer !== null);
}

/** Loads the page anew, as it stands. */
export function loadNewBuild(): void {
  try {
    sessionStorage.setItem(KEY, newer ?? '');
  } catch {
    // Then it may be asked for once more.
  }
  location.reload();
}

/** Under Vite's own server the page has none, and a server that was built without the app says `dev`. */
function isNamed(build: string): boolean {
  return build !== '' && build !== 'dev' && build !== '%BUILD%';
}

function reloadedFor(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
