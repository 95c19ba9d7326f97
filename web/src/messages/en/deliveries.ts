import { plural } from '@/lib/i18n';

const count = (n: number) => n.toLocaleString('en-GB');
const webhooks = (n: number) => `${count(n)} ${plural('en', n, { one: 'delivery', other: 'deliveries' })}`;

/** Webhooks as they were received, for administrators. */
export const deliveries = {
  title: 'Webhook deliveries',
  forbiddenTitle: 'Only for administrators',
  forbiddenText: 'Deliveries show what the platforms sent. Ask an administrator to look here for you.',
  list: 'Deliveries',
  tabs: 'State of the deliveries',
  states: { all: 'All', received: 'Waiting', done: 'Done', failed: 'Failed', unrouted: 'No owner' },
  platforms: { meta: 'Messenger and Lead Ads', whatsapp: 'WhatsApp', instagram: 'Instagram', website: 'Website' },
  columns: { received: 'Received', platform: 'Platform', state: 'State', reason: 'Reason', attempts: 'Attempts', size: 'Size' },
  attempts: (n: number) => `${count(n)} ${plural('en', n, { one: 'attempt', other: 'attempts' })}`,
  refresh: 'Refresh',
  refreshed: 'The list is up to date',
  loadingMore: 'Loading older ones',
  end: 'That is all.',
  empty: {
    all: { title: 'No deliveries yet', text: 'As soon as a platform sends its first webhook, it is listed here.' },
    received: { title: 'Nothing waits', text: 'Every webhook has been worked through.' },
    done: { title: 'Nothing done yet', text: 'Webhooks that were worked through are kept for some days.' },
    failed: { title: 'Nothing failed', text: 'Webhooks that could not be applied wait here until you replay them.' },
    unrouted: { title: 'Every webhook has an owner', text: 'Webhooks for accounts that no channel owns wait here.' },
  },
  reasons: {
    noChannel: 'No channel owns this account yet',
    notJson: 'The body is not JSON',
    notWebhook: 'The body is JSON, but no webhook that is known',
    database: 'The database was not available; it is tried again',
    internal: 'A fault of Switchboard stopped it',
    invalid: 'A value in it could not be kept',
    notFound: 'Something it refers to is not there any more',
    other: (reason: string) => `Other reason: ${reason}`,
  },
  select: (what: string) => `Select ${what}`,
  selectAll: 'Select all that are loaded',
  selected: (n: number) => `${count(n)} selected`,
  clear: 'Clear selection',
  replay: 'Replay',
  replaySelected: (n: number) => `Replay ${count(n)}`,
  replayAll: { failed: 'Replay all failed', unrouted: 'Replay all without owner' },
  confirmTitle: 'Replay deliveries',
  confirmIds: (n: number) => `${webhooks(n)} ${plural('en', n, { one: 'goes', other: 'go' })} through ingest again. What was done already is not done twice.`,
  confirmState: {
    failed: (n: number, more: boolean) =>
      `${more ? `All failed deliveries, at least ${count(n)},` : `All failed deliveries (${count(n)})`} go through ingest again. What was done already is not done twice.`,
    unrouted: (n: number, more: boolean) =>
      `${more ? `All deliveries without owner, at least ${count(n)},` : `All deliveries without owner (${count(n)})`} go through ingest again. What was done already is not done twice.`,
  },
  replayed: (n: number) => (n === 0 ? 'Nothing to replay: they wait already' : `${webhooks(n)} sent through ingest again`),
  replayFailed: 'Not replayed',
  tooMany: (n: number) => `At most ${count(n)} at once. Select fewer.`,
  open: (what: string) => `Open ${what}`,
  detail: {
    title: 'Delivery',
    body: 'Body',
    masked: 'Personal data is masked.',
    copy: 'Copy body',
    copied: 'Body copied',
    copyFailed: 'The browser did not allow copying',
    clipped: (shown: string, all: string) => `The first ${shown} of ${all} are shown.`,
    showAll: 'Show all',
    empty: 'The body is empty.',
    missingTitle: 'This delivery is not here',
    missingText: 'Finished deliveries are dropped after some days.',
    id: 'ID',
  },
  channels: {
    title: (n: number) =>
      n === 1 ? 'A channel was made by its first webhook. Is it yours?' : `${count(n)} channels were made by their first webhooks. Are they yours?`,
    account: (id: string) => `Account ${id}`,
    confirm: 'It is ours',
    confirmOf: (name: string) => `It is ours: ${name}`,
    confirmed: (name: string) => `${name} is confirmed`,
    failed: 'Not confirmed',
  },
};
