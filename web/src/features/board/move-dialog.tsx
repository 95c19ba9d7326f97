/** "Move to": every move without dragging (WCAG 2.5.7), for one card or the selected ones. */
import { Check } from 'lucide-react';
import { useState } from 'react';
import { number } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { Dialog } from '@/ui/dialog';
import { Tabs } from '@/ui/tabs';
import { cardName, moveCards } from './actions';
import { useControl, useShared } from './control';
import { spotAt } from './place';

type End = 'top' | 'bottom';

export function MoveDialog({ filtered }: { filtered: boolean }) {
  const { board: words } = useTexts();
  const control = useControl();
  const moving = useShared((shared) => shared.moving);
  const [end, setEnd] = useState<End>('top');
  if (!moving || moving.length === 0) return null;

  const [first] = moving;
  const close = () => {
    control.setMoving(null);
    if (first !== undefined) back(first);
  };
  const back = (id: string) => {
    const at = control.locate(id);
    if (at) control.want(id, at.columnId, { focus: true });
  };
  const move = (columnId: string) => {
    control.setMoving(null);
    // With a filter on, what is shown on top need not be on top.
    const isTop = end === 'top' && !filtered;
    const rest = (control.column(columnId)?.ids ?? []).filter((id) => !moving.includes(id));
    void moveCards(control, moving, isTop ? spotAt(rest, 0, columnId) : { column_id: columnId }, 'menu');
  };
  const origins = new Set(moving.map((id) => control.locate(id)?.columnId));
  const only = origins.size === 1 ? [...origins][0] : undefined;
  return (
    <Dialog open onClose={close} title={words.moveTo} description={moving.length === 1 && first !== undefined ? cardName(first) : words.cards(moving.length)}>
      <div className="flex flex-col gap-3">
        {!filtered && (
          <Tabs<End>
            label={words.placeInColumn}
            value={end}
            onChange={setEnd}
            items={[
              { value: 'top', label: words.onTop },
              { value: 'bottom', label: words.atBottom },
            ]}
          />
        )}
        <ul className="flex flex-col gap-1">
          {control.columns.map((column) => (
            <li key={column.id}>
              <button
                type="button"
                aria-current={column.id === only ? 'true' : undefined}
                onClick={() => move(column.id)}
                className="flex min-h-9 w-full items-center gap-2 rounded-6 px-2.5 py-1 text-start text-13 hover:bg-hover max-sm:min-h-11"
              >
                <bdi className="min-w-0 grow truncate">{column.name}</bdi>
                {column.id === only && (
                  <span className="flex items-center gap-1 text-12 text-ink-3">
                    <Check size={14} aria-hidden />
                    {words.isHere}
                  </span>
                )}
                <span className="text-12 text-ink-3 tabular-nums">{number(column.count)}</span>
              </button>
            </li>
          ))}
        </ul>
        {filtered && <p className="text-12 text-ink-3">{words.filteredPlace}</p>}
      </div>
    </Dialog>
  );
}
