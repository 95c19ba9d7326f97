/** The one line that stands for a message in the list and in a quote. */
import type { Message } from '@/api/types';
import { plainText } from '@/lib/richtext';
import { kindLabel, type InboxTexts } from './kinds';

export interface Preview {
  /** Who wrote it, where that is not the customer. */
  mark: string | null;
  /** The kind whose glyph stands before the text; null for plain text. */
  kind: string | null;
  text: string;
  /** Nothing that somebody wrote: deleted, or no message at all. */
  quiet: boolean;
}

/** More than fits in any row: what comes after is not worth reading for marks. */
const ENOUGH = 200;

export function previewOf(message: Message | null | undefined, t: InboxTexts, me: string | null): Preview {
  if (!message) return { mark: null, kind: null, text: t.row.noMessages, quiet: true };
  const mark = markOf(message, t, me);
  if (message.deleted_at) return { mark, kind: null, text: t.message.deleted, quiet: true };
  const written = message.text ? plainText(message.text.slice(0, ENOUGH)) : '';
  const file = message.attachments[0];
  const text = written || file?.file_name || file?.title || kindLabel(message.kind, t);
  return { mark, kind: message.kind === 'text' ? null : message.kind, text, quiet: false };
}

function markOf(message: Message, t: InboxTexts, me: string | null): string | null {
  if (message.direction === 'internal') return t.row.note;
  if (message.direction === 'in') return message.author ? t.row.by(message.author.name) : null;
  return message.author && message.author.id !== me ? t.row.by(message.author.name) : t.row.you;
}
