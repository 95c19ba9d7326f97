/**
 * Carries a session on whose cookie has run out, by the refresh cookie.
 *
 * Invariants: of all tabs one asks at a time (Web Locks), so that each sends the cookie that the one before got: a
 * refresh token that comes a second time is taken for stolen, and the server ends the session. No script can see the cookies, so
 * `localStorage` says whose they are and since when; where it says nothing, nobody is signed in and nothing is asked.
 */
import type { components } from './schema';

/** `over`: whoever was signed in is not any more. `unreachable`: nobody knows. */
export type Renewal = 'renewed' | 'over' | 'unreachable';

interface Mark {
  user: string;
  /** When the cookies came. */
  at: number;
}

const KEY = 'sb.session';
/** An answer that was lost: the old token may come again for ten seconds. */
const AGAIN_MS = [300, 1_500];

let me: string | null = null;
let running: Promise<Renewal> | null = null;

/** Whose cookies the browser has now. */
export function remember(user: string): void {
  me = user;
  try {
    localStorage.setItem(KEY, JSON.stringify({ user, at: Date.now() } satisfies Mark));
  } catch {
    // Then the session ends with its first cookie.
  }
}

/** Whose cookies the browser sends, as far as it says; also when another tab signed in meanwhile. */
export function whoseCookies(): string | null {
  return read()?.user ?? null;
}

/** The cookies are gone. */
export function forget(): void {
  me = null;
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing is there to forget.
  }
}

/** `since`: when the request that was refused had been sent. */
export function renew(since: number): Promise<Renewal> {
  running ??= locked(() => attempt(since)).finally(() => {
    running = null;
  });
  return running;
}

async function attempt(since: number): Promise<Renewal> {
  const mark = read();
  if (!mark || (me !== null && mark.user !== me)) return 'over';
  // Another tab was faster: the request only has to be repeated. Browsers may show late what it stored; then this asks
  // again, but with the cookies that the other one got.
  if (mark.at > since && mark.at <= Date.now()) return 'renewed';
  const answer = await ask();
  if (answer?.status === 401 || answer?.status === 403) {
    forget();
    return 'over';
  }
  if (!answer?.ok) return 'unreachable';
  const { user } = (await answer.json()) as components['schemas']['SignedIn'];
  const same = me === null || me === user.id;
  if (same) remember(user.id);
  return same ? 'renewed' : 'over';
}

async function ask(): Promise<Response | null> {
  for (let tries = 0; ; tries += 1) {
    try {
      // Goes on when the page is closed: else the new cookies could be lost and the old ones used up.
      return await globalThis.fetch(new Request(`${location.origin}/api/v1/auth/refresh`, { method: 'POST', keepalive: true }));
    } catch {
      const wait = AGAIN_MS[tries];
      if (wait === undefined) return null;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function locked(run: () => Promise<Renewal>): Promise<Renewal> {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? locks.request('sb-refresh', run) : run();
}

function read(): Mark | null {
  try {
    const mark = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Mark> | null;
    return typeof mark?.user === 'string' && typeof mark.at === 'number' ? { user: mark.user, at: mark.at } : null;
  } catch {
    return null;
  }
}
