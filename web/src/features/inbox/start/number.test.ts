import { expect, test } from 'vitest';
import { e164 } from './number';

test('a number is taken as people write it, with its country code', () => {
  for (const written of ['+90 532 123 45 67', '0090 (532) 123-45-67', '\u202a+90.532.123/4567\u202c']) expect(e164(written)).toBe('+905321234567');
  for (const written of ['0532 123 45 67', '532', '+90 abc', '', '+0123456789', '+1234567890123456']) expect(e164(written)).toBeNull();
});
