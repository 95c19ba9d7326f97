/**
 * Addresses that strangers wrote, as something one may open.
 *
 * Owns: which of them become links, here and in every feature. Invariants: https only, no name in front of the host, no
 * character that hides or turns around what one reads; where the host that is opened is not the one that is written
 * (other scripts, wide letters, numbers), `host` says it so that it can be shown.
 */
export interface SafeLink {
  href: string;
  /** Where it really leads; null where one reads just that. */
  host: string | null;
}

const SHAPE = /^https:\/\/([^/?#\\]*)[^\s\p{Cc}\p{Bidi_Control}]*$/iu;

export function safeLink(written: string): SafeLink | null {
  const host = SHAPE.exec(written)?.[1]?.toLowerCase();
  // `https://bank.example@evil.example` names another host than it seems to.
  if (host === undefined || host.includes('@') || !URL.canParse(written)) return null;
  const url = new URL(written);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hostname === '') return null;
  return { href: url.href, host: host.replace(/:\d*$/, '') === url.hostname ? null : url.hostname };
}
