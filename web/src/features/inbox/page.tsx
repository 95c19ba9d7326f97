/**
 * The inbox: list, thread, customer panel.
 *
 * Owns: which conversation is open (the address says it), the place that j and k move, the ticked rows, the shortcuts and what
 * happens after a conversation is done with. Invariants: keys work on the list of ids, never on what happens to be drawn; opening
 * another conversation swaps ids in panes that stay mounted. Absent on purpose: writing (`composer/`, which comes after the thread).
 */
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useParams, useSearch } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import type { Conversation } from '@/api/types';
import { whenIdle } from '@/lib/deferred';
import { useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { usePreference } from '@/lib/prefs';
import { useConversationList } from '@/store/conversation-list';
import { conversations } from '@/store/entities';
import { can, useUser } from '@/store/session';
import { Drawer } from '@/ui/drawer';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { leaves, perform, type Act } from './acts';
import { composer } from './composer/deferred';
import { extras } from './extras';
import { useGo } from './go';
import { useConversation, useMayManage, useMedia } from './hooks';
import { ListPane } from './list';
import { LightboxHost } from './media/host';
import { NowPlaying } from './media/now-playing';
import type { MenuName } from './menus';
import { CustomerPanel } from './panel';
import { advancePreference, panelPreference } from './preferences';
import { inboxSearch, toFilter, type InboxSearch } from './search';
import { advance, extend, nothing, step, toggle } from './selection';
import { Thread } from './thread';
import { ThreadHeader } from './thread-header';

const FILTER_KEYS = ['view', 'status', 'channel', 'label', 'unread', 'q', 'order'] as const;

export function InboxPage() {
  const { inbox: t, templates: words } = useTexts();
  const mayWrite = can(useUser(), 'inbox.reply');
  const { conversationId } = useParams({ strict: false }) as { conversationId?: string };
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const rawKey = JSON.stringify(inboxSearch(raw));
  const search = useMemo(() => JSON.parse(rawKey) as InboxSearch, [rawKey]);
  const filterKey = JSON.stringify(FILTER_KEYS.map((key) => search[key] ?? null));
  // The target of a link changes the address but not the list.
  const filter = useMemo(() => toFilter(search), [filterKey]); // oxlint-disable-line react-hooks/exhaustive-deps
  const list = useConversationList(filter);
  const go = useGo();

  // A conversation that was joined with another goes on under that one's id.
  const openId = conversationId === undefined ? null : conversations.resolve(conversationId);
  const [cursor, setCursor] = useState<string | null>(openId);
  const currentId = openId ?? cursor;
  const [selection, setSelection] = useState(nothing);
  // Rows that are ticked stand in the list that is shown, also after "Back".
  const [tickedIn, setTickedIn] = useState(filterKey);
  if (tickedIn !== filterKey) {
    setTickedIn(filterKey);
    setSelection(nothing);
  }
  const [menu, setMenu] = useState<MenuName | null>(null);
  const [advancing] = usePreference(advancePreference);
  const [panel, setPanel] = usePreference(panelPreference);
  const [sheet, setSheet] = useState(false);
  const wide = useMedia('(width >= 80rem)');
  const mayManage = useMayManage();
  const { conversation, error, retry } = useConversation(openId);
  const known = useKnownLabels(list.ids);
  const newest = useRef<string | null>(null);
  const onSeen = useCallback((id: string | null) => {
    newest.current = id;
  }, []);
  const seen = useCallback(() => newest.current, []);
  useEffect(() => whenIdle(() => extras.warm()), []);

  const open = useCallback(
    (id: string) => {
      setCursor(id);
      go.open(id);
    },
    [go],
  );
  const close = () => {
    setCursor(openId);
    go.close();
  };
  const move = (by: 1 | -1) => {
    const id = step(list.ids, currentId, by);
    if (id === null) return;
    setCursor(id);
    go.open(id, openId !== null);
  };
  const tick = useCallback(
    (id: string, range: boolean) => setSelection((before) => (range ? extend(before, id, list.ids) : toggle(before, id))),
    [list.ids],
  );
  const ticking = selection.ids.size > 0;

  const run = (ids: readonly string[], act: Act) => {
    const next = leaves(act) && openId !== null && ids.length === 1 && ids[0] === openId ? advance(list.ids, openId, advancing) : undefined;
    perform(ids, act);
    // The menu may be gone with its bar before it could say that it closed. Labels are added one after another.
    if (act.type !== 'label' && act.type !== 'labels') setMenu(null);
    if (next === null) close();
    else if (next !== undefined) {
      setCursor(next);
      go.open(next, true);
    }
  };
  const runOpen = (act: Act) => openId !== null && run([openId], act);
  const runTicked = (act: Act) => {
    run([...selection.ids], act);
    if (act.type !== 'label') setSelection(nothing);
  };

  const acting = ticking || (conversation !== undefined && mayManage(conversation));
  const resolve = () => {
    const done = ticking ? search.status === 'resolved' : conversation?.status === 'resolved';
    (ticking ? runTicked : runOpen)({ type: 'status', status: done ? 'open' : 'resolved' });
  };
  const group = t.keys.group;
  useShortcuts([
    { keys: 'j', label: t.keys.next, group, run: () => move(1) },
    { keys: 'k', label: t.keys.previous, group, run: () => move(-1) },
    {
      keys: 'Enter',
      label: t.keys.open,
      group,
      run: () => {
        if (openId !== null) document.querySelector<HTMLElement>('[data-thread]')?.focus();
        else if (currentId !== null) open(currentId);
      },
    },
    { keys: 'Escape', label: t.keys.close, group, run: () => (ticking ? setSelection(nothing) : close()), enabled: ticking || openId !== null },
    { keys: 'e', label: t.keys.resolve, group, run: resolve, enabled: acting },
    { keys: 'a', label: t.keys.assign, group, run: () => setMenu('assign'), enabled: acting },
    { keys: 's', label: t.keys.snooze, group, run: () => setMenu('snooze'), enabled: acting },
    { keys: '#', label: t.keys.label, group, run: () => setMenu('labels'), enabled: acting },
    { keys: 'c', label: words.start.title, group, run: go.write, enabled: mayWrite },
    { keys: 'x', label: t.keys.select, group, run: () => currentId !== null && tick(currentId, false), enabled: currentId !== null },
    { keys: 'shift+x', label: t.keys.range, group, run: () => currentId !== null && tick(currentId, true), enabled: currentId !== null },
  ]);

  // The panel may lag behind j and k; the thread may not.
  const customerId = useDeferredValue(conversation?.customer.id);
  const panelShown = wide ? panel === 'shown' : sheet;
  const customer = customerId !== undefined && openId !== null && (
    <CustomerPanel
      customerId={customerId}
      conversationId={openId}
      onConversation={open}
      onCard={go.card}
      onOpen={(id) => {
        setSheet(false);
        go.customer(id);
      }}
    />
  );

  return (
    <div className="flex h-full min-h-0 w-full min-w-0 flex-col">
      <NowPlaying openId={openId} onOpen={open} />
      <div className="flex min-h-0 flex-1">
        <ListPane
          className={`${openId === null ? 'flex' : 'hidden md:flex'} w-full md:w-76 md:shrink-0 xl:w-84`}
          list={list}
          search={search}
          onSearch={(change) => go.search(change, 'q' in change && search.q !== undefined)}
          onClearFilters={() => go.search({ status: undefined, channel: undefined, label: undefined, unread: undefined, q: undefined })}
          openId={openId}
          currentId={currentId}
          selection={selection}
          known={known}
          menu={ticking ? menu : null}
          setMenu={setMenu}
          run={runTicked}
          onOpen={open}
          onTick={tick}
          onAll={() => setSelection({ ids: new Set(list.ids), anchor: null })}
          onClearSelection={() => setSelection(nothing)}
          onWrite={mayWrite ? go.write : undefined}
        />
        {openId === null ? (
          <div className="hidden min-w-0 flex-1 bg-canvas md:flex">
            <Empty icon={<MessagesSquare />} title={t.empty.nothingOpen}>
              {t.empty.nothingOpenText}
            </Empty>
          </div>
        ) : (
          <section data-pane className="relative flex min-w-0 flex-1 flex-col bg-canvas" aria-label={conversation ? t.thread.label(conversation.customer.name) : t.thread.messages}>
            {error?.status === 404 || error?.status === 403 ? (
              <Empty icon={<MessagesSquare />} title={t.thread.missing}>
                {t.thread.missingText}
              </Empty>
            ) : error ? (
              <ErrorState error={error} retry={retry} />
            ) : (
              <>
                {conversation ? (
                  <ThreadHeader
                    conversation={conversation}
                    mayManage={mayManage(conversation)}
                    known={known}
                    menu={ticking ? null : menu}
                    setMenu={setMenu}
                    run={runOpen}
                    panelShown={panelShown}
                    onPanel={() => (wide ? setPanel(panel === 'shown' ? 'hidden' : 'shown') : setSheet(!sheet))}
                    onBack={close}
                  />
                ) : (
                  <div className="min-h-14 border-b border-line bg-panel" />
                )}
                <Thread conversationId={openId} target={search.m} onSeen={onSeen} />
                {conversation && <WritingPlace conversation={conversation} seen={seen} />}
              </>
            )}
          </section>
        )}
        {wide && panel === 'shown' && customer && (
          <aside aria-label={t.panel.label} className="w-76 shrink-0 overflow-y-auto border-s border-line bg-panel">
            {customer}
          </aside>
        )}
        {!wide && (
          <Drawer open={sheet && Boolean(customer)} onClose={() => setSheet(false)} title={t.thread.customer} label={t.panel.label}>
            {customer}
          </Drawer>
        )}
      </div>
      <LightboxHost />
    </div>
  );
}

/** Where the composer will be; as high as it, so that the thread does not move when it comes. */
function WritingPlace(props: { conversation: Conversation; seen(): string | null }) {
  const parts = composer.useLoaded(true);
  return parts ? <parts.Composer {...props} /> : <div aria-hidden="true" className="h-37 shrink-0 border-t border-line bg-panel" />;
}

/** The labels of the loaded conversations, to choose from. */
function useKnownLabels(ids: readonly string[]): readonly string[] {
  return useMemo(() => [...new Set(ids.flatMap((id) => conversations.get(id)?.labels ?? []))].toSorted(), [ids]);
}
