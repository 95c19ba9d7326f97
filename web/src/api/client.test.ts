import { expect, test, vi } from 'vitest';
import { serve } from '@/store/fakes';
import { ApiError, api, onUnauthenticated, take, takeShown } from './client';

const problem = (status: number, code: string) => ({
  status,
  body: { type: 'about:blank', title: code, status, detail: `detail of ${code}`, code, request_id: 'r' },
});

test('reads have no key, writes a fresh one each', async () => {
  const requests = serve(() => ({ body: { items: [] }, seq: 42 }));
  expect(await takeShown(api.GET('/api/v1/channels'))).toEqual({ data: { items: [] }, seq: 42 });
  for (let i = 0; i < 2; i += 1) await take(api.POST('/api/v1/conversations/{id}/read', { params: { path: { id: 'c' } }, body: { message_id: 'm' } }));
  const keys = requests.map((asked) => asked.headers.get('Idempotency-Key'));
  expect(keys[0]).toBeNull();
  expect(keys[1]).toBeTruthy();
  expect(keys[2]).not.toBe(keys[1]);
});

test('a problem is an ApiError; a dead line is `offline`', async () => {
  serve(() => problem(409, 'version_conflict'));
  const error = await take(api.GET('/api/v1/channels')).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 409, code: 'version_conflict', detail: 'detail of version_conflict' });
  globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  await expect(take(api.GET('/api/v1/channels'))).rejects.toMatchObject({ status: 0, code: 'offline' });
});

test('a 401 ends the session, a wrong password does not', async () => {
  const ended = vi.fn();
  onUnauthenticated(ended);
  serve(() => problem(401, 'unauthenticated'));
  await expect(take(api.POST('/api/v1/auth/login', { body: { email: 'a', password: 'b' } }))).rejects.toMatchObject({ status: 401 });
  expect(ended).not.toHaveBeenCalled();
  await expect(take(api.GET('/api/v1/channels'))).rejects.toMatchObject({ status: 401 });
  expect(ended).toHaveBeenCalledTimes(1);
});
