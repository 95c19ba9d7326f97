import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/client';
import type { Card, CardEdit, CardSpot, Problem } from '@/api/types';
import { assignAll, moveAll, moveOne, undoAssign, undoMoves } from './batch';
import { originOf } from './place';
import { card } from './testing';

/** A server of its own: columns as lists of ids, moves as the real one does them. */
const server = vi.hoisted(() => ({
  columns: {} as Record<string, string[]>,
  rows: new Map<string, Card>(),
  refuse: [] as Error[],
}));

function place(id: string, { column_id, after_card_id, before_card_id }: CardSpot): void {
  const neighbour = after_card_id ?? before_card_id;
  const target = (server.columns[column_id] ?? []).filter((other) => other !== id);
  const at = neighbour === undefined ? target.length : target.indexOf(neighbour);
  if (at === -1) throw failure(422);
  for (const [name, ids] of Object.entries(server.columns)) server.columns[name] = ids.filter((other) => other !== id);
  server.columns[column_id] = target.toSpliced(after_card_id === undefined ? at : at + 1, 0, id);
}

function failure(status: number, current?: Card): ApiError {
  const problem = { type: '', title: '', status, detail: 'no', code: 'x', request_id: '', current } satisfies Problem;
  return new ApiError(status, 'x', 'no', problem);
}

vi.mock('@/store/entities', () => ({ cards: { get: (id: string) => server.rows.get(id), base: (id: string) => server.rows.get(id) } }));
vi.mock('@/store/actions', () => ({
  moveCard: (id: string, to: CardSpot) => {
    const refusal = server.refuse.shift();
    if (refusal) return Promise.reject(refusal);
    try {
      place(id, to);
      return Promise.resolve(card(id));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  },
  patchCard: (id: string, edit: CardEdit) => {
    const refusal = server.refuse.shift();
    if (refusal) return Promise.reject(refusal);
    server.rows.set(id, { ...card(id), ...server.rows.get(id), assignee: edit.assignee });
    return Promise.resolve(server.rows.get(id));
  },
}));

const origins = (ids: string[], column = 'one') => ids.map((id) => originOf(server.columns[column] ?? [], id, column));

beforeEach(() => {
  server.columns = { one: ['a', 'b', 'c', 'd', 'e'], two: ['x', 'y'] };
  server.rows = new Map(['a', 'b', 'c', 'd', 'e', 'x', 'y'].map((id) => [id, card(id)]));
  server.refuse = [];
});
afterEach(() => vi.useRealTimers());

describe('several cards', () => {
  it('go to the place in their order, and back to where each stood', async () => {
    const { done, failed } = await moveAll(origins(['a', 'c', 'd']), { column_id: 'two', after_card_id: 'x' });
    expect(server.columns).toEqual({ one: ['b', 'e'], two: ['x', 'a', 'c', 'd', 'y'] });
    expect(failed).toEqual([]);
    await undoMoves(done);
    expect(server.columns).toEqual({ one: ['a', 'b', 'c', 'd', 'e'], two: ['x', 'y'] });
  });

  it('go back although the neighbours have moved on', async () => {
    const { done } = await moveAll(origins(['b', 'e']), { column_id: 'two' });
    server.columns = { one: ['d', 'a'], two: ['x', 'y', 'b', 'e', 'c'] };
    await undoMoves(done);
    // The card below "b" is gone, the one above it is not; "e" was the last one.
    expect(server.columns['one']).toEqual(['d', 'e', 'a', 'b']);
  });

  it('go on after one that is refused; only what was done is undone', async () => {
    server.refuse = [failure(403)];
    const { done, failed } = await moveAll(origins(['a', 'b']), { column_id: 'two' });
    expect(done.map(({ id }) => id)).toEqual(['b']);
    expect(failed.map(({ id }) => id)).toEqual(['a']);
    expect(server.columns).toEqual({ one: ['a', 'c', 'd', 'e'], two: ['x', 'y', 'b'] });
    await undoMoves(done);
    expect(server.columns['one']).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('stop when the connection is lost, and when asked to', async () => {
    server.refuse = [new ApiError(0, 'offline', '')];
    const lost = await moveAll(origins(['a', 'b', 'c']), { column_id: 'two' });
    expect([lost.done.length, lost.failed.length]).toEqual([0, 1]);
    let told = 0;
    const stopped = await moveAll(origins(['a', 'b', 'c']), { column_id: 'two' }, { progress: () => (told += 1), cancelled: () => told === 2 });
    expect(stopped.done.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('wait when the server has had enough', async () => {
    vi.useFakeTimers();
    server.refuse = [failure(429)];
    const moving = moveAll(origins(['a']), { column_id: 'two' });
    await vi.advanceTimersByTimeAsync(5000);
    expect((await moving).done).toHaveLength(1);
  });

  it('are assigned at once and given back, but not what somebody else took meanwhile', async () => {
    const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((id) => ({ id, name: id }));
    server.rows.set('a', card('a', { assignee: bob }));
    const { done } = await assignAll(['a', 'b', 'c'], ada ?? null);
    expect(['a', 'b', 'c'].map((id) => server.rows.get(id)?.assignee?.id)).toEqual(['ada', 'ada', 'ada']);
    server.rows.set('c', card('c', { assignee: eve }));
    await undoAssign(done);
    expect(['a', 'b', 'c'].map((id) => server.rows.get(id)?.assignee?.id)).toEqual(['bob', undefined, 'eve']);
  });
});

describe('a conflict', () => {
  it('about something else than the place is none: the move goes out again', async () => {
    server.refuse = [failure(409, card('a', { version: 2, last_message_at: '2026-11-20T11:00:00Z' }))];
    await moveOne('a', { column_id: 'two' });
    expect(server.columns['two']).toEqual(['x', 'y', 'a']);
  });

  it.each([{ column_id: 'two' }, { rank: '81' }])('about the place is shown: %j', async (change) => {
    server.refuse = [failure(409, card('a', { version: 2, ...change }))];
    await expect(moveOne('a', { column_id: 'three' })).rejects.toMatchObject({ status: 409 });
    expect(server.columns['one']).toContain('a');
  });
});
