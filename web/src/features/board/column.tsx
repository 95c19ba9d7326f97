/**
 * A column: its head with live count and sum, and its cards, of which only those in sight are in the page.
 * A column that a phone does not show still tells the control its cards, so that moves know their places.
 */
import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { CircleCheckBig, CircleX, Ellipsis, Inbox, MoveRight, SearchX } from 'lucide-react';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Card, ColumnSummary } from '@/api/types';
import { number, sums } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useColumn } from '@/store/board';
import { cards } from '@/store/entities';
import { Button } from '@/ui/button';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { IconButton } from '@/ui/icon-button';
import { Menu } from '@/ui/menu';
import { Later, Skeleton } from '@/ui/skeleton';
import { Spinner } from '@/ui/spinner';
import { cx } from '@/ui/styles';
import { BoardCard } from './card';
import { useControl, useShared } from './control';
import { useColumnDrop } from './drag';
import { useArrivals } from './motion';

const ROW_PX = 96;
const GAP_PX = 8;
/** How many cards from the end the next page is fetched. */
const AHEAD = 8;
/** A filter looks through this many cards by itself; beyond that it asks. */
const SEARCHED = 2000;

interface ColumnProps {
  boardId: string;
  column: ColumnSummary;
  isFirst: boolean;
  match: ((card: Card) => boolean) | null;
  canWrite: boolean;
  visible: boolean;
  onExport(): void;
  onClearFilter(): void;
}

/** The cards that the filter leaves, followed as they change. */
function useMatching(ids: readonly string[], match: ColumnProps['match']): readonly string[] {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    if (!match) return undefined;
    const own = new Set(ids);
    return cards.watch((changed) => {
      if ([...changed].some((id) => own.has(id))) setChanges((count) => count + 1);
    });
  }, [ids, match]);
  return useMemo(() => {
    if (!match) return ids;
    return ids.filter((id) => {
      const card = cards.get(id);
      return card !== undefined && match(card);
    });
    // `changes` stands for the rows, which are read from the table.
  }, [ids, match, changes]);
}

export function BoardColumn(props: ColumnProps) {
  const { boardId, column, match, canWrite, visible } = props;
  const { board: words } = useTexts();
  const control = useControl();
  const list = useColumn(boardId, column.id);
  const ids = useMatching(list.ids, match);
  const section = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement | null>(null);
  // The rows need the element itself: their effects run before a ref of this component is set.
  const [scrolled, setScrolled] = useState<HTMLDivElement | null>(null);
  const attach = useCallback((element: HTMLDivElement | null) => {
    scroller.current = element;
    setScrolled(element);
  }, []);
  const heading = useId();
  const isOver = useColumnDrop(section, scroller, column.id, canWrite && visible);
  const { hasMore, loadingMore, error, state, loadMore } = list;

  useEffect(() => {
    control.show(column.id, { ids, hasMore });
  }, [control, column.id, ids, hasMore]);
  useEffect(() => () => control.hide(column.id), [control, column.id]);

  const searchesOn = match !== null && hasMore && list.ids.length < SEARCHED;
  useEffect(() => {
    if (searchesOn && state === 'ready' && !loadingMore && !error) loadMore();
  }, [searchesOn, state, loadingMore, error, loadMore]);

  if (!visible) return null;
  return (
    <section
      ref={section}
      data-column={column.id}
      aria-labelledby={heading}
      className={cx(
        'flex min-h-0 min-w-0 flex-col rounded-12 bg-sunken transition-shadow duration-120',
        isOver && 'ring-2 ring-accent ring-inset',
      )}
    >
      <Head {...props} headingId={heading} shownCount={match ? ids.length : null} shownIds={ids} />
      <div ref={attach} className="relative min-h-24 grow overflow-y-auto overscroll-contain px-2 pb-2 [overflow-anchor:none]">
        {ids.length > 0 ? (
          <Rows {...props} ids={ids} scroller={scrolled} onEnd={() => hasMore && !loadingMore && !error && loadMore()} />
        ) : (
          <Nothing {...props} state={state} error={error} retry={list.retry} isSearching={searchesOn || loadingMore} />
        )}
        {loadingMore && (
          <p role="status" className="flex items-center justify-center gap-2 py-2 text-12 text-ink-3">
            <Spinner size={14} />
            {match ? words.searching : words.loadingMore}
          </p>
        )}
        {ids.length > 0 && error && !loadingMore && (
          <p className="flex flex-wrap items-center justify-center gap-2 py-2 text-12 text-danger-text">
            {words.moreFailed}
            <Button size="sm" onClick={loadMore}>
              {words.loadMore}
            </Button>
          </p>
        )}
        {match && hasMore && !searchesOn && !loadingMore && (
          <p className="flex justify-center py-2">
            <Button size="sm" onClick={loadMore}>
              {words.searchFurther(list.ids.length)}
            </Button>
          </p>
        )}
      </div>
    </section>
  );
}

