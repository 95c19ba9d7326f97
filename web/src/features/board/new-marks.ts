/**
 * Which cards this user has not looked at yet, kept in this browser for each user.
 *
 * Ids are UUIDv7, so they sort by creation: everything up to `floor` counts as seen, above it only what is in `seen`.
 * Invariant: at most 500 ids; when there are more, the floor rises over the oldest. A card that came while nobody was
 * here is above the floor and so is new. Absent on purpose: a copy on the server; the mark is a hint, not a record.
 */
import { useSyncExternalStore } from 'react';

export const KEPT = 500;

interface Marks {
  floor: string;
  seen: readonly string[];
}

const key = (userId: string) => `sb-board-seen:${userId}`;

/** The smallest UUIDv7 of a moment. */
export function idFloor(at: number): string {
  const hex = Math.floor(at).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}

export class NewMarks {
  private readonly userId: string;
  private marks: Marks;
  private readonly listeners = new Set<() => void>();

  constructor(userId: string, now: number) {
    this.userId = userId;
    const stored = read(userId);
    // Whoever opens the board for the first time is not greeted by a wall of marks.
    this.marks = stored ?? { floor: idFloor(now), seen: [] };
    if (!stored) this.write();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.listeners.size === 0) addEventListener('storage', this.onStorage);
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) removeEventListener('storage', this.onStorage);
    };
  };

  readonly isNew = (id: string): boolean => id > this.marks.floor && !this.marks.seen.includes(id);

  see(ids: readonly string[]): void {
    const fresh = ids.filter(this.isNew);
    if (fresh.length === 0) return;
    // Another tab may have written since.
    const stored = read(this.userId) ?? this.marks;
    this.marks = bounded({ floor: stored.floor, seen: [...new Set([...stored.seen, ...fresh])] });
    this.write();
    this.tell();
  }

  private readonly onStorage = (event: StorageEvent): void => {
    if (event.key !== key(this.userId)) return;
    this.marks = read(this.userId) ?? this.marks;
    this.tell();
  };

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private write(): void {
    try {
      localStorage.setItem(key(this.userId), JSON.stringify(this.marks));
    } catch {
      // Full or blocked: the marks last as long as the tab.
    }
  }
}

function bounded({ floor, seen }: Marks): Marks {
  const above = seen.filter((id) => id > floor).toSorted();
  const dropped = above.slice(0, Math.max(0, above.length - KEPT));
  return { floor: dropped.at(-1) ?? floor, seen: above.slice(dropped.length) };
}

function read(userId: string): Marks | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(userId)) ?? 'null');
    if (typeof stored !== 'object' || stored === null || !('floor' in stored) || !('seen' in stored)) return null;
    const { floor, seen } = stored;
    if (typeof floor !== 'string' || !Array.isArray(seen)) return null;
    return bounded({ floor, seen: seen.filter((id) => typeof id === 'string') });
  } catch {
    return null;
  }
}

const ofUsers = new Map<string, NewMarks>();

export function newMarks(userId: string): NewMarks {
  let marks = ofUsers.get(userId);
  if (!marks) ofUsers.set(userId, (marks = new NewMarks(userId, Date.now())));
  return marks;
}

export function useIsNew(marks: NewMarks, id: string): boolean {
  return useSyncExternalStore(marks.subscribe, () => marks.isNew(id));
}
