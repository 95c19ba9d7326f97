import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { cx } from './styles';

/** The outline of what is about to come. Give it the size of the real thing and put it into a `Later`. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={cx('animate-pulse rounded-6 bg-ink/8', className)} />;
}

const DELAY_MS = 200;

/** Shows its children after 200 ms: what arrives sooner never flashes a skeleton. */
export function Later({ children }: { children: ReactNode }) {
  const { common } = useTexts();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <>
      <span role="status" className="sr-only">
        {common.loading}
      </span>
      {children}
    </>
  );
}
