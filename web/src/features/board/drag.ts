/**
 * Cards under the pointer: native drag and drop through pragmatic-drag-and-drop.
 * A card is draggable and a place to drop at its nearer edge; a column takes what falls beside its cards. What a drop means
 * is decided in one place, `useDrops`.
 */
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { attachClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/attach-closest-edge';
import { extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/extract-closest-edge';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview';
import { type RefObject, useEffect, useState } from 'react';
import { texts } from '@/lib/i18n';
import { moveCards, refuse } from './actions';
import { useControl, type BoardControl } from './control';
import { spotOfDrop, type DropPlace } from './place';

type Data = Record<string | symbol, unknown>;

const DRAGGED = Symbol('dragged cards');
const PLACE = Symbol('drop place');

function draggedOf(data: Data): readonly string[] {
  const ids = data[DRAGGED];
  return Array.isArray(ids) ? ids : [];
}

function placeOf(data: Data): DropPlace | null {
  const place = data[PLACE];
  return typeof place === 'object' && place !== null && 'columnId' in place ? (place as DropPlace) : null;
}

const isCards = ({ source }: { source: { data: Data } }) => DRAGGED in source.data;

interface CardDrag {
  id: string;
  columnId: string;
  canDrag: boolean;
  /** With a filter on, a place between two shown cards says nothing: only the column counts. */
  canDropBeside: boolean;
}

/** Where the drop line is to be drawn. */
export function useCardDrag(ref: RefObject<HTMLElement | null>, { id, columnId, canDrag, canDropBeside }: CardDrag): 'top' | 'bottom' | null {
  const control = useControl();
  const [edge, setEdge] = useState<'top' | 'bottom' | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const clear = () => setEdge(null);
    return combine(
      draggable({
        element,
        canDrag: () => canDrag,
        getInitialData: () => ({ [DRAGGED]: control.group(id) }),
        onGenerateDragPreview: ({ nativeSetDragImage }) => preview(control.group(id).length, nativeSetDragImage),
        onDragStart: () => control.drag(control.group(id)),
      }),
      dropTargetForElements({
        element,
        canDrop: (args) => canDropBeside && isCards(args),
        getIsSticky: () => true,
        getData: ({ input }) =>
          attachClosestEdge({ [PLACE]: { columnId, cardId: id } satisfies DropPlace }, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self, source }) => {
          const next = extractClosestEdge(self.data);
          const isVertical = next === 'top' || next === 'bottom';
          setEdge(isVertical && !draggedOf(source.data).includes(id) ? next : null);
        },
        onDragLeave: clear,
        onDrop: clear,
      }),
    );
  }, [ref, control, id, columnId, canDrag, canDropBeside]);
  return edge;
}

/** Several cards hang on the pointer as their number; one as its own picture. */
function preview(count: number, nativeSetDragImage: Parameters<typeof setCustomNativeDragPreview>[0]['nativeSetDragImage']): void {
  if (count < 2) return;
  setCustomNativeDragPreview({
    nativeSetDragImage,
    render: ({ container }) => {
      const badge = document.createElement('div');
      badge.className = 'rounded-8 bg-accent px-3 py-2 text-13 font-medium text-accent-ink';
      badge.textContent = texts().board.cards(count);
      container.append(badge);
    },
  });
}

/** Whether something is held over the column; near its upper and lower edge it scrolls. */
export function useColumnDrop(section: RefObject<HTMLElement | null>, scroller: RefObject<HTMLElement | null>, columnId: string, enabled: boolean): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const element = section.current;
    const list = scroller.current;
    if (!element || !list || !enabled) return undefined;
    const leave = () => setOver(false);
    return combine(
      dropTargetForElements({
        element,
        canDrop: isCards,
        getData: ({ input }) => {
          const isAbove = input.clientY < list.getBoundingClientRect().top;
          return { [PLACE]: { columnId, edge: isAbove ? 'top' : null } satisfies DropPlace };
        },
        onDragEnter: () => setOver(true),
        onDragLeave: leave,
        onDrop: leave,
      }),
      autoScrollForElements({ element: list, canScroll: isCards, getAllowedAxis: () => 'vertical' }),
    );
  }, [section, scroller, columnId, enabled]);
  return isOver;
}

/** The board scrolls sideways under a held card, and what is let go is moved or refused here. */
export function useDrops(ref: RefObject<HTMLElement | null>, control: BoardControl, filtered: boolean): void {
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    return combine(
      autoScrollForElements({ element, canScroll: isCards, getAllowedAxis: () => 'horizontal' }),
      monitorForElements({
        canMonitor: isCards,
        onDrop: ({ source, location }) => {
          // Not at the card that was picked up: a colleague may have taken it out of the page meanwhile.
          control.drag([]);
          const target = location.current.dropTargets[0];
          const place = target ? placeOf(target.data) : null;
          if (!target || !place) return;
          drop(control, draggedOf(source.data), { ...place, edge: extractClosestEdge(target.data) ?? place.edge }, filtered);
        },
      }),
    );
  }, [ref, control, filtered]);
}

function drop(control: BoardControl, ids: readonly string[], place: DropPlace, filtered: boolean): void {
  const moving = control.inOrder(ids);
  const [first] = moving;
  if (first === undefined) return;
  const staysInColumn = moving.every((id) => control.locate(id)?.columnId === place.columnId);
  if (filtered && staysInColumn) {
    refuse(first, texts().board.filteredOrder);
    return;
  }
  const spot = filtered ? { column_id: place.columnId } : spotOfDrop(control.column(place.columnId)?.ids ?? [], moving, place);
  if (spot) void moveCards(control, moving, spot, 'drop');
}
