/**
 * The outbox: from "send" until the server has the message.
 *
 * Invariants:
 * - What is in it is never lost by a reload, a crash or a cut line, and is sent with the same `client_id` until there is an
 *   answer, so that a repeat is the same message.
 * - Of all tabs one sends for a conversation at a time (Web Locks), in the order of writing.
 * - A refusal stays in its place until somebody decides; it does not hold up what was written after it.
 * - Only what the signed-in person wrote is sent, and only with that person's cookies.
 * Absent on purpose: words and looks (`features/inbox/composer`), drafts, and changes to messages that the server has.
 */
import { ApiError, api, asApiError, take, uuid } from '@/api/client';
import { whoseCookies } from '@/api/renewal';
import type { Message, Person, TemplateUse } from '@/api/types';
import * as rooms from '@/live/rooms';
import { conversations, messages } from './entities';
import { readFile, sweepFiles } from './file-store';
import { hideLocally, localUrl, showLocally } from './local-files';
import { concernsOutbox, dropUnsent, isRefused, keepUnsent, readUnsent, refusalOf, type Unsent, type UnsentContent, type UnsentFile, type UnsentTemplate } from './outbox-entry';
import { hasThread } from './thread';
import { cancelUpload, forgetUpload, uploadFile } from './uploads';

export type { Refusal, Unsent } from './outbox-entry';

export interface Writing {
  /** Chosen before, where a file waits under it. */
  client_id?: string;
  conversation_id: string;
  text: string;
  file?: UnsentFile | null;
  template?: UnsentTemplate | null;
  content?: UnsentContent | null;
  internal: boolean;
  /** Of a note: whom it names. */
  mentions?: readonly Person[];
  reply_to: string | null;
  seen_message_id: string | null;
  send_at?: string;
  override_window?: boolean;
  /** How long it may be taken back before it is sent. */
  hold_ms?: number;
}

/** Unsent ones of a person; more are not taken, since storage has an end. */
export const MOST_UNSENT = 200;
const ANSWER_MS = 30_000;
const BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;

let owner: string | null = null;
let entries: readonly Unsent[] = [];
/** Those that storage did not take. */
const unstored = new Map<string, Unsent>();
const listeners = new Set<() => void>();
const sending = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
let stopWatching: (() => void) | null = null;

/** After sign-in: goes on with what this person left unsent. */
export function startOutbox(user: string): void {
  stopOutbox();
  owner = user;
  const stored = ({ key }: StorageEvent): void => {
    if (concernsOutbox(user, key)) reload();
  };
  addEventListener('storage', stored);
  addEventListener('online', hurry);
  const stopResync = rooms.onResync('inbox', hurry);
  stopWatching = () => {
    removeEventListener('storage', stored);
    removeEventListener('online', hurry);
    stopResync();
  };
  reload();
  void sweepFiles(user, new Set(entries.map(({ client_id }) => client_id)));
}

/** Files that were looked for in storage, for what was written before this page or in another tab. */
const sought = new Set<string>();

async function revive({ client_id: key }: Unsent): Promise<void> {
  sought.add(key);
  const kept = await readFile(key);
  if (kept && find(key)) showLocally(key, kept.blob);
}

/** What is left stays in storage, for the next time this person is here. */
export function stopOutbox(): void {
  stopWatching?.();
  stopWatching = null;
  owner = null;
  unstored.clear();
  sought.clear();
  clearTimeout(timer);
  publish([]);
}

/** Null: too much waits already. */
export function enqueue({ hold_ms = 0, send_at, override_window = false, client_id = uuid(), file = null, template = null, content = null, mentions = [], ...writing }: Writing): Unsent | null {
  if (owner === null || entries.length >= MOST_UNSENT) return null;
  // Two in one millisecond, or a clock that was set back, must not change places.
  const last = Date.parse(entries.at(-1)?.written_at ?? '') || 0;
  const entry: Unsent = {
    ...writing,
    client_id,
    file,
    template,
    content,
    mentions,
    send_at: send_at ?? null,
    override_window,
    written_at: new Date(Math.max(Date.now(), last + 1)).toISOString(),
    not_before: Date.now() + hold_ms,
    posted: false,
    tries: 0,
    retry_at: 0,
    refusal: null,
  };
  keep(entry);
  return entry;
}

