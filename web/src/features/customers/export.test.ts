import { expect, test } from 'vitest';
import type { Customer } from '@/api/types';
import { texts } from '@/lib/i18n';
import { customersCsv } from './export';
import { isNews } from './query';
import { touchRows, touchTitle } from './touch-words';
import { parseHidden } from './visible';
import { word } from './words';

const t = texts();
const customer = (change: Partial<Customer> = {}): Customer => ({
  id: 'c',
  name: 'Ayşe, "A"',
  phone: '+905321234567',
  identities: [
    { channel_kind: 'whatsapp', kind: 'wa_id', external_id: '905321234567' },
    { channel_kind: 'whatsapp', kind: 'bsuid', external_id: 'TR.1', username: 'ayse' },
  ],
  marketing_opt_out: true,
  created_at: '2026-11-20T10:00:00Z',
  version: 2,
  ...change,
});

test('the export quotes, names channels once, and runs no formula', () => {
  const [, row = ''] = customersCsv([customer({ email: '=1+1' })], t).split('\r\n');
  expect(row).toContain('"Ayşe, ""A"""');
  expect(row).toContain("'=1+1");
  expect(row).toContain(',WhatsApp,');
  expect(row).toContain('bsuid: @ayse TR.1');
});

test('news to a page: who came later or changed elsewhere, not who is on it or was only fetched', () => {
  const page = { ids: ['shown'], newest: '2026-11-20T12:00:00Z' };
  expect(isNews(customer({ id: 'shown', version: 9 }), 2, page)).toBe(false);
  expect(isNews(customer({ id: 'x', created_at: '2026-11-20T12:00:01Z' }), undefined, page)).toBe(true);
  expect(isNews(customer({ id: 'x' }), undefined, page)).toBe(false);
  expect(isNews(customer({ id: 'x', version: 3 }), 2, page)).toBe(true);
  expect(isNews(customer({ id: 'x', version: 2 }), 2, page)).toBe(false);
});

test('a touch: known facts in their order, unknown ones after, empty ones not at all, no link but https', () => {
  const touch = { id: 't', at: '2026-11-20T10:00:00Z', zeta_id: 7, ctwa_clid: 'ARA', campaign_name: 'Autumn', utm_term: null, headline: '', source_url: 'javascript:alert(1)', page_url: 'https://a.test/x', extra: { a: 1 } };
  const rows = touchRows(touch, t.customers.attribution);
  expect(rows.map((row) => row.key)).toEqual(['campaign_name', 'source_url', 'page_url', 'ctwa_clid', 'extra', 'zeta_id']);
  expect(rows.filter((row) => row.href).map((row) => row.key)).toEqual(['page_url']);
  expect(rows.filter((row) => row.copy).map((row) => row.key)).toEqual(['ctwa_clid', 'zeta_id']);
  expect(rows.find((row) => row.key === 'extra')).toMatchObject({ label: 'Extra', value: '{"a":1}' });
  expect(touchTitle(touch, t.customers.timeline)).toBe(t.customers.timeline.touchAd('Autumn'));
});

test('keys that are not known are made readable, also those that objects have of themselves', () => {
  expect(word(t.customers.timeline.kinds, 'order_status')).toBe('Order status');
  expect(word(t.customers.timeline.kinds, 'constructor')).toBe('Constructor');
});

test('the name can’t be hidden', () => {
  expect(parseHidden('name,email,nonsense')).toMatchObject({ name: true, email: false, phone: true });
  expect(Object.values(parseHidden(null)).every(Boolean)).toBe(true);
});
