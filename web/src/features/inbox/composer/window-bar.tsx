import { Clock, Hourglass, Lock, type LucideIcon } from 'lucide-react';
import type { Sending } from '@/api/types';
import { duration } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useNow } from '@/live/clock';
import { Button } from '@/ui/button';

const SOON_MS = 4 * 3_600_000;
/** From here on seconds are shown. */
const LAST_MS = 60_000;

interface WindowBarProps {
  sending: Sending;
  overridden: boolean;
  onOverride(): void;
}

/** What the platform's window means for a reply, while that is worth a word. */
export function WindowBar({ sending, overridden, onOverride }: WindowBarProps) {
  const t = useTexts().composer.window;
  const until = sending.until ? Date.parse(sending.until) : null;
  const coarse = useNow();
  const now = useNow(until !== null && until - coarse < 2 * LAST_MS ? 1_000 : 60_000);
  const left = until === null ? Number.POSITIVE_INFINITY : until - now;
  if (sending.mode === 'free') return left < SOON_MS ? <Bar icon={Clock} text={t.soon(duration(left))} /> : null;
  if (sending.mode === 'human_agent') return <Bar icon={Hourglass} text={t.humanAgent(duration(left))} />;
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-8 bg-danger-soft px-2.5 py-1.5 text-12 text-danger-text">
      <Lock size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 flex-1 basis-60">{overridden ? t.overridden : sending.mode === 'template' ? t.template : t.closed}</span>
      {!overridden && (
        <Button size="sm" onClick={onOverride}>
          {t.sendAnyway}
        </Button>
      )}
    </div>
  );
}

function Bar({ icon: Icon, text }: { icon: LucideIcon; text: string }) {
  return (
    <p className="mb-2 flex items-center gap-1.5 rounded-8 bg-lamp-soft px-2.5 py-1.5 text-12 text-lamp-text">
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
      <bdi className="tabular-nums">{text}</bdi>
    </p>
  );
}
