/** What the bell opens: where colleagues named this person, newest first. A click leads to the note. */
import { Link } from '@tanstack/react-router';
import { AtSign } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/api/client';
import type { Notification } from '@/api/types';
import { full, relative } from '@/lib/format';
import { texts, useTexts } from '@/lib/i18n';
import { useNow } from '@/live/clock';
import { conversations } from '@/store/entities';
import { loadOlder, markNotificationsRead, refetchNotifications, useNotifications } from '@/store/notifications';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { Spinner } from '@/ui/spinner';
import { toast } from '@/ui/toast';

const CLOCK_MS = 30_000;

export function NotificationPanel({ onClose }: { onClose(): void }) {
  const { notifications: t } = useTexts();
  const { data, error } = useNotifications();
  const now = useNow(CLOCK_MS);
  const older = useAsked(loadOlder);
  const all = useAsked(() => markNotificationsRead({ all: true }));
  if (!data) return error ? <ErrorState error={error} retry={refetchNotifications} /> : <Coming />;
  return (
    <section aria-label={t.title} className="-m-1 w-[22rem] max-w-full">
      <header className="flex min-h-8 items-center justify-between gap-2 ps-2">
        <h2 className="text-13 font-semibold">{t.title}</h2>
        <Button size="sm" variant="plain" busy={all.busy} aria-disabled={data.unread_count === 0} onClick={data.unread_count === 0 ? undefined : all.ask}>
          {t.readAll}
        </Button>
      </header>
      {data.items.length === 0 && (
        <Empty icon={<AtSign strokeWidth={1.75} />} title={t.none}>
          {t.noneText}
        </Empty>
      )}
      <ul className="mt-1 flex flex-col">
        {data.items.map((item) => (
          <li key={item.id}>
            <Item item={item} now={now} onClose={onClose} />
          </li>
        ))}
      </ul>
      {data.next_cursor && (
        <div className="flex justify-center pt-1">
          <Button size="sm" variant="plain" busy={older.busy} onClick={older.ask}>
            {t.older}
          </Button>
        </div>
      )}
    </section>
  );
}

function Coming() {
  return (
    <p className="flex items-center justify-center py-8 text-ink-3">
      <Spinner size={18} />
    </p>
  );
}

function Item({ item, now, onClose }: { item: Notification; now: number; onClose(): void }) {
  const { notifications: t } = useTexts();
  const { id, actor, conversation, message, created_at, read_at } = item;
  const unread = !read_at;
  const open = () => {
    onClose();
    // It stays unread then, and is looked at once more.
    if (unread) markNotificationsRead({ ids: [id] }).catch(() => undefined);
  };
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: conversations.resolve(conversation.id) }}
      search={{ m: message.id }}
      onClick={open}
      className="flex gap-2.5 rounded-8 p-2 text-13 hover:bg-hover focus-visible:-outline-offset-2"
    >
      <Avatar name={actor.name} size={28} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className={`[overflow-wrap:anywhere] ${unread ? 'font-medium' : 'text-ink-2'}`}>{t.mentioned(actor.name, conversation.customer.name)}</span>
        <span dir="auto" className={`line-clamp-2 text-ink-2 [overflow-wrap:anywhere] ${message.excerpt ? '' : 'italic'}`}>
          {message.excerpt ?? t.noText}
        </span>
        <time dateTime={created_at} title={full(created_at)} className="text-11 text-ink-2">
          {relative(created_at, now)}
        </time>
      </span>
      {unread && (
        <span className="mt-1.5 size-2 shrink-0 rounded-full bg-accent forced-colors:border">
          <span className="sr-only">{t.unread}</span>
        </span>
      )}
    </Link>
  );
}

/** A button that asks the server for something: once at a time, and says when that failed. */
function useAsked(run: () => Promise<void>): { busy: boolean; ask(): void } {
  const [busy, setBusy] = useState(false);
  const ask = () => {
    setBusy(true);
    run()
      .catch((error: unknown) => toast({ title: texts().notifications.failed, text: asApiError(error).detail, tone: 'danger' }))
      .finally(() => setBusy(false));
  };
  return { busy, ask };
}
