/**
 * What calls an agent back: number in the title, dot on the icon, notification and sound.
 *
 * Invariants: of all tabs one sounds and notifies (Web Locks `sb-alerts`); only for what a customer just wrote in a
 * conversation that is mine or nobody's, and that no tab with the focus shows. The sound is made here, so there is no
 * file. Settings are of this browser. Absent on purpose: push while no tab is open, quiet hours.
 */
import { useSyncExternalStore } from 'react';
import type { LiveEvent } from '@/api/types';
import { currentCounts, watchCounts } from '@/store/counts';
import { currentUser } from '@/store/session';
import * as rooms from './rooms';
import { chime } from './sound';

export interface AlertSettings {
  sound: boolean;
  notifications: boolean;
}

const KEY = 'sb.alerts';
const RECENT_MS = 60_000;
const LONGEST_BODY = 120;
/** How long another tab has to say that its reader sees the conversation; it may be busy with the same events. */
const ANSWER_MS = 500;
const SOUND_EVERY_MS = 3_000;

type TabMessage = { type: 'seen?'; id: string; conversation: string } | { type: 'seen'; id: string };

let settings = readSettings();
const listeners = new Set<() => void>();
let open: (conversationId: string) => void = (id) => location.assign(`/inbox/${id}`);

let leader = false;
let stops: (() => void)[] = [];
let channel: BroadcastChannel | null = null;
const unanswered = new Map<string, ReturnType<typeof setTimeout>>();
let soundedAt = 0;

export function useAlertSettings(): [AlertSettings, (change: Partial<AlertSettings>) => void] {
  return [useSyncExternalStore(subscribe, readCurrent), changeSettings];
}

/** Asks the browser, and turns notifications on when it agrees. Only from a click. */
export async function askPermission(): Promise<NotificationPermission> {
  if (typeof Notification === 'undefined') return 'denied';
  const permission = await Notification.requestPermission();
  changeSettings({ notifications: permission === 'granted' });
  return permission;
}

/** How a click on a notification leads to its conversation; by default the page is loaded anew. */
export function openAlertsWith(opener: (conversationId: string) => void): void {
  open = opener;
}

export function startAlerts(): void {
  stopAlerts();
  stops = [watchCounts(badge), watchTitle(), lead(), answerTabs()];
  badge();
}

export function stopAlerts(): void {
  for (const stop of stops) stop();
  stops = [];
  for (const timer of unanswered.values()) clearTimeout(timer);
  unanswered.clear();
  badge();
}

/** What came in with the last portion. */
export function alertsFor(events: readonly LiveEvent[]): void {
  if (!leader) return;
  for (const event of events) if (event.name === 'message.created' && concerns(event)) ask(event);
}

type MessageCreated = Extract<LiveEvent, { name: 'message.created' }>;

export function concerns({ at, data: { message, conversation } }: MessageCreated, now = Date.now()): boolean {
  if (message.direction !== 'in' || message.history || message.standby) return false;
  if (now - Date.parse(at) > RECENT_MS) return false;
  return !conversation.assignee || conversation.assignee.id === currentUser()?.id;
}

/** Asks the other tabs first; the one that somebody looks at says so. */
function ask(event: MessageCreated): void {
  const { message, conversation } = event.data;
  if (isSeen(conversation.id)) return;
  const timer = setTimeout(() => {
    unanswered.delete(message.id);
    raise(event);
  }, ANSWER_MS);
  unanswered.set(message.id, timer);
  post({ type: 'seen?', id: message.id, conversation: conversation.id });
}

function raise({ data: { message, conversation, customer } }: MessageCreated): void {
  const now = Date.now();
  if (settings.sound && now - soundedAt > SOUND_EVERY_MS) {
    soundedAt = now;
    chime();
  }
  if (!settings.notifications || document.hasFocus()) return;
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const text = message.text ?? '';
  const body = text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY - 1).trimEnd()}…` : text;
  try {
    // One a conversation: a newer one takes its place.
    const shown = new Notification(customer.name, { body, tag: conversation.id, icon: '/favicon.svg' });
    shown.onclick = () => {
      window.focus();
      open(conversation.id);
      shown.close();
    };
  } catch {
    // Some phones allow them only from a service worker.
  }
}

function isSeen(conversation: string): boolean {
  return !document.hidden && document.hasFocus() && rooms.names().includes(`conversation:${conversation}`);
}

function answerTabs(): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined;
  const line = new BroadcastChannel('sb-alerts');
  channel = line;
  line.onmessage = ({ data }: MessageEvent<TabMessage | null>) => {
    if (data?.type === 'seen?' && isSeen(data.conversation)) post({ type: 'seen', id: data.id });
    if (data?.type !== 'seen') return;
    clearTimeout(unanswered.get(data.id));
    unanswered.delete(data.id);
  };
  return () => {
    line.close();
    channel = null;
  };
}

function post(message: TabMessage): void {
  channel?.postMessage(message);
}

/** Waits until the tab that leads is gone. Without Web Locks every tab leads: rather twice than never. */
function lead(): () => void {
  const locks = (navigator as Partial<Navigator>).locks;
  if (!locks) {
    leader = true;
    return () => {
      leader = false;
    };
  }
  const waiting = new AbortController();
  let release: () => void = () => undefined;
  locks
    .request('sb-alerts', { signal: waiting.signal }, () => {
      leader = true;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    })
    .catch(() => undefined);
  return () => {
    leader = false;
    waiting.abort();
    release();
  };
}

/** Keeps the number in front of whatever title the page gives itself. */
function watchTitle(): () => void {
  const observer = new MutationObserver(badge);
  observer.observe(document.head, { childList: true, characterData: true, subtree: true });
  return () => observer.disconnect();
}

function badge(): void {
  const unread = stops.length > 0 ? (currentCounts()?.unread ?? 0) : 0;
  const plain = document.title.replace(/^\(\d+\) /, '');
  const title = unread > 0 ? `(${unread}) ${plain}` : plain;
  if (document.title !== title) document.title = title;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = unread > 0 ? '/favicon-unread.svg' : '/favicon.svg';
  if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
}

function changeSettings(change: Partial<AlertSettings>): void {
  settings = { ...settings, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // They last as long as the page then.
  }
  for (const listener of listeners) listener();
}

function readSettings(): AlertSettings {
  const usual = { sound: true, notifications: true };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return { ...usual, ...(stored as Partial<AlertSettings>) };
  } catch {
    return usual;
  }
}

function readCurrent(): AlertSettings {
  return settings;
}

function subscribe(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent): void => {
    if (event.key !== KEY) return;
    settings = readSettings();
    listener();
  };
  listeners.add(listener);
  addEventListener('storage', elsewhere);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', elsewhere);
  };
}
