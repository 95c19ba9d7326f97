/** Reading a place from what people copy: two numbers, or the link of a map. Pure; no link is followed. */

export interface Coordinates {
  latitude: number;
  longitude: number;
}

export const MOST_LATITUDE = 90;
export const MOST_LONGITUDE = 180;

/** One coordinate as it is typed, also with a decimal comma; null: it is none. */
export function degreesOf(text: string, most: number): number | null {
  const written = text.trim().replace(',', '.');
  const value = /^[+-]?\d{1,3}(\.\d{1,20})?$/.test(written) ? Number(written) : Number.NaN;
  return Math.abs(value) <= most ? value : null;
}

/** "41.01, 28.97", "41,01; 28,97", "41.01° N, 28.97° E", or a link that names a place; null: no place is in it. */
export function coordinatesOf(text: string): Coordinates | null {
  const written = text.trim();
  // "41,01" is one number.
  if (degreesOf(written, MOST_LONGITUDE) !== null) return null;
  return pairOf(written) ?? linkOf(written);
}

const NUMBER = String.raw`([+-]?\d{1,3}(?:\.\d{1,20})?)`;
const COMMA_NUMBER = String.raw`([+-]?\d{1,3},\d{1,20})`;
const PAIR = new RegExp(String.raw`^${NUMBER}\s*°?\s*([NS])?\s*[,;\s]\s*${NUMBER}\s*°?\s*([EW])?$`, 'i');
const COMMA_PAIR = new RegExp(String.raw`^${COMMA_NUMBER}\s*[,;\s]\s*${COMMA_NUMBER}$`);

function pairOf(text: string): Coordinates | null {
  const comma = COMMA_PAIR.exec(text);
  if (comma) return placed(comma[1], comma[2]);
  const found = PAIR.exec(text);
  if (!found) return null;
  const [, latitude, north, longitude, east] = found;
  return placed(signed(latitude, north, 'S'), signed(longitude, east, 'W'));
}

function signed(written = '', side = '', negative: string): string {
  return side.toUpperCase() === negative ? `-${written}` : written;
}

function placed(latitude = '', longitude = ''): Coordinates | null {
  const [north, east] = [degreesOf(latitude, MOST_LATITUDE), degreesOf(longitude, MOST_LONGITUDE)];
  return north === null || east === null ? null : { latitude: north, longitude: east };
}

/** Of the query of Google, Apple and others: each a pair with a comma, or as Bing has it, a tilde. */
const PARAMETERS = ['q', 'query', 'll', 'coordinate', 'destination', 'daddr', 'center', 'cp'];

function linkOf(text: string): Coordinates | null {
  if (/^geo:/i.test(text)) return pairOf(text.slice('geo:'.length).split(/[;?]/)[0] ?? '');
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return null;
  const link = new URL(text);
  if (/(^|\.)yandex\./.test(link.hostname)) return yandexOf(link);
  const { searchParams } = link;
  const marked = placed(searchParams.get('mlat') ?? '', searchParams.get('mlon') ?? '');
  return marked ?? inPath(decoded(link.pathname)) ?? inQuery(searchParams) ?? inHash(link.hash);
}

/** There the longitude is first. */
function yandexOf({ searchParams }: URL): Coordinates | null {
  for (const name of ['pt', 'll']) {
    const [longitude, latitude] = (searchParams.get(name) ?? '').split(',');
    const found = placed(latitude, longitude);
    if (found) return found;
  }
  return null;
}

/** What the pin stands on before what the map shows around it. */
function inPath(path: string): Coordinates | null {
  const found =
    new RegExp(`!3d${NUMBER}!4d${NUMBER}`).exec(path) ??
    new RegExp(String.raw`/(?:place|search|dir/[^/]*)/${NUMBER},[+\s]*${NUMBER}(?:/|$)`).exec(path) ??
    new RegExp(`@${NUMBER},${NUMBER}`).exec(path);
  return found && placed(found[1], found[2]);
}

function inQuery(query: URLSearchParams): Coordinates | null {
  for (const name of PARAMETERS) {
    const found = pairOf((query.get(name) ?? '').replace(/^loc:/, '').replace('~', ','));
    if (found) return found;
  }
  return null;
}

/** OpenStreetMap: the part of the map that is shown. */
function inHash(hash: string): Coordinates | null {
  const found = new RegExp(String.raw`map=[\d.]+/${NUMBER}/${NUMBER}`).exec(hash);
  return found && placed(found[1], found[2]);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
