/** A recording: played in place by the one player, its loudness as a line that leads to any moment of it. */
import { type KeyboardEvent, type PointerEvent, useMemo } from 'react';
import { Pause, Play } from 'lucide-react';
import { clock } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { usePreference } from '@/lib/prefs';
import { nextRate, ratePreference, seek, toggle, type Track, usePlaying } from '../media/player';
import { BARS, bars, HEIGHT, STEP, strokes } from '../media/wave';

/** Seconds that an arrow key goes. */
const STRIDE = 5;

interface VoiceProps {
  track: Track;
  kind: 'audio' | 'voice';
  peaks: readonly number[];
  /** Milliseconds, where the server knows. */
  duration: number | null;
}

export function VoiceFace({ track, kind, peaks, duration }: VoiceProps) {
  const { media: t, inbox } = useTexts();
  const now = usePlaying(track.id);
  const [rate] = usePreference(ratePreference);
  const length = duration !== null ? duration / 1000 : (now?.length ?? 0);
  const at = now?.at ?? 0;
  const name = inbox.kinds[kind];
  if (now?.failed) return <p className="text-12 text-danger-text">{t.unplayable}</p>;
  return (
    <div role="group" aria-label={name} className="flex w-72 max-w-full min-w-0 items-center gap-2 py-0.5">
      <button
        type="button"
        aria-label={`${now?.playing ? t.pause : t.play}, ${name}`}
        onClick={() => toggle(track)}
        className="hit flex size-9 shrink-0 items-center justify-center rounded-full bg-accent text-accent-ink hover:bg-accent-hover"
      >
        {now?.playing ? <Pause size={17} fill="currentColor" strokeWidth={0} aria-hidden="true" /> : <Play size={17} fill="currentColor" strokeWidth={0} aria-hidden="true" className="ms-0.5" />}
      </button>
      <Line track={track} peaks={peaks} at={at} length={length} />
      <span className="flex w-10 shrink-0 flex-col items-end text-11 text-ink-2 tabular-nums">
        <bdi>{at > 0 || length === 0 ? clock(at) : clock(length)}</bdi>
        {now && (
          <button type="button" onClick={nextRate} aria-label={t.rate(rate)} title={t.rate(rate)} className="hit rounded-6 px-1 font-medium text-accent-text hover:bg-hover">
            {rate}×
          </button>
        )}
      </span>
    </div>
  );
}

function Line({ track, peaks, at, length }: { track: Track; peaks: readonly number[]; at: number; length: number }) {
  const t = useTexts().media;
  const heights = useMemo(() => bars(peaks), [peaks]);
  const done = length > 0 ? Math.round((at / length) * BARS) : 0;
  const keyDown = (event: KeyboardEvent) => {
    const side = document.documentElement.dir === 'rtl' ? -1 : 1;
    const steps: Partial<Record<string, number>> = { ArrowRight: side, ArrowUp: 1, ArrowLeft: -side, ArrowDown: -1 };
    const step = steps[event.key];
    if (step !== undefined) seek(track, at + step * STRIDE);
    else if (event.key === 'Home') seek(track, 0);
    else if (event.key === 'End') seek(track, length);
    else if (event.key === ' ' || event.key === 'Enter') toggle(track);
    else return;
    event.preventDefault();
  };
  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    if (length > 0) seek(track, ((event.clientX - box.left) / box.width) * length);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      dir="ltr"
      aria-label={t.position}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, Math.round(length))}
      aria-valuenow={Math.round(at)}
      aria-valuetext={t.positionOf(clock(at), clock(length))}
      onKeyDown={keyDown}
      onPointerDown={point}
      className="min-w-0 flex-1 touch-pan-y rounded-6 py-1"
    >
      <svg viewBox={`0 0 ${BARS * STEP} ${HEIGHT}`} preserveAspectRatio="none" className="block h-6.5 w-full" aria-hidden="true">
        <path d={strokes(heights, done, BARS)} stroke="currentColor" strokeWidth="2" strokeLinecap="round" className="text-ink-3" opacity="0.55" />
        <path d={strokes(heights, 0, done)} stroke="currentColor" strokeWidth="2" strokeLinecap="round" className="text-accent-text" />
      </svg>
    </div>
  );
}
