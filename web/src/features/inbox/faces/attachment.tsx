/** A file that came or goes with a message: shown when it is here, else a face with its kind and state. */
import { type ReactNode, useState } from 'react';
import { Download, FileX, Maximize2 } from 'lucide-react';
import { api, asApiError, take } from '@/api/client';
import type { Attachment, Message } from '@/api/types';
import { bytes } from '@/lib/format';
import { texts, useTexts } from '@/lib/i18n';
import { useLocalUrl } from '@/store/local-files';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import { isKnownKind, kindGlyph, kindLabel } from '../kinds';
import { downloadUrl, ownAddress, readyUrl, room } from '../media/address';
import { look } from '../media/shown';
import { Block } from './block';
import { documentGlyph, typeName } from './document';
import { VoiceFace } from './voice';

/** What a file is. The platforms have words of their own (`file`, `ig_reel`, `fallback`); then the message says it. */
export function kindOf(attachment: Attachment, message: Message): string {
  const first = message.attachments[0] === attachment;
  if (first && (message.kind === 'voice' || message.kind === 'sticker')) return message.kind;
  if (attachment.kind === 'file') return 'document';
  return isKnownKind(attachment.kind) ? attachment.kind : message.kind;
}

interface FaceProps {
  /** The same before and after the server has the message. */
  id: string;
  attachment: Attachment;
  message: Message;
  kind: string;
}

/** Names a file for the player and the lightbox. */
export const fileId = (message: Message, index: number) => `${message.client_id ?? message.id} ${index}`;

export function AttachmentFace({ message, index }: { message: Message; index: number }) {
  const attachment = message.attachments[index];
  return attachment && <File attachment={attachment} message={message} id={fileId(message, index)} />;
}

function File({ attachment, message, id }: Omit<FaceProps, 'kind'>) {
  const kind = kindOf(attachment, message);
  const t = useTexts().inbox;
  // One's own is here already, whatever the server has to do with it. The app sends one file a message.
  const local = useLocalUrl(message.attachments.length === 1 ? message.client_id : null);
  const url = local ?? readyUrl(attachment);
  const face = { id, attachment, message, kind };
  if (url === null) return attachment.state === 'failed' ? <FailedFace {...face} /> : <PendingFace {...face} />;
  switch (kind) {
    case 'image':
    case 'sticker':
      return <ImageFace {...face} url={url} local={local !== null} />;
    case 'video':
      return <VideoFace {...face} url={url} />;
    case 'audio':
    case 'voice': {
      const title = `${t.kinds[kind]}${message.author ? ` · ${message.author.name}` : ''}`;
      const track = { id, conversation: message.conversation_id, url, title };
      return <VoiceFace track={track} kind={kind} peaks={attachment.peaks ?? NO_PEAKS} duration={attachment.duration_ms ?? null} />;
    }
    default:
      return <DocumentFace {...face} url={url} />;
  }
}

const NO_PEAKS: readonly number[] = [];

function nameOf({ attachment, kind }: Pick<FaceProps, 'attachment' | 'kind'>, t: ReturnType<typeof useTexts>['inbox']): string {
  return attachment.file_name ?? attachment.title ?? kindLabel(kind, t);
}

/** Keeps the place that the picture will have, so that nothing jumps when it comes. */
function Room({ attachment, children }: { attachment: Attachment; children: ReactNode }) {
  const size = room(attachment);
  if (!size) return children;
  return (
    <div className="max-w-full overflow-hidden rounded-8 bg-hover" style={{ width: `${size.width}px`, aspectRatio: `${size.width} / ${size.height}` }}>
      {children}
    </div>
  );
}

