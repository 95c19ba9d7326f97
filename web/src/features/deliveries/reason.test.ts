import { expect, test } from 'vitest';
import { texts } from '@/lib/i18n';
import { reasonText } from './reason';

const words = texts().deliveries.reasons;

test('reasons that the server gives have words', () => {
  expect(reasonText('no channel owns the account', words)).toBe(words.noChannel);
  expect(reasonText('the body is not JSON: expected value at line 1 column 1', words)).toBe(words.notJson);
  expect(reasonText('the body is JSON, but not a webhook: no known `object`', words)).toBe(words.notWebhook);
  expect(reasonText('internal: column "x" does not exist', words)).toBe(words.internal);
  expect(reasonText('unavailable: pool timed out', words)).toBe(words.database);
});

test('others are shown as they are, none is empty', () => {
  expect(reasonText('graph answered 190', words)).toBe(words.other('graph answered 190'));
  expect(reasonText(' internals ', words)).toBe(words.other('internals'));
  for (const none of [null, undefined, '', '  ']) expect(reasonText(none, words)).toBe('');
});
