/** The fields of the filters. Every choice is in the address, so a view can be shared and bookmarked. */
import { useState } from 'react';
import { channelName } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useChannels } from '@/store/people';
import { Button } from '@/ui/button';
import { ChannelIcon } from '@/ui/channel-icon';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { Select } from '@/ui/select';
import { Switch } from '@/ui/switch';
import type { FiltersProps } from './filters';
import { LabelOptions } from './label-editor';
import { narrowed, type InboxSearch } from './search';

type Status = NonNullable<InboxSearch['status']> | 'open';

const statuses: readonly Status[] = ['open', 'pending', 'snoozed', 'resolved', 'all'];

/** Platforms that have conversations; lead forms and the website's form make none. */
const TALKING = new Set(['whatsapp', 'messenger', 'instagram']);

export function FilterForm({ search, known, onChange, onClear }: FiltersProps) {
  const t = useTexts().inbox;
  const channels = useChannels().filter((channel) => TALKING.has(channel.kind));
  return (
    <div className="flex w-64 max-w-full flex-col gap-3">
      <Select<Status>
        label={t.list.status}
        value={search.status ?? 'open'}
        onChange={(status) => onChange({ status: status === 'open' ? undefined : status })}
        items={statuses.map((value) => ({ value, label: t.status[value] }))}
      />
      <Select<string>
        label={t.list.channel}
        value={search.channel ?? ''}
        onChange={(channel) => onChange({ channel: channel === '' ? undefined : channel })}
        items={[
          { value: '', label: t.list.anyChannel },
          ...channels.map((channel) => ({ value: channel.id, label: channelName(channel), icon: <ChannelIcon kind={channel.kind} size={16} /> })),
        ]}
      />
      <LabelFilter key={search.label ?? ''} value={search.label} known={known} onChange={(label) => onChange({ label })} />
      <Select<'newest' | 'oldest'>
        label={t.list.order}
        value={search.order ?? 'newest'}
        onChange={(order) => onChange({ order: order === 'newest' ? undefined : order })}
        items={[
          { value: 'newest', label: t.list.newest },
          { value: 'oldest', label: t.list.oldest },
        ]}
      />
      <Switch label={t.list.unread} checked={search.unread === true} onChange={(unread) => onChange({ unread: unread ? true : undefined })} />
      <Button variant="quiet" size="sm" disabled={narrowed(search) === 0} onClick={onClear}>
        {t.list.clear}
      </Button>
    </div>
  );
}

interface LabelFilterProps {
  value: string | undefined;
  known: readonly string[];
  onChange(label: string | undefined): void;
}

/** Taken on Enter or when the field is left: half a label would find nothing. */
function LabelFilter({ value, known, onChange }: LabelFilterProps) {
  const t = useTexts().inbox.list;
  const [text, setText] = useState(value ?? '');
  const commit = () => {
    const label = text.trim() === '' ? undefined : text.trim();
    if (label !== value) onChange(label);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <Field label={t.labelField} hint={t.labelHint}>
        <Input value={text} list="inbox-filter-labels" autoComplete="off" onChange={(event) => setText(event.currentTarget.value)} onBlur={commit} />
      </Field>
      <LabelOptions id="inbox-filter-labels" known={known} />
    </form>
  );
}
