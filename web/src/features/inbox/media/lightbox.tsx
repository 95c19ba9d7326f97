/**
 * Pictures and films of a conversation in full, one after another.
 *
 * Owns: the walk through them, zoom and rotation. Invariants: the order is the thread's; at the oldest one that is loaded
 * older messages are fetched; Escape and the button close, and the focus goes back to where it came from. Absent on purpose:
 * editing, and films that play by themselves.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import { ChevronLeft, ChevronRight, Download, RotateCw, X, ZoomIn, ZoomOut } from 'lucide-react';
import type { Attachment, Message } from '@/api/types';
import { full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { localUrl } from '@/store/local-files';
import { useThread } from '@/store/thread';
import { FullScreen } from '@/ui/full-screen';
import { IconButton } from '@/ui/icon-button';
import { fileId, kindOf } from '../faces/attachment';
import { useRows } from '../thread-state';
import { downloadUrl, readyUrl } from './address';
import type { Shown } from './shown';
import { Stage, STILL, turned, zoomed, type View } from './stage';

export interface Medium {
  id: string;
  attachment: Attachment;
  message: Message;
  kind: 'image' | 'video';
  url: string;
}

/** What of a thread can be looked at, oldest first. */
export function mediaOf(rows: readonly Message[], local: (clientId: string | null | undefined) => string | null = localUrl): Medium[] {
  return rows.flatMap((message) =>
    message.deleted_at
      ? []
      : message.attachments.flatMap((attachment, index) => {
          const kind = kindOf(attachment, message);
          const url = (message.attachments.length === 1 ? local(message.client_id) : null) ?? readyUrl(attachment);
          return (kind === 'image' || kind === 'video') && url !== null ? [{ id: fileId(message, index), attachment, message, kind, url } as const] : [];
        }),
  );
}

interface LightboxProps {
  shown: Shown;
  onShow(shown: Shown): void;
  onClose(): void;
}

export function Lightbox({ shown, onShow, onClose }: LightboxProps) {
  const t = useTexts().media;
  const list = useThread(shown.conversation);
  const rows = useRows(shown.conversation, list.ids);
  const media = useMemo(() => mediaOf(rows), [rows]);
  const index = media.findIndex(({ id }) => id === shown.file);
  const current = media[index];
  const [view, setView] = useState<View>(STILL);
  useEffect(() => setView(STILL), [shown.file]);
  const { hasMore, loadingMore, loadMore, error } = list;
  useEffect(() => {
    if (index === 0 && hasMore && !loadingMore && error === null) loadMore();
  }, [index, hasMore, loadingMore, error, loadMore]);

  const go = (by: 1 | -1) => {
    const next = media[index + by];
    if (next) onShow({ ...shown, file: next.id });
  };
  const keyDown = (event: KeyboardEvent) => {
    const side = document.documentElement.dir === 'rtl' ? -1 : 1;
    const onFilm = event.target instanceof HTMLVideoElement;
    if (event.key === 'ArrowRight' && !onFilm) go(side as 1 | -1);
    else if (event.key === 'ArrowLeft' && !onFilm) go(-side as 1 | -1);
    else if (event.key === '+' || event.key === '=') setView((now) => zoomed(now, 1));
    else if (event.key === '-') setView((now) => zoomed(now, -1));
    else if (event.key === '0') setView(STILL);
    else if (event.key === 'r') setView(turned);
    else return;
    event.preventDefault();
  };
  const name = current?.attachment.file_name ?? (current ? full(current.message.sent_at) : t.gone);
  return (
    <FullScreen open onClose={onClose} label={t.look(name)}>
      {/* The keys work wherever the focus is inside. */}
      <div role="presentation" className="flex min-h-0 flex-1 flex-col" onKeyDown={keyDown}>
        <header className="flex items-center gap-1 px-3 py-2">
          <span className="min-w-0 flex-1 truncate">
            <bdi>{name}</bdi>
            <span className="text-ink-2"> · {t.place(index + 1, media.length)}</span>
          </span>
          {current?.kind === 'image' && <Tools view={view} onView={setView} />}
          {current && <Save url={current.url} name={current.attachment.file_name ?? ''} label={t.download} />}
          <IconButton label={t.close} icon={<X size={18} />} onClick={onClose} />
        </header>
        <div className="relative min-h-0 flex-1">
          {!current ? (
            <p className="flex size-full items-center justify-center text-ink-2">{t.gone}</p>
          ) : current.kind === 'image' ? (
            <Stage key={current.id} url={current.url} alt={name} view={view} onView={setView} />
          ) : (
            <video key={current.id} src={current.url} controls playsInline aria-label={name} className="mx-auto block size-full object-contain" />
          )}
          <Arrow side="start" label={t.previous} disabled={index <= 0} onClick={() => go(-1)}>
            <ChevronLeft size={22} className="rtl:-scale-x-100" />
          </Arrow>
          <Arrow side="end" label={t.next} disabled={index < 0 || index >= media.length - 1} onClick={() => go(1)}>
            <ChevronRight size={22} className="rtl:-scale-x-100" />
          </Arrow>
        </div>
        {current?.message.text && (
          <p className="max-h-24 overflow-y-auto px-4 py-2 text-center text-14 [overflow-wrap:anywhere]" dir="auto">
            {current.message.text}
          </p>
        )}
      </div>
    </FullScreen>
  );
}

function Tools({ view, onView }: { view: View; onView(change: (now: View) => View): void }) {
  const t = useTexts().media;
  return (
    <>
      <IconButton label={t.smaller} shortcut="-" disabled={view.scale <= 1} icon={<ZoomOut size={17} />} onClick={() => onView((now) => zoomed(now, -1))} />
      <IconButton label={t.larger} shortcut="+" icon={<ZoomIn size={17} />} onClick={() => onView((now) => zoomed(now, 1))} />
      <IconButton label={t.rotate} shortcut="r" icon={<RotateCw size={17} />} onClick={() => onView(turned)} />
    </>
  );
}

function Save({ url, name, label }: { url: string; name: string; label: string }) {
  return (
    <a href={downloadUrl(url)} download={name} aria-label={label} title={label} className="hit flex size-control items-center justify-center rounded-6 text-ink-2 hover:bg-hover hover:text-ink">
      <Download size={17} aria-hidden="true" />
    </a>
  );
}

interface ArrowProps {
  side: 'start' | 'end';
  label: string;
  disabled: boolean;
  onClick(): void;
  children: ReactNode;
}

function Arrow({ side, label, disabled, onClick, children }: ArrowProps) {
  return (
    <button
      type="button"
      aria-label={label}
      // Not `disabled`: that would drop the focus at the end of the walk.
      aria-disabled={disabled || undefined}
      onClick={disabled ? undefined : onClick}
      className={`absolute top-1/2 flex size-11 -translate-y-1/2 items-center justify-center rounded-full border border-line bg-raised text-ink shadow-high hover:bg-raised-hover aria-disabled:opacity-40 ${side === 'start' ? 'start-3' : 'end-3'}`}
    >
      {children}
    </button>
  );
}
