/** Templates of WhatsApp numbers, a list a channel: they change seldom and without events, so they are fetched again after five minutes. */
import { useSyncExternalStore } from 'react';
import { api, take } from '@/api/client';
import type { Template } from '@/api/types';
import { Cache } from './cache';
import { onClear } from './entities';
import { Resource, type ResourceView } from './resource';

const KEPT = 10;
/** Of 200; who has more has to write their names apart. */
const MOST_PAGES = 10;

const channels = new Cache(KEPT, (channel) => new Resource<readonly Template[]>({ room: null, load: () => load(channel) }));
onClear(() => channels.clear());

async function load(id: string): Promise<readonly Template[]> {
  const all: Template[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, next_cursor } = await take(api.GET('/api/v1/channels/{id}/templates', { params: { path: { id }, query: { limit: 200, cursor } } }));
    all.push(...items);
    cursor = next_cursor ?? undefined;
    if (cursor === undefined) break;
  }
  return all;
}

export function useTemplates(channel: string): ResourceView<readonly Template[]> & { retry(): void } {
  const resource = channels.get(channel);
  return { ...useSyncExternalStore(resource.subscribe, resource.read), retry: () => resource.refetch() };
}

/** Asks the platform; what it says is there a moment later. */
export async function syncTemplates(channel: string): Promise<void> {
  await take(api.POST('/api/v1/channels/{id}/templates/sync', { params: { path: { id: channel } } }));
  channels.get(channel).refetch();
}
