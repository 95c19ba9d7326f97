// Files in a thread: where they may come from, what room they take, how they are played and looked at.
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '@/api/types';
import { type Asked, serve, settle } from '@/store/fakes';
import { hideLocally, showLocally } from '@/store/local-files';
import { attachment, message } from '../examples';
import { Face } from '../faces';
import { documentGlyph, typeName } from '../faces/document';
import { downloadUrl, ownAddress, room } from './address';
import { mediaOf } from './lightbox';
import { ratePreference, seek, stop } from './player';
import { pinched, STILL, turned, zoomed } from './stage';
import { bars, strokes } from './wave';

let root: Root;
let host: HTMLElement;
let asked: Asked[];
const show = (one: Message) => act(async () => root.render(<Face message={one} />));
const ready = (kind: string, more: object = {}) => attachment({ kind, state: 'ready', url: '/api/v1/attachments/a1', ...more });

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  asked = serve(() => ({ status: 202, body: {} }));
  host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
});
afterEach(() => {
  act(() => root.unmount());
  stop();
  hideLocally('local');
  host.remove();
  vi.unstubAllGlobals();
});

test('only this server gives files out', () => {
  expect(ownAddress('/api/v1/attachments/1')).toBe('/api/v1/attachments/1');
  for (const url of ['https://cdn.example.test/a', '//evil.test/a', '/\\evil.test', 'javascript:alert(1)', '', null]) expect(ownAddress(url)).toBeNull();
  expect(downloadUrl('/api/v1/attachments/1')).toBe('/api/v1/attachments/1?download=true');
  expect(downloadUrl('blob:x')).toBe('blob:x');
});

test('a picture has its room before it is here, and never more than fits', async () => {
  expect(room({ width: 4000, height: 3000 })).toEqual({ width: 384, height: 288 });
  expect(room({ width: 100, height: 50 })).toEqual({ width: 100, height: 50 });
  expect(room({ width: 10, height: 9000 })).toEqual({ width: 1, height: 320 });
  for (const size of [{}, { width: 0, height: 5 }, { width: -1, height: 5 }]) expect(room(size)).toBeNull();
  await show(message({ kind: 'image', attachments: [ready('image', { width: 4000, height: 3000, thumbnail_url: '/t.webp' })] }));
  const image = host.querySelector('img');
  expect(image?.getAttribute('src')).toBe('/t.webp');
  expect(image?.parentElement?.style.width).toBe('384px');
});

test('one’s own picture is shown from this browser, before and after the server has it', async () => {
  showLocally('local', new Blob(['x'], { type: 'image/png' }));
  await show(message({ kind: 'image', client_id: 'local', direction: 'out', attachments: [ready('image', { url: null })] }));
  const before = host.querySelector('img')?.getAttribute('src');
  expect(before).toMatch(/^blob:/);
  await show(message({ kind: 'image', client_id: 'local', direction: 'out', version: 2, attachments: [ready('image')] }));
  expect(host.querySelector('img')?.getAttribute('src')).toBe(before);
});

test('a file that could not be fetched is asked for again, once', async () => {
  const failed = message({ kind: 'document', attachments: [attachment({ kind: 'document', state: 'failed', file_name: 'Dekont.pdf' })] });
  await show(failed);
  const button = () => host.querySelector('button');
  for (let press = 0; press < 2; press += 1) {
    await act(async () => {
      button()?.click();
      await settle();
    });
  }
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/v1/attachments/a1/fetch']);
  expect(host.textContent).toContain('Not fetched yet');
  await show({ ...failed, version: 2 });
  expect(host.textContent).toContain('Could not be fetched');
  expect(button()?.getAttribute('aria-busy')).toBeNull();
});

test('a recording has a line to walk on with the keys, and a speed that is kept', async () => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
  await show(message({ kind: 'voice', attachments: [ready('voice', { duration_ms: 90_000, peaks: [0, 255, 12] })] }));
  const slider = () => host.querySelector('[role="slider"]');
  expect(slider()?.getAttribute('aria-valuetext')).toBe('0:00 of 1:30');
  const press = (key: string) => act(async () => void slider()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));
  await press('ArrowRight');
  await press('ArrowRight');
  expect(slider()?.getAttribute('aria-valuenow')).toBe('10');
  await press('Home');
  expect(slider()?.getAttribute('aria-valuenow')).toBe('0');
  ratePreference.write('1');
  await act(async () => host.querySelector<HTMLElement>('[aria-label^="Speed"]')?.click());
  expect(ratePreference.read()).toBe('1.5');
});

test('one recording at a time', async () => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
  const paused = vi.spyOn(HTMLMediaElement.prototype, 'pause');
  const track = (id: string) => ({ id, conversation: 'c1', url: `/${id}`, title: id });
  await act(async () => seek(track('a'), 3));
  const before = paused.mock.calls.length;
  await act(async () => seek(track('b'), 3));
  expect(paused.mock.calls.length).toBe(before + 1);
});

test('the wave has all its bars, from silence to the loudest', () => {
  expect(bars([], 4)).toEqual([0.08, 0.08, 0.08, 0.08]);
  expect(bars([0, 255, 999, -5], 4)).toEqual([0.08, 1, 1, 0.08]);
  expect(bars(Array.from({ length: 500 }, () => 255), 44)).toHaveLength(44);
  expect(strokes([1, 0.5], 1, 2)).toMatch(/^M5 /);
  expect(strokes([1], 1, 1)).toBe('');
});

test('pictures and films are walked in the order of the thread, without what is not here', () => {
  const rows = [
    message({ id: '1', kind: 'image', attachments: [ready('image', { id: 'a' })] }),
    message({ id: '2', kind: 'document', attachments: [ready('document', { id: 'b' })] }),
    message({ id: '3', kind: 'image', attachments: [attachment({ id: 'c' })] }),
    message({ id: '4', kind: 'video', attachments: [ready('video', { id: 'd' })] }),
    message({ id: '5', kind: 'image', deleted_at: '2026-11-17T10:00:00Z', attachments: [ready('image', { id: 'e' })] }),
    message({ id: '6', kind: 'image', client_id: 'mine', attachments: [attachment({ id: 'f' })] }),
  ];
  expect(mediaOf(rows, (id) => (id === 'mine' ? 'blob:1' : null)).map(({ attachment: { id }, kind }) => `${id} ${kind}`)).toEqual(['a image', 'd video', 'f image']);
});

test('zoom ends at both ends, and the own size stands in the middle', () => {
  let view = { ...STILL, x: 40, y: 10 };
  for (let n = 0; n < 20; n += 1) view = zoomed(view, 1);
  expect(view.scale).toBe(8);
  for (let n = 0; n < 20; n += 1) view = zoomed(view, -1);
  expect(view).toEqual(STILL);
  expect(pinched(STILL, 2.5).scale).toBe(2.5);
  expect(pinched(STILL, 99).scale).toBe(8);
  expect(pinched({ ...STILL, scale: 2, x: 9 }, 0.1)).toEqual(STILL);
  expect(turned(turned(turned(turned(STILL))))).toEqual(STILL);
});

test('a document is called by its ending, and has the glyph of it', () => {
  expect(typeName('Teklif.PDF', 'application/octet-stream')).toBe('PDF');
  expect(typeName('README', 'text/plain; charset=utf-8')).toBe('text/plain');
  expect(documentGlyph('a.xlsx', null)).not.toBe(documentGlyph('a.zip', null));
  expect(documentGlyph(null, 'image/webp')).not.toBe(documentGlyph(null, null));
});
