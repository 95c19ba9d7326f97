import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytes, channelName, collate, day, duration, full, initials, money, number, phone, relative, stamp, sums, time } from './format';
import { showLang } from './i18n';

const plainSpaces = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
/** A moment by the clock of whoever runs the test. */
const local = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 18, 15, 0), toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await showLang('en');
});

describe('times', () => {
  it('has 24 hours in every language', async () => {
    const at = local(2026, 10, 18, 0, 5);
    expect(time(at)).toBe('00:05');
    expect(time(local(2026, 10, 18, 14, 5))).toBe('14:05');
    await showLang('tr');
    expect(time(at)).toBe('00:05');
  });

  it('names days', async () => {
    expect(day(local(2026, 10, 18, 1))).toBe('Today');
    expect(day(local(2026, 10, 17, 23, 59))).toBe('Yesterday');
    expect(day(local(2026, 10, 16, 12))).toMatch(/^Mon,? 16 Nov$/);
    expect(day(local(2025, 10, 17, 12))).toBe('17 Nov 2025');
    await showLang('de');
    expect(day(local(2026, 10, 17, 12))).toBe('Gestern');
    await showLang('tr');
    expect(day(local(2026, 10, 18, 12))).toBe('Bugün');
  });

  it('stamps lists', () => {
    expect(stamp(local(2026, 10, 18, 9, 7))).toBe('09:07');
    expect(stamp(local(2026, 10, 17, 9, 7))).toBe('17 Nov');
    expect(stamp(local(2025, 10, 17, 9, 7))).toBe('17/11/25');
  });

  it('says the whole of it', () => {
    expect(full(local(2026, 10, 17, 14, 5))).toBe('17 Nov 2026, 14:05');
  });

  it('is relative to the clock that it is given', () => {
    const at = '2026-11-18T12:00:00Z';
    const now = Date.parse(at);
    expect(relative(at, now + 20_000)).toBe('now');
    expect(relative(at, now + 3 * 60_000)).toBe('3 min ago');
    expect(relative(at, now - 2 * 3_600_000)).toMatch(/^in 2 hr/);
    expect(relative(at, now + 26 * 3_600_000)).toBe('yesterday');
  });

  it('is empty for what is no time', () => {
    for (const format of [time, day, stamp, full]) expect(format('soon')).toBe('');
    expect(relative('soon', 0)).toBe('');
  });

  it('measures', async () => {
    expect(duration(18_720_000)).toBe('5 h 12 min');
    expect(duration(3_600_000)).toBe('1 h');
    expect(duration(59_000)).toBe('59 s');
    expect(duration(47 * 3_600_000)).toBe('47 h');
    expect(duration(75 * 3_600_000)).toBe('3 d 3 h');
    expect(duration(-5)).toBe('0 s');
    await showLang('tr');
    expect(duration(18_720_000)).toBe('5 sa 12 dk');
  });
});

describe('numbers', () => {
  it('writes money from minor units', async () => {
    expect(money({ amount: 129900, currency: 'EUR' })).toBe('€1,299');
    expect(money({ amount: 129950, currency: 'EUR' })).toBe('€1,299.50');
    expect(money({ amount: 1500, currency: 'JPY' })).toBe('¥1,500');
    await showLang('de');
    expect(plainSpaces(money({ amount: 129950, currency: 'EUR' }))).toBe('1.299,50 €');
    await showLang('tr');
    expect(money({ amount: 129900, currency: 'TRY' })).toBe('₺1.299');
  });

  it('does not break on what is no currency, nor add up two of them', () => {
    expect(money({ amount: 500, currency: '??' })).toBe('5 ??');
    expect(
      sums([
        { amount: 100, currency: 'EUR' },
        { amount: 200, currency: 'USD' },
      ]),
    ).toBe('€1 · $2');
    expect(sums([])).toBe('');
  });

  it('writes sizes and counts', async () => {
    expect(plainSpaces(bytes(820))).toBe('820 bytes');
    expect(plainSpaces(bytes(2_450_000))).toBe('2.5 MB');
    expect(number(12345)).toBe('12,345');
    await showLang('de');
    expect(number(12345)).toBe('12.345');
  });
});

describe('names and numbers of people', () => {
  it('takes initials', async () => {
    expect(initials('Emre Smith')).toBe('ES');
    expect(initials('ali (Kadıköy) veli')).toBe('AV');
    expect(initials('  Zeynep ')).toBe('Z');
    expect(initials('+49 151 5550000')).toBe('#');
    await showLang('tr');
    expect(initials('ilker ışık')).toBe('İI');
  });

  it('calls a number that nobody named by its digits, and a page by its name', () => {
    expect(channelName({ kind: 'whatsapp', name: '908502223344' })).toBe('+90 850 222 33 44');
    expect(channelName({ kind: 'whatsapp', name: 'Shop' })).toBe('Shop');
    expect(channelName({ kind: 'messenger', name: '108502223344556' })).toBe('108502223344556');
  });
  it('groups phone numbers', () => {
    expect(phone('+905321234567')).toBe('+90 532 123 45 67');
    expect(phone('+491515550000')).toBe('+49 151 5550000');
    expect(phone('+12125550123')).toBe('+1 212 555 0123');
    expect(phone('+3531234567')).toBe('+353 123 4567');
    expect(phone('web-visitor')).toBe('web-visitor');
  });

  it('sorts by language and by number', async () => {
    expect(['Item 10', 'Item 2'].toSorted(collate)).toEqual(['Item 2', 'Item 10']);
    await showLang('tr');
    expect(['Çelik', 'Dağ', 'Can'].toSorted(collate)).toEqual(['Can', 'Çelik', 'Dağ']);
  });
});
