/** The head of the drawer: who it is, how to reach them, what may be sent. */
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, SquarePen } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/api/client';
import type { Customer } from '@/api/types';
import { full, phone } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { patchCustomer } from '@/store/actions';
import { can, useUser } from '@/store/session';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { ChannelIcon } from '@/ui/channel-icon';
import { linkClass } from '@/ui/styles';
import { Switch } from '@/ui/switch';
import { toast } from '@/ui/toast';
import { CopyButton } from './copy';
import { EditField } from './edit-field';
import { useName, word } from './words';

export function Profile({ customer }: { customer: Customer }) {
  const { customers: t, templates } = useTexts();
  const nameOf = useName();
  const user = useUser();
  const editable = can(user, 'customers.write');
  const navigate = useNavigate();

  const optOut = async (wanted: boolean) => {
    try {
      await patchCustomer(customer.id, { marketing_opt_out: wanted });
    } catch (error) {
      toast({ title: t.drawer.saveFailed, text: asApiError(error).detail, tone: 'danger' });
    }
  };

  return (
    <section className="flex flex-col gap-4 border-b border-line px-5 py-4 max-sm:px-4">
      <div className="flex items-center gap-4">
        <Avatar name={nameOf(customer.name)} size={56} />
        <div className="min-w-0 grow">
          <div className="text-16 font-semibold">
            <EditField customer={customer} field="name" editable={editable}>
              <h2 dir="auto" className="min-w-0 wrap-anywhere">
                {nameOf(customer.name)}
              </h2>
            </EditField>
          </div>
          <p className="text-12 text-ink-3">
            <bdi>{t.drawer.since(full(customer.created_at))}</bdi>
          </p>
        </div>
        {can(user, 'inbox.reply') && (
          <Button
            size="sm"
            icon={<SquarePen size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, c: undefined, write: customer.id }) })}
          >
            {templates.start.write}
          </Button>
        )}
      </div>
      <dl className="grid grid-cols-[5.5rem_1fr] items-baseline gap-y-1.5">
        <dt className="text-ink-3">{t.edit.phone}</dt>
        <dd className="min-w-0">
          <EditField customer={customer} field="phone" editable={editable}>
            {customer.phone && (
              <>
                <a href={`tel:${customer.phone}`} className={linkClass}>
                  <bdi>{phone(customer.phone)}</bdi>
                </a>
                <CopyButton what={t.edit.phone} value={customer.phone} />
              </>
            )}
          </EditField>
        </dd>
        <dt className="text-ink-3">{t.edit.email}</dt>
        <dd className="min-w-0">
          <EditField customer={customer} field="email" editable={editable}>
            {customer.email && (
              <>
                <a href={`mailto:${encodeURIComponent(customer.email)}`} className={`${linkClass} min-w-0 truncate`}>
                  <bdi>{customer.email}</bdi>
                </a>
                <CopyButton what={t.edit.email} value={customer.email} />
              </>
            )}
          </EditField>
        </dd>
        {customer.identities.length > 0 && (
          <>
            <dt className="text-ink-3">{t.drawer.identities}</dt>
            <dd className="min-w-0">
              <Identities customer={customer} />
            </dd>
          </>
        )}
      </dl>
      <Switch label={t.drawer.optOut} hint={t.drawer.optOutHint} checked={customer.marketing_opt_out} disabled={!editable} onChange={(wanted) => void optOut(wanted)} />
    </section>
  );
}

/** Some people have dozens, one for every form they filled in. */
const FEW = 4;

function Identities({ customer }: { customer: Customer }) {
  const t = useTexts().customers.drawer;
  const [all, setAll] = useState(false);
  const { identities } = customer;
  const shown = all ? identities : identities.slice(0, FEW);
  return (
    <>
      <ul className="flex flex-col">
        {shown.map(({ channel_kind, kind, external_id, username }) => (
          <li key={`${channel_kind}:${kind}:${external_id}`} className="flex min-h-6 min-w-0 items-center gap-2">
            <ChannelIcon kind={channel_kind} size={14} />
            <bdi className="min-w-0 truncate">{username ? `@${username}` : external_id}</bdi>
            <span className="shrink-0 text-12 text-ink-3 max-sm:sr-only">{word(t.identityKind, kind)}</span>
            <CopyButton what={word(t.identityKind, kind)} value={external_id} />
          </li>
        ))}
      </ul>
      {!all && identities.length > FEW && (
        <Button size="sm" variant="plain" className="-ms-2" icon={<ChevronDown size={13} aria-hidden />} onClick={() => setAll(true)}>
          {t.moreIdentities(identities.length - FEW)}
        </Button>
      )}
    </>
  );
}
