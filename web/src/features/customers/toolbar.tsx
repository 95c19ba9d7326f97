/** Search, filters, columns and the export of the list. */
import { ArrowUpDown, Columns3, Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { asApiError } from '@/api/client';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ChannelIcon } from '@/ui/channel-icon';
import { Menu } from '@/ui/menu';
import { MultiSelect } from '@/ui/multi-select';
import { SearchBox } from '@/ui/search-box';
import { toast } from '@/ui/toast';
import { saveCsv } from './export';
import { fetchAll, MOST_EXPORTED } from './query';
import { CHANNEL_KINDS, changed, customersSearch, type CustomersSearch, isFiltered, SORTS, sorting, usual } from './search';
import { type ColumnId, HIDEABLE, type Visibility } from './visible';

interface ToolbarProps {
  search: CustomersSearch;
  total: number | undefined;
  phone: boolean;
  visibility: Visibility;
  onSearch(search: CustomersSearch): void;
  onToggle(column: ColumnId): void;
}

export function Toolbar({ search, total, phone, visibility, onSearch, onToggle }: ToolbarProps) {
  const { customers: t, common } = useTexts();
  const filter = (change: Partial<Record<'filter_channel' | 'filter_opt_out', string[]>>) => onSearch(customersSearch({ ...search, ...change, page: undefined }));
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-5 py-2.5 max-sm:px-4">
      <SearchBox label={t.search} value={search.q ?? ''} shortcut="/" onChange={(q) => onSearch(changed(search, { q }))} className="w-72 max-sm:w-full" />
      <MultiSelect
        label={t.filterChannel}
        values={search.filter_channel ?? []}
        onChange={(values) => filter({ filter_channel: values })}
        items={CHANNEL_KINDS.map((kind) => ({ value: kind, label: common.channels[kind], icon: <ChannelIcon kind={kind} size={16} /> }))}
      />
      <MultiSelect
        label={t.filterOptOut}
        values={search.filter_opt_out ?? []}
        onChange={(values) => filter({ filter_opt_out: values })}
        items={[
          { value: 'false', label: t.optedIn },
          { value: 'true', label: t.optedOut },
        ]}
      />
      {isFiltered(search) && (
        <Button variant="plain" onClick={() => onSearch(changed(search, { q: undefined, filter_channel: undefined, filter_opt_out: undefined }))}>
          {t.clearFilters}
        </Button>
      )}
      <div className="ms-auto flex items-center gap-2 max-sm:ms-0">
        {phone ? (
          <SortMenu search={search} onSearch={onSearch} />
        ) : (
          <Menu
            trigger={<Button icon={<Columns3 size={15} strokeWidth={1.75} aria-hidden />}>{t.showColumns}</Button>}
            align="end"
            items={HIDEABLE.map((id) => ({ label: t.columns[id], checked: visibility[id], onSelect: () => onToggle(id) }))}
          />
        )}
        <ExportButton search={search} total={total} />
      </div>
    </div>
  );
}

/** Cards have no column heads to click on. */
function SortMenu({ search, onSearch }: { search: CustomersSearch; onSearch(search: CustomersSearch): void }) {
  const t = useTexts().customers;
  const now = sorting(search);
  return (
    <Menu
      trigger={<Button icon={<ArrowUpDown size={15} strokeWidth={1.75} aria-hidden />}>{t.columns[now.sort]}</Button>}
      label={t.sortBy}
      items={[
        ...SORTS.map((sort) => ({ label: t.columns[sort], checked: now.sort === sort, onSelect: () => onSearch(changed(search, { sort, order: usual(sort) })) })),
        'separator' as const,
        ...(['asc', 'desc'] as const).map((order) => ({
          label: order === 'asc' ? t.ascending : t.descending,
          checked: now.order === order,
          onSelect: () => onSearch(changed(search, { order })),
        })),
      ]}
    />
  );
}

/** Everything that matches, not only the page that is seen. */
function ExportButton({ search, total }: { search: CustomersSearch; total: number | undefined }) {
  const all = useTexts();
  const t = all.customers;
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const run = async () => {
    if ((total ?? 0) > MOST_EXPORTED) {
      toast({ title: t.exportFailed, text: t.exportTooLarge(MOST_EXPORTED), tone: 'danger' });
      return;
    }
    const controller = new AbortController();
    stop.current = controller;
    setProgress({ done: 0, total: total ?? 0 });
    try {
      const rows = await fetchAll(search, controller.signal, (done) => setProgress({ done, total: Math.max(done, total ?? 0) }));
      saveCsv(rows, all);
      toast({ title: t.exported(rows.length), tone: 'ok' });
    } catch (error) {
      if (!controller.signal.aborted) toast({ title: t.exportFailed, text: asApiError(error).detail, tone: 'danger' });
    } finally {
      setProgress(null);
    }
  };

  return (
    <Button icon={<Download size={15} strokeWidth={1.75} aria-hidden />} busy={progress !== null} disabled={!total} onClick={() => void run()}>
      {progress ? t.exporting(progress.done, progress.total) : t.export}
    </Button>
  );
}
