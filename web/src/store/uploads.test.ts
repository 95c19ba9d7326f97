// Files on their way: in parts, from where the server says, once, and in the order of writing with their messages.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forget, remember } from '@/api/renewal';
import { clearAll, conversations } from './entities';
import { type Asked, conversation, ME, message, serve, settle, USER } from './fakes';
import { dropFile, readFile } from './file-store';
import { hideLocally as clearLocal, localUrl } from './local-files';
import { enqueue, find, giveUp, startOutbox, stopOutbox, unsent } from './outbox';
import type { UnsentFile } from './outbox-entry';
import { endSession, loadSession } from './session';
import { addToTray, forgetTrays, hold, readTray, removeFromTray } from './tray';
import { uploadFile } from './uploads';

type Answer = { status?: number; body?: unknown };
const PART = 4;
let requests: Asked[];
/** What the server has of each file. */
let files: Map<string, { name: string; size: number; bytes: number[] }>;
/** Called before the server does anything; a given answer is the answer. */
let before: (asked: Asked) => Answer | Promise<Answer> | null;

const stored = (id: string): object => {
  const file = files.get(id);
  if (!file) throw new Error(`no file ${id}`);
  const received = file.bytes.length;
  return { id, file_name: file.name, mime_type: 'image/png', size: file.size, received, state: received === file.size ? 'ready' : 'uploading', part_size: PART };
};

function answer(asked: Asked): Answer {
  const { method, path, body } = asked;
  const id = path.split('/')[4] ?? '';
  if (path === '/api/v1/files') {
    const { file_name: name, size } = body as { file_name: string; size: number };
    const made = `f${files.size + 1}`;
    files.set(made, { name, size, bytes: [] });
    return { status: 201, body: stored(made) };
  }
  if (path.startsWith('/api/v1/files/')) {
    const file = files.get(id);
    if (!file) return { status: 404, body: { code: 'not_found', detail: 'gone' } };
    if (method === 'DELETE') {
      files.delete(id);
      return { status: 204 };
    }
    if (method === 'PATCH') {
      if (Number(asked.headers.get('Upload-Offset')) !== file.bytes.length) return { status: 409, body: { code: 'wrong_offset', detail: 'elsewhere', current: stored(id) } };
      file.bytes.push(...(body as Uint8Array));
    }
    return { body: stored(id) };
  }
  const { client_id } = body as { client_id: string };
  return { status: 201, body: message(`m-${client_id}`, 'one', 1, { direction: 'out', client_id, status: 'queued' }) };
}

const blob = (text: string) => new Blob([text], { type: 'image/png' });
const meta = (size: number): UnsentFile => ({ name: 'a.png', type: 'image/png', size, kind: 'document', voice: false });
const asked = (part: string) => requests.filter(({ method, path }) => `${method} ${path}`.includes(part));
const sent = () => asked('/messages').map(({ body }) => body as Record<string, unknown>);
const write = (more: object) => enqueue({ conversation_id: 'one', text: '', internal: false, reply_to: null, seen_message_id: null, ...more });
async function later(ms = 0): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await settle();
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 8; turn += 1) await settle();
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  localStorage.clear();
  clearAll();
  remember(ME);
  files = new Map();
  before = () => null;
  requests = serve(async (one) => (one.path.endsWith('/auth/me') ? { body: USER } : ((await before(one)) ?? answer(one))));
  await loadSession();
  conversations.put([conversation('one')]);
  startOutbox(ME);
});
afterEach(() => {
  stopOutbox();
  endSession();
  forget();
  vi.useRealTimers();
});

