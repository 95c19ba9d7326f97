/** The times that snoozing offers, in the clock of the browser. */
export interface SnoozeTimes {
  /** In three hours, on the hour; null when that would be late in the evening or the next day. */
  laterToday: string | null;
  tomorrow: string;
  nextWeek: string;
}

const MORNING = 9;
const EVENING = 21;

function morning(now: Date, days: number): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING).toISOString();
}

export function snoozeTimes(now: Date): SnoozeTimes {
  const later = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 3);
  const sameDay = later.getDate() === now.getDate() && later.getHours() <= EVENING;
  // The next Monday; on a Monday the one in a week.
  const untilMonday = (8 - now.getDay()) % 7 || 7;
  return { laterToday: sameDay ? later.toISOString() : null, tomorrow: morning(now, 1), nextWeek: morning(now, untilMonday) };
}

/** The value of a `datetime-local` field, which has no time zone. */
export function toLocalField(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The time that the field says; null when it is none or already over. */
export function fromLocalField(value: string, now: number): string | null {
  const time = new Date(value).getTime();
  return Number.isFinite(time) && time > now ? new Date(time).toISOString() : null;
}
