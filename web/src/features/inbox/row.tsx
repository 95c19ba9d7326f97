/** One conversation of the list. Drawn anew only when its own record, its tick or its place as the chosen one changes. */
import { memo, type MouseEvent } from 'react';
import { Clock, Flag } from 'lucide-react';
import type { Conversation } from '@/api/types';
import { full, stamp } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useHasDraft } from '@/store/drafts';
import { conversations } from '@/store/entities';
import { currentUser } from '@/store/session';
import { useRow } from '@/store/table';
import { Avatar } from '@/ui/avatar';
import { Badge } from '@/ui/badge';
import { Checkbox } from '@/ui/checkbox';
import { kindGlyph, type InboxTexts } from './kinds';
import { previewOf } from './preview';

export function nameOf(conversation: Conversation, t: InboxTexts): string {
  return conversation.group ? (conversation.group.name ?? t.row.group) : conversation.customer.name;
}

interface RowProps {
  id: string;
  /** The search part of the address, so that a row can be opened in a tab of its own. */
  query: string;
  selected: boolean;
  ticked: boolean;
  /** Something is ticked somewhere: the boxes stay visible. */
  ticking: boolean;
  /** The place that j and k move. */
  current: boolean;
  onOpen(id: string): void;
  onTick(id: string, range: boolean): void;
}

export const ConversationRow = memo(function ConversationRow({ id, query, selected, ticked, ticking, current, onOpen, onTick }: RowProps) {
  const t = useTexts().inbox;
  const conversation = useRow(conversations, id);
  if (!conversation) return <div className="h-row border-b border-line" />;
  const name = nameOf(conversation, t);
  const waits = conversation.unread_count > 0;
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(id);
  };
  const surface = selected ? 'bg-accent-soft' : ticked ? 'bg-hover' : 'hover:bg-hover';
  return (
    <div className={`group relative flex h-row items-center border-b border-line ${surface}`}>
      {selected && <span aria-hidden="true" className="absolute inset-y-0 start-0 w-[3px] bg-accent" />}
      <a
        href={`/inbox/${id}${query}`}
        onClick={open}
        aria-current={selected ? 'true' : undefined}
        className={`flex h-full min-w-0 flex-1 items-center gap-3 ps-3.5 pe-3 outline-offset-[-2px] compact:gap-2.5 ${current && !selected ? 'bg-hover' : ''}`}
      >
        <span className={ticking ? 'invisible' : 'group-hover:[@media(hover:hover)]:invisible'}>
          <Avatar name={name} size={40} channel={conversation.channel.kind} />
        </span>
        <span className="flex min-w-0 flex-1 flex-col gap-0.5 compact:gap-0">
          <span className="flex items-baseline gap-2">
            <span className={`min-w-0 flex-1 truncate text-13 ${waits ? 'font-semibold' : 'font-medium'}`}>
              <bdi>{name}</bdi>
            </span>
            <time dateTime={conversation.last_activity_at} className="shrink-0 text-11 tabular-nums text-ink-3">
              <bdi>{stamp(conversation.last_activity_at)}</bdi>
            </time>
          </span>
          <span className="flex items-center gap-2">
            <PreviewLine conversation={conversation} waits={waits} />
            {waits && <Badge count={conversation.unread_count} label={t.row.unread(conversation.unread_count)} tone="lamp" />}
            <span className="hidden compact:flex">
              <Assignee conversation={conversation} />
            </span>
          </span>
          {special(conversation) && (
            <span className="flex h-5 items-center gap-1.5 compact:hidden">
              <Facts conversation={conversation} />
              <Assignee conversation={conversation} />
            </span>
          )}
        </span>
      </a>
      {/* After the link in the order, over the avatar in the picture. */}
      <span
        className={`absolute start-3.5 flex size-10 items-center justify-center ${
          ticking ? '' : 'opacity-0 focus-within:opacity-100 [@media(hover:hover)]:group-hover:opacity-100'
        }`}
      >
        <Checkbox checked={ticked} onChange={(_, range) => onTick(id, range)} label={t.row.select(name)} hideLabel />
      </span>
    </div>
  );
});

function PreviewLine({ conversation, waits }: { conversation: Conversation; waits: boolean }) {
  const t = useTexts().inbox;
  const preview = previewOf(conversation.last_message, t, currentUser()?.id ?? null);
  const begun = useHasDraft(conversation.id);
  const Glyph = preview.kind === null ? null : kindGlyph(preview.kind);
  return (
    <span
      className={`flex min-w-0 flex-1 items-center gap-1 text-13 ${preview.quiet ? 'italic text-ink-3' : waits ? 'text-ink' : 'text-ink-2'}`}
    >
      {begun && <span className="shrink-0 font-medium text-accent-text">{t.row.draft} ·</span>}
      {preview.mark !== null && (
        <bdi className="max-w-[40%] shrink-0 truncate text-ink-3">{preview.mark}</bdi>
      )}
      {Glyph && <Glyph size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-ink-3" />}
      <span className="min-w-0 truncate" dir="auto">
        {preview.text}
      </span>
    </span>
  );
}

const SHOWN_LABELS = 2;

const raised = (conversation: Conversation) => conversation.priority === 'high' || conversation.priority === 'urgent';

/** Whether a third line has anything to say; most rows have two, in the middle of their height. */
function special(conversation: Conversation): boolean {
  return raised(conversation) || conversation.status !== 'open' || conversation.labels.length > 0 || Boolean(conversation.assignee);
}

/** What is special about the conversation. */
function Facts({ conversation }: { conversation: Conversation }) {
  const t = useTexts().inbox;
  const { labels, priority, status, snoozed_until: until } = conversation;
  const rest = labels.length - SHOWN_LABELS;
  return (
    <span className="flex min-w-0 flex-1 items-center gap-1.5 overflow-hidden text-11 text-ink-3">
      {(priority === 'high' || priority === 'urgent') && (
        <span className={`flex shrink-0 items-center gap-0.5 font-medium ${priority === 'urgent' ? 'text-danger-text' : 'text-ink-2'}`}>
          <Flag size={11} strokeWidth={2} aria-hidden="true" />
          {t.priority[priority]}
        </span>
      )}
      {status === 'snoozed' && (
        <span className="flex min-w-0 shrink-0 items-center gap-0.5" title={until ? t.row.snoozedUntil(full(until)) : t.row.snoozed}>
          <Clock size={11} strokeWidth={2} aria-hidden="true" />
          <span className="sr-only">{until ? t.row.snoozedUntil(full(until)) : t.row.snoozed}</span>
          <bdi aria-hidden="true">{until ? stamp(until) : t.status.snoozed}</bdi>
        </span>
      )}
      {(status === 'pending' || status === 'resolved') && <span className="shrink-0">{t.status[status]}</span>}
      {labels.slice(0, SHOWN_LABELS).map((label) => (
        <bdi key={label} className="min-w-0 truncate rounded-6 bg-sunken px-1.5 text-ink-2">
          {label}
        </bdi>
      ))}
      {rest > 0 && <span className="shrink-0">{t.row.moreLabels(rest)}</span>}
    </span>
  );
}

function Assignee({ conversation }: { conversation: Conversation }) {
  const t = useTexts().inbox.row;
  const assignee = conversation.assignee;
  if (!assignee) return null;
  return (
    <span className="shrink-0" role="img" aria-label={t.assignedTo(assignee.name)} title={t.assignedTo(assignee.name)}>
      <Avatar name={assignee.name} size={20} />
    </span>
  );
}
