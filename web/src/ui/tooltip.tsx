/**
 * Tooltips: one bubble for the whole app.
 *
 * Owns: which control the bubble belongs to, and when it comes and goes. Invariants: a control pays for its tooltip with
 * handlers only; the bubble comes after a moment's rest, or at once beside another one; it can be pointed at, and Escape
 * sends it away. Absent on purpose: tooltips for fingers, which have no rest.
 */
import { cloneElement, type FocusEvent, type PointerEvent, type ReactElement, useEffect, useSyncExternalStore } from 'react';
import { popups } from './deferred';
import { type ElementProps, joinProps } from './props';

export interface TooltipText {
  text: string;
  shortcut?: string;
  /** Above its control unless told otherwise. */
  side?: 'top' | 'bottom' | 'inline-start' | 'inline-end';
}

export interface ShownTooltip extends TooltipText {
  anchor: HTMLElement;
}

const REST_MS = 450;
/** After one is gone, the next one still comes at once. */
const BESIDE_MS = 300;
/** Long enough for the pointer to reach the bubble. */
const LEAVE_MS = 100;

let shown: ShownTooltip | null = null;
let goneAt = -Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Had the focus when the window lost it: getting it back is not moving there. */
let left: Element | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: ShownTooltip | null): void {
  clearTimeout(timer);
  if (next !== null && !next.anchor.isConnected) return;
  if (shown !== null && next === null) goneAt = performance.now();
  shown = next;
  for (const listener of listeners) listener();
}

export function hideTooltip(): void {
  set(null);
}

export function holdTooltip(): void {
  clearTimeout(timer);
}

export function leaveTooltip(): void {
  clearTimeout(timer);
  timer = setTimeout(hideTooltip, LEAVE_MS);
}

/** Its control went away together with whatever it stood in. */
function hideOrphan(): void {
  if (shown !== null && !shown.anchor.isConnected) hideTooltip();
}

/** What a control needs to have a tooltip. */
export function useTooltip(tooltip: TooltipText) {
  useEffect(() => hideOrphan, []);
  return {
    onPointerEnter: ({ currentTarget, pointerType }: PointerEvent<HTMLElement>) => {
      if (pointerType === 'touch') return;
      clearTimeout(timer);
      popups.warm();
      const next = { ...tooltip, anchor: currentTarget };
      if (shown !== null || performance.now() - goneAt < BESIDE_MS) set(next);
      else timer = setTimeout(() => set(next), REST_MS);
    },
    onPointerLeave: leaveTooltip,
    onPointerDown: hideTooltip,
    onClick: hideTooltip,
    onFocus: ({ currentTarget, target }: FocusEvent<HTMLElement>) => {
      const back = left === currentTarget;
      left = null;
      if (!back && target === currentTarget && currentTarget.matches(':focus-visible')) set({ ...tooltip, anchor: currentTarget });
    },
    onBlur: ({ currentTarget }: FocusEvent<HTMLElement>) => {
      left = document.activeElement === currentTarget ? currentTarget : null;
      hideTooltip();
    },
  };
}

/** Says more about something that has a name already; never the only place of an information. */
export function Tooltip({ children, ...tooltip }: TooltipText & { children: ReactElement }) {
  return cloneElement(children, joinProps(children.props as ElementProps, useTooltip(tooltip)));
}

/** Where the bubble comes from. `UiProvider` mounts the only one. */
export function TooltipLayer() {
  const tooltip = useSyncExternalStore(subscribe, () => shown);
  const parts = popups.useReady();
  return parts && <parts.TooltipBubble tooltip={tooltip} />;
}
