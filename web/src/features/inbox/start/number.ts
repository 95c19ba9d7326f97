/** A number as people write it, as E.164; null: it has no country code, or is none. */
export function e164(written: string): string | null {
  const plain = written.replace(/[\s().\-/\u00a0\u202a-\u202e\u2066-\u2069]/g, '').replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(plain) ? plain : null;
}
