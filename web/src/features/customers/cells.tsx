/** How each part of a customer looks in the list. */
import type { ReactNode } from 'react';
import type { Customer } from '@/api/types';
import { day, full, phone } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { ChannelIcon } from '@/ui/channel-icon';
import { Pill } from '@/ui/pill';
import { channelKinds } from './export';
import type { ColumnId } from './visible';

export const cells: Record<Exclude<ColumnId, 'name'>, (customer: Customer) => ReactNode> = {
  phone: (customer) => (customer.phone ? <bdi>{phone(customer.phone)}</bdi> : <Nothing />),
  email: (customer) => (customer.email ? <bdi className="block truncate">{customer.email}</bdi> : <Nothing />),
  channels: (customer) => <Channels customer={customer} />,
  opt_out: (customer) => <OptOut customer={customer} />,
  created_at: (customer) => (
    <time dateTime={customer.created_at} title={full(customer.created_at)} className="text-ink-2">
      <bdi>{day(customer.created_at)}</bdi>
    </time>
  ),
};

export function Channels({ customer }: { customer: Customer }) {
  const kinds = channelKinds(customer);
  if (kinds.length === 0) return <Nothing />;
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      {kinds.map((kind) => (
        <ChannelIcon key={kind} kind={kind} size={16} />
      ))}
    </span>
  );
}

export function OptOut({ customer }: { customer: Customer }) {
  const t = useTexts().customers;
  return customer.marketing_opt_out ? <Pill>{t.optedOut}</Pill> : <Nothing />;
}

/** An empty cell is one that says nothing, to the eye and to a screen reader. */
function Nothing() {
  return (
    <span aria-hidden className="text-ink-3">
      –
    </span>
  );
}
