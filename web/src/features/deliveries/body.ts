/**
 * A delivery's body as text.
 *
 * The server masks personal data; nothing is unmasked or guessed here. A body that was no JSON arrives as a text that says
 * so and stands as it is, not in quotes. Invariant: cutting never splits a character.
 */

/** Characters that are drawn at once; a browser needs seconds for a text of some megabytes. */
export const CLIP = 256 * 1024;

export function pretty(body: unknown): string {
  if (typeof body === 'string') return body;
  try {
    return JSON.stringify(body, null, 2) ?? '';
  } catch {
    // Nothing that came as JSON can't become JSON again; what didn't must not take the page down.
    return String(body);
  }
}

export function clip(text: string, most: number = CLIP): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? most - 1 : most);
}
