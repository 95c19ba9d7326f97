// Writes src/api/schema.d.ts from src/api/openapi.json; with `--check` only says whether it is up to date.
//
// A package of its own: openapi-typescript needs TypeScript 5, the app is checked by TypeScript 7. The result is
// committed, so that a build needs neither.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../src/api/openapi.json', import.meta.url);
const target = new URL('../../src/api/schema.d.ts', import.meta.url);
const text =
  '// Made from openapi.json by `npm run types`; not edited by hand.\n\n' + astToString(await openapiTS(source, { emptyObjectsUnknown: true }));

if (process.argv.includes('--check')) {
  if ((await readFile(target, 'utf8')) !== text) {
    console.error('src/api/schema.d.ts is not what src/api/openapi.json gives: run `npm run types` in web/');
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
