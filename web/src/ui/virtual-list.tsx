import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { cx } from './styles';

/** Rows left below the last one on the screen when more are asked for. */
const AHEAD = 12;

const FOCUSABLE = 'a[href],button:not(:disabled),input:not(:disabled),[tabindex="0"]';

/**
 * The height that the ResizeObserver tells, which is before the first picture of the row. To read it when the row is put
 * into the page would lay the page out once for every row that comes into sight.
 */
function heightOf(element: HTMLDivElement, entry: ResizeObserverEntry | undefined, list: Virtualizer<HTMLDivElement, HTMLDivElement>): number {
  const told = entry?.borderBoxSize[0];
  if (told) return Math.round(told.blockSize);
  const index = list.indexFromElement(element);
  return list.itemSizeCache.get(list.options.getItemKey(index)) ?? list.options.estimateSize(index);
}

interface VirtualListProps {
  ids: readonly string[];
  /** Height of a row in px before it is measured. */
  estimate: number | ((id: string) => number);
  render(id: string, index: number): ReactNode;
  label: string;
  /** `list`: rows hold their own links and buttons; arrows move the focus between rows. `listbox`: rows are plain, the list
   *  itself has the focus, and `onSelect` follows the arrows. */
  role?: 'list' | 'listbox';
  /** The end comes near. Called again only once another row is the last. */
  onEnd?(): void;
  onScrollTop?(atTop: boolean): void;
  /** Brought into view whenever it changes; in a listbox the chosen row. */
  scrollTo?: string | null;
  onSelect?(id: string): void;
  gap?: number;
  padding?: number;
  className?: string;
}

/**
 * A list that mounts only the rows near the screen. It fills its parent, which must have a height. The row that holds the
 * focus stays mounted wherever one scrolls to, and every row says its place in the whole.
 */
export function VirtualList({ ids, estimate, render, label, role = 'list', onEnd, onScrollTop, scrollTo, onSelect, gap = 0, padding = 0, className }: VirtualListProps) {
  const base = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const kept = focused === null ? -1 : ids.indexOf(focused);

  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      if (kept < 0 || kept >= range.count || shown.includes(kept)) return shown;
      return [...shown, kept].toSorted((a, b) => a - b);
    },
    [kept],
  );
  const getItemKey = useCallback((index: number) => ids[index] ?? index, [ids]);

  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (typeof estimate === 'number' ? estimate : estimate(ids[index] ?? '')),
    getItemKey,
    rangeExtractor,
    measureElement: heightOf,
    overscan: 6,
    gap,
    paddingStart: padding,
    paddingEnd: padding,
    scrollPaddingStart: padding,
    scrollPaddingEnd: padding,
    directDomUpdates: true,
  });
  const rows = virtualizer.getVirtualItems();

  // The kept row may lie far outside, hence the range on the screen and not the last mounted row.
  const end = virtualizer.range?.endIndex ?? -1;
  const last = ids.at(-1);
  const asked = useRef<string>(undefined);
  const near = useEffectEvent(() => {
    if (!onEnd || last === undefined || end < ids.length - 1 - AHEAD || asked.current === last) return;
    asked.current = last;
    onEnd();
  });
  useEffect(() => near(), [end, last]);

  // Another density: what was measured before is no longer true.
  const remeasure = useEffectEvent(() => virtualizer.measure());
  const fixed = typeof estimate === 'number' ? estimate : 0;
  useEffect(() => remeasure(), [fixed]);

  const reveal = useEffectEvent((id: string) => {
    const index = ids.indexOf(id);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' });
  });
  useEffect(() => {
    if (scrollTo) reveal(scrollTo);
  }, [scrollTo]);

  const top = useRef(true);
  const scrolled = () => {
    const atTop = (scroller.current?.scrollTop ?? 0) < 8;
    if (atTop === top.current) return;
    top.current = atTop;
    onScrollTop?.(atTop);
  };

  /** Focuses the row's first control, once the row is there. */
  const focusRow = (index: number, tries = 3) => {
    const row = scroller.current?.querySelector(`[data-index="${index}"]`);
    const target = row?.querySelector<HTMLElement>(FOCUSABLE);
    if (target) target.focus({ preventScroll: true });
    else if (tries > 0) requestAnimationFrame(() => focusRow(index, tries - 1));
  };

  const keyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target as HTMLElement;
    // A menu opened in a row is, for React, still inside it; a text field needs its arrows itself.
    if (!event.currentTarget.contains(target) || target.matches('input:not([type="checkbox"]),textarea,select,[role="combobox"]')) return;
    const from = role === 'listbox' ? (scrollTo ? ids.indexOf(scrollTo) : -1) : kept;
    const page = Math.max(1, rows.length - 8);
    const steps: Record<string, number> = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: ids.length - 1, PageDown: from + page, PageUp: from - page };
    const step = steps[event.key];
    if (step === undefined || ids.length === 0) return;
    event.preventDefault();
    const index = Math.min(ids.length - 1, Math.max(0, step));
    const id = ids[index];
    virtualizer.scrollToIndex(index, { align: 'auto' });
    if (role === 'list') focusRow(index);
    else if (id !== undefined) onSelect?.(id);
  };

  const chosen = scrollTo && rows.some((row) => row.key === scrollTo) ? scrollTo : null;
  return (
    <div ref={scroller} onScroll={scrolled} className={cx('h-full min-h-0 w-full grow overflow-y-auto overscroll-contain [contain:strict] [overflow-anchor:none]', className)}>
      <div
        ref={virtualizer.containerRef}
        role={role}
        aria-label={label}
        tabIndex={role === 'listbox' ? 0 : undefined}
        aria-activedescendant={role === 'listbox' && chosen ? `${base}-${chosen}` : undefined}
        onKeyDown={keyDown}
        onFocus={(event) => setFocused(event.target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? null)}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setFocused(null);
        }}
        className="relative w-full focus-visible:-outline-offset-2"
      >
        {rows.map((row) => {
          const id = ids[row.index];
          if (id === undefined) return null;
          return (
            <div
              key={id}
              id={`${base}-${id}`}
              ref={virtualizer.measureElement}
              data-index={row.index}
              data-row={id}
              role={role === 'listbox' ? 'option' : 'listitem'}
              aria-selected={role === 'listbox' ? id === scrollTo : undefined}
              aria-setsize={ids.length}
              aria-posinset={row.index + 1}
              onClick={role === 'listbox' ? () => onSelect?.(id) : undefined}
              className="absolute inset-x-0 top-0"
            >
              {render(id, row.index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
