/** Which columns are shown: a habit of the browser's user, not part of the address that one sends to a colleague. */
import { useState } from 'react';

export const COLUMNS = ['name', 'phone', 'email', 'channels', 'opt_out', 'created_at'] as const;
export type ColumnId = (typeof COLUMNS)[number];
/** The name can't be hidden: it opens the customer. */
export const HIDEABLE = COLUMNS.filter((id) => id !== 'name');
export type Visibility = Record<ColumnId, boolean>;

const KEY = 'sb-customers-hidden';

export function parseHidden(stored: string | null): Visibility {
  const hidden = new Set((stored ?? '').split(','));
  return Object.fromEntries(COLUMNS.map((id) => [id, id === 'name' || !hidden.has(id)])) as Visibility;
}

export function useVisibility(): [Visibility, (id: ColumnId) => void] {
  const [visibility, setVisibility] = useState(() => parseHidden(read()));
  const toggle = (id: ColumnId) => {
    const next = { ...visibility, [id]: !visibility[id] };
    setVisibility(next);
    write(COLUMNS.filter((column) => !next[column]).join(','));
  };
  return [visibility, toggle];
}

/** A browser that blocks storage still shows the table. */
function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function write(hidden: string): void {
  try {
    localStorage.setItem(KEY, hidden);
  } catch {
    // The choice lasts until the page is closed.
  }
}
