/**
 * What happened, for those who hear the page: one polite live region, mounted once by the shell.
 * Two elements take turns, so that the same sentence twice is heard twice.
 */
import { useSyncExternalStore } from 'react';

let said = { text: '', turn: 0 };
const listeners = new Set<() => void>();

export function announce(text: string): void {
  said = { text, turn: said.turn + 1 };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const snapshot = () => said;

export function Announcer() {
  const { text, turn } = useSyncExternalStore(subscribe, snapshot);
  return (
    <div className="sr-only">
      <p role="status" aria-live="polite">
        {turn % 2 === 0 ? text : ''}
      </p>
      <p role="status" aria-live="polite">
        {turn % 2 === 1 ? text : ''}
      </p>
    </div>
  );
}
