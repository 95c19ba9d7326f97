/** How sources and due dates of cards are said. */
import type { Card } from '@/api/types';
import { texts } from '@/lib/i18n';
import { sources, type Source } from './search';

export function isSource(source: string): source is Source {
  return sources.some((known) => known === source);
}

export function sourceName(source: string): string {
  return isSource(source) ? texts().board.sources[source] : source;
}

const DETAIL = ['utm_campaign', 'headline', 'ad_title', 'form_name', 'ad_name', 'utm_source'] as const;

/** The ad, form or campaign by name, where the platform told one. */
export function sourceDetail({ attribution }: Pick<Card, 'attribution'>): string | null {
  for (const key of DETAIL) {
    const value = attribution?.[key];
    if (typeof value === 'string' && value.trim()) return value.trim();
  }
  return null;
}

/** A due date is a day. Amber from that day on, while the card is open. */
export function isDue(dueAt: string, now: number): boolean {
  const today = new Date(now);
  const tomorrow = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1);
  return new Date(dueAt).getTime() < tomorrow.getTime();
}

/** For an input of type date: the day where the browser is. */
export function dateOf(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Noon of that day: a colleague some hours east or west sees the same day. */
export function dueOf(date: string): string | null {
  const [year, month, day] = date.split('-').map(Number);
  if (!year || !month || !day) return null;
  return new Date(year, month - 1, day, 12).toISOString();
}
