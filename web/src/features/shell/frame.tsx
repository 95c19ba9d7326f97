/**
 * The frame around every signed-in page.
 *
 * Owns: the session gate, navigation, the connection's state, document titles, the shortcuts that hold everywhere, and
 * what lies over any page: palette, cheat sheet, the customer's drawer (`?c=`), writing first (`?write=`). Invariants: the live connection and the outbox run exactly
 * while somebody is signed in; a page that throws leaves the frame standing. Absent on purpose: any knowledge of what a page
 * shows; pages are given a box that fills the rest of the screen and scroll by themselves.
 */
import { Outlet, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { openAlertsWith } from '@/live/alerts';
import { start, stop } from '@/live/live';
import { startOutbox, stopOutbox } from '@/store/outbox';
import { hasLeft, useSession, useUserId } from '@/store/session';
import { Later } from '@/ui/skeleton';
import { Spinner } from '@/ui/spinner';
import { dropUndo } from '@/ui/toast';
import { BottomBar } from './bottom-bar';
import { CheatSheet } from './cheat-sheet';
import { chunks, warm } from './chunks';
import { useCommands } from './commands';
import { Connection } from './connection';
import { NewVersion } from './new-version';
import { usePages } from './pages';
import { Rail } from './rail';
import { forgetRecent, useRecent, visited } from './recent';
import { Splash } from './splash';
import { useNoStrayDrops } from './stray-drops';
import { usePageTitle } from './title';
import { useRefusals } from './unsent';

const Palette = lazy(() => chunks.palette().then(({ Palette: it }) => ({ default: it })));
const StartDialog = lazy(() => chunks.start().then(({ StartDialog: it }) => ({ default: it })));
const CustomerDrawer = lazy(() => chunks.drawer().then(({ CustomerDrawer: it }) => ({ default: it })));

/** Signed out: to the sign-in page, and back here afterwards, unless somebody wanted to leave. */
export function SignedIn() {
  const session = useSession();
  const userId = useUserId();
  const router = useRouter();
  useEffect(() => {
    if (userId === null) return;
    start();
    startOutbox(userId);
    return () => {
      stop();
      stopOutbox();
      forgetRecent();
      dropUndo();
    };
  }, [userId]);
  useEffect(() => {
    // Read when it happens, not while rendering: this page still stands while the next one comes, under its address.
    const { href, pathname } = router.state.location;
    if (session !== 'out' || pathname === '/login') return;
    void router.navigate({ to: '/login', search: hasLeft() ? {} : { to: href }, replace: true });
  }, [session, router]);
  // Another person gets another frame, with nothing of this one's in its state.
  return userId === null ? <Splash /> : <Frame key={userId} />;
}

/** What `?write=` says in place of a customer's id: somebody new. */
const NOBODY = 'new';

function idIn(from: unknown, key: string): string | null {
  const value = typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

function Frame() {
  const { shell } = useTexts();
  const navigate = useNavigate();
  const pages = usePages();
  const recent = useRecent();
  const [over, setOver] = useState<'palette' | 'shortcuts' | null>(null);
  const [paletteUsed, setPaletteUsed] = useState(false);
  const main = useRef<HTMLElement>(null);
  const search: unknown = useSearch({ strict: false });
  const customer = idIn(search, 'c');
  const write = idIn(search, 'write');
  const conversation = idIn(useParams({ strict: false }), 'conversationId');
  const close = () => setOver(null);
  const openPalette = () => {
    setPaletteUsed(true);
    setOver('palette');
  };
  const togglePalette = () => (over === 'palette' ? close() : openPalette());
  const commands = useCommands(() => setOver('shortcuts'));

  usePageTitle(conversation, customer);
  useNoStrayDrops();
  const show = useCallback((id: string) => void navigate({ to: '/inbox/$conversationId', params: { conversationId: id }, search: {} }), [navigate]);
  useEffect(() => openAlertsWith(show), [show]);
  useRefusals(conversation, show);
  useEffect(() => {
    if (conversation) visited({ kind: 'conversation', id: conversation });
  }, [conversation]);
  useEffect(() => {
    if (customer) visited({ kind: 'customer', id: customer });
  }, [customer]);
  useEffect(() => {
    // When the first page stands, what a shortcut may open next is fetched, so that it opens at once.
    const timer = setTimeout(() => {
      warm('palette');
      warm('drawer');
    }, 3000);
    return () => clearTimeout(timer);
  }, []);

  const jumps = pages.map(({ id, keys, icon, to }) => ({ label: shell[id], keys, icon, run: () => void navigate({ to }) }));
  useShortcuts([
    { keys: 'mod+k', label: shell.openPalette, group: shell.general, run: togglePalette },
    { keys: '?', label: shell.openShortcuts, group: shell.general, run: () => setOver('shortcuts') },
    ...jumps.map(({ keys, label, run }) => ({ keys, label, group: shell.goTo, run })),
  ]);

  return (
    <div className="grid h-dvh grid-cols-[auto_minmax(0,1fr)] grid-rows-[minmax(0,1fr)] bg-canvas text-13 text-ink max-sm:grid-cols-1 max-sm:grid-rows-[minmax(0,1fr)_auto] print:block print:h-auto">
      <a
        href="#main"
        onClick={(event) => {
          // The fragment would become part of the page's address.
          event.preventDefault();
          main.current?.focus();
        }}
        className="sr-only z-50 rounded-6 bg-accent px-3 py-2 font-medium text-accent-ink focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
      >
        {shell.skip}
      </a>
      <Rail onSearch={openPalette} onShortcuts={() => setOver('shortcuts')} />
      <main ref={main} id="main" tabIndex={-1} className="relative min-h-0 min-w-0 overflow-hidden outline-none print:overflow-visible">
        <Suspense fallback={<PageComing />}>
          <Outlet />
        </Suspense>
      </main>
      <BottomBar onSearch={openPalette} />
      <Connection />
      <NewVersion />
      {customer !== null && (
        <Suspense fallback={null}>
          <CustomerDrawer id={customer} onClose={() => void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, c: undefined }) })} />
        </Suspense>
      )}
      {write !== null && (
        <Suspense fallback={null}>
          <StartDialog
            customerId={write === NOBODY ? null : write}
            onClose={() => void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, write: undefined }) })}
            onStarted={show}
          />
        </Suspense>
      )}
      {paletteUsed && (
        <Suspense fallback={null}>
          <Palette
            open={over === 'palette'}
            onClose={close}
            pages={jumps}
            commands={commands}
            recent={recent}
          />
        </Suspense>
      )}
      <CheatSheet open={over === 'shortcuts'} onClose={close} />
    </div>
  );
}

function PageComing() {
  return (
    <Later>
      <div className="flex h-full items-center justify-center text-ink-3">
        <Spinner size={20} />
      </div>
    </Later>
  );
}
