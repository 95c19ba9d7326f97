import { expect, test } from 'vitest';
import { isMoving, judge, parts, stickerOf, takesCaption } from './limits';

const MB = 1_000_000;

test.each([
  ['whatsapp', 'image/jpeg', 5 * MB, 'image'],
  ['whatsapp', 'image/webp', 100 * MB, 'document'],
  ['whatsapp', 'video/mp4', 16 * MB, 'video'],
  ['whatsapp', 'video/quicktime', 100 * MB, 'document'],
  ['whatsapp', 'audio/ogg; codecs=opus', 16 * MB, 'audio'],
  ['whatsapp', 'application/zip', 100 * MB, 'document'],
  ['messenger', 'application/zip', 25 * MB, 'document'],
  ['instagram', 'image/gif', 8 * MB, 'image'],
  ['instagram', 'application/pdf', 25 * MB, 'document'],
])('%s takes %s up to its limit, and not a byte more', (channel, type, most, kind) => {
  expect(judge({ type, size: most }, channel, false)).toEqual({ kind });
  expect(judge({ type, size: most + 1 }, channel, false)).toEqual({ refused: 'size', kind, most });
});

test('what a channel does not take at all, a note does', () => {
  expect(judge({ type: 'application/zip', size: 1 }, 'instagram', false)).toEqual({ refused: 'type' });
  expect(judge({ type: 'image/webp', size: 1 }, 'instagram', false)).toEqual({ refused: 'type' });
  expect(judge({ type: 'application/zip', size: 100 * MB }, 'instagram', true)).toEqual({ kind: 'document' });
  expect(judge({ type: 'application/zip', size: 100 * MB + 1 }, 'instagram', true)).toMatchObject({ refused: 'size' });
  expect(judge({ type: 'text/plain', size: 0 }, 'whatsapp', true)).toEqual({ refused: 'empty' });
});

test('a recording is audio, whatever the browser records', () => {
  expect(judge({ type: 'audio/webm;codecs=opus', size: 1, voice: true }, 'whatsapp', false)).toEqual({ kind: 'audio' });
  expect(judge({ type: 'audio/webm;codecs=opus', size: 1 }, 'whatsapp', false)).toEqual({ kind: 'document' });
});

test('the text goes under the first file where it can, else before it', () => {
  const [image, audio] = [{ kind: 'image' as const }, { kind: 'audio' as const }];
  expect(parts('Hi', [image, audio], 'whatsapp', false)).toEqual([{ text: 'Hi', file: image }, { text: '', file: audio }]);
  expect(parts('Hi', [audio], 'whatsapp', false)).toEqual([{ text: 'Hi', file: null }, { text: '', file: audio }]);
  expect(parts('Hi', [image], 'messenger', false)).toEqual([{ text: 'Hi', file: null }, { text: '', file: image }]);
  expect(parts('Hi', [audio], 'messenger', true)).toEqual([{ text: 'Hi', file: audio }]);
  expect(parts('Hi', [], 'whatsapp', false)).toEqual([{ text: 'Hi', file: null }]);
  expect(parts('', [audio], 'instagram', false)).toEqual([{ text: '', file: audio }]);
  expect(takesCaption('😀'.repeat(1024), image, 'whatsapp', false)).toBe(true);
  expect(takesCaption('😀'.repeat(1025), image, 'whatsapp', false)).toBe(false);
});

test('a sticker is a small WebP on WhatsApp; a moving one may be larger', () => {
  const may = (size: number, type = 'image/webp', channel = 'whatsapp', note = false) => stickerOf({ type, size }, channel, note);
  expect([may(100_000), may(100_001), may(500_000), may(500_001)]).toEqual(['always', 'moving', 'moving', 'never']);
  expect([may(1, 'image/png'), may(1, 'image/webp', 'messenger'), may(1, 'image/webp', 'whatsapp', true)]).toEqual(['never', 'never', 'never']);
  const head = (chunk: string, flags: number) => new Uint8Array([...Buffer.from(`RIFF....WEBP${chunk}....`), flags]);
  expect(isMoving(head('VP8X', 0b10))).toBe(true);
  expect(isMoving(head('VP8X', 0b101))).toBe(false);
  expect(isMoving(head('VP8 ', 0b10))).toBe(false);
  expect(isMoving(new Uint8Array(3))).toBe(false);
});

test('under a sticker stands no text', () => {
  const sticker = { kind: 'document', sticker: true } as const;
  expect(parts('Hi', [sticker], 'whatsapp', false)).toEqual([{ text: 'Hi', file: null }, { text: '', file: sticker }]);
});
