import { CheckCheck, CloudOff, RefreshCw } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { useLive } from '@/live/live';

/** A connection that comes at once, as nearly all do, is not worth a word. */
const QUIET_MS = 1000;

function useLasting(on: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => setLasting(true), QUIET_MS);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [on]);
  return lasting;
}

/**
 * How current the screen is, while that is not self-evident. It floats, so that nothing moves under the pointer when it
 * comes and goes, and it lets clicks through.
 */
export function Connection() {
  const { shell } = useTexts();
  const { state, caughtUp } = useLive();
  const waiting = useLasting(state === 'connecting' || state === 'catching_up');
  let look: { tone: string; icon: ReactNode; text: string } | null = null;
  if (state === 'offline') {
    look = { tone: 'border-danger bg-danger-soft text-danger-text', icon: <CloudOff size={14} aria-hidden />, text: shell.offline };
  } else if (waiting && state !== 'live') {
    const text = state === 'connecting' ? shell.connecting : shell.catchingUp;
    look = { tone: 'border-line bg-raised text-ink-2', icon: <RefreshCw size={14} aria-hidden className="animate-spin" />, text };
  } else if (caughtUp !== null) {
    look = { tone: 'border-line bg-raised text-ok-text', icon: <CheckCheck size={14} aria-hidden />, text: shell.caughtUp(caughtUp) };
  }
  return (
    <div role="status" className="pointer-events-none fixed inset-x-3 top-2 z-30 flex justify-center max-sm:top-auto max-sm:bottom-[calc(4rem+env(safe-area-inset-bottom))] print:hidden">
      {look && (
        <p className={`flex max-w-full items-center gap-1.5 rounded-full border px-3 py-1 text-12 font-medium shadow-high ${look.tone}`}>
          {look.icon}
          <span className="min-w-0">{look.text}</span>
        </p>
      )}
    </div>
  );
}
