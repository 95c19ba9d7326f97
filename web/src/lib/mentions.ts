/** Where a text names people: "@" and a whole name, neither part of another word. Pure. */

/** A piece of a text: plain, or the name that stands there with its "@". */
export type Piece = { text: string; name: string | null };

const word = /[\p{L}\p{N}_]/u;

/** The text in pieces; of names that begin alike the longest counts. */
export function splitAtNames(text: string, names: readonly string[]): Piece[] {
  const longestFirst = names.filter((name) => name !== '').toSorted((a, b) => b.length - a.length);
  const pieces: Piece[] = [];
  let plain = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at > 0 && word.test(text[at - 1] ?? '')) continue;
    const name = longestFirst.find((one) => text.startsWith(one, at + 1) && !word.test(text[at + 1 + one.length] ?? ''));
    if (name === undefined) continue;
    if (at > plain) pieces.push({ text: text.slice(plain, at), name: null });
    plain = at + 1 + name.length;
    pieces.push({ text: text.slice(at, plain), name });
    at = plain - 1;
  }
  if (plain < text.length) pieces.push({ text: text.slice(plain), name: null });
  return pieces;
}
