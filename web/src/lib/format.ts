/**
 * Times, numbers, money and names as people read them, in the language shown.
 *
 * Owns: every `Intl` object of the app, made once for each language. Invariants: 24 hours, the browser's time zone (an
 * agent works where the browser is), and an unreadable time is an empty text, never "Invalid Date". Absent on purpose:
 * a library of dates; there is no arithmetic here beyond "is it today".
 */
import type { Money } from '@/api/types';
import { currentLang, currentLocale, type Lang } from './i18n';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One `Intl` object per locale, made when first asked for. They cost up to a millisecond each, rows ask by the thousand. */
function cached<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const locale = currentLocale();
    let it = made.get(locale);
    if (!it) {
      it = make(locale);
      made.set(locale, it);
    }
    return it;
  };
}

const dates = (options: Intl.DateTimeFormatOptions) => cached((locale) => new Intl.DateTimeFormat(locale, options));

const timeOnly = dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const weekdayDate = dates({ weekday: 'short', day: 'numeric', month: 'short' });
const shortDate = dates({ day: 'numeric', month: 'short' });
const longDate = dates({ day: 'numeric', month: 'short', year: 'numeric' });
const numericDate = dates({ day: '2-digit', month: '2-digit', year: '2-digit' });
const fullDate = dates({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const ago = cached((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }));
const dayName = cached((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' }));
const plain = cached((locale) => new Intl.NumberFormat(locale));
const collators = cached((locale) => new Intl.Collator(locale, { sensitivity: 'base', numeric: true }));

function parsed(at: string): Date | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

function sameDay(a: Date, b: Date): boolean {
  return a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();
}

function daysBefore(today: Date, days: number): Date {
  // By the calendar, not by 24 hours: the night of a clock change has 23 or 25.
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - days);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(currentLocale()) + text.slice(1);
}

/** 14:05 */
export function time(at: string): string {
  const date = parsed(at);
  return date ? timeOnly().format(date) : '';
}

/** Today, Yesterday, Mon 17 Nov, 17 Nov 2025 */
export function day(at: string): string {
  const date = parsed(at);
  if (!date) return '';
  const today = new Date();
  if (sameDay(date, today)) return capital(dayName().format(0, 'day'));
  if (sameDay(date, daysBefore(today, 1))) return capital(dayName().format(-1, 'day'));
  return (date.getFullYear() === today.getFullYear() ? weekdayDate() : longDate()).format(date);
}

/** The narrow stamp of a list: 14:05 today, 17 Nov this year, 17/11/25 before that. */
export function stamp(at: string): string {
  const date = parsed(at);
  if (!date) return '';
  const today = new Date();
  if (sameDay(date, today)) return timeOnly().format(date);
  return (date.getFullYear() === today.getFullYear() ? shortDate() : numericDate()).format(date);
}

/** 17 Nov 2026, 14:05 */
export function full(at: string): string {
  const date = parsed(at);
  return date ? fullDate().format(date) : '';
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
];

/** "3 min ago", "in 2 hr"; `now` is given, so that one shared clock moves all of them. */
export function relative(at: string, now: number): string {
  const date = parsed(at);
  if (!date) return '';
  const difference = date.getTime() - now;
  for (const [unit, size] of steps) {
    if (Math.abs(difference) >= size) return ago().format(Math.trunc(difference / size), unit);
  }
  return ago().format(0, 'second');
}

const units: Record<Lang, { d: string; h: string; min: string; s: string }> = {
  en: { d: 'd', h: 'h', min: 'min', s: 's' },
  de: { d: 'Tg.', h: 'Std.', min: 'Min.', s: 'Sek.' },
  tr: { d: 'gün', h: 'sa', min: 'dk', s: 'sn' },
};

/** "5 h 12 min": the two largest units that say something. */
export function duration(ms: number): string {
  const unit = units[currentLang()];
  const rest = Math.max(0, ms);
  if (rest < MINUTE) return `${Math.floor(rest / 1000)} ${unit.s}`;
  const pair = (large: number, largeUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${number(large)} ${largeUnit}` : `${number(large)} ${largeUnit} ${small} ${smallUnit}`;
  if (rest >= 2 * DAY) return pair(Math.floor(rest / DAY), unit.d, Math.floor((rest % DAY) / HOUR), unit.h);
  if (rest >= HOUR) return pair(Math.floor(rest / HOUR), unit.h, Math.floor((rest % HOUR) / MINUTE), unit.min);
  return `${Math.floor(rest / MINUTE)} ${unit.min}`;
}

const languageNames = cached((locale) => new Intl.DisplayNames([locale], { type: 'language' }));

/** "German" of `de`, "English (US)" of `en_US`, as platforms write them. */
export function languageName(code: string): string {
  try {
    return languageNames().of(code.replaceAll('_', '-')) ?? code;
  } catch {
    return code;
  }
}

/** 0:07, 12:30: a place in a recording, in seconds. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

const currencies = new Map<string, { format: Intl.NumberFormat; digits: number }>();

function currency(code: string): { format: Intl.NumberFormat; digits: number } {
  const key = `${currentLocale()} ${code}`;
  let it = currencies.get(key);
  if (!it) {
    const format = new Intl.NumberFormat(currentLocale(), {
      style: 'currency',
      currency: code,
      currencyDisplay: 'narrowSymbol',
      trailingZeroDisplay: 'stripIfInteger',
    } as Intl.NumberFormatOptions);
    it = { format, digits: format.resolvedOptions().maximumFractionDigits ?? 2 };
    currencies.set(key, it);
  }
  return it;
}

/** Amounts are in minor units; how many digits those are is the currency's business (JPY has none). */
export function money(value: Money): string {
  try {
    const { format, digits } = currency(value.currency);
    return format.format(value.amount / 10 ** digits);
  } catch {
    // Not a currency code at all: the bare amount is better than a broken row.
    return `${number(value.amount / 100)} ${value.currency}`;
  }
}

/** One sum for each currency; they are never added up. */
export function sums(values: readonly Money[]): string {
  return values.map(money).join(' · ');
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
const byteFormats = byteUnits.map((unit) =>
  // The short form of a byte has no plural.
  cached((locale) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: 1 })),
);

export function bytes(n: number): string {
  let step = 0;
  let value = n;
  while (value >= 1000 && step < byteUnits.length - 1) {
    value /= 1000;
    step += 1;
  }
  return byteFormats[step]?.().format(value) ?? '';
}

export function number(n: number): string {
  return plain().format(n);
}

/** First letters of the first and the last word that have one. */
export function initials(name: string): string {
  const letters = name
    .split(/\s+/u)
    .map((word) => /\p{L}/u.exec(word)?.[0])
    .filter((letter) => letter !== undefined);
  const first = letters[0];
  if (first === undefined) return '#';
  const last = letters.length > 1 ? (letters.at(-1) ?? '') : '';
  return (first + last).toLocaleUpperCase(currentLocale());
}

/** Country codes of two digits; 1 and 7 have one, all others three. */
const twoDigits = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** "+90 532 123 45 67", "+49 151 5550000". Groups for the eye only: no table of every country's habits. */
export function phone(e164: string): string {
  if (!/^\+\d{7,15}$/.test(e164)) return e164;
  const digits = e164.slice(1);
  const code = /^[17]/.test(digits) ? digits.slice(0, 1) : digits.slice(0, twoDigits.test(digits) ? 2 : 3);
  const rest = digits.slice(code.length);
  if (code === '90' && rest.length === 10) return `+90 ${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6, 8)} ${rest.slice(8)}`;
  if (code === '1' && rest.length === 10) return `+1 ${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6)}`;
  return rest.length > 5 ? `+${code} ${rest.slice(0, 3)} ${rest.slice(3)}` : `+${code} ${rest}`;
}

/** A WhatsApp number that nobody has named is called by its digits. */
export function channelName({ kind, name }: { kind: string; name: string }): string {
  return kind === 'whatsapp' && /^\d+$/.test(name) ? phone(`+${name}`) : name;
}

/** Order of names in the language shown; 'ç' after 'c', "Item 2" before "Item 10". */
export function collate(a: string, b: string): number {
  return collators().compare(a, b);
}
