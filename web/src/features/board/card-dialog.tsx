/** A card's details, to read and to edit. Opened by `?card=<id>`, so a link leads here too. */
import { ContactRound, SquarePen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, ApiError, asApiError, take } from '@/api/client';
import type { ColumnSummary } from '@/api/types';
import { day, full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { cards } from '@/store/entities';
import { can, useUser } from '@/store/session';
import { useRow } from '@/store/table';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { Later, Skeleton } from '@/ui/skeleton';
import { CardForm } from './card-form';
import { useControl } from './control';
import { sourceDetail, sourceName } from './labels';
import { useBoardNav } from './nav';
import { newMarks } from './new-marks';

interface CardDialogProps {
  id: string;
  columns: readonly ColumnSummary[];
  canWrite: boolean;
  onClose(): void;
}

/** A card that no column has loaded (a link, a filter) is fetched by itself. */
function useCard(id: string) {
  const card = useRow(cards, id);
  const [error, setError] = useState<ApiError | null>(null);
  const [tries, setTries] = useState(0);
  const isHere = card !== undefined;
  useEffect(() => {
    if (isHere) return undefined;
    let isOver = false;
    setError(null);
    take(api.GET('/api/v1/cards/{id}', { params: { path: { id } } })).then(
      (row) => cards.put([row]),
      (fault: unknown) => {
        if (!isOver) setError(asApiError(fault));
      },
    );
    return () => {
      isOver = true;
    };
  }, [id, isHere, tries]);
  return { card, error, retry: () => setTries((count) => count + 1) };
}

export function CardDialog({ id, columns, canWrite, onClose }: CardDialogProps) {
  const { board: words, templates } = useTexts();
  const control = useControl();
  const nav = useBoardNav();
  const user = useUser();
  const { card, error, retry } = useCard(id);
  const isHere = card !== undefined;

  useEffect(() => {
    if (isHere) newMarks(user.id).see([id]);
  }, [isHere, user.id, id]);

  const close = () => {
    onClose();
    const at = control.locate(id);
    if (at) control.want(id, at.columnId, { focus: true });
  };

  if (!card) {
    return (
      <Dialog open onClose={close} title={words.card}>
        {error && error.status === 404 && <Empty icon={<ContactRound strokeWidth={1.75} />} title={words.missingCard} />}
        {error && error.status !== 404 && <ErrorState error={error} retry={retry} />}
        {!error && (
          <Later>
            <Skeleton className="h-64" />
          </Later>
        )}
      </Dialog>
    );
  }
  const column = columns.find((candidate) => candidate.id === card.column_id);
  const detail = sourceDetail(card);
  const facts = [
    { name: words.csv.column, value: column?.name ?? words.otherBoard },
    { name: words.csv.source, value: detail ? `${sourceName(card.source)}: ${detail}` : sourceName(card.source) },
    { name: words.csv.created, value: full(card.created_at) },
    { name: words.lastMessage, value: card.last_message_at ? full(card.last_message_at) : words.noMessage },
  ];
  return (
    <Dialog open onClose={close} title={card.title || card.customer.name} description={column?.name}>
      <div className="flex flex-col gap-4">
        <div className="flex min-w-0 items-center gap-2.5 rounded-8 bg-sunken px-3 py-2">
          <Avatar name={card.customer.name} size={32} />
          <p dir="auto" className="min-w-0 grow truncate text-13 font-medium">
            {card.customer.name}
          </p>
          <Button size="sm" icon={<ContactRound size={14} strokeWidth={1.75} />} onClick={() => nav.openCustomer(card.customer.id)}>
            {words.showCustomer}
          </Button>
          {can(user, 'inbox.reply') && (
            <Button size="sm" icon={<SquarePen size={14} strokeWidth={1.75} />} onClick={() => nav.write(card.customer.id)}>
              {templates.start.write}
            </Button>
          )}
        </div>
        {/* Another card is another form: nothing typed for one may end up in the other. */}
        <CardForm key={card.id} card={card} canWrite={canWrite} onDone={close} />
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 border-t border-line pt-3 text-12">
          {facts.map((fact) => (
            <div key={fact.name} className="contents">
              <dt className="text-ink-3">{fact.name}</dt>
              <dd dir="auto" className="break-words">
                {fact.value}
              </dd>
            </div>
          ))}
          {card.due_at && (
            <div className="contents">
              <dt className="text-ink-3">{words.csv.due}</dt>
              <dd>{day(card.due_at)}</dd>
            </div>
          )}
        </dl>
      </div>
    </Dialog>
  );
}
