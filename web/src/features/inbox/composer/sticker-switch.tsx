import { useEffect, useState } from 'react';
import { Sticker } from 'lucide-react';
import type { ChannelKind } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { readFile } from '@/store/file-store';
import type { TrayFile } from '@/store/tray';
import { useUpload } from '@/store/uploads';
import { IconButton } from '@/ui/icon-button';
import { isMoving, stickerOf } from './limits';

/** As far as the flags of a WebP. */
const HEAD_BYTES = 21;

interface StickerSwitchProps {
  file: TrayFile;
  channel: ChannelKind | string;
  note: boolean;
  onChange(sticker: boolean): void;
}

/** For a file that the channel takes as a sticker too. */
export function StickerSwitch({ file, channel, note, onChange }: StickerSwitchProps) {
  const t = useTexts().files;
  const may = stickerOf(file, channel, note);
  const moving = useMoving(file.key, may === 'moving');
  if (may === 'never' || (may === 'moving' && !moving)) return null;
  return (
    <IconButton size="sm" label={t.sticker(file.name)} pressed={file.sticker ?? false} icon={<Sticker size={14} strokeWidth={1.75} />} onClick={() => onChange(!file.sticker)} />
  );
}

/** Looked up in the file itself, once it is kept: then its upload begins. */
function useMoving(key: string, wanted: boolean): boolean {
  const kept = useUpload(key) !== undefined;
  const [moving, setMoving] = useState(false);
  useEffect(() => {
    if (!wanted || !kept) return;
    const look = async () => {
      const file = await readFile(key);
      if (file) setMoving(isMoving(new Uint8Array(await file.blob.slice(0, HEAD_BYTES).arrayBuffer())));
    };
    // A file that can't be read goes as what it is.
    look().catch(() => undefined);
  }, [key, wanted, kept]);
  return moving;
}
