/**
 * The thread: the messages of one conversation, oldest first.
 *
 * Owns: scrolling. Invariants: the component stays mounted and swaps ids when another conversation is opened; text that is being read
 * never moves, whether older messages are put above it or rows above change their height; at the end it follows new
 * messages, away from it a pill counts them. One message is one row, its separators included, so row and message indexes
 * are the same. Absent on purpose: writing (`composer/`); live updates (`store/thread`).
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Message } from '@/api/types';
import { announce } from '@/lib/announce';
import { useTexts } from '@/lib/i18n';
import { messages } from '@/store/entities';
import { useThread } from '@/store/thread';
import { ErrorState } from '@/ui/error-state';
import { Later } from '@/ui/skeleton';
import { Spinner } from '@/ui/spinner';
import { FaultLine } from './fault-line';
import { newSince } from './grouping';
import { room } from './media/address';
import { MessageRow } from './message';
import { previewOf } from './preview';
import { useGoal, usePlaces, useReading, useRows, useUnreadMark } from './thread-state';

const NEAR_END = 80;
/** Older messages are asked for when so few rows are left above. */
const NEAR_START = 12;
const HIGHLIGHT_MS = 2000;
const SMOOTH_PX = 1500;
const UNREAD_GOAL = 'unread';

interface ThreadProps {
  conversationId: string;
  /** The message that the address names. */
  target: string | undefined;
  /** Told which message is the newest one that this person has had before the eyes. */
  onSeen(id: string | null): void;
}

/** A guess from what the row holds; the better it is, the less has to be corrected while scrolling. */
function estimate(message: Message | undefined): number {
  if (!message) return 48;
  const text = message.text?.length ?? 0;
  const lines = Math.min(24, Math.ceil(text / 60));
  const files = message.attachments.reduce((sum, file) => sum + 6 + (file.kind === 'image' || file.kind === 'video' ? (room(file)?.height ?? 240) : 52), 0);
  return 34 + lines * 21 + files + (message.reply_to ? 40 : 0);
}

