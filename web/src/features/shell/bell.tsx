/** How many times colleagues named this person; the list behind it is a part of its own. */
import { Bell } from 'lucide-react';
import { cloneElement, type ReactElement, useEffect, useRef, useState } from 'react';
import { announce } from '@/lib/announce';
import { deferred } from '@/lib/deferred';
import { useTexts } from '@/lib/i18n';
import { useNotifications } from '@/store/notifications';
import { Badge } from '@/ui/badge';
import { IconButton } from '@/ui/icon-button';
import { Popover } from '@/ui/popover';

const list = deferred(() => import('@/features/notifications/list'));

/** The glyph with its number. */
function Glyph({ size, unread }: { size: number; unread: number }) {
  const { shell } = useTexts();
  return (
    <>
      <Bell size={size} strokeWidth={1.75} aria-hidden />
      {unread > 0 && (
        <span className="absolute -end-2 -top-2">
          <Badge count={unread} label={shell.unreadMentions(unread)} tone="accent" />
        </span>
      )}
    </>
  );
}

function BellPopover({ trigger }: { trigger: ReactElement<{ onPointerEnter?(): void }> }) {
  const { shell } = useTexts();
  const [open, setOpen] = useState(false);
  const parts = list.useLoaded(open);
  return (
    <Popover trigger={cloneElement(trigger, { onPointerEnter: () => list.warm() })} label={shell.mentions} open={open} onOpenChange={setOpen}>
      {parts && <parts.NotificationPanel onClose={() => setOpen(false)} />}
    </Popover>
  );
}

/** In the rail of wide screens. Hidden on a phone, it still says what is new. */
export function RailBell() {
  const { shell } = useTexts();
  const { data } = useNotifications();
  const unread = data?.unread_count ?? 0;
  const label = unread > 0 ? `${shell.mentions}, ${shell.unreadMentions(unread)}` : shell.mentions;
  const before = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (before.current !== undefined && unread > before.current) announce(label);
    before.current = data?.unread_count;
  }, [data, unread, label]);
  const icon = (
    <span className="relative flex">
      <Glyph size={19} unread={unread} />
    </span>
  );
  return <BellPopover trigger={<IconButton label={label} side="inline-end" icon={icon} className="size-10 rounded-8" />} />;
}

/** In the bar of phones, where every place has its name. */
export function BarBell({ className }: { className: string }) {
  const { shell } = useTexts();
  const unread = useNotifications().data?.unread_count ?? 0;
  return (
    <BellPopover
      trigger={
        <button type="button" className={className}>
          <span className="relative flex">
            <Glyph size={20} unread={unread} />
          </span>
          <span className="max-w-full truncate">{shell.mentions}</span>
        </button>
      }
    />
  );
}
