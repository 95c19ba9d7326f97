/**
 * Provisional ranks of cards that were just dropped, until the server says the real one.
 *
 * Real ranks are hex digits in byte order. `!` and the space stand before every digit and `~` after all of them, so a
 * provisional one never meets a real one, and the card stays exactly where it was dropped.
 */

/** Right after `lower`, before whatever follows it. */
export function rankAfter(lower: string): string {
  return `${lower}!`;
}

/** Before everything that is not before `upper`, after everything that is. */
export function rankBefore(upper: string, previous: string | undefined): string {
  return previous === undefined || previous >= upper ? ` ${upper}` : rankAfter(previous);
}

/** After all others. */
export function rankLast(last: string | undefined): string {
  return last?.startsWith('~') ? `${last}~` : '~';
}
