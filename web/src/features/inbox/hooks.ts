/** What the panes need from the browser and the server beside the stores. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { api, ApiError, take } from '@/api/client';
import type { Conversation } from '@/api/types';
import { conversations } from '@/store/entities';
import { useRow } from '@/store/table';
import { can, useUser } from '@/store/session';

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

function subscribeFocus(listener: () => void): () => void {
  addEventListener('focus', listener);
  addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    removeEventListener('focus', listener);
    removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}

/** Whether somebody looks at this window: only then has a message been read. */
export function useFocused(): boolean {
  return useSyncExternalStore(subscribeFocus, () => document.hasFocus() && document.visibilityState === 'visible');
}

/** A conversation that no list holds (a link, another filter) is fetched once. */
export function useConversation(id: string | null): { conversation: Conversation | undefined; error: ApiError | null; retry(): void } {
  const conversation = useRow(conversations, id);
  const [failed, setFailed] = useState<{ id: string; error: ApiError } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const absent = id !== null && conversation === undefined;
  useEffect(() => {
    if (!absent || id === null) return;
    let left = false;
    take(api.GET('/api/v1/conversations/{id}', { params: { path: { id } } })).then(
      (row) => conversations.put([row]),
      (error: unknown) => {
        if (!left && error instanceof ApiError) setFailed({ id, error });
      },
    );
    return () => {
      left = true;
    };
  }, [absent, id, attempt]);
  const retry = useCallback(() => {
    setFailed(null);
    setAttempt((n) => n + 1);
  }, []);
  return { conversation, error: failed !== null && failed.id === id && absent ? failed.error : null, retry };
}

/** Whose status, assignee, priority and labels this user may change: all, or their own and nobody's. */
export function useMayManage(): (conversation: Conversation) => boolean {
  const user = useUser();
  const all = can(user, 'inbox.manage:all');
  const some = can(user, 'inbox.manage');
  return (conversation) => all || (some && (!conversation.assignee || conversation.assignee.id === user.id));
}
