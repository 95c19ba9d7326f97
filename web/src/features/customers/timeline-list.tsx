/** The timeline as it is drawn: days, and one line for each thing that happened. */
import { CircleUserRound, FileText, Inbox, ListTodo, type LucideIcon, Megaphone, MessageSquare, Radio, SquareKanban } from 'lucide-react';
import { useMemo } from 'react';
import type { Customer, Message, PlatformEvent, Touch } from '@/api/types';
import { day, full, money, time } from '@/lib/format';
import { type AllTexts, useTexts } from '@/lib/i18n';
import { activities, cards, conversations } from '@/store/entities';
import { Facts } from './facts';
import { useRows } from './rows';
import { byDay, type Item, timeline } from './timeline';
import { touchTitle } from './touch-words';
import { word } from './words';

const icons: Record<Item['kind'], LucideIcon> = {
  created: CircleUserRound,
  touch: Megaphone,
  event: Radio,
  conversation: Inbox,
  message: MessageSquare,
  card: SquareKanban,
  activity: ListTodo,
};

interface TimelineProps {
  customer: Customer;
  conversationIds: readonly string[];
  cardIds: readonly string[];
  activityIds: readonly string[];
  attribution: readonly Touch[];
  events: readonly PlatformEvent[];
  columnName(cardColumn: string): string | undefined;
}

export function Timeline({ customer, conversationIds, cardIds, activityIds, attribution, events, columnName }: TimelineProps) {
  const all = useTexts();
  const threads = useRows(conversations, conversationIds);
  const deals = useRows(cards, cardIds);
  const tasks = useRows(activities, activityIds);
  const items = useMemo(
    () => timeline({ customer, conversations: threads, cards: deals, activities: tasks, touches: attribution, events }),
    [customer, threads, deals, tasks, attribution, events],
  );
  return (
    <div className="flex flex-col gap-4 px-5 py-4 max-sm:px-4">
      {byDay(items, day).map(({ label, items: of }) => (
        <section key={label} aria-label={label}>
          <h3 className="sticky top-0 z-1 -mx-1 bg-panel px-1 pb-1.5 text-12 font-medium text-ink-3">
            <bdi>{label}</bdi>
          </h3>
          <ol className="relative flex flex-col before:absolute before:inset-y-3 before:start-3 before:w-px before:bg-line">
            {of.map((item) => (
              <Line key={`${item.kind}:${item.id}`} item={item} text={said(item, all, columnName)} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

interface Said {
  title: string;
  text?: string;
  facts?: unknown;
}

function Line({ item, text: { title, text, facts } }: { item: Item; text: Said }) {
  const Icon = item.kind === 'activity' && item.activity.kind.endsWith('form') ? FileText : icons[item.kind];
  return (
    <li className="relative flex gap-3 py-1.5">
      <span aria-hidden className="z-1 flex size-6 shrink-0 items-center justify-center rounded-full border border-line bg-panel text-ink-3">
        <Icon size={13} strokeWidth={1.75} />
      </span>
      <div className="min-w-0 grow pt-0.5">
        <div className="flex items-baseline justify-between gap-3">
          <p dir="auto" className="min-w-0 wrap-anywhere">
            {title}
          </p>
          <time dateTime={item.at} title={full(item.at)} className="shrink-0 text-12 text-ink-3">
            <bdi>{time(item.at)}</bdi>
          </time>
        </div>
        {text && (
          <p dir="auto" className="line-clamp-3 text-12 whitespace-pre-line wrap-anywhere text-ink-2">
            {text}
          </p>
        )}
        {facts !== undefined && <Facts data={facts} />}
      </div>
    </li>
  );
}

function said(item: Item, { customers: t, common }: AllTexts, columnName: (id: string) => string | undefined): Said {
  const channel = (kind: string) => word(common.channels, kind);
  switch (item.kind) {
    case 'created':
      return { title: t.timeline.created };
    case 'touch':
      return { title: touchTitle(item.touch, t.timeline), facts: item.touch };
    case 'event':
      return { title: word(t.timeline.events, item.event.kind), facts: item.event.data };
    case 'conversation':
      return { title: t.timeline.conversation(channel(item.conversation.channel.kind)) };
    case 'card': {
      const column = columnName(item.card.column_id);
      const value = item.card.value ? money(item.card.value) : '';
      return { title: t.timeline.card(item.card.title), text: [column && t.timeline.cardNow(column), value].filter(Boolean).join(' · ') };
    }
    case 'activity':
      return { title: word(t.timeline.kinds, item.activity.kind), text: answers(item.activity.data), facts: item.activity.data };
    case 'message': {
      const { message, conversation } = item;
      const kind = channel(conversation.channel.kind);
      return { title: message.direction === 'in' ? t.timeline.messageIn(kind) : t.timeline.messageOut(kind), text: preview(message, t) };
    }
  }
}

export function preview(message: Message, t: AllTexts['customers']): string {
  if (message.deleted_at) return t.timeline.deleted;
  const kinds: Record<string, string> = t.conversations.message;
  const text = message.text?.trim();
  return text ? text : (kinds[message.kind] ?? kinds['other'] ?? '');
}

/** The answers of a form, a line each; what a website's visitor wrote. */
export function answers(data: Readonly<Record<string, unknown>>): string {
  const fields = Array.isArray(data['fields']) ? data['fields'] : [];
  const lines = fields.flatMap((field: unknown) => {
    if (typeof field !== 'object' || field === null || !('name' in field) || !('values' in field) || !Array.isArray(field.values)) return [];
    const values = field.values.filter((value) => typeof value === 'string' && value.trim() !== '');
    return values.length > 0 ? [`${String(field.name).replaceAll('_', ' ')}: ${values.join(', ')}`] : [];
  });
  const written = data['message'];
  if (typeof written === 'string' && written.trim() !== '') lines.push(written);
  return lines.join('\n');
}
