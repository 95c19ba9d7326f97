/** Keeps what was shown last, so that going back is instant; what is in use is never dropped. */
interface Kept {
  readonly retained: boolean;
  dispose(): void;
}

export class Cache<V extends Kept> {
  private readonly most: number;
  private readonly make: (key: string) => V;
  private readonly dropped: (key: string) => void;
  private readonly entries = new Map<string, V>();

  constructor(most: number, make: (key: string) => V, dropped: (key: string) => void = () => undefined) {
    this.most = most;
    this.make = make;
    this.dropped = dropped;
  }

  /** The one of the key, which is the newest from now on. */
  get(key: string): V {
    const value = this.entries.get(key) ?? this.make(key);
    this.entries.delete(key);
    this.entries.set(key, value);
    for (const [old, each] of this.entries) {
      if (this.entries.size <= this.most) break;
      if (!each.retained && old !== key) this.drop(old, each);
    }
    return value;
  }

  peek(key: string): V | undefined {
    return this.entries.get(key);
  }

  values(): IterableIterator<V> {
    return this.entries.values();
  }

  delete(key: string): void {
    const value = this.entries.get(key);
    if (value) this.drop(key, value);
  }

  clear(): void {
    for (const [key, value] of this.entries) this.drop(key, value);
  }

  private drop(key: string, value: V): void {
    this.entries.delete(key);
    value.dispose();
    this.dropped(key);
  }
}
