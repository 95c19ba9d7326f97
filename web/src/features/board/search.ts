/** What of the board is in the address: the filters and the open card. Defaults are left out. */

export const sources = ['organic', 'ad', 'lead_ad', 'website'] as const;
export type Source = (typeof sources)[number];

export interface BoardSearch {
  q?: string;
  /** A user's id, `me` or `none`. */
  assignee?: string;
  source?: Source;
  /** The card whose details are open. */
  card?: string;
}

const text = (value: unknown, max: number): string | undefined => {
  // The router reads `q=2024` as a number; it was typed as a text.
  const string = typeof value === 'number' ? String(value) : value;
  if (typeof string !== 'string') return undefined;
  return string.trim().slice(0, max) || undefined;
};

export function boardSearch(raw: Record<string, unknown>): BoardSearch {
  const found: BoardSearch = {
    q: text(raw['q'], 200),
    assignee: text(raw['assignee'], 64),
    source: sources.find((source) => source === raw['source']),
    card: text(raw['card'], 64),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
