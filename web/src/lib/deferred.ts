/**
 * Parts of the app that come after the first picture, with no moment in which a loaded one is not there.
 *
 * `React.lazy` shows its fallback once even if the chunk has long arrived, which would drop the focus and the first click;
 * what is deferred here is plain state. Invariants: fetching ahead never fails loudly, needing a part does (the page's error
 * boundary says that there is a new version); a chunk that failed is asked for again the next time.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';

/** After the first picture, or two seconds later on a machine that never rests. */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, 1000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run, { timeout: 2000 });
  return () => cancelIdleCallback(handle);
}

export function deferred<M>(load: () => Promise<M>) {
  let module: M | null = null;
  let coming: Promise<M> | null = null;
  const listeners = new Set<() => void>();

  function fetch(): Promise<M> {
    coming ??= load().then(
      (loaded) => {
        module = loaded;
        for (const listener of listeners) listener();
        return loaded;
      },
      (error: unknown) => {
        coming = null;
        throw error;
      },
    );
    return coming;
  }
  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  const snapshot = () => module;

  return {
    /** Fetches the part ahead of its use; `then` runs once it is here, at once if it already is. */
    warm(then?: () => void): void {
      if (module !== null) then?.();
      else fetch().then(then, () => undefined);
    },

    /** The part if somebody has fetched it; asks for nothing itself. */
    useReady(): M | null {
      return useSyncExternalStore(subscribe, snapshot);
    },

    /** The part, once it is wanted and here. */
    useLoaded(wanted: boolean): M | null {
      const loaded = useSyncExternalStore(subscribe, snapshot);
      const [failure, setFailure] = useState<{ error: unknown } | null>(null);
      useEffect(() => {
        if (wanted) fetch().catch((error: unknown) => setFailure({ error }));
      }, [wanted]);
      if (failure && loaded === null) throw failure.error;
      return wanted ? loaded : null;
    },
  };
}
