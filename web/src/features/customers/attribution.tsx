/** What brought the customer: every ad, link and form that is known. */
import type { Touch } from '@/api/types';
import { full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { linkClass } from '@/ui/styles';
import { CopyButton } from './copy';
import { touchRows, touchTitle } from './touch-words';

export function Attribution({ touches }: { touches: readonly Touch[] }) {
  const t = useTexts().customers;
  if (touches.length === 0) return <p className="px-5 py-6 text-ink-3">{t.attribution.empty}</p>;
  return (
    <ol className="flex flex-col gap-3 px-5 py-4 max-sm:px-4">
      {touches.map((touch) => (
        <li key={touch.id} className="rounded-8 border border-line bg-raised p-3">
          <div className="flex items-baseline justify-between gap-3">
            <h3 dir="auto" className="min-w-0 font-medium wrap-anywhere">
              {touchTitle(touch, t.timeline)}
            </h3>
            <time dateTime={touch.at} className="shrink-0 text-12 text-ink-3">
              <bdi>{full(touch.at)}</bdi>
            </time>
          </div>
          <TouchFacts touch={touch} />
        </li>
      ))}
    </ol>
  );
}

function TouchFacts({ touch }: { touch: Touch }) {
  const t = useTexts().customers.attribution;
  return (
    <dl className="mt-2 grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 text-12">
      {touchRows(touch, t).map(({ key, label, value, href, host, copy }) => (
        <div key={key} className="col-span-2 grid min-h-7 grid-cols-subgrid items-center">
          <dt className="text-ink-3">{label}</dt>
          <dd className="flex min-w-0 items-center gap-1">
            {href ? (
              <a href={href} title={href} dir="ltr" target="_blank" rel="noopener noreferrer" className={`${linkClass} min-w-0 truncate`}>
                {value}
                {host !== null && <span> ({host})</span>}
              </a>
            ) : (
              <span dir="auto" className={copy ? 'min-w-0 truncate font-mono text-11' : 'min-w-0 wrap-anywhere'}>
                {value}
              </span>
            )}
            {copy && <CopyButton what={label} value={value} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
