/**
 * Who is signed in here.
 *
 * Invariants: the cookies are the only credential, this only knows whose they are; a session that can't be carried on ends
 * in this tab, signing out ends it in all tabs (BroadcastChannel `sb`); what was loaded goes with it, also when another tab
 * signed in as somebody else.
 */
import { useSyncExternalStore } from 'react';
import { ApiError, api, onUnauthenticated, take } from '@/api/client';
import { forget, remember } from '@/api/renewal';
import type { User } from '@/api/types';
import { clearAll } from './entities';

export type SessionState = 'unknown' | 'out' | 'in';

let state: SessionState = 'unknown';
let user: User | null = null;
/** Signed out on purpose, here or in another tab. */
let left = false;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('sb');

function set(next: SessionState, who: User | null): void {
  if (state === next && user === who) return;
  // Another person must not see what this one had loaded.
  if (user && user.id !== who?.id) clearAll();
  if (who) left = false;
  state = next;
  user = who;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The session is over. */
export function endSession(): void {
  set('out', null);
}

onUnauthenticated(endSession);
channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.data === 'logout') leave();
  // Also while somebody is signed in here: it may be somebody else there.
  if (event.data === 'login' && state !== 'unknown') void loadSession().catch(() => undefined);
});

function leave(): void {
  left = true;
  endSession();
  // The end of the socket may have been here first: then only this is new.
  for (const listener of listeners) listener();
}

/** Whether the last one here signed out, so that whoever comes next does not begin where that one was. */
export function hasLeft(): boolean {
  return left;
}

export function useLeft(): boolean {
  return useSyncExternalStore(subscribe, hasLeft);
}

export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, () => state);
}

/** Only on pages of somebody who is signed in. */
export function useUser(): User {
  const who = useSyncExternalStore(subscribe, currentUser);
  if (!who) throw new Error('nobody is signed in');
  return who;
}

/** Null while nobody is signed in. */
export function useUserId(): string | null {
  return useSyncExternalStore(subscribe, () => user?.id ?? null);
}

export function currentUser(): User | null {
  return user;
}

/** Asks the server. Rejects when it can't be reached: nobody knows then. */
export async function loadSession(): Promise<void> {
  try {
    const who = await take(api.GET('/api/v1/auth/me'));
    remember(who.id);
    set('in', user && JSON.stringify(user) === JSON.stringify(who) ? user : who);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    set('out', null);
  }
}

export async function signIn(email: string, password: string): Promise<User> {
  return entered((await take(api.POST('/api/v1/auth/login', { body: { email, password } }))).user);
}

export async function setUp(input: { token: string; email: string; password: string; name: string }): Promise<User> {
  return entered((await take(api.POST('/api/v1/auth/setup', { body: input }))).user);
}

export async function setupNeeded(): Promise<boolean> {
  return (await take(api.GET('/api/v1/auth/setup'))).needed;
}

/** Rejects when the server did not hear it: the session would live on, so the page stays. */
export async function signOut(): Promise<void> {
  try {
    await take(api.POST('/api/v1/auth/logout'));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  forget();
  leave();
  channel?.postMessage('logout');
}

function entered(who: User): User {
  remember(who.id);
  set('in', who);
  channel?.postMessage('login');
  return who;
}

/** `kanban.write` at any scope, or exactly `inbox.reply:all`. */
export function can(who: User, permission: string): boolean {
  if (permission.includes(':')) return who.permissions.includes(permission);
  return who.permissions.some((each) => each.startsWith(`${permission}:`));
}
