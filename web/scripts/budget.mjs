// The sizes that people wait for, in brotli, against their limits; reads what `npm run build` left in dist/.
import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

const KB = 1024;
const LIMITS = { initial: 170 * KB, chunk: 60 * KB, css: 15 * KB };
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));

const size = async (file) => brotliCompressSync(await readFile(new URL(file, dist))).length;

/** What is loaded together with a chunk: itself and all that it imports statically. */
function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) closure(next, seen);
  }
  return seen;
}

const total = async (keys) => {
  let sum = 0;
  for (const key of keys) sum += await size(manifest[key].file);
  return sum;
};

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
// An agent's first page: the entry and the inbox.
const inbox = Object.keys(manifest).find((key) => key.endsWith('features/inbox/page.tsx'));
const first = new Set([...closure(entry), ...(inbox ? closure(inbox) : [])]);

let failed = false;
const say = (what, bytes, limit) => {
  const over = bytes > limit;
  failed ||= over;
  console.log(`${over ? 'OVER' : 'ok  '} ${what}: ${(bytes / KB).toFixed(1)} of ${limit / KB} KB`);
};

say('initial JavaScript', await total(first), LIMITS.initial);
for (const key of Object.keys(manifest)) {
  const chunk = manifest[key];
  if (!first.has(key) && chunk.file.endsWith('.js')) say(chunk.file, await size(chunk.file), LIMITS.chunk);
}
const css = new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []));
let styles = 0;
for (const file of css) styles += await size(file);
say('styles', styles, LIMITS.css);
process.exit(failed ? 1 : 0);
