/** What a message refers to: a product, a story, the ad that brought the customer. They stand above the text. */
import { Megaphone, Package, Sparkles } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { Lead, OutLink } from './block';
import { asFields, httpsOf, textOf } from './fields';

export function ProductLine({ product }: { product: string | null | undefined }) {
  const t = useTexts().inbox.faces;
  return product ? <Lead icon={Package}>{t.aboutProduct(product)}</Lead> : null;
}

export function StoryLine({ message }: { message: Message }) {
  const t = useTexts().inbox.faces;
  const said = message.kind === 'story_mention' ? t.storyMention : t.storyReply;
  return (
    <Lead icon={Sparkles}>
      {said}
      {message.story_id ? <span className="sr-only"> {t.storyId(message.story_id)}</span> : null}
    </Lead>
  );
}

export function ReferralCard({ referral: told }: { referral: unknown }) {
  const t = useTexts().inbox.faces;
  const referral = asFields(told);
  const headline = textOf(referral, 'headline');
  const body = textOf(referral, 'body');
  const ad = textOf(referral, 'ad_id');
  const ref = textOf(referral, 'ref');
  const source = httpsOf(referral, 'source_url');
  // A product alone has its own line.
  if (headline === null && body === null && ad === null && ref === null && source === null) return null;
  const type = textOf(referral, 'source_type')?.toLowerCase();
  return (
    <div className="mb-1.5 rounded-8 border border-line bg-panel/60 px-2.5 py-1.5 text-12">
      <div className="flex items-center gap-1.5 text-ink-2">
        <Megaphone size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        {type === 'ad' || ad !== null ? t.ad : type === 'post' ? t.post : t.link}
      </div>
      {headline !== null && (
        <div className="text-13 font-medium [overflow-wrap:anywhere]" dir="auto">
          {headline}
        </div>
      )}
      {body !== null && (
        <div className="text-ink-2 [overflow-wrap:anywhere]" dir="auto">
          {body}
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-3 text-ink-3">
        {ad !== null && <bdi className="tabular-nums">{t.adId(ad)}</bdi>}
        {ref !== null && <bdi>{ref}</bdi>}
        {source !== null && <OutLink href={source}>{new URL(source).hostname}</OutLink>}
      </div>
    </div>
  );
}