test('a file goes in parts, and its message after it', async () => {
  await hold('k1', blob('0123456789'), meta(10));
  write({ client_id: 'k1', file: meta(10), text: 'Look' });
  write({ text: 'and after it' });
  await later();
  expect(asked('PATCH').map(({ headers }) => headers.get('Upload-Offset'))).toEqual(['0', '4', '8']);
  expect(asked('PATCH').map(({ headers }) => headers.get('Idempotency-Key')), 'a part is known by its place').toEqual([null, null, null]);
  expect(String.fromCharCode(...(files.get('f1')?.bytes ?? []))).toBe('0123456789');
  expect(sent()).toMatchObject([{ client_id: 'k1', text: 'Look', attachments: ['f1'] }, { text: 'and after it' }]);
  expect(unsent()).toEqual([]);
  expect(await readFile('k1'), 'nothing of it stays in the browser').toBeNull();
});

test('a cut line: it goes on where the server is, under the same id', async () => {
  let left = 2;
  before = ({ method }) => (method === 'PATCH' && (left -= 1) < 0 ? Promise.reject(new TypeError('cut')) : null);
  await hold('k1', blob('0123456789'), meta(10));
  write({ client_id: 'k1', file: meta(10) });
  await later();
  expect(files.get('f1')?.bytes).toHaveLength(8);
  expect(find('k1')).toMatchObject({ tries: 1, refusal: null, posted: false });
  before = () => null;
  await later(2_000);
  expect(asked('GET /api/v1/files/f1')).toHaveLength(1);
  expect(String.fromCharCode(...(files.get('f1')?.bytes ?? []))).toBe('0123456789');
  expect(files.size).toBe(1);
  expect(sent()).toHaveLength(1);
  expect(sent()[0]).not.toHaveProperty('text');
});

test('an answer that was lost is no second part', async () => {
  let lose = true;
  before = async (one) => {
    if (one.method !== 'PATCH' || !lose) return null as unknown as Answer;
    lose = false;
    answer(one);
    throw new TypeError('cut');
  };
  await hold('k1', blob('0123456789'), meta(10));
  await uploadFile('k1').catch(() => undefined);
  // As a tab that knows an older place would do it.
  const kept = await readFile('k1');
  expect(kept?.file_id).toBe('f1');
  await uploadFile('k1');
  expect(String.fromCharCode(...(files.get('f1')?.bytes ?? []))).toBe('0123456789');
});

test('another place than this tab thinks: the server’s counts, and there is an end to it', async () => {
  let offset = 0;
  before = ({ method }) => (method === 'PATCH' ? { status: 409, body: { code: 'wrong_offset', detail: 'x', current: { ...stored('f1'), received: offset } } } : null);
  await hold('k1', blob('0123456789'), meta(10));
  await expect(uploadFile('k1')).rejects.toMatchObject({ code: 'stalled', status: 0 });
  expect(asked('PATCH').length).toBeLessThan(10);
  files.get('f1')?.bytes.push(48, 49);
  offset = 2;
  let first = true;
  before = ({ method }) => (method === 'PATCH' && first ? ((first = false), { status: 409, body: { code: 'wrong_offset', detail: 'x', current: stored('f1') } }) : null);
  await uploadFile('k1');
  expect(String.fromCharCode(...(files.get('f1')?.bytes ?? []))).toBe('0123456789');
});

test('what the server has forgotten is announced anew', async () => {
  await hold('k1', blob('01234567'), meta(8));
  before = ({ method }) => (method === 'PATCH' ? Promise.reject(new TypeError('cut')) : null);
  await uploadFile('k1').catch(() => undefined);
  files.clear();
  before = () => null;
  await uploadFile('k1');
  expect(asked('POST /api/v1/files')).toHaveLength(2);
});

test('a refused file stays in its place, with what was refused', async () => {
  before = ({ path }) => (path === '/api/v1/files' ? { status: 415, body: { code: 'unsupported_media_type', detail: 'No' } } : null);
  await hold('k1', blob('01'), meta(2));
  write({ client_id: 'k1', file: meta(2) });
  write({ text: 'goes on' });
  await later();
  expect(find('k1')?.refusal?.code).toBe('unsupported_media_type');
  expect(sent()).toMatchObject([{ text: 'goes on' }]);
});

