/** The customer's cards, each a link to its place on the board. */
import { Link } from '@tanstack/react-router';
import type { ColumnSummary } from '@/api/types';
import { day, money } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { cards } from '@/store/entities';
import { useRow } from '@/store/table';
import { Avatar } from '@/ui/avatar';
import { Pill } from '@/ui/pill';
import { word } from './words';

interface DealsProps {
  ids: readonly string[];
  column(id: string): ColumnSummary | undefined;
}

export function Deals({ ids, column }: DealsProps) {
  const t = useTexts().customers.cards;
  if (ids.length === 0) return <p className="px-5 py-6 text-ink-3">{t.empty}</p>;
  return (
    <ul className="flex flex-col gap-2 px-5 py-4 max-sm:px-4">
      {ids.map((id) => (
        <Deal key={id} id={id} column={column} />
      ))}
    </ul>
  );
}

function Deal({ id, column }: { id: string; column: DealsProps['column'] }) {
  const t = useTexts().customers.cards;
  const card = useRow(cards, id);
  if (!card) return null;
  const place = column(card.column_id);
  return (
    <li>
      <Link
        to="/board/$boardId"
        params={{ boardId: card.board_id }}
        search={{ card: card.id }}
        className="flex flex-col gap-1.5 rounded-8 border border-line bg-raised p-3 shadow-low hover:bg-hover"
      >
        <span className="flex items-baseline justify-between gap-3">
          <span dir="auto" className="min-w-0 truncate font-medium">
            {card.title}
          </span>
          <bdi className={card.value ? 'shrink-0 font-medium tabular-nums' : 'shrink-0 text-12 text-ink-3'}>{card.value ? money(card.value) : t.noValue}</bdi>
        </span>
        <span className="flex flex-wrap items-center gap-2 text-12 text-ink-2">
          {place && <Pill tone={place.kind === 'won' ? 'ok' : 'neutral'}>{place.name}</Pill>}
          <span>{word(t.source, card.source)}</span>
          {card.due_at && (
            <time dateTime={card.due_at}>
              <bdi>{t.due(day(card.due_at))}</bdi>
            </time>
          )}
          {card.assignee && (
            <span className="ms-auto flex items-center gap-1.5">
              <Avatar name={card.assignee.name} size={20} />
              {card.assignee.name}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
