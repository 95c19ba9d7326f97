/**
 * The list of customers.
 *
 * Owns: search, filters, order and pages, all of them in the address; opening the drawer by `?c=`. Invariants: rows never
 * move by themselves (what came since is counted and waits for a click), a page stays in sight until the next one is
 * here, an error keeps what was shown. Absent on purpose: editing in the table, selection; there is nothing yet that is
 * done to many customers at once.
 */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, RefreshCw, SearchX, Users } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { announce } from '@/lib/announce';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { useShortcuts } from '@/lib/keys';
import { Button } from '@/ui/button';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { IconButton } from '@/ui/icon-button';
import { Later, Skeleton } from '@/ui/skeleton';
import { useIsPhone } from './media';
import { CustomersCards } from './phone-list';
import { useCustomersPage } from './query';
import { changed, customersSearch, type CustomersSearch, isFiltered, PAGE_SIZE } from './search';
import { CustomersTable } from './table';
import { Toolbar } from './toolbar';
import { useVisibility } from './visible';

export function CustomersPage() {
  const { customers: t, common } = useTexts();
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = customersSearch(raw);
  const opened = typeof raw['c'] === 'string' ? raw['c'] : null;
  const phone = useIsPhone();
  const [visibility, toggle] = useVisibility();
  const { data, error, stale, fresh, refresh } = useCustomersPage(search);
  const scroller = useRef<HTMLDivElement>(null);
  const ids = data?.ids ?? [];
  const [focused, setFocused] = useState<string | null>(null);
  const current = focused !== null && ids.includes(focused) ? focused : (ids[0] ?? null);

  // Typing and filtering must not fill the history: those replace the entry.
  const show = (next: CustomersSearch, replace = false) => void navigate({ to: '/customers', search: opened ? { ...next, c: opened } : next, replace });
  const open = (id: string) => void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, c: id }) });

  const page = search.page ?? 1;
  const pages = Math.max(1, Math.ceil((data?.total ?? 0) / PAGE_SIZE));

  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [page]);
  useEffect(() => {
    // A page that is no more, because fewer match now than when the link was made.
    if (data && !stale && !error && page > pages) show(changed(search, { page: pages }), true);
  });

  const focusRow = (index: number) => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, index))];
    if (id) scroller.current?.querySelector<HTMLElement>(`[data-customer="${CSS.escape(id)}"]`)?.focus();
  };
  const at = () => (current ? ids.indexOf(current) : 0);
  const inList = () => scroller.current?.contains(document.activeElement) ?? false;
  const step = (by: number) => focusRow(inList() ? at() + by : at());

  useShortcuts([
    { keys: 'j', label: t.move, group: t.title, run: () => step(1) },
    { keys: 'k', label: t.move, group: t.title, run: () => step(-1) },
  ]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset['customer'] === undefined) return;
    const moves: Record<string, number> = { ArrowDown: at() + 1, ArrowUp: at() - 1, Home: 0, End: ids.length - 1, PageDown: at() + 10, PageUp: at() - 10 };
    const to = moves[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focusRow(to);
  };

  const renew = () => {
    refresh();
    scroller.current?.scrollTo(0, 0);
    announce(t.refreshed);
  };

  const list = () => {
    if (error && !data) return <ErrorState error={error} retry={refresh} />;
    if (!data) return <Loading phone={phone} />;
    if (data.total === 0) return <Nobody search={search} onClear={() => show({})} />;
    if (phone) return <CustomersCards ids={ids} stale={stale} onOpen={open} />;
    return (
      <CustomersTable ids={ids} search={search} visibility={visibility} current={current} opened={opened} stale={stale} onSort={(next) => show(next)} onOpen={open} onCurrent={setFocused} />
    );
  };

  const titles: Record<string, string> = common.errors;
  const failure = error && (own(titles, error.code) ?? error.detail.replace(/\.$/u, ''));

  return (
    <div className="flex h-full min-h-0 min-w-0 flex-col bg-panel">
      <header className="flex min-h-14 shrink-0 items-center gap-3 px-5 pt-1 max-sm:px-4">
        <h1 className="text-16 font-semibold">{t.title}</h1>
        <span role="status" className="text-13 text-ink-3 tabular-nums">
          {data && t.total(data.total)}
        </span>
        {fresh > 0 && (
          <Button size="sm" className="ms-auto" icon={<RefreshCw size={13} strokeWidth={1.75} aria-hidden />} onClick={renew} aria-label={`${t.fresh(fresh)}. ${t.refresh}`}>
            {t.fresh(fresh)}
          </Button>
        )}
      </header>
      <Toolbar search={search} total={data?.total} phone={phone} visibility={visibility} onSearch={(next) => show(next, true)} onToggle={toggle} />
      {error && data && (
        <div role="alert" className="flex shrink-0 items-center gap-3 border-b border-line bg-danger-soft px-5 py-2 text-danger-text">
          <span className="min-w-0 grow">{failure}. {t.fromBefore}</span>
          <Button size="sm" onClick={refresh}>
            {common.retry}
          </Button>
        </div>
      )}
      <div ref={scroller} onKeyDown={onKeyDown} className="min-h-0 grow overflow-auto overscroll-contain">
        {list()}
      </div>
      {pages > 1 && (
        <nav aria-label={t.pages} className="flex shrink-0 items-center justify-end gap-2 border-t border-line px-5 py-2 max-sm:justify-between max-sm:px-4">
          <IconButton label={t.previous} icon={<ChevronLeft size={16} className="rtl:-scale-x-100" />} disabled={page <= 1} onClick={() => show(changed(search, { page: page - 1 }))} />
          <span className="text-ink-2 tabular-nums">{t.page(Math.min(page, pages), pages)}</span>
          <IconButton label={t.next} icon={<ChevronRight size={16} className="rtl:-scale-x-100" />} disabled={page >= pages} onClick={() => show(changed(search, { page: page + 1 }))} />
        </nav>
      )}
    </div>
  );
}

function Nobody({ search, onClear }: { search: CustomersSearch; onClear(): void }) {
  const t = useTexts().customers;
  if (!isFiltered(search)) {
    return (
      <Empty icon={<Users size={24} strokeWidth={1.75} />} title={t.emptyTitle}>
        {t.emptyText}
      </Empty>
    );
  }
  return (
    <Empty icon={<SearchX size={24} strokeWidth={1.75} />} title={t.noneTitle} action={<Button onClick={onClear}>{t.clearFilters}</Button>}>
      {t.noneText}
    </Empty>
  );
}

function Loading({ phone }: { phone: boolean }) {
  return (
    <Later>
      <div aria-hidden className="flex flex-col">
        {Array.from({ length: 12 }, (_, index) => (
          <div key={index} className="flex h-12 items-center gap-3 border-b border-line px-5">
            <Skeleton className="size-7 rounded-full" />
            <Skeleton className="h-3 w-40" />
            {!phone && <Skeleton className="ms-8 h-3 w-28" />}
            {!phone && <Skeleton className="ms-8 h-3 w-48" />}
          </div>
        ))}
      </div>
    </Later>
  );
}
