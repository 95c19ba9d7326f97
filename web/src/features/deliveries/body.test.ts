import { expect, test } from 'vitest';
import { CLIP, clip, pretty } from './body';

test('JSON is spread over lines, with masks as they are', () => {
  expect(pretty({ object: 'page', from: '•••• (12)' })).toBe('{\n  "object": "page",\n  "from": "•••• (12)"\n}');
});

test('odd bodies', () => {
  expect(pretty('17 bytes that are not JSON')).toBe('17 bytes that are not JSON');
  expect(pretty(null)).toBe('null');
  expect(pretty(undefined)).toBe('');
  expect(pretty(0)).toBe('0');
  expect(pretty(false)).toBe('false');
  expect(pretty([])).toBe('[]');
  expect(pretty([[], {}, [null]])).toContain('[]');
  expect(pretty({ __proto__: null, '': '', 'a\u0000b': '</pre><script>' })).toContain('</pre><script>');
});

test('a body nested as deep as a parser allows', () => {
  const depth = 500;
  const body: unknown = JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  expect(pretty(body).split('\n')).toHaveLength(depth * 2 - 1);
});

test('a body that can’t be written again does not throw', () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  expect(pretty(loop)).toBe('[object Object]');
});

test('long bodies are cut between characters', () => {
  expect(clip('short')).toBe('short');
  expect(clip('x'.repeat(CLIP))).toHaveLength(CLIP);
  expect(clip('x'.repeat(CLIP + 1))).toHaveLength(CLIP);
  expect(clip('ab😀', 3)).toBe('ab');
  expect(clip('a😀b', 3)).toBe('a😀');
});