/** Before it was sent; null: too late. */
export function takeBack(clientId: string): Unsent | null {
  const entry = find(clientId);
  if (!entry || entry.refusal || entry.tries > 0 || dueAt(entry) <= Date.now()) return null;
  drop(clientId);
  return entry;
}

/** A refused one, out of the outbox, to be edited. Its file stays, for whoever edits. */
export function discard(clientId: string): Unsent | null {
  const entry = find(clientId);
  if (!entry?.refusal) return null;
  drop(clientId);
  return entry;
}

/** One whose file is still on its way: it is not to be sent. Null: the server may have the message already. */
export function giveUp(clientId: string): Unsent | null {
  const entry = find(clientId);
  if (!entry || (entry.posted && !entry.refusal)) return null;
  drop(clientId);
  dropFileOf(entry);
  return entry;
}

/** Neither sent nor edited: its file is of no use any more. */
export function dropFileOf({ client_id, file }: Unsent): void {
  if (file === null) return;
  hideLocally(client_id);
  void cancelUpload(client_id);
}

/** A refused one once more, maybe with what the person has agreed to meanwhile. */
export function sendAgain(clientId: string, change: Partial<Pick<Unsent, 'override_window' | 'seen_message_id'>> = {}): void {
  const entry = find(clientId);
  if (entry?.refusal) keep({ ...entry, ...change, refusal: null, retry_at: 0, not_before: Date.now() });
}

export function find(clientId: string): Unsent | undefined {
  return entries.find((entry) => entry.client_id === clientId);
}

export function unsent(): readonly Unsent[] {
  return entries;
}

