import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Asked, serve, USER } from '@/store/fakes';
import { api, isWriting, onUnauthenticated, take } from './client';
import { forget, remember, renew } from './renewal';

const over = { status: 401, body: { type: '', title: '', status: 401, detail: 'over', code: 'unauthenticated', request_id: '' } };
const signedIn = { body: { access_token: 'x', token_type: 'Bearer', expires_in: 600, user: USER } };
const ended = vi.fn();

/** A server whose session cookie has run out, until it is renewed with `refresh`. */
function expired(refresh: () => ReturnType<Parameters<typeof serve>[0]> = () => signedIn): Asked[] {
  let alive = false;
  return serve(async ({ path }) => {
    if (!path.endsWith('/auth/refresh')) return alive ? { body: { items: [] } } : over;
    const answer = await refresh();
    alive ||= (answer.status ?? 200) === 200;
    return answer;
  });
}
const paths = (asked: Asked[]) => asked.map(({ path }) => path.slice('/api/v1'.length));
const channels = () => take(api.GET('/api/v1/channels'));

beforeEach(() => {
  vi.useFakeTimers();
  ended.mockClear();
  onUnauthenticated(ended);
  remember(USER.id);
  vi.setSystemTime(Date.now() + 3_600_000);
});
afterEach(() => {
  forget();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a 401 is renewed and repeated, a write with its body and key', async () => {
  let writing = false;
  const asked = expired(() => {
    writing = isWriting();
    return signedIn;
  });
  await take(api.POST('/api/v1/conversations/{id}/read', { params: { path: { id: 'c' } }, body: { message_id: 'm' } }));
  expect(writing).toBe(true);
  expect(isWriting()).toBe(false);
  expect(paths(asked)).toEqual(['/conversations/c/read', '/auth/refresh', '/conversations/c/read']);
  expect(asked[2]?.body).toEqual({ message_id: 'm' });
  expect(asked[2]?.headers.get('Idempotency-Key')).toBe(asked[0]?.headers.get('Idempotency-Key'));
  expect(ended).not.toHaveBeenCalled();
});

test('many at once are renewed once', async () => {
  const asked = expired();
  await Promise.all([channels(), channels(), channels()]);
  expect(paths(asked).filter((path) => path === '/auth/refresh')).toHaveLength(1);
});

test('one tab at a time, and what another one has got is not asked for again', async () => {
  const names: string[] = [];
  vi.stubGlobal('navigator', {
    locks: {
      request: (name: string, run: () => Promise<unknown>) => {
        names.push(name);
        // The other tab had the lock before.
        localStorage.setItem('sb.session', JSON.stringify({ user: USER.id, at: Date.now() }));
        return run();
      },
    },
  });
  const asked = serve(() => signedIn);
  expect(await renew(Date.now() - 1)).toBe('renewed');
  expect(names).toEqual(['sb-refresh']);
  expect(asked).toEqual([]);
});

test('a refusal ends the session, and nothing is asked after it', async () => {
  const asked = expired(() => over);
  await expect(channels()).rejects.toMatchObject({ status: 401 });
  expect(ended).toHaveBeenCalledTimes(1);
  await expect(channels()).rejects.toMatchObject({ status: 401 });
  expect(paths(asked)).toEqual(['/channels', '/auth/refresh', '/channels']);
});

test('who was never signed in here asks for nothing', async () => {
  forget();
  const asked = expired();
  await expect(channels()).rejects.toMatchObject({ status: 401 });
  expect(paths(asked)).toEqual(['/channels']);
  expect(ended).toHaveBeenCalledTimes(1);
});

test('a server that does not answer ends nothing', async () => {
  expired(() => ({ status: 503 }));
  await expect(channels()).rejects.toMatchObject({ status: 0, code: 'offline' });
  expect(ended).not.toHaveBeenCalled();
});

test('an answer that was lost is asked for again at once, while the old token still counts', async () => {
  let lost = 0;
  const asked = expired(() => {
    lost += 1;
    if (lost === 1) throw new TypeError('Failed to fetch');
    return signedIn;
  });
  const call = channels();
  await vi.advanceTimersByTimeAsync(300);
  await call;
  expect(paths(asked)).toEqual(['/channels', '/auth/refresh', '/auth/refresh', '/channels']);
});

test('the cookies of somebody else are not used for what this one did', async () => {
  const asked = expired();
  localStorage.setItem('sb.session', JSON.stringify({ user: 'bo', at: Date.now() }));
  await expect(channels()).rejects.toMatchObject({ status: 401 });
  expect(paths(asked)).toEqual(['/channels']);
  expect(ended).toHaveBeenCalledTimes(1);
});
