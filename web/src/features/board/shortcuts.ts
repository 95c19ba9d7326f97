/** The board by keyboard: arrows walk the cards, with Alt they take the card along. All of it about the focused card. */
import { useTexts } from '@/lib/i18n';
import { type Shortcut, useShortcuts } from '@/lib/keys';
import { useSyncExternalStore } from 'react';
import type { CardSpot } from '@/api/types';
import { cards } from '@/store/entities';
import { moveCards, refuse } from './actions';
import type { BoardControl } from './control';
import type { BoardNav } from './nav';
import { spotBeside, spotOfStep } from './place';

interface Means {
  canWrite: boolean;
  filtered: boolean;
  nav: BoardNav;
}

type Direction = Parameters<BoardControl['neighbour']>[1];

const isRtl = () => document.documentElement.dir === 'rtl';

/** Left on the screen is the column before, or the one after where people read from right to left. */
function logical(direction: 'left' | 'right'): 'left' | 'right' {
  if (!isRtl()) return direction;
  return direction === 'left' ? 'right' : 'left';
}

export function useBoardShortcuts(control: BoardControl, { canWrite, filtered, nav }: Means): void {
  const { board: words } = useTexts();
  const focused = useSyncExternalStore(control.subscribe, () => control.focused);
  const hasSelection = useSyncExternalStore(control.subscribe, () => control.selected.size > 0);
  const isOn = focused !== null;

  const walk = (direction: Direction) => () => {
    const next = focused === null ? undefined : control.neighbour(focused, direction);
    const at = next === undefined ? undefined : control.locate(next);
    if (next !== undefined && at) control.want(next, at.columnId, { focus: true });
  };
  const about = (run: (id: string) => void) => () => {
    if (focused !== null) run(focused);
  };
  const step = (by: -1 | 1) =>
    about((id) => {
      if (filtered) {
        refuse(id, words.filteredOrder);
        return;
      }
      const at = control.locate(id);
      const spot = at && spotOfStep(at.ids, id, by, at.columnId);
      if (spot) void moveCards(control, [id], spot, 'key');
    });
  const carry = (side: 'left' | 'right') =>
    about((id) => {
      const spot = spotInNext(control, id, logical(side), filtered);
      if (spot) void moveCards(control, control.group(id), spot, 'key');
    });

  const group = words.shortcuts;
  const list: Shortcut[] = [
    { keys: 'ArrowUp', label: words.keys.up, group, run: walk('up'), enabled: isOn },
    { keys: 'ArrowDown', label: words.keys.down, group, run: walk('down'), enabled: isOn },
    { keys: 'ArrowLeft', label: words.keys.left, group, run: () => walk(logical('left'))(), enabled: isOn },
    { keys: 'ArrowRight', label: words.keys.right, group, run: () => walk(logical('right'))(), enabled: isOn },
    { keys: 'Home', label: words.keys.first, group, run: walk('first'), enabled: isOn },
    { keys: 'End', label: words.keys.last, group, run: walk('last'), enabled: isOn },
    { keys: 'Enter', label: words.openCard, group, run: about(nav.openCard), enabled: isOn },
    {
      keys: 'c',
      label: words.showCustomer,
      group,
      enabled: isOn,
      run: about((id) => {
        const card = cards.get(id);
        if (card) nav.openCustomer(card.customer.id);
      }),
    },
    { keys: 'alt+ArrowUp', label: words.keys.moveUp, group, run: step(-1), enabled: isOn && canWrite },
    { keys: 'alt+ArrowDown', label: words.keys.moveDown, group, run: step(1), enabled: isOn && canWrite },
    { keys: 'alt+ArrowLeft', label: words.keys.moveLeft, group, run: carry('left'), enabled: isOn && canWrite },
    { keys: 'alt+ArrowRight', label: words.keys.moveRight, group, run: carry('right'), enabled: isOn && canWrite },
    { keys: 'm', label: words.moveTo, group, run: about((id) => control.setMoving(control.group(id))), enabled: isOn && canWrite },
    { keys: 'x', label: words.select, group, run: about((id) => control.toggle(id)), enabled: isOn },
    { keys: 'shift+x', label: words.keys.selectRange, group, run: about((id) => control.selectTo(id)), enabled: isOn },
    { keys: 'Escape', label: words.clearSelection, group, run: () => control.select([]), enabled: hasSelection },
  ];
  useShortcuts(list);
}

function spotInNext(control: BoardControl, id: string, side: 'left' | 'right', filtered: boolean): CardSpot | null {
  const at = control.locate(id);
  if (!at) return null;
  const index = control.columns.findIndex((column) => column.id === at.columnId);
  const next = control.columns[index + (side === 'left' ? -1 : 1)];
  if (!next) return null;
  if (filtered) return { column_id: next.id };
  const rest = (control.column(next.id)?.ids ?? []).filter((other) => !control.group(id).includes(other));
  return spotBeside(rest, at.index, next.id);
}
