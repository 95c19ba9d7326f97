import { expect, test } from 'vitest';
import { faultOf, formOf, loudness, MOST_PEAKS, thinned } from './recording';

test('the form that the platforms like best is taken where the browser has it', () => {
  expect(formOf(() => true)).toBe('audio/ogg;codecs=opus');
  expect(formOf((type) => !type.includes('ogg'))).toBe('audio/webm;codecs=opus');
  expect(formOf((type) => type === 'audio/mp4')).toBe('audio/mp4');
  expect(formOf(() => false)).toBeUndefined();
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
