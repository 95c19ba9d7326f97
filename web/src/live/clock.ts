/** One shared timer per period: everything that shows "5 min ago" ticks together, and nothing ticks while nobody looks. */
import { useSyncExternalStore } from 'react';

class Clock {
  private now = Date.now();
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly every: number;

  constructor(every: number) {
    this.every = every;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.tick(), this.every);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  };

  readonly read = (): number => {
    // Nobody listened for a while: the time shown would be the one of then.
    if (this.timer === undefined && Date.now() - this.now >= this.every) this.now = Date.now();
    return this.now;
  };

  private tick(): void {
    this.now = Date.now();
    for (const listener of this.listeners) listener();
  }
}

const clocks = new Map<number, Clock>();

/** Epoch milliseconds, renewed every `everyMs`. */
export function useNow(everyMs = 60_000): number {
  let clock = clocks.get(everyMs);
  if (!clock) clocks.set(everyMs, (clock = new Clock(everyMs)));
  return useSyncExternalStore(clock.subscribe, clock.read);
}
