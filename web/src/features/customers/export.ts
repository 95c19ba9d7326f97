import { csv, download } from '@/lib/csv';
import type { AllTexts } from '@/lib/i18n';
import type { Customer } from '@/api/types';
import { word } from './words';

/** Every column, also those that are hidden: who exports wants to work with it elsewhere. */
export function customersCsv(rows: readonly Customer[], { customers: t, common }: AllTexts): string {
  const heads = [t.columns.name, t.columns.phone, t.columns.email, t.columns.channels, t.csvIdentities, t.columns.opt_out, t.columns.created_at, t.csvId];
  return csv([
    heads,
    ...rows.map((row) => [
      row.name,
      row.phone ?? null,
      row.email ?? null,
      channelKinds(row).map((kind) => word(common.channels, kind)).join(', '),
      row.identities.map((identity) => `${identity.kind}: ${identity.username ? `@${identity.username} ` : ''}${identity.external_id}`).join(', '),
      row.marketing_opt_out ? t.optedOut : t.optedIn,
      row.created_at,
      row.id,
    ]),
  ]);
}

export function saveCsv(rows: readonly Customer[], texts: AllTexts): void {
  download(`${texts.customers.csvName}-${new Date().toISOString().slice(0, 10)}.csv`, customersCsv(rows, texts), 'text/csv');
}

/** Each kind of channel once. */
export function channelKinds(customer: Customer): string[] {
  return [...new Set(customer.identities.map((identity) => identity.channel_kind))];
}
