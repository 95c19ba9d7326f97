import { CloudOff, RotateCw } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { Button } from './button';
import { Empty } from './empty';

interface ErrorStateProps {
  /** `code` chooses the title; an unknown one gets the general title. */
  error: { detail: string; code?: string };
  retry(): void;
}

/** Something could not be loaded and there is nothing older to show. Where there is, show that and use a toast. */
export function ErrorState({ error, retry }: ErrorStateProps) {
  const { common } = useTexts();
  const titles: Record<string, string> = common.errors;
  return (
    <div role="alert" className="flex grow">
      <Empty
        icon={<CloudOff strokeWidth={1.75} />}
        title={titles[error.code ?? ''] ?? common.errors.unknown}
        action={
          <Button icon={<RotateCw size={14} />} onClick={retry}>
            {common.retry}
          </Button>
        }
      >
        {error.detail}
      </Empty>
    </div>
  );
}
