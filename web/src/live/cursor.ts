/** The place in the log up to which this tab has applied, also over a reload of the page. */
const KEY = 'sb.cursor';

export interface Cursor {
  user: string;
  epoch: number;
  seq: number;
}

export function readCursor(user: string): Cursor | null {
  try {
    const cursor = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<Cursor> | null;
    if (cursor?.user !== user || !Number.isSafeInteger(cursor.seq) || !Number.isSafeInteger(cursor.epoch)) return null;
    return cursor as Cursor;
  } catch {
    return null;
  }
}

export function writeCursor(cursor: Cursor): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(cursor));
  } catch {
    // Storage is full or forbidden: then a reload starts anew.
  }
}

export function dropCursor(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing is there to drop.
  }
}