test('a file that this browser lost is said, not sent empty', async () => {
  write({ client_id: 'nowhere', file: meta(2) });
  await later();
  expect(find('nowhere')?.refusal?.code).toBe('file_gone');
  expect(sent()).toEqual([]);
});

test('given up on its way, it is gone here and there, and nothing is sent', async () => {
  let go = (): void => undefined;
  before = ({ method }) => (method === 'PATCH' ? new Promise<Answer>((resolve) => (go = () => resolve(null as unknown as Answer))) : null);
  await hold('k1', blob('0123'), meta(4));
  write({ client_id: 'k1', file: meta(4) });
  await later();
  expect(giveUp('k1')?.client_id).toBe('k1');
  go();
  await later(5_000);
  expect(sent()).toEqual([]);
  expect(unsent()).toEqual([]);
  expect(asked('DELETE /api/v1/files/f1')).toHaveLength(1);
  expect(localUrl('k1')).toBeNull();
});

test('what may be with the server already is not given up', async () => {
  before = ({ path }) => (path.endsWith('/messages') ? Promise.reject(new TypeError('cut')) : null);
  await hold('k1', blob('01'), meta(2));
  write({ client_id: 'k1', file: meta(2) });
  await later();
  expect(find('k1')).toMatchObject({ posted: true, tries: 1 });
  expect(giveUp('k1')).toBeNull();
});

test('what is chosen begins its way at once, and what is removed ends it', async () => {
  expect(await addToTray('one', 'reply', blob('0123456789'), meta(10)), 'there is no storage here, and it is said').toBe(false);
  await later();
  const [file] = readTray('one', 'reply');
  expect(files.get('f1')?.bytes).toHaveLength(10);
  removeFromTray('one', 'reply', file?.key ?? '');
  await later();
  expect(readTray('one', 'reply')).toEqual([]);
  expect(files.size).toBe(0);
});

test('what was chosen goes on by itself after a fault, but not after a no', async () => {
  before = ({ path }) => (path === '/api/v1/files' ? { status: 503, body: { code: 'unavailable', detail: 'x' } } : null);
  await addToTray('one', 'reply', blob('0123'), meta(4));
  await later();
  before = () => null;
  await later(10_000);
  expect(files.get('f1')?.bytes).toHaveLength(4);
  before = ({ path }) => (path === '/api/v1/files' ? { status: 413, body: { code: 'too_large', detail: 'x' } } : null);
  await addToTray('one', 'note', blob('0123'), meta(4));
  await later(60_000);
  expect(asked('POST /api/v1/files')).toHaveLength(3);
});

test('a file that another tab sends is seen here too', async () => {
  await hold('theirs', blob('0123'), meta(4));
  const mine = write({ text: 'held', hold_ms: 5_000 });
  clearLocal('theirs');
  localStorage.setItem(`sb.outbox.${ME}.theirs`, JSON.stringify({ ...mine, client_id: 'theirs', text: '', file: meta(4) }));
  dispatchEvent(new StorageEvent('storage', { key: `sb.outbox.${ME}.theirs` }));
  await later();
  expect(localUrl('theirs')).toMatch(/^blob:/);
});

test('with the cookies of another person nothing is uploaded', async () => {
  await hold('k1', blob('0123'), meta(4));
  remember('somebody-else');
  await expect(uploadFile('k1')).rejects.toMatchObject({ status: 401 });
  expect(asked('/files')).toEqual([]);
});

test('what was chosen is there again after the page was loaded anew, but for what the browser did not keep', async () => {
  await addToTray('one', 'reply', blob('0123'), meta(4));
  await addToTray('one', 'note', blob('01'), meta(2));
  await later();
  const [kept] = readTray('one', 'reply');
  const [lost] = readTray('one', 'note');
  await dropFile(lost?.key ?? '');
  clearLocal(kept?.key ?? '');
  forgetTrays();
  expect(readTray('one', 'reply')).toEqual([kept]);
  await later();
  expect(localUrl(kept?.key)).toMatch(/^blob:/);
  expect(readTray('one', 'note')).toEqual([]);
});
