/**
 * One customer, over whatever page is open (`?c=<id>`).
 *
 * Owns: the head with its editable fields, and five views of what is known. Everything is live through `useDetails`, which
 * holds the room of the customer. Invariants: the id of a merged customer shows the one that is left, also in the
 * address; an error keeps what was shown. Absent on purpose: files, appointments, consent and audit; the server knows
 * none of them yet.
 */
import { useNavigate } from '@tanstack/react-router';
import { UserX } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Activity, Customer } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { useBoards } from '@/store/board';
import { type CustomerDetails, useDetails } from '@/store/details';
import { activities, customers } from '@/store/entities';
import { useRow } from '@/store/table';
import { Button } from '@/ui/button';
import { Drawer } from '@/ui/drawer';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { Later, Skeleton } from '@/ui/skeleton';
import { Tabs } from '@/ui/tabs';
import { Attribution } from './attribution';
import { Deals } from './deals';
import { Profile } from './profile';
import { useRows } from './rows';
import { Tasks } from './tasks';
import { Threads } from './threads';
import { Timeline } from './timeline-list';
import { useName } from './words';

interface CustomerDrawerProps {
  id: string;
  onClose(): void;
}

export function CustomerDrawer({ id, onClose }: CustomerDrawerProps) {
  const t = useTexts().customers;
  const nameOf = useName();
  const navigate = useNavigate();
  const details = useDetails(id);
  const customer = useRow<Customer>(customers, details.customer?.id ?? id) ?? details.customer;
  const left = details.customer?.id;
  // A merge changes the id but not the person: what is typed and the chosen view stay. Another id is another person.
  const [person, setPerson] = useState(id);
  if (customers.resolve(person) !== customers.resolve(id)) setPerson(id);

  useEffect(() => {
    if (left !== undefined && left !== id) void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, c: left }), replace: true });
  }, [left, id, navigate]);

  const label = customer ? nameOf(customer.name) : t.drawer.label;
  return (
    <Drawer open onClose={onClose} title={t.drawer.label} label={label}>
      <Content key={person} customer={customer} details={details} onClose={onClose} />
    </Drawer>
  );
}

function Content({ customer, details, onClose }: { customer: Customer | undefined; details: CustomerDetails; onClose(): void }) {
  const t = useTexts().customers;
  const [view, setView] = useState<View>('timeline');
  if (details.state === 'missing') {
    return (
      <Empty icon={<UserX size={24} strokeWidth={1.75} />} title={t.drawer.missingTitle} action={<Button onClick={onClose}>{t.drawer.close}</Button>}>
        {t.drawer.missingText}
      </Empty>
    );
  }
  const failed = details.state === 'error' && details.error;
  if (!customer) return failed ? <ErrorState error={failed} retry={details.retry} /> : <Loading />;
  return (
    <>
      <Profile customer={customer} />
      {failed && <ErrorState error={failed} retry={details.retry} />}
      {details.state === 'loading' && <Loading />}
      {details.state === 'ready' && <Views view={view} onView={setView} customer={customer} details={details} />}
    </>
  );
}

type View = 'timeline' | 'conversations' | 'cards' | 'activities' | 'attribution';

interface ViewsProps {
  view: View;
  onView(view: View): void;
  customer: Customer;
  details: CustomerDetails;
}

function Views({ view, onView, customer, details }: ViewsProps) {
  const t = useTexts().customers.tabs;
  const { boards } = useBoards();
  const { conversationIds, cardIds, activityIds, attribution, events } = details;
  const pending = useRows<Activity>(activities, activityIds).filter((activity) => activity.status === 'pending').length;
  const column = (id: string) => boards.flatMap((board) => board.columns).find((it) => it.id === id);

  const panels: Record<View, () => ReactNode> = {
    timeline: () => (
      <Timeline
        customer={customer}
        conversationIds={conversationIds}
        cardIds={cardIds}
        activityIds={activityIds}
        attribution={attribution}
        events={events}
        columnName={(id) => column(id)?.name}
      />
    ),
    conversations: () => <Threads ids={conversationIds} />,
    cards: () => <Deals ids={cardIds} column={column} />,
    activities: () => <Tasks ids={activityIds} />,
    attribution: () => <Attribution touches={attribution} />,
  };
  const counts: Record<View, number | undefined> = {
    timeline: undefined,
    conversations: conversationIds.length,
    cards: cardIds.length,
    activities: pending,
    attribution: attribution.length,
  };
  return (
    <Tabs<View>
      className="pt-3 [&>[role=tablist]]:mx-5 max-sm:[&>[role=tablist]]:mx-4"
      label={t.label}
      value={view}
      onChange={onView}
      items={(Object.keys(panels) as View[]).map((value) => ({ value, label: t[value], count: counts[value] || undefined }))}
      panel={panels[view]()}
    />
  );
}

function Loading() {
  const t = useTexts().customers.drawer;
  return (
    <Later>
      <div role="status" aria-label={t.loading} className="flex flex-col gap-4 px-5 py-5">
        <div className="flex items-center gap-4">
          <Skeleton className="size-14 rounded-full" />
          <Skeleton className="h-4 w-40" />
        </div>
        {Array.from({ length: 5 }, (_, index) => (
          <Skeleton key={index} className="h-3 w-full" />
        ))}
      </div>
    </Later>
  );
}
