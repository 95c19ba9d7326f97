/** Amounts of money as people type them, and as a table program reads them. Pure. */
import type { Money } from '@/api/types';

/** How many digits a currency has after the point: 2 for most, 0 for the yen, 3 for the dinar. */
export function fractionDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** "1234.50": always a point, no groups. */
export function plainAmount(value: Money): string {
  const digits = fractionDigits(value.currency);
  return (value.amount / 10 ** digits).toFixed(digits);
}

/** For an input, with the decimal sign of the language. */
export function inputAmount(value: Money, locale: string): string {
  const text = plainAmount(value).replace(/[.,]0+$/, '');
  return text.replace('.', decimalSign(locale));
}

export function decimalSign(locale: string): string {
  return new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.';
}

/**
 * Minor units of what was typed, or null when it is no amount. "1.234,5", "1,234.5" and "1234.5" are the same; a single
 * sign before exactly three digits is a decimal sign only where the language writes it so and the currency has three.
 */
export function parseAmount(text: string, currency: string, locale: string): number | null {
  const digits = fractionDigits(currency);
  const clean = text.replaceAll(/[\s\u00a0\u202f'’]/gu, '');
  if (!/^\d[\d.,]*$/.test(clean)) return null;
  const last = Math.max(clean.lastIndexOf('.'), clean.lastIndexOf(','));
  const tail = last === -1 ? '' : clean.slice(last + 1);
  const sign = last === -1 ? '' : clean.charAt(last);
  const repeated = last !== -1 && clean.indexOf(sign) !== last;
  const grouped = repeated || (tail.length === 3 && !(digits === 3 && sign === decimalSign(locale)));
  const fraction = last === -1 || grouped ? '' : tail;
  if (fraction.length > digits) return null;
  const whole = (fraction === '' ? clean : clean.slice(0, last)).replaceAll(/[.,]/g, '');
  const amount = Number(whole + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}
