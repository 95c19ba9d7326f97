import { describe, expect, it } from 'vitest';
import { inputAmount, parseAmount, plainAmount } from './amount';

describe('amounts', () => {
  it.each([
    ['1250', 125_000],
    ['1250.5', 125_050],
    ['1250,50', 125_050],
    ['1.250,50', 125_050],
    ['1,250.50', 125_050],
    ['1.250', 125_000],
    ['1,250,000', 125_000_000],
    ["1'250", 125_000],
    ['1 250,5', 125_050],
    ['0', 0],
  ])('reads %s', (text, amount) => {
    expect(parseAmount(text, 'EUR', 'de-DE')).toBe(amount);
    expect(parseAmount(text, 'EUR', 'en-GB')).toBe(amount);
  });

  it.each(['', 'abc', '-5', '1.5.x', '12,3456', '99999999999999999'])('refuses %j', (text) => {
    expect(parseAmount(text, 'EUR', 'en-GB')).toBeNull();
  });

  it('knows currencies without and with three digits', () => {
    expect(parseAmount('1250', 'JPY', 'en-GB')).toBe(1250);
    expect(parseAmount('12.5', 'JPY', 'en-GB')).toBeNull();
    expect(parseAmount('1.250', 'KWD', 'en-GB')).toBe(1250);
    expect(parseAmount('1.250', 'KWD', 'de-DE')).toBe(1_250_000);
  });

  it('writes what it reads', () => {
    expect(inputAmount({ amount: 125_050, currency: 'EUR' }, 'de-DE')).toBe('1250,50');
    expect(inputAmount({ amount: 125_000, currency: 'EUR' }, 'de-DE')).toBe('1250');
    expect(inputAmount({ amount: 10, currency: 'JPY' }, 'de-DE')).toBe('10');
    expect(plainAmount({ amount: 1250, currency: 'KWD' })).toBe('1.250');
  });
});
