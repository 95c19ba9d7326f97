/** The customer's conversations, each a link into the inbox. */
import { Link } from '@tanstack/react-router';
import { stamp } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { conversations } from '@/store/entities';
import { useRow } from '@/store/table';
import { Badge } from '@/ui/badge';
import { ChannelIcon } from '@/ui/channel-icon';
import { Pill } from '@/ui/pill';
import { preview } from './timeline-list';
import { word } from './words';

export function Threads({ ids }: { ids: readonly string[] }) {
  const t = useTexts().customers.conversations;
  if (ids.length === 0) return <p className="px-5 py-6 text-ink-3">{t.empty}</p>;
  return (
    <ul>
      {ids.map((id) => (
        <Thread key={id} id={id} />
      ))}
    </ul>
  );
}

function Thread({ id }: { id: string }) {
  const { customers: t } = useTexts();
  const conversation = useRow(conversations, id);
  if (!conversation) return null;
  const { channel, last_message: last, assignee, status, unread_count: unread } = conversation;
  return (
    <li className="border-b border-line">
      <Link to="/inbox/$conversationId" params={{ conversationId: id }} className="flex min-h-16 items-start gap-3 px-5 py-3 hover:bg-hover focus-visible:-outline-offset-2 max-sm:px-4">
        <span className="flex h-5 items-center">
          <ChannelIcon kind={channel.kind} size={16} />
        </span>
        <span className="flex min-w-0 grow flex-col gap-1">
          <span className="flex items-baseline justify-between gap-3">
            <span dir="auto" className="min-w-0 truncate font-medium">
              {conversation.group?.name ?? channel.name}
            </span>
            <time dateTime={conversation.last_activity_at} className="shrink-0 text-12 text-ink-3">
              <bdi>{stamp(conversation.last_activity_at)}</bdi>
            </time>
          </span>
          {last && (
            <span className="flex items-center gap-2">
              <span dir="auto" className={`min-w-0 grow truncate text-12 ${unread > 0 ? 'font-medium' : 'text-ink-2'}`}>
                {last.direction === 'out' && `${t.timeline.you} `}
                {preview(last, t)}
              </span>
              {unread > 0 && <Badge count={unread} label={t.conversations.unread(unread)} tone="lamp" />}
            </span>
          )}
          <span className="flex flex-wrap items-center gap-1.5 text-12 text-ink-3">
            <Pill>{word(t.conversations.status, status)}</Pill>
            {assignee ? t.conversations.assignee(assignee.name) : t.conversations.nobody}
          </span>
        </span>
      </Link>
    </li>
  );
}
