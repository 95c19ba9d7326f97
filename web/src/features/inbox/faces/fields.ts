/** Reading what platforms told as they told it: every value may be missing or of another type. */
import { safeLink } from '@/lib/richtext-link';

export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A filled text; numbers count, since ids come as either. */
export function textOf(fields: Fields | null | undefined, key: string): string | null {
  const value = fields?.[key];
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

export function numberOf(fields: Fields | null | undefined, key: string): number | null {
  const value = fields?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function listOf(fields: Fields | null | undefined, key: string): Fields[] {
  const value = fields?.[key];
  return Array.isArray(value) ? value.map(asFields).filter((item) => item !== null) : [];
}

export function moneyOf(fields: Fields | null | undefined, key: string): { amount: number; currency: string } | null {
  const value = asFields(fields?.[key]);
  const amount = numberOf(value, 'amount');
  const currency = textOf(value, 'currency');
  return amount !== null && currency !== null ? { amount, currency } : null;
}

/** An address that a link may lead to; strangers write these. */
export function httpsOf(fields: Fields | null | undefined, key: string): string | null {
  const value = textOf(fields, key);
  return value === null ? null : (safeLink(value)?.href ?? null);
}
