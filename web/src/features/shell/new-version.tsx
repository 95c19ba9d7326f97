import { useRouter } from '@tanstack/react-router';
import { RefreshCw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { loadNewBuild, useNewBuild } from '@/live/build';
import { useLive } from '@/live/live';
import { IconButton } from '@/ui/icon-button';
import { isBusy } from './busy';
import { pageAt } from './pages';

/**
 * The server has been renewed. The page loads itself anew when somebody goes to another one, never before: not within a
 * list, not over a text half typed, and not while the server may not answer.
 */
export function NewVersion() {
  const { shell } = useTexts();
  const router = useRouter();
  const there = useNewBuild();
  const live = useLive().state === 'live';
  const [hidden, setHidden] = useState(false);
  useEffect(() => {
    if (!there || !live) return;
    return router.subscribe('onBeforeNavigate', ({ fromLocation, toLocation }) => {
      if (!fromLocation || pageAt(fromLocation.pathname) === pageAt(toLocation.pathname) || isBusy()) return;
      // The address is written a moment later; the page to load is the new one.
      router.history.flush();
      loadNewBuild();
    });
  }, [there, live, router]);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-3 bottom-3 z-30 flex justify-center max-sm:bottom-[calc(4.25rem+env(safe-area-inset-bottom))] print:hidden">
      {there && !hidden && (
        <div className="pointer-events-auto flex max-w-full items-center gap-2 rounded-8 border border-line bg-raised py-1 ps-3 pe-1 text-12 text-ink-2 shadow-high">
          <RefreshCw size={14} aria-hidden className="shrink-0 text-accent-text" />
          <span className="min-w-0">{shell.newVersion}</span>
          <button type="button" onClick={loadNewBuild} className="hit min-h-6 shrink-0 rounded-6 px-1 font-medium text-accent-text hover:underline">
            {shell.reload}
          </button>
          <IconButton size="sm" label={shell.hideNewVersion} icon={<X size={14} />} onClick={() => setHidden(true)} />
        </div>
      )}
    </div>
  );
}
