/** A touch as rows that a person can read. */
import type { Touch } from '@/api/types';
import type { AllTexts } from '@/lib/i18n';
import { safeLink } from '@/lib/richtext-link';
import { word } from './words';

type Words = AllTexts['customers']['attribution'];

export interface TouchRow {
  key: string;
  label: string;
  value: string;
  /** An address that may be opened, and where it leads if that is not what one reads. */
  href: string | null;
  host: string | null;
  /** Worth copying: an id that is looked up elsewhere. */
  copy: boolean;
}

export function touchRows(touch: Touch, t: Words): TouchRow[] {
  const known = Object.keys(t.fields);
  const place = (key: string) => (known.includes(key) ? known.indexOf(key) : known.length);
  return Object.entries(touch)
    .filter(([key, value]) => key !== 'id' && key !== 'at' && value !== null && value !== '')
    .toSorted(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, label: word(t.fields, key), value: shown(value, t), ...link(value), copy: /(^|_)(id|clid)$/u.test(key) }));
}

function shown(value: unknown, t: Words): string {
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function link(value: unknown): Pick<TouchRow, 'href' | 'host'> {
  return (typeof value === 'string' ? safeLink(value) : null) ?? { href: null, host: null };
}

/** What a touch is, in one line. */
export function touchTitle(touch: Touch, t: AllTexts['customers']['timeline']): string {
  const first = (...keys: string[]) => {
    for (const key of keys) {
      const value = touch[key];
      if (typeof value === 'string' && value.trim() !== '') return value;
    }
    return '';
  };
  if (touch['form_id'] !== undefined && touch['form_id'] !== null) return t.touchForm(first('campaign_name', 'ad_name'));
  if (first('ad_id', 'ctwa_clid') !== '' || touch['source_type'] === 'ad') return t.touchAd(first('ad_name', 'headline', 'campaign_name'));
  if (first('page_url', 'utm_source') !== '') return t.touchWebsite;
  return t.touch;
}
