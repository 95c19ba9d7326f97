/** Which rows are ticked, as ids; pure, so that rows which aren't drawn count as well. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** Where a range begins: the row that was ticked last. */
  anchor: string | null;
}

export const nothing: Selection = { ids: new Set(), anchor: null };

export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** Ticks everything from the anchor to `id`, in the order of the list. */
export function extend(selection: Selection, id: string, order: readonly string[]): Selection {
  const to = order.indexOf(id);
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  if (to < 0) return selection;
  if (from < 0) return toggle(selection, id);
  const ids = new Set(selection.ids);
  for (const between of order.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(between);
  return { ids, anchor: selection.anchor };
}

/** The neighbour of `id`; without one, the first row. */
export function step(order: readonly string[], id: string | null, by: 1 | -1): string | null {
  const index = id === null ? -1 : order.indexOf(id);
  if (index < 0) return order[0] ?? null;
  return order[index + by] ?? null;
}

export type Advance = 'next' | 'previous' | 'list';

/** What to open when `id` is done with; null: the list. The neighbour on the other side serves at an end of the list. */
export function advance(order: readonly string[], id: string, how: Advance): string | null {
  if (how === 'list') return null;
  const by = how === 'next' ? 1 : -1;
  const index = order.indexOf(id);
  return index < 0 ? null : (order[index + by] ?? order[index - by] ?? null);
}
