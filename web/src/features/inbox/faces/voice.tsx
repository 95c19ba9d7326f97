import { Mic, Music } from 'lucide-react';
import { useTexts } from '@/lib/i18n';

const BARS = 36;

/** Heights that look like speech. There are no real peaks before the file is here; the id makes each message its own shape. */
export function placeholderPeaks(id: string): number[] {
  let seed = 7;
  for (const char of id) seed = (seed * 31 + char.charCodeAt(0)) % 65_537;
  return Array.from({ length: BARS }, (_, index) => {
    seed = (seed * 75 + 74) % 65_537;
    return 0.25 + 0.75 * (seed / 65_537) * Math.sin(((index + 1) / (BARS + 1)) * Math.PI);
  });
}

interface VoiceProps {
  id: string;
  url: string | null;
  kind: 'audio' | 'voice';
  note: string;
}

export function VoiceFace({ id, url, kind, note }: VoiceProps) {
  const t = useTexts().inbox;
  const Icon = kind === 'voice' ? Mic : Music;
  if (url !== null) return <audio src={url} controls preload="none" aria-label={t.kinds[kind]} className="max-w-full" />;
  return (
    <div className="flex min-w-0 items-center gap-2.5 py-0.5">
      <span className="flex size-9 shrink-0 items-center justify-center rounded-8 bg-hover text-ink-2" aria-hidden="true">
        <Icon size={18} strokeWidth={1.75} />
      </span>
      <div className="min-w-0">
        <svg viewBox={`0 0 ${BARS * 4} 24`} className="h-6 w-36 max-w-full text-ink-3" aria-hidden="true">
          {placeholderPeaks(id).map((peak, index) => (
            <rect key={index} x={index * 4} y={12 - peak * 11} width="2" height={peak * 22} rx="1" fill="currentColor" />
          ))}
        </svg>
        <div className="text-12 text-ink-2">
          {t.kinds[kind]} · {note}
        </div>
      </div>
    </div>
  );
}
