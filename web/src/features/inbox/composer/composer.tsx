/** What stands under a thread: the window, the text area, and what can be done with the text. */
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { Lock } from 'lucide-react';
import type { Conversation, DraftKind } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { useNow } from '@/live/clock';
import { loadDrafts, saveDrafts, useDraft } from '@/store/drafts';
import { useUser } from '@/store/session';
import { Tabs } from '@/ui/tabs';
import { cx } from '@/ui/styles';
import { takeFocus } from './focus';
import { NewerReply } from './newer-reply';
import { TemplatePlace, WritePlace } from './places';
import { ReplyChip } from './reply-chip';
import { barred, sendingAt } from './rules';
import { StoppedBar } from './stopped-bar';
import { WindowBar } from './window-bar';
import type { WritingHandle } from './writing';

export interface ComposerProps {
  conversation: Conversation;
  /** The newest message that was before the eyes. */
  seen(): string | null;
}

const CLOCK_MS = 15_000;

export function Composer(props: ComposerProps) {
  const { conversation } = props;
  const t = useTexts().composer;
  const user = useUser();
  const sending = sendingAt(conversation, useNow(CLOCK_MS));
  const bar = barred(user, conversation);
  if (bar === 'never') return <Sentence>{t.mayNot}</Sentence>;
  if (bar === 'others') return <Sentence>{t.mayNotOthers(conversation.assignee?.name ?? '')}</Sentence>;
  if (sending.mode === 'unsupported') return <Sentence>{t.unsupported}</Sentence>;
  return <Box {...props} />;
}

function Sentence({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-center justify-center gap-1.5 border-t border-line bg-panel px-4 py-3 text-center text-13 text-ink-2">
      <Lock size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
      <span>{children}</span>
    </p>
  );
}

function Box({ conversation, seen }: ComposerProps) {
  const t = useTexts().composer;
  const { id } = conversation;
  const [kind, setKind] = useState<DraftKind>('reply');
  /** The conversation whose closed window somebody wants to try nevertheless. */
  const [override, setOverride] = useState<string | null>(null);
  const draft = useDraft(id, kind);
  const sending = sendingAt(conversation, useNow(CLOCK_MS));
  const writing = useRef<WritingHandle>(null);
  const note = kind === 'note';
  const closed = !note && (sending.mode === 'template' || sending.mode === 'closed');
  const blocked = closed && override !== id;

  // Another conversation begins with a reply; what was begun in the one that is left is saved.
  const [shown, setShown] = useState(id);
  if (shown !== id) {
    setShown(id);
    setKind('reply');
    setOverride(null);
  }
  useEffect(() => {
    // Without an answer there is what this browser has; the next visit asks again.
    loadDrafts(id).catch(() => undefined);
    return saveDrafts;
  }, [id]);

  const write = (next: DraftKind) => {
    setKind(next);
    // At once, or the next key would be a shortcut; and once more for a text area that is opened just now.
    writing.current?.focus();
    requestAnimationFrame(() => writing.current?.focus());
  };
  useEffect(() => takeFocus({ conversation: id, focus: write }), [id]);
  const insist = () => {
    setOverride(id);
    write('reply');
  };
  const box = useRef<HTMLElement>(null);
  useRoomForToasts(box);
  useShortcuts([
    { keys: 'alt+l', label: t.keys.reply, group: t.keys.group, run: () => write('reply') },
    { keys: 'alt+p', label: t.keys.note, group: t.keys.group, run: () => write('note') },
    { keys: 'r', label: t.keys.reply, group: t.keys.group, run: () => write('reply') },
    { keys: 'n', label: t.keys.note, group: t.keys.group, run: () => write('note') },
  ]);

  return (
    <section ref={box} aria-label={t.label} data-composer className={cx('border-t px-3 pt-2 pb-2.5 transition-colors duration-120', note ? 'border-lamp bg-lamp-soft' : 'border-line bg-panel')}>
      {!note && <StoppedBar channelId={conversation.channel.id} className="mb-2" />}
      {!note && <WindowBar sending={sending} overridden={override === id} onOverride={insist} />}
      <div className="mb-2 flex items-center gap-2">
        <Tabs<DraftKind>
          label={t.kind}
          value={kind}
          onChange={write}
          items={[
            { value: 'reply', label: t.reply },
            { value: 'note', label: t.note },
          ]}
        />
        {note && <span className="truncate text-12 text-lamp-text">{t.noteHint}</span>}
      </div>
      {draft.reply_to !== null && !note && <ReplyChip conversationId={id} messageId={draft.reply_to} />}
      {blocked && sending.mode === 'template' ? (
        <TemplatePlace ref={writing} conversation={conversation} seen={seen} />
      ) : (
        <WritePlace ref={writing} conversation={conversation} kind={kind} seen={seen} blocked={blocked} overrides={closed && override === id} onKind={write} />
      )}
      <NewerReply conversationId={id} />
    </section>
  );
}

/** Toasts stand above the text, also while it grows. */
function useRoomForToasts(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const { style } = document.documentElement;
    const place = () => style.setProperty('--toast-inset', `${Math.max(0, innerHeight - element.getBoundingClientRect().top)}px`);
    const observer = new ResizeObserver(place);
    observer.observe(element);
    addEventListener('resize', place);
    return () => {
      observer.disconnect();
      removeEventListener('resize', place);
      style.removeProperty('--toast-inset');
    };
  }, [box]);
}
