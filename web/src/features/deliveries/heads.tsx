/** The line above the list: what the columns are, and once something is chosen, what can be done with it. */
import { RotateCcw, X } from 'lucide-react';
import type { DeliveryRecord } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/checkbox';
import { IconButton } from '@/ui/icon-button';
import { grid } from './row';

interface HeadsProps {
  rows: readonly DeliveryRecord[];
  selected: readonly string[];
  busy: boolean;
  onMark(ids: readonly string[]): void;
  onReplay(): void;
}

export function Heads({ rows, selected, busy, onMark, onReplay }: HeadsProps) {
  const t = useTexts().deliveries;
  const all = selected.length === rows.length;
  return (
    <div className={`${grid} mt-2 min-h-10 shrink-0 border-b border-line text-12 font-medium text-ink-3`}>
      <span className="flex">
        <Checkbox hideLabel label={t.selectAll} checked={all} indeterminate={!all && selected.length > 0} onChange={(on) => onMark(on ? rows.map((row) => row.id) : [])} />
      </span>
      {selected.length > 0 ? (
        <span className="col-span-6 flex items-center gap-3 max-sm:col-span-2">
          <span role="status" className="text-ink-2 tabular-nums">
            {t.selected(selected.length)}
          </span>
          <Button size="sm" icon={<RotateCcw size={13} aria-hidden />} busy={busy} onClick={onReplay}>
            {t.replaySelected(selected.length)}
          </Button>
          <IconButton size="sm" label={t.clear} icon={<X size={14} />} onClick={() => onMark([])} />
        </span>
      ) : (
        <Names />
      )}
    </div>
  );
}

/** For the eye: each row says by itself what its parts are. */
function Names() {
  const t = useTexts().deliveries;
  return (
    <>
      <span aria-hidden className="max-sm:hidden">{t.columns.received}</span>
      <span aria-hidden className="max-sm:hidden">{t.columns.platform}</span>
      <span aria-hidden className="max-sm:hidden">{t.columns.state}</span>
      <span aria-hidden className="max-sm:hidden">{t.columns.reason}</span>
      <span aria-hidden className="text-end max-sm:hidden">{t.columns.attempts}</span>
      <span aria-hidden className="text-end max-sm:hidden">{t.columns.size}</span>
      <span aria-hidden className="sm:hidden">{t.selectAll}</span>
    </>
  );
}
