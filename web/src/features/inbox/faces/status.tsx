/** How far an outgoing message got. Amber and red are for what somebody should look at. */
import { CalendarClock, Check, CheckCheck, CircleAlert, CirclePause, Clock, type LucideIcon } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';

const looks: Partial<Record<string, { icon: LucideIcon; tone: string }>> = {
  scheduled: { icon: CalendarClock, tone: 'text-accent-text' },
  queued: { icon: Clock, tone: 'text-ink-3' },
  sending: { icon: Clock, tone: 'text-ink-3' },
  sent: { icon: Check, tone: 'text-ink-3' },
  delivered: { icon: CheckCheck, tone: 'text-ink-3' },
  read: { icon: CheckCheck, tone: 'text-accent-text' },
  played: { icon: CheckCheck, tone: 'text-accent-text' },
  failed: { icon: CircleAlert, tone: 'text-danger-text' },
  uncertain: { icon: CircleAlert, tone: 'text-lamp-text' },
  held: { icon: CirclePause, tone: 'text-lamp-text' },
};

export function StatusTick({ status }: { status: string | null | undefined }) {
  const labels: Partial<Record<string, string>> = useTexts().inbox.message.status;
  const look = status ? looks[status] : undefined;
  if (!status || !look) return null;
  const Icon = look.icon;
  return (
    <span role="img" aria-label={labels[status] ?? status} title={labels[status] ?? status} className={look.tone}>
      <Icon size={14} strokeWidth={2} aria-hidden="true" />
    </span>
  );
}

/** Why a message did not arrive: in our words where the code is known, else in the platform's. */
export function FailureLine({ message }: { message: Message }) {
  const t = useTexts().inbox.message;
  if (message.status !== 'failed') return null;
  const error = message.error;
  const cause = error ? (own<string>(t.causes, String(error.code)) ?? error.title ?? error.detail) : null;
  return (
    <div className="mt-0.5 px-1 text-12 text-danger-text [overflow-wrap:anywhere]">
      {[t.status.failed, cause, error ? t.errorCode(error.code) : null].filter(Boolean).join(' · ')}
    </div>
  );
}
