import { useEffect } from 'react';
import { Pause, Play, X } from 'lucide-react';
import { clock } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { IconButton } from '@/ui/icon-button';
import { stop, toggle, useTrack } from './player';

/** A recording of another conversation goes on: here it can be paused and ended. With the inbox it ends, since nothing shows it there. */
export function NowPlaying({ openId, onOpen }: { openId: string | null; onOpen(conversation: string): void }) {
  const t = useTexts().media;
  const track = useTrack();
  useEffect(() => stop, []);
  if (!track || track.conversation === openId) return null;
  return (
    <div role="group" aria-label={t.playing} className="flex items-center gap-2 border-b border-line bg-accent-soft px-3 py-1 text-12">
      <IconButton size="sm" label={track.playing ? t.pause : t.play} icon={track.playing ? <Pause size={14} /> : <Play size={14} />} onClick={() => toggle(track)} />
      <button type="button" className="min-w-0 flex-1 truncate text-start hover:underline" title={t.goThere} onClick={() => onOpen(track.conversation)}>
        <bdi>{track.title}</bdi> <span className="text-ink-2 tabular-nums">{clock(track.at)}</span>
      </button>
      <IconButton size="sm" label={t.end} icon={<X size={14} />} onClick={stop} />
    </div>
  );
}
