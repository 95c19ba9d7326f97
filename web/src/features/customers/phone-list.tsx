/** The same list where a table has no room. */
import type { Customer } from '@/api/types';
import { phone, stamp } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { customers } from '@/store/entities';
import { useRow } from '@/store/table';
import { Avatar } from '@/ui/avatar';
import { Channels, OptOut } from './cells';
import { useName } from './words';

export function CustomersCards({ ids, stale, onOpen }: { ids: readonly string[]; stale: boolean; onOpen(id: string): void }) {
  const t = useTexts().customers;
  return (
    <ul aria-label={t.table} aria-busy={stale} className={stale ? 'opacity-60' : undefined}>
      {ids.map((id) => (
        <CustomerCard key={id} id={id} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function CustomerCard({ id, onOpen }: { id: string; onOpen(id: string): void }) {
  const customer = useRow<Customer>(customers, id);
  const nameOf = useName();
  if (!customer) return null;
  const name = nameOf(customer.name);
  const reach = customer.phone ? phone(customer.phone) : customer.email;
  return (
    <li className="border-b border-line">
      <button type="button" data-customer={id} aria-haspopup="dialog" onClick={() => onOpen(id)} className="flex min-h-16 w-full items-center gap-3 px-4 py-2.5 text-start focus-visible:-outline-offset-2">
        <Avatar name={name} size={40} />
        <span className="flex min-w-0 grow flex-col">
          <span className="truncate text-14 font-medium">
            <bdi>{name}</bdi>
          </span>
          <span className="truncate text-12 text-ink-2">{reach && <bdi>{reach}</bdi>}</span>
        </span>
        <span className="flex shrink-0 flex-col items-end gap-1 text-12 text-ink-3">
          <time dateTime={customer.created_at}>
            <bdi>{stamp(customer.created_at)}</bdi>
          </time>
          <span className="flex items-center gap-2">
            {customer.marketing_opt_out && <OptOut customer={customer} />}
            <Channels customer={customer} />
          </span>
        </span>
      </button>
    </li>
  );
}
