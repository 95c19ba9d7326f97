import { expect, test } from 'vitest';
import { faultOf, formOf, isVoiceNote, loudness, MOST_PEAKS, thinned } from './recording';

const chromium = (type: string) => ['audio/webm;codecs=opus', 'audio/mp4'].includes(type);
const safari = (type: string) => type.startsWith('audio/mp4');
const firefox = (type: string) => type.endsWith('codecs=opus');

test('WhatsApp gets Opus wherever the browser has it', () => {
  expect(formOf('whatsapp', () => true)).toBe('audio/ogg;codecs=opus');
  expect(formOf('whatsapp', chromium)).toBe('audio/webm;codecs=opus');
  expect(formOf('whatsapp', safari)).toBe('audio/mp4;codecs=mp4a.40.2');
});

test.each(['messenger', 'instagram'])('%s gets MP4 wherever the browser has it, with AAC if it can', (channel) => {
  expect(formOf(channel, () => true)).toBe('audio/mp4;codecs=mp4a.40.2');
  expect(formOf(channel, safari)).toBe('audio/mp4;codecs=mp4a.40.2');
  expect(formOf(channel, chromium)).toBe('audio/mp4');
  expect(formOf(channel, firefox)).toBe('audio/ogg;codecs=opus');
});

test('a browser that records nothing has no form', () => {
  for (const channel of ['whatsapp', 'messenger']) expect(formOf(channel, () => false)).toBeUndefined();
});

test('what WhatsApp takes as no voice note goes as a sound', () => {
  expect(isVoiceNote('audio/webm;codecs=opus', 'whatsapp')).toBe(true);
  expect(isVoiceNote('audio/ogg', 'whatsapp')).toBe(true);
  expect(isVoiceNote('audio/mp4;codecs=mp4a.40.2', 'whatsapp')).toBe(false);
  expect(isVoiceNote('audio/mp4', 'messenger')).toBe(true);
});

test('a long recording becomes as many values as a message carries, and no shout is lost', () => {
  const levels = Array.from({ length: 5_000 }, (_, index) => (index === 4_999 ? 1 : 0.1));
  const peaks = thinned(levels);
  expect(peaks).toHaveLength(MOST_PEAKS);
  expect(peaks.at(-1)).toBe(255);
  expect(peaks[0]).toBe(26);
  expect(thinned([0.5, 2, -1])).toEqual([128, 255, 0]);
  expect(thinned([])).toEqual([]);
});

test('silence is silent, and the loudest ends at one', () => {
  expect(loudness(new Float32Array(8))).toBe(0);
  expect(loudness(new Float32Array([1, -1, 1, -1]))).toBe(1);
  expect(loudness(new Float32Array(0))).toBe(0);
});

test('what went wrong has a sentence of its own', () => {
  for (const [name, fault] of [
    ['NotAllowedError', 'refused'],
    ['NotFoundError', 'missing'],
    ['NotSupportedError', 'unable'],
    ['AbortError', 'failed'],
  ] as const)
    expect(faultOf(new DOMException('', name))).toBe(fault);
  expect(faultOf(new Error('x'))).toBe('failed');
});
