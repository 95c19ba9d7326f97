/** What the thread remembers about the conversation that is open: its unread divider, what was seen, where to jump. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Message } from '@/api/types';
import { texts } from '@/lib/i18n';
import { markRead } from '@/store/actions';
import { conversations, messages } from '@/store/entities';
import { useRow } from '@/store/table';
import type { IdList } from '@/store/conversation-list';
import { useUnsent, withUnsent } from '@/store/unsent';
import { toast } from '@/ui/toast';
import { firstUnread, place, type Place, type UnreadMark } from './grouping';
import { useFocused } from './hooks';

/** The rows behind the ids, and what waits to be sent. Times and writers don't change, so the places need not be worked out at every edit. */
export function useRows(conversationId: string, ids: readonly string[]): readonly Message[] {
  const waiting = useUnsent(conversationId);
  return useMemo(() => withUnsent(ids.map((id) => messages.get(id)).filter((row) => row !== undefined), waiting), [ids, waiting]);
}

/** Fixed at the moment when the messages are first there; reading does not move the divider, leaving forgets it. */
export function useUnreadMark(conversationId: string, list: IdList): UnreadMark | null {
  const [taken, setTaken] = useState<{ conversation: string; mark: UnreadMark } | null>(null);
  const anchor = list.ids.at(-1);
  const here = anchor !== undefined && messages.get(anchor)?.conversation_id === conversationId;
  if (taken?.conversation === conversationId) return taken.mark;
  if (list.state !== 'ready' || !here) return null;
  const mark = { anchor, count: conversations.get(conversationId)?.unread_count ?? 0 };
  setTaken({ conversation: conversationId, mark });
  return mark;
}

export function usePlaces(rows: readonly Message[], mark: UnreadMark | null): { places: readonly Place[]; unreadId: string | null } {
  return useMemo(() => {
    const unreadId = firstUnread(rows, mark);
    return { places: place(rows, unreadId), unreadId };
  }, [rows, mark]);
}

/** Tells the server that the team has read to the end, once for each last message. */
export function useReading(conversationId: string, last: string | undefined, atEnd: boolean): void {
  const focused = useFocused();
  const unread = (useRow(conversations, conversationId)?.unread_count ?? 0) > 0;
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (!atEnd || !focused || !unread || last === undefined || told.current === last) return;
    if (messages.get(last)?.conversation_id !== conversationId) return;
    told.current = last;
    markRead(conversationId, last).catch(() => {
      // Not worth a word: the next message or the next visit tells it again.
      if (told.current === last) told.current = null;
    });
  }, [conversationId, last, atEnd, focused, unread]);
}

/** More than this is not loaded in search of one message. */
const MOST_PAGES = 60;

/**
 * Leads to a message that may have to be loaded first: a deep link, a quoted message, the first unread one.
 * `find` names it once it is known; the jump itself is the caller's.
 */
export function useGoal(list: IdList, find: (goal: string) => string | null, arrive: (id: string) => void) {
  const [goal, setGoal] = useState<string | null>(null);
  const pages = useRef(0);
  const found = goal === null ? null : find(goal);
  const callbacks = useRef({ list, arrive });
  callbacks.current = { list, arrive };
  useEffect(() => {
    if (goal === null) return;
    const { list: current, arrive: jump } = callbacks.current;
    if (found !== null) {
      setGoal(null);
      jump(found);
    } else if (list.state === 'ready' && !list.loadingMore) {
      if (list.hasMore && list.error === null && pages.current < MOST_PAGES) {
        pages.current += 1;
        current.loadMore();
      } else if (list.ids.length > 0 || !list.hasMore) {
        setGoal(null);
        toast({ title: texts().inbox.thread.notFound });
      }
    }
  }, [goal, found, list.state, list.loadingMore, list.hasMore, list.error, list.ids.length]);
  return useMemo(
    () => ({
      aim(next: string) {
        pages.current = 0;
        setGoal(next);
      },
      cancel: () => setGoal(null),
    }),
    [],
  );
}
