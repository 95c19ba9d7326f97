/**
 * Files that were chosen for a message and not sent yet, by conversation and kind; beside the draft, which is the text.
 *
 * A file begins its upload when it is chosen. Its key becomes the `client_id` of the message that it goes with. The choice survives
 * a reload of its tab, where the browser keeps the file (`file-store`). Absent on purpose: trays on other devices or in other tabs.
 */
import { useSyncExternalStore } from 'react';
import { uuid } from '@/api/client';
import type { DraftKind } from '@/api/types';
import { conversations, onClear } from './entities';
import { keepFile, readFile } from './file-store';
import { hideLocally, showLocally } from './local-files';
import type { UnsentFile } from './outbox-entry';
import { currentUser } from './session';
import { beginUpload, cancelUpload } from './uploads';

export interface TrayFile extends UnsentFile {
  /** The `client_id` of its message to be. */
  key: string;
}

const NONE: readonly TrayFile[] = [];
/** In sessionStorage, with the user's id: what one tab chose is no other tab's business. */
const PREFIX = 'sb.tray.';

let owner: string | null = null;
const trays = new Map<string, readonly TrayFile[]>();
const listeners = new Set<() => void>();

onClear(forgetTrays);

/** What is chosen stays in storage, for the next time this person is here. */
export function forgetTrays(): void {
  owner = null;
  trays.clear();
  tell();
}

const placeOf = (conversation: string, kind: DraftKind) => `${conversations.resolve(conversation)} ${kind}`;

export function useTray(conversation: string, kind: DraftKind): readonly TrayFile[] {
  return useSyncExternalStore(subscribe, () => readTray(conversation, kind));
}

export function readTray(conversation: string, kind: DraftKind): readonly TrayFile[] {
  remember();
  return trays.get(placeOf(conversation, kind)) ?? NONE;
}

/** Whether anything was chosen anywhere: loading the page anew would lose it. */
export function hasTrays(): boolean {
  remember();
  return [...trays.values()].some((files) => files.length > 0);
}

/** False: the browser can't keep the file, so that it lives as long as the tab. */
export async function addToTray(conversation: string, kind: DraftKind, blob: Blob, file: UnsentFile): Promise<boolean> {
  const key = uuid();
  set(conversation, kind, [...readTray(conversation, kind), { ...file, key }]);
  if (file.kind === 'image') void measured(conversation, kind, key, blob);
  const kept = await hold(key, blob, file);
  // It may have been removed meanwhile.
  if (readTray(conversation, kind).some((one) => one.key === key)) beginUpload(key);
  return kept;
}

/** Keeps the bytes under the `client_id` of a message to be; whether they survive the tab. */
export function hold(key: string, blob: Blob, { name, type }: UnsentFile): Promise<boolean> {
  showLocally(key, blob);
  return keepFile({ key, user: currentUser()?.id ?? '', blob, name, type, file_id: null, at: Date.now() });
}

/** Not to be sent after all. */
export function removeFromTray(conversation: string, kind: DraftKind, key: string): void {
  set(conversation, kind, readTray(conversation, kind).filter((file) => file.key !== key));
  hideLocally(key);
  void cancelUpload(key);
}

/** What was learnt or decided about a file after it was chosen. */
export function changeInTray(conversation: string, kind: DraftKind, key: string, change: Partial<Pick<UnsentFile, 'width' | 'height' | 'sticker'>>): void {
  set(conversation, kind, readTray(conversation, kind).map((file) => (file.key === key ? { ...file, ...change } : file)));
}

/** Sent: the outbox has them. */
export function takeFromTray(conversation: string, kind: DraftKind, keys: ReadonlySet<string>): void {
  set(conversation, kind, readTray(conversation, kind).filter(({ key }) => !keys.has(key)));
}

/** Taken back out of the outbox, in front of what was chosen since. */
export function restoreToTray(conversation: string, kind: DraftKind, files: readonly TrayFile[]): void {
  set(conversation, kind, [...files, ...readTray(conversation, kind)]);
  for (const { key } of files) beginUpload(key);
}

/** The room that it will take in the thread. */
async function measured(conversation: string, kind: DraftKind, key: string, blob: Blob): Promise<void> {
  try {
    const { width, height } = await createImageBitmap(blob);
    changeInTray(conversation, kind, key, { width, height });
  } catch {
    // Then the thread finds out when it shows it.
  }
}

function set(conversation: string, kind: DraftKind, files: readonly TrayFile[]): void {
  const place = placeOf(conversation, kind);
  if (files.length === 0) trays.delete(place);
  else trays.set(place, files);
  persist();
  tell();
}

/** What this person had chosen in this tab before it was loaded anew, once. */
function remember(): void {
  const user = currentUser()?.id ?? null;
  if (user === null || owner === user) return;
  owner = user;
  trays.clear();
  for (const [place, files] of stored(user)) {
    trays.set(place, files);
    for (const { key } of files) void revive(place, key);
  }
}

function stored(user: string): readonly [string, readonly TrayFile[]][] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + user) ?? '[]');
    return Array.isArray(kept) ? (kept as [string, readonly TrayFile[]][]) : [];
  } catch {
    return [];
  }
}

/** A file that the browser did not keep is not there any more. */
async function revive(place: string, key: string): Promise<void> {
  const kept = await readFile(key);
  const files = trays.get(place);
  if (!files?.some((file) => file.key === key)) return;
  if (kept) {
    showLocally(key, kept.blob);
    beginUpload(key);
    return;
  }
  trays.set(place, files.filter((file) => file.key !== key));
  persist();
  tell();
}

function persist(): void {
  try {
    if (owner !== null) sessionStorage.setItem(PREFIX + owner, JSON.stringify([...trays]));
  } catch {
    // Then it lasts as long as the page.
  }
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
