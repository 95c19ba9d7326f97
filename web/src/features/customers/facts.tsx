import { ChevronRight } from 'lucide-react';
import { useTexts } from '@/lib/i18n';

/** Longer than this nobody reads in a drawer, and a browser draws it slowly. */
const MOST = 20_000;

/** What was told, as it was told; a click away. */
export function Facts({ data }: { data: unknown }) {
  const t = useTexts().customers.timeline;
  const text = JSON.stringify(data, null, 2) ?? '';
  if (text === '{}' || text === '') return null;
  return (
    <details className="group mt-1 text-12">
      <summary className="inline-flex min-h-6 list-none items-center gap-1 rounded-6 pe-1 text-ink-3 hover:text-ink">
        <ChevronRight size={13} aria-hidden className="transition-transform duration-120 group-open:rotate-90 rtl:-scale-x-100" />
        {t.show}
      </summary>
      <pre dir="ltr" className="mt-1 max-h-80 overflow-auto rounded-6 bg-sunken p-2.5 font-mono text-11 whitespace-pre-wrap wrap-anywhere text-ink-2">
        {text.length > MOST ? `${text.slice(0, MOST)}…` : text}
      </pre>
    </details>
  );
}
