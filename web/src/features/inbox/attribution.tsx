import type { Touch } from '@/api/types';
import { full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import type { InboxTexts } from './kinds';
import { textOf } from './faces/fields';

/** The kind of a touch, from what the platform or the form told about it. */
export function touchSource(touch: Touch): keyof InboxTexts['sources'] {
  const type = textOf(touch, 'source_type')?.toLowerCase();
  if (textOf(touch, 'form_id') !== null) return 'lead_ad';
  if (type === 'ad' || textOf(touch, 'ad_id') !== null || textOf(touch, 'ctwa_clid') !== null) return 'ad';
  if (type === 'post') return 'post';
  if (textOf(touch, 'page_url') !== null) return 'website';
  if (textOf(touch, 'ref') !== null) return 'link';
  if (textOf(touch, 'product_id') !== null) return 'product';
  return textOf(touch, 'utm_source') !== null ? 'website' : 'organic';
}

export function TouchFacts({ touch }: { touch: Touch }) {
  const t = useTexts().inbox;
  const facts: [string, string | null][] = [
    [t.touch.headline, textOf(touch, 'headline')],
    [t.touch.campaign, textOf(touch, 'utm_campaign')],
    [t.touch.source, textOf(touch, 'utm_source')],
    [t.touch.medium, textOf(touch, 'utm_medium')],
    [t.touch.ref, textOf(touch, 'ref')],
    [t.touch.page, textOf(touch, 'page_url')],
    [t.touch.product, textOf(touch, 'product_id')],
    [t.touch.ad, textOf(touch, 'ad_id')],
    [t.touch.form, textOf(touch, 'form_id')],
  ];
  return (
    <div className="flex flex-col gap-1 text-13">
      <div className="flex items-baseline justify-between gap-2">
        <span className="font-medium">{t.sources[touchSource(touch)]}</span>
        <bdi className="shrink-0 text-12 text-ink-2">{full(touch.at)}</bdi>
      </div>
      <dl className="flex flex-col gap-0.5">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} className="grid grid-cols-[5.5rem_1fr] gap-2">
                <dt className="text-ink-2">{name}</dt>
                <dd className="min-w-0 [overflow-wrap:anywhere]" dir="auto">
                  {value}
                </dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}
