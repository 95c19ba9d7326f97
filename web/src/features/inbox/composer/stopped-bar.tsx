import { CirclePause } from 'lucide-react';
import { channelName } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useStoppedChannel } from '@/store/people';
import { can, useUser } from '@/store/session';
import { cx } from '@/ui/styles';

/** Nothing goes out on this channel: why, and who can put it right. Writing goes on; the server holds it. */
export function StoppedBar({ channelId, className }: { channelId: string; className?: string }) {
  const t = useTexts().composer;
  const user = useUser();
  const stopped = useStoppedChannel(channelId);
  if (!stopped) return null;
  return (
    <p role="status" className={cx('flex items-center gap-2 rounded-8 bg-lamp-soft px-2.5 py-1.5 text-12 text-lamp-text', className)}>
      <CirclePause size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {/* The reason is in the server's words. */}
        {[t.stopped(channelName(stopped)), stopped.health_reason, can(user, 'channels.manage') ? t.stoppedYours : t.stoppedThen].filter(Boolean).join(' ')}
      </span>
    </p>
  );
}
