import { useState } from 'react';
import type { Person } from '@/api/types';
import { RichText } from '@/lib/richtext';
import { useTexts } from '@/lib/i18n';
import { withMentions } from './mention';

const MOST_CHARS = 1200;
const MOST_LINES = 24;

/** Where a long text is cut: after so many lines or characters, never inside of an emoji. */
export function cutAt(text: string): number {
  let end = Math.min(text.length, MOST_CHARS);
  let at = -1;
  for (let line = 0; line < MOST_LINES; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0 || at >= end) break;
    if (line === MOST_LINES - 1) end = at;
  }
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff && end < text.length ? end - 1 : end;
}

/** `mentions`: who is named in it, of a note. */
export function TextFace({ text, mentions }: { text: string | null | undefined; mentions?: readonly Person[] }) {
  const t = useTexts().inbox.message;
  const [whole, setWhole] = useState(false);
  if (!text) return null;
  const end = cutAt(text);
  const long = end < text.length;
  return (
    <>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
        <RichText text={long && !whole ? text.slice(0, end) : text} plain={mentions?.length ? (part) => withMentions(part, mentions) : undefined} />
        {long && !whole && '…'}
      </p>
      {long && (
        <button
          type="button"
          className="min-h-6 text-13 font-medium text-accent-text underline-offset-2 hover:underline"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
        >
          {whole ? t.showLess : t.showAll}
        </button>
      )}
    </>
  );
}