export function Thread({ conversationId, target, onSeen }: ThreadProps) {
  const t = useTexts().inbox.thread;
  const list = useThread(conversationId);
  const rows = useRows(conversationId, list.ids);
  const mark = useUnreadMark(conversationId, list);
  const { places, unreadId } = usePlaces(rows, mark);
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const [visited, setVisited] = useState<string | null>(null);

  const virtual = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: places.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey: useCallback((index: number) => places[index]?.key ?? index, [places]),
    overscan: 8,
    paddingStart: 16,
    paddingEnd: 16,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    directDomUpdates: true,
  });

  const jump = useCallback(
    (id: string) => {
      const index = places.findIndex((one) => one.id === id);
      if (index < 0) return;
      virtual.scrollToIndex(index, { align: 'center' });
      setHighlighted(id);
    },
    [places, virtual],
  );
  const goal = useGoal(
    list,
    (wanted) => (wanted === UNREAD_GOAL ? unreadId : places.some((one) => one.id === wanted) ? wanted : null),
    jump,
  );
  useEffect(() => {
    if (highlighted === null) return;
    const timer = setTimeout(() => setHighlighted(null), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
  }, [highlighted]);

  // Another conversation opens at its end, or at the message that the address names.
  const ready = list.state === 'ready' && rows[0]?.conversation_id === conversationId;
  const placed = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (!ready || placed.current === conversationId) return;
    placed.current = conversationId;
    virtual.scrollToEnd();
    setAtEnd(true);
  }, [ready, conversationId, virtual]);
  useEffect(() => {
    if (!ready) return;
    if (target) goal.aim(target);
    else goal.cancel();
  }, [ready, conversationId, target, goal]);

  // What waits to be sent is nothing that somebody could have read or missed.
  const last = list.ids.at(-1);
  const seen = useRef<string | null>(null);
  if (atEnd || seen.current === null || messages.get(seen.current)?.conversation_id !== conversationId) seen.current = last ?? null;
  const fresh = atEnd ? 0 : newSince(list.ids, seen.current);
  const newest = seen.current;
  useEffect(() => onSeen(newest), [newest, onSeen]);
  useReading(conversationId, last, atEnd && ready);
  useEnd(rows.length - list.ids.length, scroller, atEnd, virtual.scrollToEnd);
  useAnnouncements(conversationId, last, ready);

  const first = virtual.range?.startIndex ?? 0;
  const { hasMore, loadingMore, loadMore, error } = list;
  useEffect(() => {
    if (ready && placed.current === conversationId && first < NEAR_START && hasMore && !loadingMore && error === null) loadMore();
  }, [ready, conversationId, first, hasMore, loadingMore, error, loadMore]);

  // Read from the element: the virtualizer hears of the same event, but maybe later.
  const scrolled = () => {
    const pane = scroller.current;
    if (pane) setAtEnd(pane.scrollHeight - pane.clientHeight - pane.scrollTop <= NEAR_END);
  };

  const toEnd = () => {
    // Over a long way there is nothing to see on the journey, and rows that are measured on it would make it stutter.
    const near = virtual.getDistanceFromEnd() < SMOOTH_PX && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    virtual.scrollToEnd({ behavior: near ? 'smooth' : 'auto' });
  };

  const unreadAbove =
    ready && mark !== null && mark.count > 0 && visited !== conversationId && (unreadId === null ? hasMore : places.findIndex((one) => one.id === unreadId) < first);
  useEffect(() => {
    // Once the divider has been on the screen, the pill has done its work.
    if (ready && unreadId !== null && mark !== null && mark.count > 0 && places.findIndex((one) => one.id === unreadId) >= first) setVisited(conversationId);
  }, [ready, unreadId, mark, places, first, conversationId]);

  if (list.state === 'error' && list.error && rows.length === 0) return <ErrorState error={list.error} retry={list.retry} />;
  const pill =
    'absolute inset-x-0 z-10 mx-auto flex min-h-8 w-max items-center gap-1.5 rounded-16 border border-line bg-raised px-3 text-12 font-medium text-ink shadow-high hover:text-accent-text max-sm:min-h-11';
  return (
    <div className="relative min-h-0 flex-1 bg-canvas">
      {/* Not a live region: scrolling mounts old rows all the time. New messages are announced one by one. */}
      <div
        ref={scroller}
        role="region"
        aria-label={t.messages}
        tabIndex={0}
        data-thread
        onScroll={scrolled}
        className="flex h-full flex-col overflow-y-auto overscroll-contain outline-offset-[-2px] [contain:strict] [overflow-anchor:none]"
      >
        {/* A short conversation stands at the foot, where its next message will be. */}
        <div ref={virtual.containerRef} className="relative mt-auto w-full shrink-0">
          {virtual.getVirtualItems().map((item) => {
            const one = places[item.index];
            return one ? (
              <div key={one.key} ref={virtual.measureElement} data-index={item.index} className="absolute inset-x-0 top-0 px-6 max-md:px-3">
                <MessageRow place={one} begins={item.index === 0 && !hasMore} highlighted={highlighted === one.id} onJump={goal.aim} />
              </div>
            ) : null;
          })}
        </div>
      </div>
      {list.state === 'loading' && rows.length === 0 && (
        <div className="absolute inset-0 flex items-center justify-center">
          <Later>
            <Spinner />
          </Later>
        </div>
      )}
      {list.state === 'ready' && rows.length === 0 && (
        <p className="absolute inset-0 flex items-center justify-center text-13 text-ink-2">{t.empty}</p>
      )}
      {loadingMore && (
        <div role="status" className="absolute inset-x-0 top-2 z-10 mx-auto w-max rounded-16 bg-raised px-3 py-1 text-12 text-ink-2 shadow-low">
          <Later>{t.loadingOlder}</Later>
        </div>
      )}
      {list.error !== null && (
        <div className="absolute inset-x-0 top-0 z-20">
          <FaultLine error={list.error} retry={list.retry} />
        </div>
      )}
      {unreadAbove && (
        <button type="button" className={`${pill} top-3`} onClick={() => goal.aim(UNREAD_GOAL)}>
          <ArrowUp size={14} aria-hidden="true" className="text-lamp-text" />
          {t.jumpUnread}
        </button>
      )}
      {!atEnd && ready && (
        <button type="button" className={`${pill} bottom-3`} onClick={toEnd}>
          <ArrowDown size={14} aria-hidden="true" className={fresh > 0 ? 'text-lamp-text' : 'text-ink-2'} />
          {t.toEnd(fresh)}
        </button>
      )}
    </div>
  );
}

/** Whoever sends wants to see it, and the end stays in sight while the composer grows. */
function useEnd(waiting: number, scroller: RefObject<HTMLDivElement | null>, atEnd: boolean, scrollToEnd: () => void): void {
  const before = useRef(waiting);
  const state = useRef({ atEnd, scrollToEnd });
  state.current = { atEnd, scrollToEnd };
  useEffect(() => {
    if (waiting > before.current) state.current.scrollToEnd();
    before.current = waiting;
  }, [waiting]);
  useEffect(() => {
    const pane = scroller.current;
    if (!pane || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      if (state.current.atEnd) state.current.scrollToEnd();
    });
    observer.observe(pane);
    return () => observer.disconnect();
  }, [scroller]);
}

/** Reads out what comes in while the thread is open, not what was there before. */
function useAnnouncements(conversationId: string, last: string | undefined, ready: boolean): void {
  const t = useTexts().inbox;
  const known = useRef<{ conversation: string; last: string | undefined } | null>(null);
  useEffect(() => {
    if (!ready) return;
    const before = known.current;
    known.current = { conversation: conversationId, last };
    if (before?.conversation !== conversationId || before.last === last || last === undefined) return;
    const message = messages.get(last);
    if (message?.direction !== 'in') return;
    announce(`${message.author?.name ?? t.thread.customer}: ${previewOf(message, t, null).text}`);
  }, [conversationId, last, ready, t]);
}
