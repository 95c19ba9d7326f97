/**
 * The list pane: views, filters, rows, bulk actions.
 *
 * Owns: the ticked rows' bar, freezing while somebody points at, reads down or ticks the list, and what an empty list says.
 * Invariant: rows never change places under the pointer. Absent on purpose: fetching and ordering (`store/conversation-list`).
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type UIEvent } from 'react';
import { ArrowUp, CheckCheck, EllipsisVertical, Inbox, SearchX, SquarePen } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { usePreference } from '@/lib/prefs';
import { useDensity } from '@/lib/theme';
import type { ConversationList } from '@/store/conversation-list';
import { useCounts } from '@/store/counts';
import { can, useUser } from '@/store/session';
import { Button } from '@/ui/button';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { IconButton } from '@/ui/icon-button';
import { Later, Skeleton } from '@/ui/skeleton';
import { Menu } from '@/ui/menu';
import { SearchBox } from '@/ui/search-box';
import { Tabs } from '@/ui/tabs';
import { VirtualList } from '@/ui/virtual-list';
import type { Run } from './acts';
import { extras } from './extras';
import { FaultLine } from './fault-line';
import { Filters } from './filters';
import { useMedia } from './hooks';
import type { MenuName } from './menus';
import { advancePreference } from './preferences';
import { ConversationRow } from './row';
import { listQuery, narrowed, type InboxSearch, type InboxView } from './search';
import type { Selection } from './selection';

/** How far down each list was left; another page or view in between does not lose the place. */
const places = new Map<string, number>();

function usePlace(query: string, filled: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const top = filled ? places.get(query) : undefined;
    const pane = ref.current?.querySelector('[role="list"]')?.parentElement;
    if (top !== undefined && pane) pane.scrollTop = top;
  }, [query, filled]);
  return {
    ref,
    note: (event: UIEvent<HTMLElement>) => places.set(query, (event.target as HTMLElement).scrollTop),
    forget: () => places.delete(query),
  };
}

interface ListPaneProps {
  list: ConversationList;
  search: InboxSearch;
  onSearch(change: Partial<InboxSearch>): void;
  onClearFilters(): void;
  openId: string | null;
  currentId: string | null;
  selection: Selection;
  known: readonly string[];
  menu: MenuName | null;
  setMenu(menu: MenuName | null): void;
  run: Run;
  onOpen(id: string): void;
  onTick(id: string, range: boolean): void;
  onAll(): void;
  onClearSelection(): void;
  /** Absent where this person may not write. */
  onWrite?(): void;
  className?: string;
}

export function ListPane(props: ListPaneProps) {
  const { list, search, openId, currentId, selection, onOpen, onTick } = props;
  const t = useTexts().inbox;
  const [inside, setInside] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const [returns, setReturns] = useState(0);
  const [left, setLeft] = useState<string | null>(null);
  const [density] = useDensity();
  const touch = useMedia('(width < 40rem)');
  const { setFrozen } = list;
  const ticking = selection.ids.size > 0;
  const frozen = inside || !atTop || ticking;

  useEffect(() => {
    setFrozen(frozen);
    return () => setFrozen(false);
  }, [frozen, setFrozen]);

  const query = listQuery(search);
  const place = usePlace(query, list.ids.length > 0);
  const toTop = () => {
    place.forget();
    setFrozen(false);
    setFrozen(ticking);
    setInside(false);
    setAtTop(true);
    // A list that starts anew starts at its top, unless it is told to show a row.
    setReturns((n) => n + 1);
    setLeft(currentId);
  };
  const render = useCallback(
    (id: string) => (
      <ConversationRow
        id={id}
        query={query}
        selected={id === openId}
        current={id === currentId}
        ticked={selection.ids.has(id)}
        ticking={ticking}
        onOpen={onOpen}
        onTick={onTick}
      />
    ),
    [query, openId, currentId, selection, ticking, onOpen, onTick],
  );

  return (
    <section aria-label={t.title} className={`min-h-0 min-w-0 flex-col border-e border-line bg-panel ${props.className ?? ''}`}>
      <ListHead {...props} />
      <div
        ref={place.ref}
        className="relative flex min-h-0 flex-1 flex-col"
        onScrollCapture={place.note}
        onPointerMove={(event) => event.pointerType === 'mouse' && !inside && setInside(true)}
        onPointerLeave={() => setInside(false)}
      >
        {list.fresh > 0 && (
          <button
            type="button"
            onClick={toTop}
            className="absolute inset-x-0 top-2 z-10 mx-auto flex min-h-8 w-max items-center gap-1.5 rounded-16 bg-accent px-3 text-12 font-medium text-accent-ink shadow-high max-sm:min-h-11"
          >
            <ArrowUp size={14} aria-hidden="true" />
            {t.list.fresh(list.fresh)}
          </button>
        )}
        {list.ids.length > 0 ? (
          <VirtualList
            key={`${query} ${returns}`}
            ids={list.ids}
            estimate={density === 'compact' && !touch ? 52 : 72}
            render={render}
            label={t.list.label}
            onEnd={() => list.hasMore && !list.loadingMore && list.state === 'ready' && list.loadMore()}
            onScrollTop={setAtTop}
            scrollTo={currentId === left ? null : currentId}
            className="min-h-0 flex-1"
          />
        ) : (
          <Nothing {...props} />
        )}
        {list.ids.length > 0 && list.error !== null && <FaultLine error={list.error} retry={list.retry} />}
        {list.loadingMore && (
          <div role="status" className="absolute inset-x-0 bottom-2 mx-auto w-max rounded-16 bg-raised px-3 py-1 text-12 text-ink-2 shadow-low">
            <Later>{t.list.loadingMore}</Later>
          </div>
        )}
      </div>
    </section>
  );
}

