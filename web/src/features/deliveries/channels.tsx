/** Channels that a first webhook made: what comes for them is kept, and an administrator says whose they are. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { asApiError } from '@/api/client';
import type { Channel } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { can, useUser } from '@/store/session';
import { Button } from '@/ui/button';
import { ChannelIcon } from '@/ui/channel-icon';
import { toast } from '@/ui/toast';
import { channelOptions, confirmChannel, KEYS } from './query';

export function UnconfirmedChannels() {
  const t = useTexts().deliveries.channels;
  const { data } = useQuery(channelOptions);
  const waiting = data?.filter((channel) => !channel.confirmed) ?? [];
  if (waiting.length === 0) return null;
  return (
    <section aria-label={t.title(waiting.length)} className="mx-5 mt-3 rounded-8 border border-line bg-lamp-soft px-3 py-2 max-sm:mx-4">
      <h2 className="text-13 font-medium text-lamp-text">{t.title(waiting.length)}</h2>
      <ul className="max-h-44 overflow-y-auto">
        {waiting.map((channel) => (
          <Waiting key={channel.id} channel={channel} />
        ))}
      </ul>
    </section>
  );
}

function Waiting({ channel }: { channel: Channel }) {
  const t = useTexts().deliveries.channels;
  const allowed = can(useUser(), 'channels.manage');
  const queries = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => confirmChannel(channel.id, channel.version),
    onSuccess: (confirmed) => {
      queries.setQueryData(channelOptions.queryKey, (old) => old?.map((it) => (it.id === confirmed.id ? confirmed : it)));
      toast({ title: t.confirmed(confirmed.name), tone: 'ok' });
    },
    onError: (error) => {
      toast({ title: t.failed, text: asApiError(error).detail, tone: 'danger' });
      void queries.invalidateQueries({ queryKey: KEYS.channels });
    },
  });
  const account = channel.name === channel.account_id ? '' : t.account(channel.account_id);
  return (
    <li className="flex min-h-10 items-center gap-2.5">
      <ChannelIcon kind={channel.kind} size={16} />
      <span className="min-w-0 grow truncate">
        <bdi className="font-medium">{channel.name}</bdi>
        {account && <bdi className="ps-2 text-12 text-ink-2">{account}</bdi>}
      </span>
      {allowed && (
        <Button size="sm" icon={<Check size={14} aria-hidden />} busy={confirm.isPending} onClick={() => confirm.mutate()} aria-label={t.confirmOf([channel.name, account].filter(Boolean).join(', '))}>
          {t.confirm}
        </Button>
      )}
    </li>
  );
}
