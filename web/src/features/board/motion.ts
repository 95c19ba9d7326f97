/** Moves of others, seen: a card that came fades in, the ones beside it make room. 150 ms, and never while scrolling. */
import { useEffect, useRef, useState } from 'react';

const SHIFT_MS = 200;
/** More than this at once is a page of cards, not a move. */
const MOST = 8;

interface Arrivals {
  /** Cards that were not in the column before the last change. */
  arrived: ReadonlySet<string>;
  /** Rows slide to their new places. */
  isShifting: boolean;
}

const still: Arrivals = { arrived: new Set(), isShifting: false };

export function useArrivals(ids: readonly string[]): Arrivals {
  const [before, setBefore] = useState(ids);
  const [arrivals, setArrivals] = useState(still);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // During the render that shows the new order: the transition has to be there together with the new place.
  if (before !== ids) {
    setBefore(ids);
    setArrivals(arrivalsOf(before, ids));
  }
  useEffect(() => {
    if (!arrivals.isShifting) return undefined;
    timer.current = setTimeout(() => setArrivals(still), SHIFT_MS);
    return () => clearTimeout(timer.current);
  }, [arrivals]);
  return arrivals;
}

export function arrivalsOf(before: readonly string[], ids: readonly string[]): Arrivals {
  const old = new Set(before);
  const arrived = ids.filter((id) => !old.has(id));
  const isAppended = arrived.length > 0 && ids.slice(0, before.length).every((id, index) => id === before[index]);
  if (before.length === 0 || arrived.length > MOST || (isAppended && arrived.length > 1)) return still;
  return { arrived: new Set(arrived), isShifting: true };
}
