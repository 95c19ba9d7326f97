import { Clock } from 'lucide-react';
import type { Conversation } from '@/api/types';
import { duration, full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useNow } from '@/live/clock';
import { Pill } from '@/ui/pill';
import { Tooltip } from '@/ui/tooltip';

const SOON_MS = 4 * 3_600_000;

export type WindowState = 'open' | 'soon' | 'closed';

export function windowState(expires: string, now: number): WindowState {
  const left = Date.parse(expires) - now;
  return left <= 0 ? 'closed' : left < SOON_MS ? 'soon' : 'open';
}

const tones = { open: 'neutral', soon: 'lamp', closed: 'danger' } as const;

/** How long the platform still lets the business write freely. */
export function WindowPill({ conversation }: { conversation: Conversation }) {
  const t = useTexts().inbox.thread;
  const now = useNow();
  const expires = conversation.window_expires_at;
  if (!expires) return null;
  const state = windowState(expires, now);
  const hint = state === 'closed' ? t.windowClosedHint(full(expires)) : t.windowHint(full(expires));
  return (
    <Tooltip text={hint}>
      <span tabIndex={0} className="rounded-6">
        <Pill tone={tones[state]} icon={<Clock size={12} strokeWidth={2} />}>
          <bdi className="tabular-nums">{state === 'closed' ? t.windowClosed : t.windowLeft(duration(Date.parse(expires) - now))}</bdi>
        </Pill>
      </span>
    </Tooltip>
  );
}
