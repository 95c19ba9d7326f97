/** A file that came with a message: shown when this server has it, else a face with its kind and name. */
import { FileX } from 'lucide-react';
import type { Attachment, Message } from '@/api/types';
import { bytes } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { isKnownKind, kindGlyph, kindLabel } from '../kinds';
import { Block, OutLink } from './block';
import { VoiceFace } from './voice';

/** Only this server's own files are shown; the platforms' addresses are not for browsers. */
function readyUrl(attachment: Attachment): string | null {
  const url = attachment.url;
  if (attachment.state !== 'ready' || !url?.startsWith('/') || !URL.canParse(url, location.origin)) return null;
  // "//evil" and "/\\evil" are hosts to a browser; the parser knows all of these tricks.
  return new URL(url, location.origin).origin === location.origin ? url : null;
}

function useFileNote(attachment: Attachment): string {
  const t = useTexts().inbox;
  const state = attachment.state === 'ready' ? null : attachment.state === 'failed' ? t.faces.failed : t.faces.pending;
  const type = attachment.mime_type?.split(';')[0];
  const size = attachment.size ? bytes(attachment.size) : null;
  return [state, type, size].filter(Boolean).join(' · ');
}

function FileFace({ attachment, kind }: { attachment: Attachment; kind: string }) {
  const t = useTexts().inbox;
  const url = readyUrl(attachment);
  return (
    <Block
      icon={attachment.state === 'failed' ? FileX : kindGlyph(kind)}
      title={attachment.file_name ?? attachment.title ?? kindLabel(kind, t)}
      note={useFileNote(attachment)}
    >
      {url !== null && <OutLink href={url}>{t.faces.open}</OutLink>}
    </Block>
  );
}

function ImageFace({ attachment, kind }: { attachment: Attachment; kind: string }) {
  const t = useTexts().inbox;
  const url = readyUrl(attachment);
  if (url === null) return <FileFace attachment={attachment} kind={kind} />;
  const size = kind === 'sticker' ? 'max-h-40' : 'max-h-80';
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" className="block">
      <img src={url} alt={attachment.file_name ?? kindLabel(kind, t)} loading="lazy" className={`${size} max-w-full rounded-8`} />
    </a>
  );
}

function VideoFace({ attachment }: { attachment: Attachment }) {
  const t = useTexts().inbox;
  const url = readyUrl(attachment);
  if (url === null) return <FileFace attachment={attachment} kind="video" />;
  return <video src={url} controls preload="metadata" aria-label={t.kinds.video} className="max-h-80 max-w-full rounded-8" />;
}

/** What a file is. The platforms have words of their own (`file`, `ig_reel`, `fallback`); then the message says it. */
function kindOf(attachment: Attachment, message: Message): string {
  const first = message.attachments[0] === attachment;
  if (first && (message.kind === 'voice' || message.kind === 'sticker')) return message.kind;
  if (attachment.kind === 'file') return 'document';
  return isKnownKind(attachment.kind) ? attachment.kind : message.kind;
}

export function AttachmentFace({ attachment, message }: { attachment: Attachment; message: Message }) {
  const kind = kindOf(attachment, message);
  const note = useFileNote(attachment);
  switch (kind) {
    case 'image':
    case 'sticker':
      return <ImageFace attachment={attachment} kind={kind} />;
    case 'video':
      return <VideoFace attachment={attachment} />;
    case 'audio':
    case 'voice':
      return <VoiceFace id={attachment.id} url={readyUrl(attachment)} kind={kind} note={note} />;
    default:
      return <FileFace attachment={attachment} kind={kind} />;
  }
}
