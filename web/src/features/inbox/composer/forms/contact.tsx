import { type ComponentProps, useState } from 'react';
import type { Customer } from '@/api/types';
import { phone } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import type { FormOf } from '@/store/forms';
import { can, useUser } from '@/store/session';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { MOST } from './content';
import { Counted } from './counted';
import { useCustomerSearch } from './customer-search';

type Contact = FormOf<'contact'>;

interface ContactFormProps {
  form: Contact;
  onChange(form: Contact): void;
}

export function ContactForm({ form, onChange }: ContactFormProps) {
  const t = useTexts().forms;
  const user = useUser();
  const field = (key: 'phone' | 'email' | 'organization', label: string, more: ComponentProps<'input'> = {}) => (
    <Field label={label}>
      <Input autoComplete="off" {...more} value={form[key]} onChange={(event) => onChange({ ...form, [key]: event.currentTarget.value })} />
    </Field>
  );
  const pick = ({ name, phone: number, email }: Customer) => onChange({ ...form, name, phone: number ?? '', email: email ?? '' });
  return (
    <div className="flex flex-col gap-3">
      {can(user, 'customers.read') && <Pick onPick={pick} />}
      <div className="grid gap-3 @[26rem]:grid-cols-2">
        <Counted label={t.name} value={form.name} most={MOST.contactName} onChange={(name) => onChange({ ...form, name })} />
        {field('organization', t.optional(t.organization), { dir: 'auto' })}
        {field('phone', t.phone, { type: 'tel', dir: 'ltr' })}
        {field('email', t.email, { inputMode: 'email', dir: 'ltr' })}
      </div>
    </div>
  );
}

/** Somebody who is known already: what is known of them fills the fields. */
function Pick({ onPick }: { onPick(customer: Customer): void }) {
  const t = useTexts().forms;
  const [query, setQuery] = useState('');
  const { state, found } = useCustomerSearch(query);
  const choose = (customer: Customer) => {
    setQuery('');
    onPick(customer);
  };
  return (
    <div>
      <Field label={t.pick}>
        <Input
          type="search"
          autoComplete="off"
          dir="auto"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Enter is for what is found; the form is not meant yet.
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            event.preventDefault();
            if (found[0]) choose(found[0]);
          }}
        />
      </Field>
      {found.length > 0 && (
        <ul aria-label={t.pick} className="mt-1 flex flex-col">
          {found.map((customer) => (
            <li key={customer.id}>
              <button
                type="button"
                className="flex min-h-8 w-full items-center gap-2 rounded-6 px-2 py-1 text-start text-13 hover:bg-hover focus-visible:-outline-offset-2 max-sm:min-h-11"
                onClick={() => choose(customer)}
              >
                <bdi className="min-w-0 truncate font-medium">{customer.name}</bdi>
                <bdi className="shrink-0 text-12 text-ink-2">{customer.phone ? phone(customer.phone) : customer.email}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
      {(state === 'failed' || (state === 'ready' && found.length === 0)) && (
        <p role="status" className="mt-1 text-12 text-ink-2">
          {state === 'failed' ? t.searchFailed : t.noneFound}
        </p>
      )}
    </div>
  );
}
