/** One delivery with its masked body, at the side of the list. */
import { useQuery } from '@tanstack/react-query';
import { Copy, FileX, RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { asApiError } from '@/api/client';
import type { DeliveryView } from '@/api/types';
import { bytes, full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Drawer } from '@/ui/drawer';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { Later, Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import { clip, pretty } from './body';
import { bodyOptions } from './query';
import { reasonText } from './reason';
import { platformName, StatePill } from './row';

interface DetailProps {
  id: string;
  onClose(): void;
  onReplay(id: string): void;
}

export function DeliveryDetail({ id, onClose, onReplay }: DetailProps) {
  const t = useTexts().deliveries;
  const { data, error, refetch } = useQuery(bodyOptions(id));
  return (
    <Drawer open onClose={onClose} title={t.detail.title} label={t.detail.title}>
      {data ? <Delivery key={id} delivery={data} onReplay={() => onReplay(id)} /> : <Waiting error={error} retry={() => void refetch()} />}
    </Drawer>
  );
}

function Waiting({ error, retry }: { error: Error | null; retry(): void }) {
  const t = useTexts().deliveries.detail;
  if (error) {
    const failure = asApiError(error);
    if (failure.status !== 404) return <ErrorState error={failure} retry={retry} />;
    return (
      <Empty icon={<FileX size={24} strokeWidth={1.75} />} title={t.missingTitle}>
        {t.missingText}
      </Empty>
    );
  }
  return (
    <Later>
      <div aria-hidden className="flex flex-col gap-3 px-5 py-5">
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} className="h-3 w-full" />
        ))}
      </div>
    </Later>
  );
}

function Delivery({ delivery, onReplay }: { delivery: DeliveryView; onReplay(): void }) {
  const t = useTexts().deliveries;
  const { id, platform, state, reason, attempts, size, received_at, body } = delivery;
  const text = useMemo(() => pretty(body), [body]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast({ title: t.detail.copied, tone: 'ok' });
    } catch {
      toast({ title: t.detail.copyFailed, tone: 'danger' });
    }
  };
  return (
    <>
      <section className="flex flex-col gap-3 border-b border-line px-5 py-4 max-sm:px-4">
        <dl className="grid grid-cols-[6.5rem_1fr] gap-y-1.5 [&>dt]:text-ink-3">
          <dt>{t.columns.state}</dt>
          <dd>
            <StatePill state={state} />
          </dd>
          {reason && (
            <>
              <dt>{t.columns.reason}</dt>
              <dd className="min-w-0">
                <p>{reasonText(reason, t.reasons)}</p>
                <p dir="ltr" className="font-mono text-11 wrap-anywhere text-ink-3">
                  {reason}
                </p>
              </dd>
            </>
          )}
          <dt>{t.columns.platform}</dt>
          <dd>{platformName(platform, t)}</dd>
          <dt>{t.columns.received}</dt>
          <dd>
            <time dateTime={received_at}>
              <bdi>{full(received_at)}</bdi>
            </time>
          </dd>
          <dt>{t.columns.size}</dt>
          <dd>
            <bdi>{bytes(size)}</bdi> · {t.attempts(attempts)}
          </dd>
          <dt>{t.detail.id}</dt>
          <dd className="font-mono text-11 wrap-anywhere">
            <bdi>{id}</bdi>
          </dd>
        </dl>
        <div className="flex flex-wrap gap-2">
          <Button icon={<RotateCcw size={14} aria-hidden />} disabled={state === 'received'} onClick={onReplay}>
            {t.replay}
          </Button>
          <Button icon={<Copy size={14} aria-hidden />} disabled={text === ''} onClick={() => void copy()}>
            {t.detail.copy}
          </Button>
        </div>
      </section>
      <Body text={text} />
    </>
  );
}

function Body({ text }: { text: string }) {
  const t = useTexts().deliveries.detail;
  const [all, setAll] = useState(false);
  const shown = all ? text : clip(text);
  return (
    <section className="flex min-h-0 flex-col gap-2 px-5 py-4 max-sm:px-4">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="font-medium">{t.body}</h2>
        <span className="text-12 text-ink-3">{t.masked}</span>
      </div>
      {text === '' ? (
        <p className="text-ink-3">{t.empty}</p>
      ) : (
        // The focus can stand on it, so that the keyboard can scroll it sideways.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre dir="ltr" tabIndex={0} aria-label={t.body} className="overflow-x-auto rounded-8 bg-sunken p-3 font-mono text-11 text-ink-2">
          {shown}
        </pre>
      )}
      {shown.length < text.length && (
        <div className="flex flex-wrap items-center gap-3 text-12 text-ink-3">
          <span>{t.clipped(bytes(shown.length), bytes(text.length))}</span>
          <Button size="sm" onClick={() => setAll(true)}>
            {t.showAll}
          </Button>
        </div>
      )}
    </section>
  );
}
