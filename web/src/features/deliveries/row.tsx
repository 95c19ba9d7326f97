/** One delivery in the list, and how its parts look there and in the detail. */
import type { DeliveryRecord } from '@/api/types';
import { bytes, full, number, stamp } from '@/lib/format';
import { type AllTexts, useTexts } from '@/lib/i18n';
import { Checkbox } from '@/ui/checkbox';
import { ChannelIcon } from '@/ui/channel-icon';
import { Pill } from '@/ui/pill';
import { reasonText } from './reason';

/** Room for the box, then what the heads name; a phone shows two lines instead. */
export const grid =
  'grid grid-cols-[2.25rem_6rem_minmax(8rem,13rem)_8rem_minmax(0,1fr)_5rem_5rem] items-center gap-x-3 px-5 max-sm:grid-cols-[2.75rem_minmax(0,1fr)_auto] max-sm:px-2';

const tones = { received: 'neutral', done: 'ok', failed: 'danger', unrouted: 'lamp' } as const;

export function StatePill({ state }: { state: string }) {
  const t = useTexts().deliveries.states;
  const known = Object.hasOwn(tones, state) ? (state as keyof typeof tones) : null;
  return <Pill tone={known ? tones[known] : 'neutral'}>{known ? t[known] : state}</Pill>;
}

export function platformName(platform: string, t: AllTexts['deliveries']): string {
  const names: Record<string, string> = t.platforms;
  return names[platform] ?? platform;
}

interface RowProps {
  delivery: DeliveryRecord;
  selected: boolean;
  opened: boolean;
  onSelect(id: string, selected: boolean): void;
  onOpen(id: string): void;
}

export function DeliveryRow({ delivery, selected, opened, onSelect, onOpen }: RowProps) {
  const t = useTexts().deliveries;
  const { id, platform, state, attempts, size, received_at } = delivery;
  const name = `${platformName(platform, t)}, ${full(received_at)}`;
  const reason = reasonText(delivery.reason, t.reasons);
  const look = opened || selected ? 'bg-accent-soft' : 'hover:bg-hover';
  return (
    <div className={`${grid} ${look} relative min-h-11 border-b border-line py-1.5 max-sm:min-h-16`}>
      {/* First in the document, so that the arrow keys walk from delivery to delivery; it lies below the box. */}
      <button type="button" aria-label={t.open(name)} aria-haspopup="dialog" onClick={() => onOpen(id)} className="absolute inset-0 focus-visible:-outline-offset-2" />
      <span className="relative z-1 flex max-sm:row-span-2">
        <Checkbox hideLabel label={t.select(name)} checked={selected} onChange={(wanted) => onSelect(id, wanted)} />
      </span>
      <time dateTime={received_at} title={full(received_at)} className="text-12 text-ink-2 tabular-nums max-sm:order-2 max-sm:text-end">
        <bdi>{stamp(received_at)}</bdi>
      </time>
      <span className="flex min-w-0 items-center gap-2 max-sm:order-1">
        <ChannelIcon kind={platform === 'meta' ? 'messenger' : platform} size={15} />
        <span className="truncate">{platformName(platform, t)}</span>
      </span>
      <span className="flex min-w-0 max-sm:order-4 max-sm:justify-end">
        <StatePill state={state} />
      </span>
      <span dir="auto" className="min-w-0 truncate text-12 text-ink-2 max-sm:order-3">
        {reason}
      </span>
      <span className="text-end text-12 text-ink-3 tabular-nums max-sm:hidden">{number(attempts)}</span>
      <span className="text-end text-12 text-ink-3 tabular-nums max-sm:hidden">
        <bdi>{bytes(size)}</bdi>
      </span>
    </div>
  );
}
