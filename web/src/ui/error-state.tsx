import { CloudOff, RotateCw } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
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
  const title = own<string>(common.errors, error.code ?? '') ?? common.errors.unknown;
  return (
    <div role="alert" className="flex grow">
      <Empty
        icon={<CloudOff strokeWidth={1.75} />}
        title={title}
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
