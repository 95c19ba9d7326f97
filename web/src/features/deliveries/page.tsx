/**
 * Webhook deliveries, for administrators.
 *
 * Owns: the list by state, the detail with the masked body, replay of one, of some and of all of a state, and confirming
 * channels that a first webhook made. Invariants: nothing is replayed without saying how many; what waits is asked for
 * until it is done; new ones appear by themselves only while nobody is at the list. Absent on purpose: unmasking.
 */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Lock, RefreshCw, RotateCcw, Webhook } from 'lucide-react';
import { type HTMLAttributes, useState } from 'react';
import { asApiError } from '@/api/client';
import type { DeliveryRecord } from '@/api/types';
import { announce } from '@/lib/announce';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { can, useUser } from '@/store/session';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/confirm';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { IconButton } from '@/ui/icon-button';
import { Later, Skeleton } from '@/ui/skeleton';
import { Tabs } from '@/ui/tabs';
import { toast } from '@/ui/toast';
import { VirtualList } from '@/ui/virtual-list';
import { UnconfirmedChannels } from './channels';
import { DeliveryDetail } from './detail';
import { Heads } from './heads';
import { KEYS, listOptions, MOST_REPLAYED, replay } from './query';
import { DeliveryRow } from './row';
import { deliveriesSearch, type DeliveriesSearch, isReplayable, type State, STATES } from './search';

export function DeliveriesPage() {
  const t = useTexts().deliveries;
  const allowed = can(useUser(), 'deliveries.manage');
  if (allowed) return <Deliveries />;
  return (
    <div className="flex h-full bg-panel">
      <Empty page icon={<Lock size={24} strokeWidth={1.75} />} title={t.forbiddenTitle}>
        {t.forbiddenText}
      </Empty>
    </div>
  );
}

/** What is about to be replayed: a selection, or a whole state. */
type Wanted = { ids: readonly string[] } | { state: 'failed' | 'unrouted' };

function Deliveries() {
  const t = useTexts().deliveries;
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const { state, id } = deliveriesSearch(raw);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [atTop, setAtTop] = useState(true);
  const [visited, visits] = useVisits();
  const [replayedAt, setReplayedAt] = useState(0);
  const list = useInfiniteQuery(listOptions(state, { resting: atTop && !visited && marked.size === 0 && id === undefined, replayedAt }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const [wanted, setWanted] = useState<Wanted | null>(null);

  const show = (search: DeliveriesSearch) => void navigate({ to: '/settings/deliveries', search });
  // Only what is in sight can be meant.
  const selected = rows?.filter((row) => marked.has(row.id)).map((row) => row.id) ?? [];

  const send = useMutation({
    mutationFn: (what: Wanted) => replay(what),
    onSuccess: (count) => {
      setMarked(new Set());
      setReplayedAt(Date.now());
      toast({ title: t.replayed(count), tone: 'ok' });
    },
    onError: (error) => toast({ title: t.replayFailed, text: asApiError(error).detail, tone: 'danger' }),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: KEYS.list }), queries.invalidateQueries({ queryKey: KEYS.one })]),
  });
  const ask = (ids: readonly string[]) => {
    if (ids.length > MOST_REPLAYED) toast({ title: t.tooMany(MOST_REPLAYED), tone: 'danger' });
    else setWanted({ ids });
  };
  const renew = async () => {
    await list.refetch();
    announce(t.refreshed);
  };

  return (
    <div className="flex h-full min-h-0 min-w-0 flex-col bg-panel">
      <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-3 px-5 pt-1 max-sm:px-4">
        <h1 className="text-16 font-semibold">{t.title}</h1>
        <span className="ms-auto flex items-center gap-2">
          {isReplayable(state) && rows !== undefined && rows.length > 0 && (
            <Button icon={<RotateCcw size={14} aria-hidden />} busy={send.isPending} onClick={() => setWanted({ state })}>
              {t.replayAll[state]}
            </Button>
          )}
          <IconButton label={t.refresh} icon={<RefreshCw size={15} strokeWidth={1.75} />} onClick={() => void renew()} />
        </span>
      </header>
      <Tabs
        className="shrink-0 px-5 max-sm:px-4 [&>[role=radiogroup]]:self-start"
        label={t.tabs}
        value={state ?? 'all'}
        onChange={(next) => {
          setMarked(new Set());
          setAtTop(true);
          show(next === 'all' ? {} : { state: next });
        }}
        items={(['all', ...STATES] as const).map((value) => ({ value, label: t.states[value] }))}
      />
      <UnconfirmedChannels />
      {rows !== undefined && rows.length > 0 && (
        <Heads rows={rows} selected={selected} busy={send.isPending} onMark={(ids) => setMarked(new Set(ids))} onReplay={() => ask(selected)} />
      )}
      <div {...visits} className="flex min-h-0 grow flex-col">
        <List
          rows={rows}
          state={state}
          list={list}
          marked={marked}
          opened={id}
          onMark={(one, on) => setMarked((old) => (on ? new Set(old).add(one) : new Set([...old].filter((it) => it !== one))))}
          onOpen={(one) => show({ state, id: one })}
          onTop={setAtTop}
        />
      </div>
      {id !== undefined && <DeliveryDetail id={id} onClose={() => show({ state })} onReplay={(one) => ask([one])} />}
      <Confirm
        open={wanted !== null}
        onClose={() => setWanted(null)}
        title={t.confirmTitle}
        text={wanted ? confirmText(wanted) : ''}
        confirm={t.replay}
        onConfirm={() => wanted && send.mutate(wanted)}
      />
    </div>
  );

  function confirmText(what: Wanted): string {
    if ('ids' in what) return t.confirmIds(what.ids.length);
    return t.confirmState[what.state](rows?.length ?? 0, list.hasNextPage);
  }
}

