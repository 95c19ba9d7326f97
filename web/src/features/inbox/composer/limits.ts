/** Which files a channel takes, by the platforms' own tables. Checked before anything is uploaded; the server has the last word. */
import type { ChannelKind } from '@/api/types';
import type { UnsentFile } from '@/store/outbox-entry';

const MB = 1_000_000;
/** What this server takes at all; notes know no other limit. */
const MOST = 100 * MB;

type Kind = UnsentFile['kind'];

interface Rule {
  kind: Kind;
  /** Types by their exact name; a name with a star is a whole family. */
  types: readonly string[];
  most: number;
}

const rules: Partial<Record<string, readonly Rule[]>> = {
  whatsapp: [
    { kind: 'image', types: ['image/jpeg', 'image/png'], most: 5 * MB },
    { kind: 'video', types: ['video/mp4', 'video/3gpp'], most: 16 * MB },
    { kind: 'audio', types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/ogg'], most: 16 * MB },
    // Also pictures and films of other types: WhatsApp shows those as files.
    { kind: 'document', types: ['*'], most: MOST },
  ],
  messenger: [
    { kind: 'image', types: ['image/*'], most: 25 * MB },
    { kind: 'video', types: ['video/*'], most: 25 * MB },
    { kind: 'audio', types: ['audio/*'], most: 25 * MB },
    { kind: 'document', types: ['*'], most: 25 * MB },
  ],
  instagram: [
    { kind: 'image', types: ['image/jpeg', 'image/png', 'image/gif'], most: 8 * MB },
    { kind: 'video', types: ['video/*'], most: 25 * MB },
    { kind: 'audio', types: ['audio/*'], most: 25 * MB },
    { kind: 'document', types: ['application/pdf'], most: 25 * MB },
  ],
};

const anything: readonly Rule[] = [
  { kind: 'image', types: ['image/*'], most: MOST },
  { kind: 'video', types: ['video/*'], most: MOST },
  { kind: 'audio', types: ['audio/*'], most: MOST },
  { kind: 'document', types: ['*'], most: MOST },
];

export type Verdict = { kind: Kind } | { refused: 'empty' | 'type' } | { refused: 'size'; kind: Kind; most: number };

interface Candidate {
  type: string;
  size: number;
  /** A recording; the server brings it into the form that the platform wants. */
  voice?: boolean;
}

export function judge({ type, size, voice = false }: Candidate, channel: ChannelKind | string, note: boolean): Verdict {
  if (size === 0) return { refused: 'empty' };
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? '';
  const all = note ? anything : (rules[channel] ?? anything);
  const rule = all.find((one) => (voice ? one.kind === 'audio' : one.types.some((wanted) => matches(plain, wanted))));
  if (!rule) return { refused: 'type' };
  return size > rule.most ? { refused: 'size', kind: rule.kind, most: rule.most } : { kind: rule.kind };
}

function matches(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

const STICKER = 100_000;
const MOVING_STICKER = 500_000;

/** Whether a file can go as a sticker: always, if it moves, or never. */
export function stickerOf({ type, size }: Candidate, channel: ChannelKind | string, note: boolean): 'always' | 'moving' | 'never' {
  if (note || channel !== 'whatsapp' || type !== 'image/webp' || size > MOVING_STICKER) return 'never';
  return size <= STICKER ? 'always' : 'moving';
}

/** Whether a WebP moves, by the flags of its extended header. */
export function isMoving(head: Uint8Array): boolean {
  const word = (from: number) => String.fromCharCode(...head.subarray(from, from + 4));
  return word(0) === 'RIFF' && word(8) === 'WEBP' && word(12) === 'VP8X' && ((head[20] ?? 0) & 2) !== 0;
}

/** Characters under a picture, film or document on WhatsApp. */
const CAPTION = 1_024;

/** Whether the text can go under the file, or has to be a message of its own. */
export function takesCaption(text: string, file: Pick<UnsentFile, 'kind' | 'sticker'>, channel: ChannelKind | string, note: boolean): boolean {
  if (note) return true;
  return channel === 'whatsapp' && file.kind !== 'audio' && !file.sticker && [...text].length <= CAPTION;
}

export interface Part<F> {
  text: string;
  file: F | null;
}

/** One message a file, in order; the text with the first one where the channel can, else before it. */
export function parts<F extends Pick<UnsentFile, 'kind' | 'sticker'>>(text: string, files: readonly F[], channel: ChannelKind | string, note: boolean): Part<F>[] {
  const [first, ...rest] = files;
  if (!first) return [{ text, file: null }];
  const others = rest.map((file) => ({ text: '', file }));
  if (text === '' || takesCaption(text, first, channel, note)) return [{ text, file: first }, ...others];
  return [{ text, file: null }, { text: '', file: first }, ...others];
}
