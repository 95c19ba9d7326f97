/**
 * What Meta charges for a template, by its prices per message (in force since July 2025). Pure.
 *
 * Absent on purpose: amounts, which differ by country and contract; what was charged in the end, which the server does not keep;
 * and the 72 free hours after a click on an ad, of which nobody here knows. So the words say "as a rule".
 */

/** The 24 hours after a customer's last message, at the moment of sending. */
export type ReplyWindow = 'open' | 'closed' | 'unknown';

export type CostNote = 'marketing' | 'authentication' | 'free' | 'charged' | 'depends';

const DAY_MS = 24 * 3_600_000;

/** Null: of a category that came after this build. */
export function costNote(category: string, window: ReplyWindow): CostNote | null {
  if (category === 'marketing' || category === 'authentication') return category;
  if (category !== 'utility') return null;
  return window === 'open' ? 'free' : window === 'closed' ? 'charged' : 'depends';
}

/**
 * The window as it was at a moment. `expires` is of the customer's last message: where that came later, only a message that is known
 * (`heard`, in epoch milliseconds) tells.
 */
export function windowAt(at: number, expires: string | null | undefined, heard: Iterable<number> = []): ReplyWindow {
  const end = expires ? Date.parse(expires) : Number.NEGATIVE_INFINITY;
  if (at >= end) return 'closed';
  if (at >= end - DAY_MS) return 'open';
  for (const time of heard) if (time <= at && at < time + DAY_MS) return 'open';
  return 'unknown';
}
