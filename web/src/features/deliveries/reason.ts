/**
 * Why a delivery failed or waits, in words.
 *
 * The server tells it as an English line of its own. Those that are known become a sentence in the user's language;
 * the line itself stays in sight in the detail. One that is not known is shown as it is: a wrong guess would mislead.
 */
import type { AllTexts } from '@/lib/i18n';

type Words = AllTexts['deliveries']['reasons'];

const known: readonly [RegExp, Exclude<keyof Words, 'other'>][] = [
  [/^no channel owns the account/u, 'noChannel'],
  [/^the body is not JSON/u, 'notJson'],
  [/^the body is JSON, but not a webhook/u, 'notWebhook'],
  [/^unavailable:/u, 'database'],
  [/^internal:/u, 'internal'],
  [/^invalid:/u, 'invalid'],
  [/^not found$/u, 'notFound'],
];

export function reasonText(reason: string | null | undefined, t: Words): string {
  const line = reason?.trim();
  if (!line) return '';
  const key = known.find(([pattern]) => pattern.test(line))?.[1];
  return key ? t[key] : t.other(line);
}
