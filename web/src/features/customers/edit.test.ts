import { expect, test, vi } from 'vitest';
import { ApiError } from '@/api/client';
import type { CustomerEdit, Problem } from '@/api/types';
import { texts } from '@/lib/i18n';
import { type FieldName, save } from './edit';

const words = texts().customers.edit;

function problem(status: number, code: string, more: Partial<Problem> = {}): ApiError {
  return new ApiError(status, code, 'detail', { type: 'about:blank', title: '', status, detail: 'detail', code, request_id: 'r', ...more });
}

function attempt(change: { field?: FieldName; draft: string; start?: string; now?: string; patch?: (edit: CustomerEdit) => Promise<unknown> }) {
  const patch = vi.fn(change.patch ?? (() => Promise.resolve()));
  const result = save({
    field: change.field ?? 'name',
    draft: change.draft,
    start: change.start ?? 'Ayşe',
    current: () => change.now ?? change.start ?? 'Ayşe',
    patch,
    texts: words,
  });
  return { patch, result };
}

test('sends the trimmed value, null for an emptied one, nothing for the same', async () => {
  const named = attempt({ draft: ' Ayşe Y. ' });
  expect(await named.result).toEqual({ kind: 'saved' });
  expect(named.patch).toHaveBeenCalledWith({ name: 'Ayşe Y.' });

  const cleared = attempt({ field: 'phone', draft: ' ', start: '+905321234567' });
  await cleared.result;
  expect(cleared.patch).toHaveBeenCalledWith({ phone: null });

  const same = attempt({ draft: 'Ayşe ' });
  expect(await same.result).toEqual({ kind: 'saved' });
  expect(same.patch).not.toHaveBeenCalled();
});

test('a name is needed', async () => {
  const { patch, result } = attempt({ draft: '  ' });
  expect(await result).toEqual({ kind: 'refused', error: words.required });
  expect(patch).not.toHaveBeenCalled();
});

test('what changed while typing is shown before anything is sent', async () => {
  const { patch, result } = attempt({ draft: 'Mine', start: 'Old', now: 'Theirs' });
  expect(await result).toEqual({ kind: 'conflict', theirs: 'Theirs' });
  expect(patch).not.toHaveBeenCalled();
});

test('saving mine after having seen theirs goes through', async () => {
  const { patch, result } = attempt({ draft: 'Mine', start: 'Theirs', now: 'Theirs' });
  expect(await result).toEqual({ kind: 'saved' });
  expect(patch).toHaveBeenCalledWith({ name: 'Mine' });
});

test('a 409 about this field is a conflict', async () => {
  const { patch, result } = attempt({ draft: 'Mine', patch: () => Promise.reject(problem(409, 'version_conflict', { current: { name: 'Theirs', version: 7 } })) });
  expect(await result).toEqual({ kind: 'conflict', theirs: 'Theirs' });
  expect(patch).toHaveBeenCalledTimes(1);
});

test('a 409 about another field is tried again', async () => {
  let calls = 0;
  const { result } = attempt({
    draft: 'Mine',
    patch: () => (calls++ === 0 ? Promise.reject(problem(409, 'version_conflict', { current: { name: 'Ayşe', email: 'new@example.test', version: 7 } })) : Promise.resolve()),
  });
  expect(await result).toEqual({ kind: 'saved' });
  expect(calls).toBe(2);
});

test('a 409 that brings what was typed has saved it already', async () => {
  const { result } = attempt({ draft: 'Mine', patch: () => Promise.reject(problem(409, 'version_conflict', { current: { name: 'Mine', version: 7 } })) });
  expect(await result).toEqual({ kind: 'saved' });
});

test('refusals have words, and unknown ones keep the server’s', async () => {
  const refused = (code: string, field: FieldName) => () => Promise.reject(problem(422, 'invalid', { errors: [{ field, code, detail: 'as told' }] }));
  expect(await attempt({ field: 'phone', draft: '12', patch: refused('invalid', 'phone') }).result).toEqual({ kind: 'refused', error: words.badPhone });
  expect(await attempt({ field: 'email', draft: 'x', patch: refused('invalid', 'email') }).result).toEqual({ kind: 'refused', error: words.badEmail });
  expect(await attempt({ draft: 'x', patch: refused('too_long', 'name') }).result).toEqual({ kind: 'refused', error: words.tooLong });
  expect(await attempt({ draft: 'x', patch: refused('odd', 'name') }).result).toEqual({ kind: 'refused', error: 'as told' });
  expect(await attempt({ draft: 'x', patch: () => Promise.reject(new ApiError(0, 'offline', 'failed to fetch')) }).result).toEqual({ kind: 'refused', error: words.offline });
});
