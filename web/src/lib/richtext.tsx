/**
 * Message text as React nodes: WhatsApp's marks (`*bold*`, `_italic_`, `~struck~`, `` `code` ``, ``` ```block``` ```) and links.
 *
 * Owns: how a text that a stranger wrote becomes nodes. Invariants: no HTML is ever made or read; every character of the text is
 * shown or is a mark; a link shows where it leads; the work is linear in the length of the text. Absent on purpose: links
 * other than https, link previews, quotes and lists.
 */
import { Fragment, useMemo, type ReactNode } from 'react';
import { safeLink, type SafeLink } from './richtext-link';

export type RichNode =
  | { type: 'text'; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: RichNode[] }
  | { type: 'code' | 'block'; text: string }
  | ({ type: 'link'; text: string } & SafeLink);

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Mark = keyof typeof marks;

const word = /[\p{L}\p{N}]/u;
// Direction marks would let a link look like another one.
const address = /https:\/\/[^\s<>"'`\p{Cc}\p{Bidi_Control}]{1,2000}/iuy;
const trailing = /[.,;:!?*_~\]}…]+$/;

const isWord = (char: string | undefined) => char !== undefined && word.test(char);
const isSpace = (char: string | undefined) => char === undefined || /\s/.test(char);

const count = (text: string, char: string) => text.split(char).length - 1;

/** The link that begins at `start`, without the punctuation of the sentence around it. */
function linkAt(text: string, start: number, end: number): ({ text: string } & SafeLink) | null {
  address.lastIndex = start;
  let found = address.exec(text)?.[0];
  if (found === undefined) return null;
  found = found.slice(0, end - start).replace(trailing, '');
  // A bracket belongs to the address only if it was opened in it.
  let unopened = count(found, ')') - count(found, '(');
  while (unopened > 0 && found.endsWith(')')) {
    found = found.slice(0, -1);
    unopened -= 1;
  }
  found = found.replace(trailing, '');
  const link = safeLink(found);
  return link && { text: found, ...link };
}

/** Where a mark that opened at `start` closes: on the same line, after a letter, before none; `__x__` is plain text. */
function closing(text: string, mark: string, start: number, end: number): number {
  for (let at = text.indexOf(mark, start + 2); at >= 0 && at < end; at = text.indexOf(mark, at + 1)) {
    if (!isSpace(text[at - 1]) && text[at - 1] !== mark && text[at + 1] !== mark && !isWord(text[at + 1])) return at;
  }
  return -1;
}

function parse(text: string, start: number, end: number, open: string, nodes: RichNode[]): void {
  // A mark that found no partner on this line finds none further on in it either: that keeps the work linear.
  const dead = new Map<string, number>();
  let plain = start;
  let at = start;
  let line = lineEnd(text, start, end);
  const flush = () => {
    if (at > plain) nodes.push({ type: 'text', text: text.slice(plain, at) });
  };
  const skipTo = (next: number) => {
    at = next;
    plain = next;
  };
  while (at < end) {
    if (at > line) line = lineEnd(text, at, end);
    const char = text[at] ?? '';
    if (char === '`') {
      const fence = text.startsWith('```', at) ? '```' : '`';
      const from = at + fence.length;
      const limit = fence === '`' ? line : end;
      const close = (dead.get(fence) ?? -1) >= at ? -1 : text.indexOf(fence, from + 1);
      if (close > from && close + fence.length <= limit) {
        flush();
        nodes.push({ type: fence === '`' ? 'code' : 'block', text: text.slice(from, close) });
        skipTo(close + fence.length);
        continue;
      }
      dead.set(fence, close < 0 ? end : limit);
      at += fence.length;
      continue;
    }
    if ((char === 'h' || char === 'H') && !isWord(text[at - 1])) {
      const link = linkAt(text, at, end);
      if (link) {
        flush();
        nodes.push({ type: 'link', ...link });
        skipTo(at + link.text.length);
        continue;
      }
    }
    if (char in marks && !open.includes(char) && text[at - 1] !== char && !isWord(text[at - 1]) && !isSpace(text[at + 1]) && (dead.get(char) ?? -1) < at) {
      const close = text[at + 1] === char ? -1 : closing(text, char, at, line);
      if (close > 0) {
        flush();
        const children: RichNode[] = [];
        parse(text, at + 1, close, open + char, children);
        nodes.push({ type: marks[char as Mark], children });
        skipTo(close + 1);
        continue;
      }
      if (text[at + 1] !== char) dead.set(char, line);
    }
    at += 1;
  }
  flush();
}

function lineEnd(text: string, from: number, end: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 || at > end ? end : at;
}

export function tokenize(text: string): RichNode[] {
  const nodes: RichNode[] = [];
  parse(text, 0, text.length, '', nodes);
  return nodes;
}

/** The text without its marks, for one line of a list. */
export function plainText(text: string): string {
  const flat = (nodes: readonly RichNode[]): string =>
    nodes.map((node) => ('children' in node ? flat(node.children) : node.text)).join('');
  return flat(tokenize(text)).replace(/\s+/g, ' ').trim();
}

/** What becomes of text without marks. */
type Plain = (text: string) => ReactNode;

function render(nodes: readonly RichNode[], plain: Plain): ReactNode {
  return nodes.map((node, index) => {
    switch (node.type) {
      case 'text':
        return <Fragment key={index}>{plain(node.text)}</Fragment>;
      case 'bold':
        return <strong key={index}>{render(node.children, plain)}</strong>;
      case 'italic':
        return <em key={index}>{render(node.children, plain)}</em>;
      case 'strike':
        return <s key={index}>{render(node.children, plain)}</s>;
      case 'code':
      case 'block':
        return (
          <code key={index} className="font-mono text-13">
            {node.text}
          </code>
        );
      case 'link':
        return (
          <a
            key={index}
            href={node.href}
            title={node.href}
            dir="ltr"
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent-text underline underline-offset-2"
          >
            {node.text}
            {node.host !== null && <span> ({node.host})</span>}
          </a>
        );
    }
  });
}

const asItIs: Plain = (text) => text;

export function RichText({ text, plain = asItIs }: { text: string; plain?: Plain }) {
  const nodes = useMemo(() => tokenize(text), [text]);
  return <>{render(nodes, plain)}</>;
}
