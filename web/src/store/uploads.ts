/**
 * Files on their way to the server, in parts.
 *
 * Invariants: an upload goes on where the server says it is, after a cut line, a reload or another tab's share of it; of all tabs
 * one sends the parts of a file (Web Locks), and only with its person's cookies; whoever asks for an upload that runs gets the
 * same one; what had no answer is tried again, now and then and when the line is back. Absent on purpose: trying again what was
 * refused; a person does.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { ApiError, api, asApiError, take } from '@/api/client';
import { whoseCookies } from '@/api/renewal';
import type { StoredFile } from '@/api/types';
import * as rooms from '@/live/rooms';
import { onClear } from './entities';
import { dropFile, forgetFiles, keepFile, type KeptFile, readFile } from './file-store';
import { isRefused } from './outbox-entry';

export interface Upload {
  state: 'uploading' | 'ready' | 'stopped';
  /** Bytes that the server has. */
  sent: number;
  size: number;
  /** Why it stopped. */
  error: ApiError | null;
}

/** At once; more only share the same line. */
const LANES = 2;
/** For one part on a slow line. */
const PART_MS = 300_000;
/** After a failure that another time may change. */
const AGAIN_MS = 10_000;
/** So often the server may disagree on where the upload is, before it is given up for now. */
const MOST_DISAGREEMENTS = 5;

interface Running {
  promise: Promise<string>;
  abort: AbortController;
}

const uploads = new Map<string, Upload>();
const running = new Map<string, Running>();
const listeners = new Map<string, Set<() => void>>();
const waiting: (() => void)[] = [];
let lanes = 0;

onClear(() => {
  for (const { abort } of running.values()) abort.abort();
  running.clear();
  uploads.clear();
  forgetFiles();
});
const hurry = () => {
  for (const [key, upload] of uploads) if (stoppedByLine(upload)) beginUpload(key);
};
addEventListener('online', hurry);
rooms.onResync('inbox', hurry);

/** The id under which the server has it, once all of it is there. */
export function uploadFile(key: string): Promise<string> {
  const known = running.get(key);
  if (known) return known.promise;
  const abort = new AbortController();
  const promise = inLane(() => alone(`sb-file ${key}`, () => run(key, abort.signal)));
  const me = { promise, abort };
  running.set(key, me);
  set(key, { state: 'uploading', sent: uploads.get(key)?.sent ?? 0, size: uploads.get(key)?.size ?? 0, error: null });
  promise.then(
    () => end(key, me, { state: 'ready', error: null }),
    (error: unknown) => end(key, me, { state: 'stopped', error: asApiError(error) }),
  );
  return promise;
}

/** Ahead of its use; how it goes is told by `useUpload`. */
export function beginUpload(key: string): void {
  uploadFile(key).catch(() => undefined);
}

/** Given up: here, in storage and on the server. */
export async function cancelUpload(key: string): Promise<void> {
  running.get(key)?.abort.abort();
  running.delete(key);
  const kept = await readFile(key);
  await forgetUpload(key);
  if (!kept?.file_id) return;
  // The server forgets it by itself one day; this is only sooner.
  await take(api.DELETE('/api/v1/files/{id}', { params: { path: { id: kept.file_id } } })).catch(() => undefined);
}

/** The message that it belonged to is with the server. */
export async function forgetUpload(key: string): Promise<void> {
  uploads.delete(key);
  tell(key);
  await dropFile(key);
}

export function useUpload(key: string): Upload | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      let set = listeners.get(key);
      if (!set) listeners.set(key, (set = new Set()));
      set.add(listener);
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
      };
    },
    [key],
  );
  return useSyncExternalStore(subscribe, () => uploads.get(key));
}

async function run(key: string, signal: AbortSignal): Promise<string> {
  const kept = await readFile(key);
  if (!kept) throw new ApiError(410, 'file_gone', '');
  const cookies = whoseCookies();
  // The session ended while it waited, or another tab signed in as somebody else.
  if (signal.aborted || (cookies !== null && cookies !== kept.user)) throw new ApiError(401, 'unauthenticated', '');
  set(key, { size: kept.blob.size });
  let file = (await known(kept)) ?? (await announced(kept, signal));
  for (let disagreements = 0; file.state !== 'ready'; ) {
    set(key, { sent: file.received });
    const next = await part(file, kept.blob, signal);
    if (next.received <= file.received && next.state !== 'ready' && ++disagreements > MOST_DISAGREEMENTS) throw new ApiError(0, 'stalled', '');
    file = next;
  }
  set(key, { sent: kept.blob.size });
  return file.id;
}

/** As far as it was sent before. */
async function known({ file_id: id }: KeptFile): Promise<StoredFile | null> {
  if (id === null) return null;
  try {
    return await take(api.GET('/api/v1/files/{id}', { params: { path: { id } } }));
  } catch (error) {
    // The server does not keep a half one for ever.
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

async function announced(kept: KeptFile, signal: AbortSignal): Promise<StoredFile> {
  const body = { file_name: kept.name, mime_type: kept.type, size: kept.blob.size };
  const file = await take(api.POST('/api/v1/files', { body, signal }));
  if (!signal.aborted) await keepFile({ ...kept, file_id: file.id });
  return file;
}

async function part(file: StoredFile, blob: Blob, signal: AbortSignal): Promise<StoredFile> {
  const bytes = blob.slice(file.received, file.received + file.part_size);
  try {
    return await take(
      api.PATCH('/api/v1/files/{id}', {
        params: { path: { id: file.id }, header: { 'Upload-Offset': file.received } },
        headers: { 'Content-Type': 'application/offset+octet-stream' },
        // The type of a body of bytes is a text to the schema.
        body: bytes as unknown as string,
        bodySerializer: (raw) => raw as unknown as BodyInit,
        signal: AbortSignal.any([signal, AbortSignal.timeout(PART_MS)]),
      }),
    );
  } catch (error) {
    const current = error instanceof ApiError && error.code === 'wrong_offset' ? (error.problem?.current as StoredFile | undefined) : undefined;
    if (current) return current;
    throw error;
  }
}

function end(key: string, me: Running, how: Pick<Upload, 'state' | 'error'>): void {
  // Cancelled, and maybe begun again since.
  if (running.get(key) !== me) return;
  running.delete(key);
  set(key, how);
  if (stoppedByLine(how)) setTimeout(() => stoppedByLine(uploads.get(key)) && beginUpload(key), AGAIN_MS);
}

function stoppedByLine(upload: Pick<Upload, 'state' | 'error'> | undefined): boolean {
  return upload?.state === 'stopped' && upload.error !== null && !isRefused(upload.error);
}

function set(key: string, change: Partial<Upload>): void {
  uploads.set(key, { state: 'uploading', sent: 0, size: 0, error: null, ...uploads.get(key), ...change });
  tell(key);
}

function tell(key: string): void {
  listeners.get(key)?.forEach((listener) => listener());
}

async function inLane<T>(work: () => Promise<T>): Promise<T> {
  if (lanes >= LANES) await new Promise<void>((resolve) => waiting.push(resolve));
  else lanes += 1;
  try {
    return await work();
  } finally {
    // The lane goes to the next one, or is free.
    const next = waiting.shift();
    if (next) next();
    else lanes -= 1;
  }
}

function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? (locks.request(name, work) as Promise<T>) : work();
}
