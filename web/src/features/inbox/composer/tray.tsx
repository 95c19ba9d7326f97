/** What was chosen and goes with the next message: how far each is, and the way back. */
import type { ReactNode } from 'react';
import { RotateCcw, X } from 'lucide-react';
import type { Conversation, DraftKind } from '@/api/types';
import { bytes } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { useLocalUrl } from '@/store/local-files';
import { changeInTray, removeFromTray, type TrayFile, useTray } from '@/store/tray';
import { beginUpload, useUpload } from '@/store/uploads';
import { IconButton } from '@/ui/icon-button';
import { cx } from '@/ui/styles';
import { documentGlyph } from '../faces/document';
import { focusComposer } from './focus';
import { StickerSwitch } from './sticker-switch';
import { Progress } from './progress';

export function Tray({ conversation, kind }: { conversation: Conversation; kind: DraftKind }) {
  const t = useTexts().files;
  const { id: conversationId, channel } = conversation;
  const files = useTray(conversationId, kind);
  if (files.length === 0) return null;
  const remove = (key: string) => {
    removeFromTray(conversationId, kind, key);
    focusComposer(conversationId, kind);
  };
  return (
    <ul aria-label={t.tray} className="mb-2 flex max-h-40 flex-wrap gap-2 overflow-y-auto p-0.5">
      {files.map((file) => (
        <Item key={file.key} file={file} onRemove={() => remove(file.key)}>
          <StickerSwitch file={file} channel={channel.kind} note={kind === 'note'} onChange={(sticker) => changeInTray(conversationId, kind, file.key, { sticker })} />
        </Item>
      ))}
    </ul>
  );
}

function Item({ file, onRemove, children }: { file: TrayFile; onRemove(): void; children: ReactNode }) {
  const t = useTexts().files;
  const upload = useUpload(file.key);
  const stopped = upload?.state === 'stopped';
  return (
    <li className={cx('flex max-w-full items-center gap-2 rounded-8 border border-line bg-raised p-1.5 ps-2 max-sm:w-full', stopped ? 'w-88' : 'w-60')}>
      <Thumbnail file={file} />
      <div className="min-w-0 flex-1 text-12">
        <div className="truncate font-medium" title={file.name}>
          <bdi>{file.name}</bdi>
        </div>
        {stopped ? (
          <div role="status" className={cx('[overflow-wrap:anywhere]', upload.error?.code === 'offline' ? 'text-lamp-text' : 'text-danger-text')}>
            {own<string>(t.faults, upload.error?.code ?? '') ?? t.stopped}
          </div>
        ) : (
          <div className="text-ink-2">{bytes(file.size)}</div>
        )}
        {upload?.state === 'uploading' && <Progress label={t.uploading(file.name)} sent={upload.sent} size={file.size} />}
      </div>
      {children}
      {stopped && <IconButton size="sm" label={t.again(file.name)} icon={<RotateCcw size={14} />} onClick={() => beginUpload(file.key)} />}
      <IconButton size="sm" label={t.remove(file.name)} icon={<X size={14} />} onClick={onRemove} />
    </li>
  );
}

function Thumbnail({ file }: { file: TrayFile }) {
  const url = useLocalUrl(file.key);
  const Icon = documentGlyph(file.name, file.type);
  if (file.kind === 'image' && url !== null) return <img src={url} alt="" className="size-10 shrink-0 rounded-6 bg-hover object-cover" />;
  return (
    <span className="flex size-10 shrink-0 items-center justify-center rounded-6 bg-hover text-ink-2" aria-hidden="true">
      <Icon size={18} strokeWidth={1.75} />
    </span>
  );
}
