/** Who the open conversation is with: the short version. The whole file is the customer drawer, which "Open" opens. */
import type { ReactNode } from 'react';
import { Check } from 'lucide-react';
import type { ApiError } from '@/api/client';
import type { Customer } from '@/api/types';
import { full, money, phone, stamp } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { patchActivity } from '@/store/actions';
import { useBoards } from '@/store/board';
import { useDetails } from '@/store/details';
import { activities, cards, conversations } from '@/store/entities';
import { can, currentUser, useUser } from '@/store/session';
import { useRow } from '@/store/table';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { ChannelIcon } from '@/ui/channel-icon';
import { ErrorState } from '@/ui/error-state';
import { IconButton } from '@/ui/icon-button';
import { Pill } from '@/ui/pill';
import { Later, Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import { TouchFacts } from './attribution';
import { previewOf } from './preview';

interface PanelProps {
  customerId: string;
  conversationId: string;
  /** Where a click on another conversation leads. */
  onConversation(id: string): void;
  onCard(boardId: string, cardId: string): void;
  onOpen(customerId: string): void;
}

export function CustomerPanel({ customerId, conversationId, onConversation, onCard, onOpen }: PanelProps) {
  const t = useTexts().inbox;
  const details = useDetails(customerId);
  const customer = details.customer;
  if (details.state === 'missing') return <p className="p-4 text-13 text-ink-2">{t.panel.missing}</p>;
  if (!customer) {
    if (details.state === 'error' && details.error) return <ErrorState error={details.error} retry={details.retry} />;
    return (
      <Later>
        <div className="flex flex-col gap-3 p-4" aria-hidden="true">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-24 w-full" />
        </div>
      </Later>
    );
  }
  const others = details.conversationIds.filter((id) => id !== conversationId);
  const touches = details.attribution.slice(0, 3);
  return (
    <div className="flex flex-col divide-y divide-line">
      <Who customer={customer} onOpen={onOpen} />
      {details.state === 'loading' ? (
        <Later>
          <div className="flex flex-col gap-3 p-4" aria-hidden="true">
            <Skeleton className="h-16 w-full" />
            <Skeleton className="h-16 w-full" />
          </div>
        </Later>
      ) : details.state === 'error' && details.error ? (
        <ErrorState error={details.error} retry={details.retry} />
      ) : (
        <>
          <Section title={t.panel.cards}>
            <OpenCards ids={details.cardIds} onCard={onCard} />
          </Section>
          <Section title={t.panel.activities}>
            <Activities ids={details.activityIds} />
          </Section>
          <Section title={t.panel.attribution}>
            {touches.length === 0 ? <Quiet>{t.panel.noAttribution}</Quiet> : touches.map((touch) => <TouchFacts key={touch.id} touch={touch} />)}
          </Section>
          <Section title={t.panel.others}>
            {others.length === 0 ? (
              <Quiet>{t.panel.noOthers}</Quiet>
            ) : (
              <ul className="-mx-2 flex flex-col">
                {others.map((id) => (
                  <Other key={id} id={id} onConversation={onConversation} />
                ))}
              </ul>
            )}
          </Section>
        </>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2 px-4 py-3.5">
      <h3 className="text-12 font-semibold text-ink-2">{title}</h3>
      {children}
    </section>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return <p className="text-13 text-ink-3">{children}</p>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[5.5rem_1fr] gap-2 text-13">
      <dt className="text-ink-2">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function Who({ customer, onOpen }: { customer: Customer; onOpen(id: string): void }) {
  const t = useTexts().inbox.panel;
  return (
    <div className="flex flex-col gap-3 px-4 py-4">
      <div className="flex items-center gap-3">
        <Avatar name={customer.name} size={40} />
        <div className="min-w-0 flex-1">
          <div className="truncate text-14 font-semibold">
            <bdi>{customer.name}</bdi>
          </div>
          <div className="text-12 text-ink-2">{t.since(full(customer.created_at))}</div>
        </div>
        <Button size="sm" aria-label={t.openLabel(customer.name)} onClick={() => onOpen(customer.id)}>
          {t.open}
        </Button>
      </div>
      <dl className="flex flex-col gap-1.5">
        {customer.phone && (
          <Fact name={t.phone}>
            <a href={`tel:${customer.phone}`} className="tabular-nums text-accent-text underline-offset-2 hover:underline">
              <bdi>{phone(customer.phone)}</bdi>
            </a>
          </Fact>
        )}
        {customer.email && (
          <Fact name={t.email}>
            <a href={`mailto:${encodeURIComponent(customer.email)}`} className="text-accent-text underline-offset-2 hover:underline">
              {customer.email}
            </a>
          </Fact>
        )}
        {customer.identities.length > 0 && (
          <Fact name={t.identities}>
            <ul className="flex flex-col gap-0.5">
              {customer.identities.map((identity) => (
                <li key={`${identity.kind} ${identity.external_id}`} className="flex items-center gap-1.5" title={identity.external_id}>
                  <ChannelIcon kind={identity.channel_kind} size={12} />
                  <bdi className="truncate tabular-nums">{identity.username ? `@${identity.username}` : identity.external_id}</bdi>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
      {customer.marketing_opt_out && (
        <div>
          <Pill>{t.optOut}</Pill>
        </div>
      )}
    </div>
  );
}

function OpenCards({ ids, onCard }: { ids: readonly string[]; onCard: PanelProps['onCard'] }) {
  const t = useTexts().inbox.panel;
  const { boards } = useBoards();
  const columns = new Map(boards.flatMap((board) => board.columns.map((column) => [column.id, column] as const)));
  // Until the boards are here every card counts as open.
  const open = ids.filter((id) => {
    const card = cards.get(id);
    return card !== undefined && (columns.get(card.column_id)?.kind ?? 'open') === 'open';
  });
  if (open.length === 0) return <Quiet>{t.noCards}</Quiet>;
  return (
    <ul className="-mx-2 flex flex-col">
      {open.map((id) => (
        <CardLine key={id} id={id} column={columns.get(cards.get(id)?.column_id ?? '')?.name ?? null} onCard={onCard} />
      ))}
    </ul>
  );
}

function CardLine({ id, column, onCard }: { id: string; column: string | null; onCard: PanelProps['onCard'] }) {
  const t = useTexts().inbox.panel;
  const card = useRow(cards, id);
  if (!card) return null;
  return (
    <li>
      <button type="button" className="flex w-full flex-col rounded-6 px-2 py-1.5 text-start hover:bg-hover" onClick={() => onCard(card.board_id, id)}>
        <span className="flex w-full items-baseline gap-2 text-13">
          <span className="min-w-0 flex-1 truncate font-medium">
            <bdi>{card.title}</bdi>
          </span>
          {card.value && <bdi className="shrink-0 tabular-nums">{money(card.value)}</bdi>}
        </span>
        <span className="flex gap-2 text-12 text-ink-2">
          {column !== null && <bdi className="truncate">{column}</bdi>}
          {card.due_at && <bdi className="shrink-0">{t.due(stamp(card.due_at))}</bdi>}
        </span>
      </button>
    </li>
  );
}

function Activities({ ids }: { ids: readonly string[] }) {
  const t = useTexts().inbox.panel;
  const pending = ids.filter((id) => activities.get(id)?.status === 'pending');
  if (pending.length === 0) return <Quiet>{t.noActivities}</Quiet>;
  return (
    <ul className="flex flex-col gap-1">
      {pending.map((id) => (
        <ActivityLine key={id} id={id} />
      ))}
    </ul>
  );
}

function ActivityLine({ id }: { id: string }) {
  const t = useTexts().inbox;
  const user = useUser();
  const activity = useRow(activities, id);
  if (!activity || activity.status === 'done') return null;
  const kinds: Partial<Record<string, string>> = t.activityKinds;
  const what = kinds[activity.kind] ?? activity.kind;
  const done = () => {
    patchActivity(id, 'done').catch((error: ApiError) => toast({ title: t.done.failed, text: error.detail, tone: 'danger' }));
  };
  return (
    <li className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <div className="truncate text-13">{what}</div>
        <time dateTime={activity.created_at} className="text-12 text-ink-2">
          <bdi>{full(activity.created_at)}</bdi>
        </time>
      </div>
      {can(user, 'customers.write') && (
        <IconButton size="sm" label={t.panel.doneLabel(what)} icon={<Check size={16} strokeWidth={1.75} />} onClick={done} />
      )}
    </li>
  );
}

function Other({ id, onConversation }: { id: string; onConversation(id: string): void }) {
  const t = useTexts().inbox;
  const conversation = useRow(conversations, id);
  if (!conversation) return null;
  const preview = previewOf(conversation.last_message, t, currentUser()?.id ?? null);
  return (
    <li>
      <button type="button" className="flex w-full items-center gap-2 rounded-6 px-2 py-1.5 text-start text-13 hover:bg-hover" onClick={() => onConversation(id)}>
        <ChannelIcon kind={conversation.channel.kind} size={16} />
        <span className="min-w-0 flex-1">
          <span className="block truncate">
            {preview.mark !== null && `${preview.mark} `}
            <bdi>{preview.text}</bdi>
          </span>
          <span className="block text-12 text-ink-2">
            {t.status[conversation.status]} · <bdi>{stamp(conversation.last_activity_at)}</bdi>
          </span>
        </span>
      </button>
    </li>
  );
}