/** Whether the pointer or the focus is in a part of the page, and what that part has to listen to. */
function useVisits() {
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  const handlers: HTMLAttributes<HTMLElement> = {
    onPointerEnter: () => setPointer(true),
    onPointerLeave: () => setPointer(false),
    onFocus: () => setFocus(true),
    onBlur: (event) => setFocus(event.currentTarget.contains(event.relatedTarget)),
  };
  return [pointer || focus, handlers] as const;
}

interface ListProps {
  rows: readonly DeliveryRecord[] | undefined;
  state: State | undefined;
  list: { error: Error | null; hasNextPage: boolean; isFetchingNextPage: boolean; isFetchNextPageError: boolean; fetchNextPage(): unknown; refetch(): unknown };
  marked: ReadonlySet<string>;
  opened: string | undefined;
  onMark(id: string, on: boolean): void;
  onOpen(id: string): void;
  onTop(atTop: boolean): void;
}

function List({ rows, state, list, marked, opened, onMark, onOpen, onTop }: ListProps) {
  const { deliveries: t, common } = useTexts();
  const titles: Record<string, string> = common.errors;
  const failure = list.error && asApiError(list.error);
  const retry = () => void (list.isFetchNextPageError ? list.fetchNextPage() : list.refetch());
  if (!rows) return failure ? <ErrorState error={failure} retry={retry} /> : <Loading />;
  if (rows.length === 0) {
    const words = t.empty[state ?? 'all'];
    return (
      <Empty icon={<Webhook size={24} strokeWidth={1.75} />} title={words.title}>
        {words.text}
      </Empty>
    );
  }
  const byId = new Map(rows.map((row) => [row.id, row]));
  return (
    <>
      <div className="min-h-0 grow">
        <VirtualList
          // Another state is another list: it starts at its top.
          key={state ?? 'all'}
          label={t.list}
          ids={[...byId.keys()]}
          estimate={45}
          onScrollTop={onTop}
          onEnd={() => {
            if (list.hasNextPage && !list.isFetchingNextPage) list.fetchNextPage();
          }}
          render={(id) => {
            const delivery = byId.get(id);
            return delivery && <DeliveryRow delivery={delivery} selected={marked.has(id)} opened={id === opened} onSelect={onMark} onOpen={onOpen} />;
          }}
        />
      </div>
      <p role="status" className="flex min-h-8 shrink-0 items-center gap-3 border-t border-line px-5 text-12 text-ink-3">
        {failure ? <span className="text-danger-text">{own(titles, failure.code) ?? failure.detail}</span> : list.isFetchingNextPage ? t.loadingMore : !list.hasNextPage && t.end}
        {failure && (
          <Button size="sm" onClick={retry}>
            {common.retry}
          </Button>
        )}
      </p>
    </>
  );
}

function Loading() {
  return (
    <Later>
      <div aria-hidden className="flex flex-col">
        {Array.from({ length: 10 }, (_, index) => (
          <div key={index} className="flex h-11 items-center gap-6 border-b border-line px-5">
            <Skeleton className="h-3 w-16" />
            <Skeleton className="h-3 w-32" />
            <Skeleton className="h-3 w-20" />
          </div>
        ))}
      </div>
    </Later>
  );
}
