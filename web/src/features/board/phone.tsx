/** Under 640 px one column is shown at a time; buttons and a list lead to the others, no gesture is needed. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { ColumnSummary } from '@/api/types';
import { announce } from '@/lib/announce';
import { number } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { IconButton } from '@/ui/icon-button';
import { Select } from '@/ui/select';

const narrow = () => globalThis.matchMedia('(width < 40rem)');

function subscribe(listener: () => void): () => void {
  const query = narrow();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => narrow().matches);
}

interface ColumnSwitcherProps {
  columns: readonly ColumnSummary[];
  value: string;
  onChange(id: string): void;
}

export function ColumnSwitcher({ columns, value, onChange }: ColumnSwitcherProps) {
  const { board: words } = useTexts();
  const index = columns.findIndex((column) => column.id === value);
  const go = (column: ColumnSummary | undefined) => {
    if (!column) return;
    onChange(column.id);
    announce(words.columnShown(column.name, column.count));
  };
  return (
    <nav aria-label={words.columns} className="flex items-center gap-1 px-2 pt-2">
      <IconButton
        label={words.previousColumn}
        icon={<ChevronLeft size={18} strokeWidth={1.75} className="rtl:-scale-x-100" />}
        disabled={index <= 0}
        onClick={() => go(columns[index - 1])}
      />
      <Select
        label={words.columns}
        hideLabel
        className="grow"
        value={value}
        onChange={(id) => go(columns.find((column) => column.id === id))}
        items={columns.map((column) => ({ value: column.id, label: `${column.name} · ${number(column.count)}` }))}
      />
      <IconButton
        label={words.nextColumn}
        icon={<ChevronRight size={18} strokeWidth={1.75} className="rtl:-scale-x-100" />}
        disabled={index >= columns.length - 1}
        onClick={() => go(columns[index + 1])}
      />
    </nav>
  );
}
