/** Saved replies: they change seldom and without events, so they are fetched again after five minutes. */
import { useSyncExternalStore } from 'react';
import { api, take } from '@/api/client';
import type { SavedReply } from '@/api/types';
import { onClear } from './entities';
import { Resource, type ResourceView } from './resource';

const NONE: readonly SavedReply[] = [];
/** Pages; who has more finds the rest by no slash. */
const MOST_PAGES = 10;

const replies = new Resource<readonly SavedReply[]>({
  room: null,
  load: async () => {
    const all: SavedReply[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { items, next_cursor } = await take(api.GET('/api/v1/saved-replies', { params: { query: { limit: 200, cursor } } }));
      all.push(...items);
      cursor = next_cursor ?? undefined;
      if (cursor === undefined) break;
    }
    return all.toSorted((a, b) => a.shortcut.localeCompare(b.shortcut));
  },
});
onClear(() => replies.clear());

const idle = () => () => undefined;

/** Not fetched before somebody asks for them. */
export function useSavedReplies(wanted: boolean): readonly SavedReply[] {
  return useSyncExternalStore(wanted ? replies.subscribe : idle, replies.read).data ?? NONE;
}

/** For the page that changes them. */
export function useSavedReplyList(): ResourceView<readonly SavedReply[]> {
  return useSyncExternalStore(replies.subscribe, replies.read);
}

export async function addSavedReply(body: { shortcut: string; text: string }): Promise<void> {
  await take(api.POST('/api/v1/saved-replies', { body }));
  replies.refetch();
}

export async function changeSavedReply({ id, version }: SavedReply, body: { shortcut: string; text: string }): Promise<void> {
  await take(api.PATCH('/api/v1/saved-replies/{id}', { params: { path: { id } }, body: { ...body, version } }));
  replies.refetch();
}

export async function deleteSavedReply({ id }: SavedReply): Promise<void> {
  await take(api.DELETE('/api/v1/saved-replies/{id}', { params: { path: { id } } }));
  replies.refetch();
}

export function refetchSavedReplies(): void {
  replies.refetch();
}
