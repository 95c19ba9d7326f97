/** Colleagues and channels: they change seldom and without events, so they are fetched again after five minutes, or when a message tells. */
import { useSyncExternalStore } from 'react';
import { api, take } from '@/api/client';
import type { Channel, Message, User } from '@/api/types';
import { onClear } from './entities';
import { Resource, type ResourceView } from './resource';

const NO_USERS: readonly User[] = [];
const NO_CHANNELS: readonly Channel[] = [];

const users = new Resource<readonly User[]>({
  room: null,
  load: async () => {
    const all: User[] = [];
    let cursor: string | undefined;
    do {
      const page = await take(api.GET('/api/v1/users', { params: { query: { limit: 200, cursor } } }));
      all.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return all;
  },
});
const channels = new Resource<readonly Channel[]>({
  room: null,
  load: async () => (await take(api.GET('/api/v1/channels'))).items,
});
onClear(() => {
  users.clear();
  channels.clear();
});

/** Everybody, also those who may not sign in any more (`disabled`): their name is on old work. */
export function useUsers(): readonly User[] {
  return useSyncExternalStore(users.subscribe, users.read).data ?? NO_USERS;
}

export function useChannels(): readonly Channel[] {
  return useSyncExternalStore(channels.subscribe, channels.read).data ?? NO_CHANNELS;
}

const isStopped = ({ health }: Channel) => health === 'stopped';

/** One that the platform takes nothing from; undefined: it does, or nobody knows. */
export function useStoppedChannel(id: string): Channel | undefined {
  return useChannels().find((channel) => channel.id === id && isStopped(channel));
}

/** So often at most messages have the channels fetched again. */
const TOLD_MS = 5_000;

/** What is held tells that its channel was stopped, what goes out that it is not any more. */
export function heardOfChannel(id: string, { direction, status }: Pick<Message, 'direction' | 'status'>): void {
  if (direction !== 'out' || (status !== 'held' && status !== 'sent')) return;
  const known = channels.read().data?.find((channel) => channel.id === id);
  if (known && isStopped(known) !== (status === 'held')) channels.refetchWithin(TOLD_MS);
}

/** Where it matters whether there are none or they are not known yet. */
export function useChannelList(): ResourceView<readonly Channel[]> & { retry(): void } {
  return { ...useSyncExternalStore(channels.subscribe, channels.read), retry: channels.refetch };
}
