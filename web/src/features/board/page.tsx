/**
 * The board: columns of cards that everybody moves at the same time.
 *
 * Owns: what is on the screen for `/board`: filters, selection, focus, drag and drop, details, export.
 * Invariants: a card is moved by its id and stays one card, whoever is faster; every move that the pointer can do, the
 * keyboard and a menu can do too; nothing is refused without its reason. Order, counts and sums come from the store and
 * follow the events. Absent on purpose: columns and boards are not edited here, and there are no limits of cards in a column.
 */
import { useParams, useSearch } from '@tanstack/react-router';
import { Columns3, SquareKanban } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { BoardSummary, ColumnSummary } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { useBoard, useBoards } from '@/store/board';
import { can, useUser } from '@/store/session';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { Later, Skeleton } from '@/ui/skeleton';
import { BulkBar } from './bulk-bar';
import { CardDialog } from './card-dialog';
import { BoardColumn } from './column';
import { BoardControl, ControlContext } from './control';
import { useDrops } from './drag';
import { isFiltered, matcher, type Filter } from './filter';
import { ColumnSwitcher, useIsPhone } from './phone';
import { MoveDialog } from './move-dialog';
import { useBoardNav } from './nav';
import { boardSearch } from './search';
import { useBoardShortcuts } from './shortcuts';
import { Toolbar } from './toolbar';
import { useExport } from './use-export';

export function BoardPage() {
  return (
    <div className="flex h-full min-h-0 flex-col bg-canvas">
      <Chosen />
    </div>
  );
}

/** The board of the address, or the default one. */
function Chosen() {
  const { board: words } = useTexts();
  const { boards, state, error, retry } = useBoards();
  const params: { boardId?: string } = useParams({ strict: false });
  const boardId = params.boardId ?? (boards.find((board) => board.is_default) ?? boards[0])?.id;
  if (boardId !== undefined) return <OneBoard key={boardId} boardId={boardId} boards={boards} />;
  if (state === 'error' && error) return <ErrorState error={error} retry={retry} />;
  if (state === 'loading') return <Outline />;
  return (
    <Empty icon={<SquareKanban size={20} strokeWidth={1.75} />} title={words.noBoards}>
      {words.noBoardsHint}
    </Empty>
  );
}

// The row is as high as the page leaves it: a column that grew with its cards would draw all of them.
const grid = 'grid min-h-0 grow auto-cols-[minmax(248px,1fr)] grid-flow-col grid-rows-[minmax(0,1fr)] gap-3';

function Outline() {
  return (
    <Later>
      <div className={`${grid} p-4`}>
        {[0, 1, 2, 3].map((index) => (
          <Skeleton key={index} className="h-full min-h-80 rounded-12" />
        ))}
      </div>
    </Later>
  );
}

function OneBoard({ boardId, boards }: { boardId: string; boards: readonly BoardSummary[] }) {
  const { board: words } = useTexts();
  const board = useBoard(boardId);
  const [control] = useState(() => new BoardControl(boardId));
  control.columns = board.columns;

  if (board.state === 'missing') {
    return (
      <Empty icon={<SquareKanban size={20} strokeWidth={1.75} />} title={words.missingBoard}>
        {words.missingBoardHint}
      </Empty>
    );
  }
  if (board.columns.length === 0) {
    if (board.state === 'error' && board.error) return <ErrorState error={board.error} retry={board.retry} />;
    if (board.state === 'loading') return <Outline />;
    return (
      <Empty icon={<Columns3 size={20} strokeWidth={1.75} />} title={words.noColumns}>
        {words.noColumnsHint}
      </Empty>
    );
  }
  return (
    <ControlContext value={control}>
      <Columns control={control} name={board.name} columns={board.columns} boards={boards} />
    </ControlContext>
  );
}

interface ColumnsProps {
  control: BoardControl;
  name: string;
  columns: readonly ColumnSummary[];
  boards: readonly BoardSummary[];
}

function Columns({ control, name, columns, boards }: ColumnsProps) {
  const { board: words } = useTexts();
  const { boardId } = control;
  const user = useUser();
  const nav = useBoardNav();
  const search = boardSearch(useSearch({ strict: false }));
  const { q, assignee, source } = search;
  const filter = useMemo<Filter>(() => ({ q, assignee, source }), [q, assignee, source]);
  const filtered = isFiltered(filter);
  const match = useMemo(() => (filtered ? matcher(filter, user.id) : null), [filtered, filter, user.id]);
  const canWrite = can(user, 'kanban.write');
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useIsPhone();
  const [chosen, setChosen] = useState<string | null>(null);
  const shownColumn = columns.find((column) => column.id === chosen) ?? columns[0];
  control.alone = isPhone ? (shownColumn?.id ?? null) : null;
  // Whoever goes to another column by key, or takes a card there, is shown that column.
  const wanted = useSyncExternalStore(control.subscribe, () => control.wanted);
  useEffect(() => {
    if (wanted?.focus) setChosen(wanted.columnId);
  }, [wanted]);
  const exporting = useExport(boardId, name, match);
  const clearFilter = useCallback(() => nav.filter({ q: undefined, assignee: undefined, source: undefined }), [nav]);

  useDrops(scroller, control, filtered);
  useBoardShortcuts(control, { canWrite, filtered, nav });

  return (
    <div className="flex h-full min-h-0 flex-col">
      <Toolbar
        boardId={boardId}
        name={name}
        boards={boards}
        filter={filter}
        onFilter={nav.filter}
        onClearFilter={clearFilter}
        exporting={exporting}
        onExport={() => exporting.start(columns, name)}
      />
      <BulkBar canWrite={canWrite} />
      {isPhone && shownColumn && <ColumnSwitcher columns={columns} value={shownColumn.id} onChange={setChosen} />}
      <div
        ref={scroller}
        role="region"
        aria-label={words.columnsOf(name)}
        className="flex min-h-0 grow overflow-x-auto overscroll-x-contain p-4 pt-3 max-sm:p-2"
      >
        <div className={isPhone ? 'grid min-h-0 min-w-0 grow grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)]' : grid}>
          {columns.map((column, index) => (
            <BoardColumn
              key={column.id}
              boardId={boardId}
              column={column}
              isFirst={index === 0}
              match={match}
              canWrite={canWrite}
              visible={!isPhone || column.id === shownColumn?.id}
              onExport={() => exporting.start([column], `${name} ${column.name}`)}
              onClearFilter={clearFilter}
            />
          ))}
        </div>
      </div>
      {!canWrite && <p className="px-4 pb-2 text-12 text-ink-3">{words.readOnly}</p>}
      <MoveDialog filtered={filtered} />
      {search.card && <CardDialog key={search.card} id={search.card} columns={columns} canWrite={canWrite} onClose={nav.closeCard} />}
    </div>
  );
}