function ImageFace({ id, attachment, message, kind, url, local }: FaceProps & { url: string; local: boolean }) {
  const t = useTexts();
  const name = nameOf({ attachment, kind }, t.inbox);
  const known = room(attachment) !== null;
  const small = local ? null : ownAddress(attachment.thumbnail_url);
  const image = (
    <img
      src={small ?? url}
      alt={name}
      loading="lazy"
      decoding="async"
      className={kind === 'sticker' ? 'max-h-40 max-w-full' : known ? 'size-full object-cover' : 'max-h-80 max-w-full rounded-8'}
    />
  );
  if (kind === 'sticker') return image;
  return (
    <button
      type="button"
      aria-label={t.media.look(name)}
      className="block max-w-full rounded-8"
      onClick={() => look({ conversation: message.conversation_id, file: id })}
    >
      <Room attachment={attachment}>{image}</Room>
    </button>
  );
}

function VideoFace({ id, attachment, message, kind, url }: FaceProps & { url: string }) {
  const t = useTexts();
  const poster = ownAddress(attachment.thumbnail_url) ?? undefined;
  const known = room(attachment) !== null;
  const name = nameOf({ attachment, kind }, t.inbox);
  return (
    <div className="relative w-fit max-w-full">
      <Room attachment={attachment}>
        <video
          src={url}
          poster={poster}
          controls
          playsInline
          preload={poster ? 'none' : 'metadata'}
          aria-label={name}
          className={known ? 'size-full bg-sunken object-contain' : 'max-h-80 max-w-full rounded-8 bg-sunken'}
        />
      </Room>
      <IconButton
        size="sm"
        label={t.media.look(name)}
        icon={<Maximize2 size={14} strokeWidth={1.75} />}
        className="absolute! end-1.5 top-1.5 bg-raised shadow-low"
        onClick={() => look({ conversation: message.conversation_id, file: id })}
      />
    </div>
  );
}

function DocumentFace(props: FaceProps & { url: string }) {
  const { attachment, url } = props;
  const t = useTexts();
  const name = nameOf(props, t.inbox);
  return (
    <Block icon={documentGlyph(attachment.file_name, attachment.mime_type)} title={name} note={noteOf(attachment)}>
      <a
        href={downloadUrl(url)}
        download={attachment.file_name ?? ''}
        aria-label={t.media.downloadOf(name)}
        className="inline-flex min-h-6 items-center gap-1 text-13 text-accent-text underline-offset-2 hover:underline"
      >
        <Download size={14} strokeWidth={1.75} aria-hidden="true" />
        {t.media.download}
      </a>
    </Block>
  );
}

function noteOf(attachment: Attachment, state?: string): string {
  const { file_name, mime_type, size } = attachment;
  return [state, typeName(file_name, mime_type), size ? bytes(size) : null].filter(Boolean).join(' · ');
}

function PendingFace(props: FaceProps) {
  const { attachment, kind } = props;
  const t = useTexts();
  const said = noteOf(attachment, t.inbox.faces.pending);
  if ((kind === 'image' || kind === 'video') && room(attachment)) {
    return (
      <Room attachment={attachment}>
        <div className="relative flex size-full items-end">
          <Skeleton className="absolute inset-0" />
          <span className="relative px-2 py-1 text-12 text-ink-2">{said}</span>
        </div>
      </Room>
    );
  }
  return <Block icon={kindGlyph(kind)} title={nameOf(props, t.inbox)} note={said} />;
}

function FailedFace(props: FaceProps) {
  const { attachment, message } = props;
  const t = useTexts();
  const [asked, setAsked] = useState<number | null>(null);
  // The next version of the message says how it went.
  const waiting = asked === message.version;
  const again = async () => {
    setAsked(message.version);
    try {
      await take(api.POST('/api/v1/attachments/{id}/fetch', { params: { path: { id: attachment.id } } }));
    } catch (caught) {
      setAsked(null);
      toast({ title: texts().inbox.faces.failed, text: asApiError(caught).detail, tone: 'danger' });
    }
  };
  return (
    <Block icon={FileX} title={nameOf(props, t.inbox)} note={noteOf(attachment, waiting ? t.inbox.faces.pending : t.inbox.faces.failed)}>
      {message.version > 0 && (
        <Button size="sm" className="mt-1" busy={waiting} onClick={() => void again()}>
          {t.media.again}
        </Button>
      )}
    </Block>
  );
}
