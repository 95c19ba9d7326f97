/**
 * What somebody has begun to write, by conversation and kind.
 *
 * Invariants: the text area shows this and nothing else; what was typed here and is not saved yet (`dirty`) is never replaced by
 * what another device says; saves of one draft go out one after the other, and the last one has the last text; an empty draft
 * is a deleted one. A copy stays in this browser, under its user's id, so that neither a reload nor a cut line loses a word.
 * Absent on purpose: sending (`outbox`), and versions in saves. The one who types last is right.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { api, asApiError, take } from '@/api/client';
import type { DraftKind, LiveEvent } from '@/api/types';
import * as rooms from '@/live/rooms';
import { conversations, onClear } from './entities';
import { micros } from './ordered';
import { isRefused } from './outbox-entry';
import { currentUser } from './session';

export interface LocalDraft {
  text: string;
  reply_to: string | null;
  /** The server has another text, or none. */
  dirty: boolean;
  /** Microseconds: when the server's newest known one was saved. What is not newer is no news. */
  known: number;
}

type DraftEvent = Extract<LiveEvent, { name: 'draft.updated' }>;

const EMPTY: LocalDraft = { text: '', reply_to: null, dirty: false, known: 0 };
const SAVE_AFTER_MS = 700;
/** A save that had no answer while the line stands. */
const AGAIN_MS = 10_000;
const PREFIX = 'sb.draft.';
/** Drafts in this browser; the server keeps all. */
const MOST_KEPT = 100;

let owner: string | null = null;
const drafts = new Map<string, LocalDraft>();
const listeners = new Set<() => void>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const saving = new Set<string>();

const keyOf = (conversation: string, kind: DraftKind) => `${conversations.resolve(conversation)} ${kind}`;

onClear(() => {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  drafts.clear();
  owner = null;
  tell();
});
// The line is back: what could not be saved is.
rooms.onResync('inbox', () => {
  for (const [key, draft] of drafts) if (draft.dirty) void save(key);
});
addEventListener('pagehide', () => saveDrafts());

export function useDraft(conversation: string, kind: DraftKind): LocalDraft {
  return useSyncExternalStore(subscribe, () => readDraft(conversation, kind));
}

/** Whether something was begun in the conversation, as far as this browser knows. */
export function useHasDraft(conversation: string): boolean {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => hasText(readDraft(conversation, 'reply')) || hasText(readDraft(conversation, 'note')), [conversation]),
  );
}

export function readDraft(conversation: string, kind: DraftKind): LocalDraft {
  remember();
  return drafts.get(keyOf(conversation, kind)) ?? EMPTY;
}

/** Typed: shown at once, saved when the typing pauses. */
export function writeDraft(conversation: string, kind: DraftKind, change: { text?: string; reply_to?: string | null }): void {
  const key = keyOf(conversation, kind);
  set(key, { ...readDraft(conversation, kind), ...change, dirty: true });
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(() => void save(key), SAVE_AFTER_MS));
}

/** Sent, or given up. */
export function clearDraft(conversation: string, kind: DraftKind): void {
  writeDraft(conversation, kind, { text: '', reply_to: null });
  void save(keyOf(conversation, kind));
}

/** A text that was taken back, in front of what was begun since. */
export function restoreDraft(conversation: string, kind: DraftKind, text: string, replyTo: string | null): void {
  const now = readDraft(conversation, kind);
  writeDraft(conversation, kind, { text: now.text === '' ? text : `${text}\n${now.text}`, reply_to: now.reply_to ?? replyTo });
}

/** Without waiting for a pause: the text area is left, or the page. */
export function saveDrafts(): void {
  for (const key of timers.keys()) void save(key);
}

