import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { FileQuestion, RefreshCw, TriangleAlert } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Empty } from '@/ui/empty';
import { linkClass } from '@/ui/styles';

/** How browsers say that a chunk is not there: Chromium, Firefox, Safari, and a page of HTML in its place. */
const NO_CHUNK = /dynamically imported module|importing a module script failed|is not a valid javascript mime type|unable to preload/i;

export function isMissingChunk(error: unknown): boolean {
  return error instanceof Error && NO_CHUNK.test(error.message);
}

const page = 'flex h-full min-h-0 w-full items-center justify-center overflow-y-auto bg-canvas p-4';

/** In place of a page that threw; the frame around it goes on. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const { shell } = useTexts();
  const router = useRouter();
  const reload = (variant: 'primary' | 'quiet') => (
    <Button variant={variant} onClick={() => location.reload()}>
      {shell.reload}
    </Button>
  );
  if (isMissingChunk(error)) {
    return (
      <div role="alert" className={page}>
        <Empty icon={<RefreshCw />} title={shell.newVersionTitle} action={reload('primary')}>
          {shell.newVersionText}
        </Empty>
      </div>
    );
  }
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div role="alert" className={page}>
      <Empty
        icon={<TriangleAlert />}
        title={shell.faultTitle}
        action={
          <span className="flex flex-wrap justify-center gap-2">
            <Button variant="primary" onClick={again}>
              {shell.again}
            </Button>
            {reload('quiet')}
          </span>
        }
      >
        {shell.faultText}
      </Empty>
    </div>
  );
}

export function Missing() {
  const { shell } = useTexts();
  return (
    <main className={`${page} h-dvh`}>
      <Empty
        page
        icon={<FileQuestion />}
        title={shell.missingTitle}
        action={
          <Link to="/inbox" className={linkClass}>
            {shell.toInbox}
          </Link>
        }
      >
        {shell.missingText}
      </Empty>
    </main>
  );
}
