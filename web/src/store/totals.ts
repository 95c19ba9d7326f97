/**
 * Counts and sums of a board's columns, kept true by the card events, also for cards that are not loaded.
 *
 * Invariants: `columns` is what the server showed at `seq` plus every event after it, each counted once. `counted` holds
 * how the known cards are part of that, with the place in the log where it is known from: an event that changes a card
 * whose earlier value is not known, or is known from later than the event, makes the totals stale (a fetch mends them).
 * Cards that the table knows newer than the events (an optimistic move, an answer that came first) are added on top.
 */
import type { Card, ColumnSummary, LiveEvent, Money } from '@/api/types';

interface Counted {
  column: string;
  value: Money | null;
  seq: number;
}

export type CardEvent = Extract<LiveEvent, { name: `card.${string}` }>;

export class Totals {
  private seq = 0;
  private columns = new Map<string, { count: number; sum: Map<string, number> }>();
  private readonly counted = new Map<string, Counted>();
  /** Known newer than counted. */
  private readonly ahead = new Map<string, { column: string; value: Money | null }>();

  /** What a fetch showed. */
  reset(columns: readonly ColumnSummary[], cards: readonly Card[], seq: number): void {
    // Of two fetches at a time the older answer may come last.
    if (seq < this.seq) return;
    this.seq = seq;
    this.columns = new Map(
      columns.map((column) => [
        column.id,
        { count: column.count, sum: new Map(column.sum.map((money) => [money.currency, money.amount])) },
      ]),
    );
    // Other cards may have changed while nobody listened; what was known of them would be taken from a wrong column.
    this.counted.clear();
    this.ahead.clear();
    for (const card of cards) this.counted.set(card.id, { column: card.column_id, value: card.value ?? null, seq });
  }

  /** Cards of a further page, shown at `seq`. */
  learn(cards: readonly Card[], seq: number): void {
    for (const card of cards) {
      if (!this.counted.has(card.id)) this.counted.set(card.id, { column: card.column_id, value: card.value ?? null, seq });
    }
  }

  /** False: the totals can't follow any more. `worthSame`: whatever changed, the value did not. */
  apply(event: CardEvent, worthSame = false): boolean {
    const { name } = event;
    const id = name === 'card.deleted' ? event.data.id : event.data.card.id;
    const known = this.counted.get(id);
    if (event.seq <= this.seq) {
      // It is in the totals already; only what is known of the card may be older.
      if (known && known.seq >= event.seq) return true;
      if (name === 'card.deleted') this.counted.delete(id);
      else this.counted.set(id, { column: event.data.card.column_id, value: event.data.card.value ?? null, seq: event.seq });
      return true;
    }
    this.seq = event.seq;
    const before = known && known.seq < event.seq ? known : undefined;
    if (name === 'card.deleted') {
      this.counted.delete(id);
      this.ahead.delete(id);
      if (before) this.add(before.column, -1, before.value);
      return before !== undefined;
    }
    const { card, from_column_id: from } = event.data;
    const value = card.value ?? null;
    if (!known || before) this.counted.set(id, { column: card.column_id, value, seq: event.seq });
    if (name === 'card.created') {
      this.add(card.column_id, 1, value);
      return true;
    }
    if (name === 'card.moved') {
      this.add(from ?? before?.column ?? card.column_id, -1, before ? before.value : value);
      this.add(card.column_id, 1, value);
      // A move leaves the value as it is; only what is known from later can't be told apart.
      return known === undefined || before !== undefined;
    }
    if (!before) return worthSame;
    this.add(before.column, -1, before.value);
    this.add(card.column_id, 1, value);
    return true;
  }

  /** The card as the table has it; tells whether the totals look different now. */
  see(card: Card): boolean {
    const counted = this.counted.get(card.id);
    if (!counted) return false;
    const value = card.value ?? null;
    const same = counted.column === card.column_id && sameMoney(counted.value, value);
    if (same) return this.ahead.delete(card.id);
    this.ahead.set(card.id, { column: card.column_id, value });
    return true;
  }

  /** The columns with their totals of now. */
  view(columns: readonly ColumnSummary[]): ColumnSummary[] {
    const shift = new Map<string, { count: number; sum: Map<string, number> }>();
    for (const [id, now] of this.ahead) {
      const before = this.counted.get(id);
      if (!before) continue;
      change(shift, before.column, -1, before.value);
      change(shift, now.column, 1, now.value);
    }
    return columns.map((column) => {
      const base = this.columns.get(column.id);
      const more = shift.get(column.id);
      const sum = new Map(base?.sum);
      for (const [currency, amount] of more?.sum ?? []) sum.set(currency, (sum.get(currency) ?? 0) + amount);
      return {
        ...column,
        count: (base?.count ?? 0) + (more?.count ?? 0),
        sum: [...sum].filter(([, amount]) => amount !== 0).map(([currency, amount]) => ({ amount, currency })),
      };
    });
  }

  private add(column: string, count: 1 | -1, value: Money | null): void {
    change(this.columns, column, count, value);
  }
}

function change(
  columns: Map<string, { count: number; sum: Map<string, number> }>,
  column: string,
  count: 1 | -1,
  value: Money | null,
): void {
  let totals = columns.get(column);
  if (!totals) columns.set(column, (totals = { count: 0, sum: new Map() }));
  totals.count += count;
  if (value) totals.sum.set(value.currency, (totals.sum.get(value.currency) ?? 0) + count * value.amount);
}

function sameMoney(a: Money | null, b: Money | null): boolean {
  return a?.amount === b?.amount && a?.currency === b?.currency;
}
