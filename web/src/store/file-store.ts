/**
 * Files that were chosen and are not sent yet, as this browser keeps them (IndexedDB), so that a reload loses none.
 *
 * By the `client_id` of the message that they go with. Where the browser does not keep them (blocked, full), they live as long as
 * the tab; the caller is told, and says so. Absent on purpose: files that were sent; the server has those.
 */

export interface KeptFile {
  key: string;
  user: string;
  blob: Blob;
  name: string;
  type: string;
  /** Of the upload, once the server knows of it. */
  file_id: string | null;
  /** Epoch milliseconds. */
  at: number;
}

const DATABASE = 'sb';
const STORE = 'files';
/** What no message refers to is another tab's at most for so long. */
const ORPHAN_MS = 86_400_000;

const memory = new Map<string, KeptFile>();
let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    if (typeof indexedDB === 'undefined') throw new Error('no storage for files');
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE, { keyPath: 'key' }));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no storage for files')));
    request.addEventListener('blocked', () => reject(new Error('the storage for files is taken')));
  }).catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function ask<T>(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = run(transaction.objectStore(STORE));
    const fail = () => reject(transaction.error ?? request.error ?? new Error('the storage refused'));
    transaction.addEventListener('complete', () => resolve(request.result));
    transaction.addEventListener('error', fail);
    // A full disk ends it without an error of the request.
    transaction.addEventListener('abort', fail);
  });
}

/** Whether it will survive the tab. */
export async function keepFile(file: KeptFile): Promise<boolean> {
  // First here, so that it can be read from this moment on.
  memory.set(file.key, file);
  try {
    await ask('readwrite', (store) => store.put(file));
    return true;
  } catch {
    return false;
  }
}

export async function readFile(key: string): Promise<KeptFile | null> {
  try {
    // Another tab may know more of it.
    const kept = await ask<KeptFile | undefined>('readonly', (store) => store.get(key) as IDBRequest<KeptFile | undefined>);
    if (kept) return kept;
  } catch {
    // Then what this tab has.
  }
  return memory.get(key) ?? null;
}

export async function dropFile(key: string): Promise<void> {
  memory.delete(key);
  try {
    await ask('readwrite', (store) => store.delete(key));
  } catch {
    // Then it was never there.
  }
}

/** Drops what a person left behind: files that no message waits for, and that are not of today. */
export async function sweepFiles(user: string, wanted: ReadonlySet<string>): Promise<void> {
  try {
    const all = await ask<KeptFile[]>('readonly', (store) => store.getAll() as IDBRequest<KeptFile[]>);
    for (const { key, user: whose, at } of all) if (whose === user && !wanted.has(key) && Date.now() - at > ORPHAN_MS) await dropFile(key);
  } catch {
    // Without storage there is nothing to sweep.
  }
}

/** At the end of a session: the next person in this tab has no hand on them. */
export function forgetFiles(): void {
  memory.clear();
}