function Head({ column, headingId, shownCount, shownIds, canWrite, onExport }: ColumnProps & { headingId: string; shownCount: number | null; shownIds: readonly string[] }) {
  const { board: words } = useTexts();
  const control = useControl();
  const sum = sums(column.sum);
  return (
    <header className="flex min-h-11 items-center gap-2 ps-3.5 pe-1.5 pt-1">
      {column.kind === 'won' && <CircleCheckBig size={15} strokeWidth={1.75} role="img" aria-label={words.won} className="shrink-0 text-ok-text" />}
      {column.kind === 'lost' && <CircleX size={15} strokeWidth={1.75} role="img" aria-label={words.lost} className="shrink-0 text-ink-3" />}
      <h2 id={headingId} className="min-w-0 truncate text-13 font-semibold">
        <bdi>{column.name}</bdi>
      </h2>
      <span className="shrink-0 text-12 text-ink-2 tabular-nums">
        <span aria-hidden>{shownCount === null ? number(column.count) : `${number(shownCount)} / ${number(column.count)}`}</span>
        <span className="sr-only">{shownCount === null ? words.cards(column.count) : words.cardsOf(shownCount, column.count)}</span>
      </span>
      {sum && (
        <span title={sum} className="ms-auto min-w-0 truncate ps-1 text-12 text-ink-2 tabular-nums">
          <span className="sr-only">{words.sum}</span> <bdi>{sum}</bdi>
        </span>
      )}
      <span className={cx('flex', !sum && 'ms-auto')}>
        <Menu
          label={words.actionsOf(column.name)}
          align="end"
          trigger={<IconButton size="sm" label={words.actionsOf(column.name)} icon={<Ellipsis size={16} strokeWidth={1.75} />} />}
          items={[
            { label: words.selectColumn, disabled: !canWrite || shownIds.length === 0, onSelect: () => control.select([...control.selected, ...shownIds]) },
            { label: words.exportColumn, disabled: column.count === 0, onSelect: onExport },
          ]}
        />
      </span>
    </header>
  );
}

interface RowsProps extends ColumnProps {
  ids: readonly string[];
  scroller: HTMLDivElement | null;
  onEnd(): void;
}

function Rows({ ids, scroller, column, canWrite, match, onEnd }: RowsProps) {
  const { board: words } = useTexts();
  const focused = useShared((shared) => shared.lastFocused(column.id));
  const dragged = useShared((shared) => shared.dragged);
  const wanted = useShared((shared) => (shared.wanted?.columnId === column.id ? shared.wanted : null));
  const { arrived, isShifting } = useArrivals(ids);
  const kept = useMemo(() => {
    // A card that has the focus or hangs on the pointer must stay in the page although it is out of sight.
    const indexes = [focused, ...dragged].map((id) => (id === undefined ? -1 : ids.indexOf(id)));
    return indexes.filter((index) => index !== -1);
  }, [ids, focused, dragged]);
  const rangeExtractor = useCallback(
    (range: Range) => [...new Set([...defaultRangeExtractor(range), ...kept])].toSorted((a, b) => a - b),
    [kept],
  );
  const virtual = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: ids.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => ids[index] ?? index,
    gap: GAP_PX,
    overscan: 4,
    paddingStart: 2,
    scrollPaddingStart: GAP_PX,
    scrollPaddingEnd: GAP_PX,
    rangeExtractor,
  });
  const items = virtual.getVirtualItems();
  const isNearEnd = (virtual.range?.endIndex ?? 0) >= ids.length - AHEAD;

  useEffect(() => {
    if (isNearEnd) onEnd();
  }, [isNearEnd, onEnd]);

  const wantedIndex = wanted ? ids.indexOf(wanted.id) : -1;
  useEffect(() => {
    if (wanted && wantedIndex !== -1) virtual.scrollToIndex(wantedIndex, { align: 'auto' });
  }, [virtual, wanted, wantedIndex]);

  const tabStop = focused !== undefined && ids.includes(focused) ? focused : ids[0];
  return (
    <ul role="list" aria-label={words.cardsIn(column.name)} className="relative" style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => {
        const id = ids[item.index];
        if (id === undefined) return null;
        return (
          <li
            key={id}
            ref={virtual.measureElement}
            data-index={item.index}
            aria-setsize={column.count}
            aria-posinset={item.index + 1}
            className={cx('absolute inset-x-0 top-0', isShifting && 'motion-safe:transition-transform motion-safe:duration-150')}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <BoardCard
              id={id}
              columnId={column.id}
              isClosed={column.kind !== 'open'}
              canWrite={canWrite}
              filtered={match !== null}
              tabbable={id === tabStop}
              arrived={arrived.has(id)}
            />
          </li>
        );
      })}
    </ul>
  );
}

interface NothingProps extends ColumnProps {
  state: 'loading' | 'ready' | 'error';
  error: { detail: string; code?: string } | null;
  retry(): void;
  isSearching: boolean;
}

function Nothing({ state, error, retry, isSearching, match, isFirst, onClearFilter }: NothingProps) {
  const { board: words } = useTexts();
  const icon = { size: 20, strokeWidth: 1.75 };
  if (state === 'error' && error) return <ErrorState error={error} retry={retry} />;
  if (state === 'loading' || isSearching) {
    return (
      <Later>
        <div className="flex flex-col gap-2">
          <Skeleton className="h-28" />
          <Skeleton className="h-28" />
          <Skeleton className="h-28" />
        </div>
      </Later>
    );
  }
  if (match) {
    return (
      <Empty icon={<SearchX {...icon} />} title={words.noMatch} action={<Button size="sm" onClick={onClearFilter}>{words.clearFilters}</Button>} />
    );
  }
  if (isFirst) {
    return (
      <Empty icon={<Inbox {...icon} />} title={words.emptyFirst}>
        {words.emptyFirstHint}
      </Empty>
    );
  }
  return (
    <Empty icon={<MoveRight {...icon} className="rtl:-scale-x-100" />} title={words.empty}>
      {words.emptyHint}
    </Empty>
  );
}
