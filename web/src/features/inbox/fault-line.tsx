import type { ApiError } from '@/api/client';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';

/** What could not be fetched, beside the rows that are there. */
export function FaultLine({ error, retry }: { error: ApiError; retry(): void }) {
  const t = useTexts().inbox.list;
  return (
    <div role="alert" className="flex items-center justify-between gap-2 border-y border-line bg-danger-soft px-3 py-1.5 text-12 text-danger-text">
      <span className="min-w-0">{error.detail}</span>
      <Button size="sm" variant="quiet" onClick={retry}>
        {t.refresh}
      </Button>
    </div>
  );
}