/** What the server has of a conversation that is opened. */
export async function loadDrafts(conversation: string): Promise<void> {
  const id = conversations.resolve(conversation);
  const { items } = await take(api.GET('/api/v1/conversations/{id}/drafts', { params: { path: { id } } }));
  for (const kind of ['reply', 'note'] as const) {
    const theirs = items.find((item) => item.kind === kind);
    if (theirs) hear(keyOf(id, kind), theirs.text, theirs.reply_to ?? null, micros(theirs.updated_at));
    else if (!saving.has(keyOf(id, kind))) hear(keyOf(id, kind), '', null, readDraft(id, kind).known + 1);
  }
}

/** Another device of the same person, or the echo of this one. */
export function applyDraftEvent({ data }: DraftEvent): void {
  const { conversation_id, kind, text, reply_to, updated_at } = data.draft;
  hear(keyOf(conversation_id, kind), text ?? '', reply_to ?? null, micros(updated_at));
}

function hear(key: string, text: string, reply_to: string | null, at: number): void {
  remember();
  const mine = drafts.get(key) ?? EMPTY;
  if (at <= mine.known) return;
  if (mine.dirty) {
    // Mine will be saved over it.
    drafts.set(key, { ...mine, known: at });
    return;
  }
  set(key, { text, reply_to, dirty: false, known: at });
}

async function save(key: string): Promise<void> {
  clearTimeout(timers.get(key));
  timers.delete(key);
  persist(key);
  if (saving.has(key)) return;
  saving.add(key);
  const user = owner;
  try {
    for (let draft = drafts.get(key); draft?.dirty && owner === user; draft = drafts.get(key)) {
      const known = await put(key, draft);
      const now = drafts.get(key);
      if (owner !== user || !now) return;
      set(key, { ...now, known: Math.max(known, now.known), dirty: !sameText(now, draft) });
      persist(key);
      // Somebody types on: the next pause saves it.
      if (timers.has(key)) return;
    }
  } catch (error) {
    const now = drafts.get(key);
    if (!now || owner !== user) return;
    // A refusal would be the same the next time; without an answer it goes later, or when the line is back.
    if (isRefused(asApiError(error))) {
      set(key, { ...now, dirty: false });
      persist(key);
    } else if (!timers.has(key)) timers.set(key, setTimeout(() => void save(key), AGAIN_MS));
  } finally {
    saving.delete(key);
  }
}

/** When the server saved it. */
async function put(key: string, draft: LocalDraft): Promise<number> {
  const [id = '', kind] = key.split(' ') as [string, DraftKind];
  const at = `/api/v1/conversations/{id}/drafts/${kind}` as const;
  const params = { path: { id } };
  if (!hasText(draft) && draft.reply_to === null) {
    await take(api.DELETE(at, { params }));
    return draft.known;
  }
  const body = { text: draft.text, reply_to: draft.reply_to };
  const saved = await take(api.PUT(at, { params, body }));
  return micros(saved.updated_at);
}

const hasText = (draft: LocalDraft) => draft.text.trim() !== '';
const sameText = (a: LocalDraft, b: LocalDraft) => a.text === b.text && a.reply_to === b.reply_to;

function set(key: string, draft: LocalDraft): void {
  drafts.set(key, draft);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What this person left in this browser, once. */
function remember(): void {
  const user = currentUser()?.id ?? null;
  if (user === null || owner === user) return;
  owner = user;
  drafts.clear();
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (!key?.startsWith(`${PREFIX}${user}.`)) continue;
      const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<LocalDraft> | null;
      if (typeof kept?.text === 'string') drafts.set(key.slice(PREFIX.length + user.length + 1), { ...EMPTY, ...kept });
    }
  } catch {
    // Then only what the server has.
  }
}

function persist(key: string): void {
  const draft = drafts.get(key);
  if (owner === null || !draft) return;
  const name = `${PREFIX}${owner}.${key}`;
  try {
    if (!hasText(draft) && !draft.dirty) localStorage.removeItem(name);
    else if (draft.dirty || drafts.size <= MOST_KEPT) localStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // The server has it, or will.
  }
}
