/**
 * The list as a table. TanStack Table owns which columns there are; order, pages and filters are the server's.
 *
 * One stop for the Tab key: the names are buttons with a roving tab index, the arrow keys walk them.
 */
import { type ColumnDef, columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo } from 'react';
import type { Customer } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { customers } from '@/store/entities';
import { useRow } from '@/store/table';
import { Avatar } from '@/ui/avatar';
import { cells } from './cells';
import { type CustomersSearch, SORTS, type Sort, sortedBy, sorting } from './search';
import { COLUMNS, type ColumnId, type Visibility } from './visible';
import { useName } from './words';

interface Line {
  id: string;
}

const features = tableFeatures({ columnVisibilityFeature });
const columns: ColumnDef<typeof features, Line>[] = COLUMNS.map((id) => ({ id, header: id, enableHiding: id !== 'name' }));

const widths: Record<ColumnId, string> = {
  name: 'w-[26%]',
  phone: 'w-[17%]',
  email: 'w-[24%]',
  channels: 'w-[10%]',
  opt_out: 'w-[11%]',
  created_at: 'w-[12%]',
};

interface TableProps {
  ids: readonly string[];
  search: CustomersSearch;
  visibility: Visibility;
  /** The customer whose name takes the focus of the Tab key. */
  current: string | null;
  opened: string | null;
  /** The rows belong to another question, whose answer is on its way. */
  stale: boolean;
  onSort(search: CustomersSearch): void;
  onOpen(id: string): void;
  onCurrent(id: string): void;
}

export function CustomersTable({ ids, search, visibility, current, opened, stale, onSort, onOpen, onCurrent }: TableProps) {
  const t = useTexts().customers;
  const data = useMemo(() => ids.map((id): Line => ({ id })), [ids]);
  const table = useTable({ features, columns, data, getRowId: (row) => row.id, state: { columnVisibility: visibility } });
  const { sort, order } = sorting(search);

  return (
    <table aria-label={t.table} aria-busy={stale} className="w-full min-w-160 table-fixed border-separate border-spacing-0 text-13">
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => {
              const id = header.column.id as ColumnId;
              const by = SORTS.find((it) => it === id);
              return (
                <th
                  key={id}
                  scope="col"
                  aria-sort={sort === id ? (order === 'asc' ? 'ascending' : 'descending') : undefined}
                  className={`sticky top-0 z-10 border-b border-line bg-panel p-0 text-start font-medium text-ink-3 first:ps-2 last:pe-2 ${widths[id]}`}
                >
                  {by ? (
                    <SortButton label={t.columns[id]} active={sort === by ? order : null} onClick={() => onSort(sortedBy(search, by satisfies Sort))} />
                  ) : (
                    <span className="block px-3 py-2 text-12">{t.columns[id]}</span>
                  )}
                </th>
              );
            })}
          </tr>
        ))}
      </thead>
      <tbody className={stale ? 'opacity-60 transition-opacity delay-200 duration-120' : undefined}>
        {table.getRowModel().rows.map((row) => (
          <TableRow
            key={row.id}
            id={row.id}
            shown={row.getVisibleCells().map((cell) => cell.column.id as ColumnId)}
            reachable={row.id === current}
            opened={row.id === opened}
            onOpen={onOpen}
            onCurrent={onCurrent}
          />
        ))}
      </tbody>
    </table>
  );
}

function SortButton({ label, active, onClick }: { label: string; active: 'asc' | 'desc' | null; onClick(): void }) {
  const Arrow = active === 'desc' ? ArrowDown : ArrowUp;
  return (
    <button type="button" onClick={onClick} className={`group flex w-full items-center gap-1 rounded-6 px-3 py-2 text-12 font-medium hover:text-ink focus-visible:-outline-offset-2 ${active ? 'text-ink' : ''}`}>
      <span className="min-w-0 truncate">{label}</span>
      <Arrow size={13} strokeWidth={1.75} aria-hidden className={active ? 'shrink-0' : 'shrink-0 opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60'} />
    </button>
  );
}

interface RowProps {
  id: string;
  shown: readonly ColumnId[];
  reachable: boolean;
  opened: boolean;
  onOpen(id: string): void;
  onCurrent(id: string): void;
}

function TableRow({ id, shown, reachable, opened, onOpen, onCurrent }: RowProps) {
  const customer = useRow<Customer>(customers, id);
  const nameOf = useName();
  if (!customer) return null;
  const name = nameOf(customer.name);
  const look = opened ? 'bg-accent-soft' : 'hover:bg-hover focus-within:bg-hover';
  return (
    <tr onClick={() => onOpen(id)} className={`${look} [&>td]:border-b [&>td]:border-line`}>
      {shown.map((column) => (
        <td key={column} className="h-12 max-w-0 truncate px-3 first:ps-5 last:pe-5 compact:h-9">
          {column === 'name' ? (
            <button
              type="button"
              data-customer={id}
              tabIndex={reachable ? 0 : -1}
              aria-haspopup="dialog"
              onFocus={() => onCurrent(id)}
              onClick={(event) => {
                event.stopPropagation();
                onOpen(id);
              }}
              className="flex max-w-full min-w-0 items-center gap-2.5 rounded-6 py-1 pe-1 text-start"
            >
              <Avatar name={name} size={28} />
              <span dir="auto" className="min-w-0 truncate font-medium">
                {name}
              </span>
            </button>
          ) : (
            cells[column](customer)
          )}
        </td>
      ))}
    </tr>
  );
}
