/** A picture that can be made larger, moved and turned. */
import { type PointerEvent, useEffect, useRef } from 'react';

export interface View {
  scale: number;
  /** Moved from the middle, in CSS pixels. */
  x: number;
  y: number;
  /** Quarters of a turn. */
  turns: number;
}

export const STILL: View = { scale: 1, x: 0, y: 0, turns: 0 };
const LARGEST = 8;
const STEP = 1.5;

export function zoomed(view: View, by: 1 | -1): View {
  const scale = Math.max(1, Math.min(LARGEST, by > 0 ? view.scale * STEP : view.scale / STEP));
  // Back at its own size it stands in the middle again.
  return scale === 1 ? { ...view, scale, x: 0, y: 0 } : { ...view, scale, x: (view.x * scale) / view.scale, y: (view.y * scale) / view.scale };
}

/** By two fingers. */
export function pinched(view: View, by: number): View {
  const scale = Math.max(1, Math.min(LARGEST, view.scale * by));
  return scale === 1 ? { ...view, scale, x: 0, y: 0 } : { ...view, scale };
}

export function turned(view: View): View {
  return { ...view, turns: (view.turns + 1) % 4 };
}

interface StageProps {
  url: string;
  alt: string;
  view: View;
  onView(change: (now: View) => View): void;
}

export function Stage({ url, alt, view, onView }: StageProps) {
  const box = useRef<HTMLDivElement>(null);
  const change = useRef(onView);
  useEffect(() => {
    change.current = onView;
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      change.current((now) => zoomed(now, event.deltaY < 0 ? 1 : -1));
    };
    // React's own listener could not keep the page from zooming.
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);
  /** Where each finger, or the pressed mouse, was last. */
  const held = useRef(new Map<number, { x: number; y: number }>());
  const spread = () => {
    const [a, b] = held.current.values();
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const press = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const moved = (event: PointerEvent<HTMLDivElement>) => {
    const last = held.current.get(event.pointerId);
    if (!last) return;
    const before = spread();
    const [x, y] = [event.clientX - last.x, event.clientY - last.y];
    held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const wider = before > 0 ? spread() / before : 0;
    if (wider > 0) onView((now) => pinched(now, wider));
    else if (view.scale > 1) onView((now) => ({ ...now, x: now.x + x, y: now.y + y }));
  };
  const release = (event: PointerEvent<HTMLDivElement>) => held.current.delete(event.pointerId);
  const sideways = view.turns % 2 === 1;
  return (
    <div
      ref={box}
      onDoubleClick={() => onView((now) => (now.scale > 1 ? { ...STILL, turns: now.turns } : zoomed(zoomed(now, 1), 1)))}
      onPointerDown={press}
      onPointerMove={moved}
      onPointerUp={release}
      onPointerCancel={release}
      className={`flex size-full items-center justify-center overflow-hidden touch-none select-none [container-type:size] ${view.scale > 1 ? 'cursor-grab active:cursor-grabbing' : ''}`}
    >
      <img
        src={url}
        alt={alt}
        draggable={false}
        // Turned by a quarter, its width has to fit into the height.
        className={sideways ? 'max-h-[100cqw] max-w-[100cqh] object-contain' : 'max-h-full max-w-full object-contain'}
        style={{ transform: `translate(${view.x}px, ${view.y}px) rotate(${view.turns * 90}deg) scale(${view.scale})` }}
      />
    </div>
  );
}
