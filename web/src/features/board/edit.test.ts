import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/client';
import type { Card, CardEdit, Problem } from '@/api/types';
import { differences, onlyChanges, saveEdit } from './edit';
import { card } from './testing';

const start = card('1', { title: 'Old', value: { amount: 100, currency: 'EUR' } });
const theirs = { ...start, title: 'Theirs', version: 2 };

function conflict(current: Card): ApiError {
  const problem = { type: '', title: '', status: 409, detail: '', code: 'version_conflict', request_id: '', current } satisfies Problem;
  return new ApiError(409, 'version_conflict', '', problem);
}

const patching = (...answers: (Card | Error)[]) =>
  vi.fn((_id: string, _edit: CardEdit) => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? start);
  });

describe('saving a card', () => {
  it('sends only what was changed', async () => {
    const patch = patching(start);
    await saveEdit(start, start, { title: 'Mine', value: { amount: 100, currency: 'EUR' } }, patch);
    expect(patch.mock.calls).toEqual([['1', { title: 'Mine' }]]);
    expect(await saveEdit(start, start, { title: 'Old' }, patch)).toEqual({ done: true });
    expect(patch).toHaveBeenCalledTimes(1);
  });

  it('shows what another one changed before anything is written', async () => {
    const patch = patching();
    expect(await saveEdit(start, theirs, { title: 'Mine' }, patch)).toEqual({ done: false, current: theirs });
    expect(patch).not.toHaveBeenCalled();
    expect(differences(start, theirs)).toEqual(['title']);
  });

  it('shows it also when the server knows first, and then takes the own one again', async () => {
    const patch = patching(conflict(theirs), card('1'));
    expect(await saveEdit(start, start, { title: 'Mine' }, patch)).toEqual({ done: false, current: theirs });
    expect(await saveEdit(theirs, theirs, { title: 'Mine' }, patch)).toEqual({ done: true });
    expect(patch.mock.calls[1]).toEqual(['1', { title: 'Mine' }]);
  });

  it('asks nothing when another one changed another field', async () => {
    const patch = patching(conflict(theirs), card('1'));
    expect(await saveEdit(start, start, { value: null }, patch)).toEqual({ done: true });
    expect(await saveEdit(start, theirs, { value: null }, patch)).toEqual({ done: true });
    expect(patch).toHaveBeenCalledTimes(3);
  });

  it('sends it again when only the place or a message changed', async () => {
    const patch = patching(conflict({ ...start, version: 5, column_id: 'two', last_message_at: '2026-11-20T12:00:00Z' }), start);
    expect(await saveEdit(start, start, { title: 'Mine' }, patch)).toEqual({ done: true });
    expect(patch).toHaveBeenCalledTimes(2);
  });

  it('lets every other failure through', async () => {
    const patch = patching(new ApiError(0, 'offline', ''));
    await expect(saveEdit(start, start, { title: 'Mine' }, patch)).rejects.toMatchObject({ code: 'offline' });
  });

  it('tells clearing from leaving alone', () => {
    expect(onlyChanges(start, { value: null, assignee: null, due_at: null })).toEqual({ value: null });
  });
});