function ListHead(props: ListPaneProps) {
  const { search, onSearch, onClearFilters, known, selection } = props;
  const {
    inbox: t,
    templates: { start },
  } = useTexts();
  const counts = useCounts();
  const tab = (value: InboxView) => ({ value, label: t.views[value], count: counts?.[value] });
  const ticking = selection.ids.size > 0;
  const parts = extras.useLoaded(ticking);
  const covered = parts !== null;
  return (
    <header className="flex flex-col gap-2 border-b border-line px-3 pt-3 pb-2">
      {/* What is done with ticked rows stands in place of the tools, so that no row moves away from under the pointer. */}
      <div className="relative flex flex-col gap-2">
        <div className="flex items-center gap-2">
          <h1 className="text-14 font-semibold">{t.title}</h1>
          <span className="ms-auto flex items-center" inert={covered}>
            {props.onWrite && <IconButton label={start.title} shortcut="c" icon={<SquarePen size={16} strokeWidth={1.75} />} onClick={props.onWrite} />}
            <Filters search={search} known={known} onChange={onSearch} onClear={onClearFilters} />
            <Options />
          </span>
        </div>
        <div className="flex min-w-0 flex-col" inert={covered}>
          <Tabs<InboxView>
            label={t.views.label}
            value={search.view ?? 'all'}
            onChange={(view) => onSearch({ view: view === 'all' ? undefined : view })}
            items={[tab('mine'), tab('unassigned'), tab('all')]}
          />
        </div>
        {parts && (
          <parts.BulkBar
            className="absolute -inset-x-3 -top-3 -bottom-1"
            count={selection.ids.size}
            resolved={search.status === 'resolved'}
            known={known}
            menu={props.menu}
            setMenu={props.setMenu}
            run={props.run}
            onAll={props.onAll}
            onClear={props.onClearSelection}
          />
        )}
      </div>
      <SearchBox
        label={t.list.search}
        value={search.q ?? ''}
        onChange={(q) => onSearch({ q: q.trim() === '' ? undefined : q.trim() })}
        shortcut="/"
      />
    </header>
  );
}

function Options() {
  const t = useTexts().inbox.list;
  const [density, setDensity] = useDensity();
  const [advance, setAdvance] = usePreference(advancePreference);
  const choice = (value: 'next' | 'previous' | 'list', label: string) => ({
    label,
    checked: advance === value,
    onSelect: () => setAdvance(value),
  });
  return (
    <Menu
      align="end"
      label={t.options}
      trigger={<IconButton size="sm" label={t.options} icon={<EllipsisVertical size={16} strokeWidth={1.75} />} />}
      items={[
        {
          label: t.compact,
          checked: density === 'compact',
          onSelect: () => setDensity(density === 'compact' ? 'comfortable' : 'compact'),
        },
        'separator',
        { label: t.afterwards, items: [choice('next', t.next), choice('previous', t.previous), choice('list', t.back)] },
      ]}
    />
  );
}

function Nothing({ list, search, onSearch, onClearFilters }: ListPaneProps) {
  const t = useTexts().inbox;
  const user = useUser();
  if (list.state === 'loading') {
    return (
      <Later>
        <div aria-hidden="true" className="flex flex-col">
          {Array.from({ length: 8 }, (_, index) => (
            <div key={index} className="flex h-row items-center gap-3 border-b border-line px-3.5">
              <Skeleton className="size-10 rounded-full" />
              <div className="flex flex-1 flex-col gap-2">
                <Skeleton className="h-3 w-2/5" />
                <Skeleton className="h-3 w-4/5" />
              </div>
            </div>
          ))}
        </div>
      </Later>
    );
  }
  if (list.state === 'error' && list.error) return <ErrorState error={list.error} retry={list.retry} />;
  if (narrowed(search) > 0) {
    return (
      <Empty icon={<SearchX />} title={t.empty.noneFound} action={<Button onClick={onClearFilters}>{t.list.clear}</Button>}>
        {t.empty.noneFoundText}
      </Empty>
    );
  }
  return <NoneOpen seeAll={() => onSearch({ view: undefined, status: 'all' })} administers={can(user, 'channels.manage')} view={search.view} />;
}

/** Whether there are conversations at all is not known here; both readings of an empty list get their next step. */
function NoneOpen({ seeAll, administers, view }: { seeAll(): void; administers: boolean; view: InboxSearch['view'] }) {
  const t = useTexts().inbox;
  const counts = useCounts();
  const elsewhere = view !== undefined && counts !== undefined && counts.all > 0;
  if (elsewhere) {
    return (
      <Empty icon={<CheckCheck />} title={t.empty.caughtUp} action={<Button onClick={seeAll}>{t.empty.seeAll}</Button>}>
        {t.empty.caughtUpText}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<Inbox />}
      title={t.empty.none}
      action={<Button onClick={seeAll}>{t.empty.seeAll}</Button>}
    >
      {administers ? (
        <span className="flex flex-col gap-2">
          <span>{t.empty.noneText}</span>
          <span className="font-medium text-ink-2">{t.empty.webhooks}</span>
          {['whatsapp', 'meta', 'instagram'].map((platform) => (
            <code key={platform} className="font-mono text-12 text-ink [overflow-wrap:anywhere]" dir="ltr">
              {`${location.origin}/api/${platform}/webhook`}
            </code>
          ))}
        </span>
      ) : (
        t.empty.caughtUpText
      )}
    </Empty>
  );
}