export function subscribeOutbox(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function keep(entry: Unsent): void {
  if (owner === null) return;
  if (keepUnsent(owner, entry)) unstored.delete(entry.client_id);
  else unstored.set(entry.client_id, entry);
  reload();
}

function drop(clientId: string, user = owner): void {
  unstored.delete(clientId);
  if (user !== null) dropUnsent(user, clientId);
  reload();
}

/** Storage is the truth: another tab may have sent, changed or added some. */
function reload(): void {
  if (owner === null) return;
  const stored = readUnsent(owner).filter((entry) => !unstored.has(entry.client_id));
  const next = [...stored, ...unstored.values()].toSorted((a, b) => Date.parse(a.written_at) - Date.parse(b.written_at)).map(asKnown);
  if (next.length !== entries.length || next.some((entry, index) => entry !== entries[index])) publish(next);
  plan();
}

/** The same object for the same content, so that only what changed is drawn. */
function asKnown(entry: Unsent): Unsent {
  const known = find(entry.client_id);
  return known && JSON.stringify(known) === JSON.stringify(entry) ? known : entry;
}

function publish(next: readonly Unsent[]): void {
  entries = next;
  for (const entry of next) if (entry.file !== null && !sought.has(entry.client_id) && localUrl(entry.client_id) === null) void revive(entry);
  for (const listener of listeners) listener();
}

/** The line is back: nobody waits for the rest of a pause. */
function hurry(): void {
  if (owner === null) return;
  for (const entry of entries) if (entry.retry_at > 0 && !unstored.has(entry.client_id)) keepUnsent(owner, { ...entry, retry_at: 0 });
  for (const [id, entry] of unstored) unstored.set(id, { ...entry, retry_at: 0 });
  reload();
}

const placeOf = (entry: Unsent) => conversations.resolve(entry.conversation_id);

/** The first of a conversation that waits. */
function head(conversation: string): Unsent | undefined {
  return entries.find((entry) => entry.refusal === null && placeOf(entry) === conversation);
}

function dueAt(entry: Unsent): number {
  // No wait is that long: the clock was set back.
  const believed = (at: number) => (at - Date.now() > LONGEST_BACKOFF_MS ? 0 : at);
  return Math.max(believed(entry.not_before), believed(entry.retry_at));
}

/** Sends what is due, and sets the one timer for what will be next. */
function plan(): void {
  clearTimeout(timer);
  let next = Number.POSITIVE_INFINITY;
  for (const conversation of new Set(entries.map(placeOf))) {
    const entry = head(conversation);
    if (!entry || sending.has(conversation)) continue;
    const due = dueAt(entry);
    if (due <= Date.now()) void drain(conversation);
    else next = Math.min(next, due);
  }
  if (Number.isFinite(next)) timer = setTimeout(plan, next - Date.now());
}

async function drain(conversation: string): Promise<void> {
  const user = owner;
  if (user === null) return;
  sending.add(conversation);
  try {
    await alone(`sb-outbox ${conversation}`, () => sendDue(user, conversation));
  } finally {
    sending.delete(conversation);
    reload();
  }
}

async function sendDue(user: string, conversation: string): Promise<void> {
  for (;;) {
    if (owner !== user) return;
    reload();
    const entry = head(conversation);
    if (!entry || dueAt(entry) > Date.now()) return;
    if (!(await attempt(user, conversation, entry))) return;
  }
}

/** Whether there was an answer, so that the next one may go. */
async function attempt(user: string, conversation: string, entry: Unsent): Promise<boolean> {
  try {
    const cookies = whoseCookies();
    // Another tab signed in as somebody else, and this one has not heard of it yet.
    if (cookies !== null && cookies !== user) throw new ApiError(401, 'unauthenticated', '');
    const file = entry.file === null ? null : await uploadFile(entry.client_id);
    // Given up while its file was on its way.
    if (owner !== user || !find(entry.client_id)) return owner === user;
    if (file !== null && !entry.posted) keep({ ...entry, posted: true });
    const row = await post(conversation, entry, file);
    // First the message, then the entry goes: in no moment is neither there.
    if (owner === user && hasThread(conversation)) messages.put([{ ...row, conversation_id: conversation }]);
    drop(entry.client_id, user);
    if (file !== null) void forgetUpload(entry.client_id);
    return true;
  } catch (caught) {
    const error = asApiError(caught);
    if (owner !== user) return false;
    // Somebody discarded it elsewhere while it was under way.
    const now = find(entry.client_id);
    if (isRefused(error)) {
      if (now) keep({ ...now, refusal: refusalOf(error) });
      return true;
    }
    const tries = entry.tries + 1;
    // Kept with the entry, so that all tabs wait together.
    if (now) keep({ ...now, tries, retry_at: Date.now() + pauseAfter(tries) });
    return false;
  }
}

function post(id: string, entry: Unsent, fileId: string | null): Promise<Message> {
  const { client_id, text, file, template, content, internal, mentions, reply_to, send_at, override_window, seen_message_id } = entry;
  const body = {
    client_id,
    ...((text !== '' || (fileId === null && template === null && content === null)) && { text }),
    ...(fileId !== null && template === null && { attachments: [fileId], ...(file?.voice && { voice: true }), ...(file?.sticker && { sticker: true }) }),
    ...(template !== null && { template: filledIn(template, fileId) }),
    ...content,
    ...(internal && { internal }),
    ...(mentions.length > 0 && { mentions: mentions.map((person) => person.id) }),
    ...(reply_to !== null && { reply_to }),
    // A time that has passed while the line was cut means now.
    ...(send_at !== null && Date.parse(send_at) > Date.now() && { send_at }),
    ...(override_window && { override_window }),
    ...(seen_message_id !== null && !internal && { seen_message_id }),
  };
  return take(api.POST('/api/v1/conversations/{id}/messages', { params: { path: { id } }, body, signal: AbortSignal.timeout(ANSWER_MS) }));
}

function filledIn({ id, parameters, file_for }: UnsentTemplate, fileId: string | null): TemplateUse {
  return { id, parameters: { ...parameters, ...(file_for !== null && fileId !== null && { [file_for]: { file_id: fileId } }) } };
}

/** Doubling, at random by half, so that many that were cut off together don't come back together. */
function pauseAfter(tries: number): number {
  return Math.min(BACKOFF_MS * 2 ** (tries - 1), LONGEST_BACKOFF_MS) * (0.5 + Math.random() / 2);
}

function alone(name: string, run: () => Promise<void>): Promise<void> {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? locks.request(name, run) : run();
}
