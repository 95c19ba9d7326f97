/** The text area. Its text is the draft; a keystroke draws this and nothing around it. */
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { api } from '@/api/client';
import type { Conversation, DraftKind } from '@/api/types';
import { sendKeyPreference } from '@/lib/composing';
import { useTexts } from '@/lib/i18n';
import { usePreference } from '@/lib/prefs';
import { signal } from '@/live/live';
import { saveDrafts, useDraft, writeDraft } from '@/store/drafts';
import { Textarea } from '@/ui/textarea';
import { cx } from '@/ui/styles';
import { askedAt, inserted } from './rules';
import { type Asked, optionId, SuggestionList, useSuggestions } from './suggestions';

export interface WritingHandle {
  focus(): void;
}

interface WritingProps {
  ref: Ref<WritingHandle>;
  conversation: Conversation;
  kind: DraftKind;
  blocked: boolean;
  onKind(kind: DraftKind): void;
  onSend(): void;
  onFiles(files: readonly File[]): void;
  tools(insert: (what: string) => void): ReactNode;
}

export function Writing({ ref, conversation, kind, blocked, onKind, onSend, onFiles, tools }: WritingProps) {
  const t = useTexts().composer;
  const { id } = conversation;
  const { text } = useDraft(id, kind);
  const area = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const [sendKey] = usePreference(sendKeyPreference);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [current, setCurrent] = useState(0);
  const suggestions = useSuggestions(asked, conversation);
  const open = asked !== null && suggestions.length > 0;
  const list = useId();
  const typed = useTyping(id, kind);

  useImperativeHandle(ref, () => ({ focus: () => area.current?.focus() }), []);
  useEffect(() => setAsked(null), [id, kind]);
  useLayoutEffect(() => {
    // React puts the caret to the end of a text that it changes.
    if (caret.current !== null) area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text]);

  const look = (element: HTMLTextAreaElement) => {
    const next = element.selectionStart === element.selectionEnd ? askedAt(element.value, element.selectionStart, kind === 'note') : null;
    setAsked((before) => (before?.from === next?.from && before?.query === next?.query ? before : next));
    setCurrent(0);
  };
  const put = (from: number, to: number, what: string) => {
    const next = inserted(text, from, to, what);
    caret.current = next.caret;
    setAsked(null);
    writeDraft(id, kind, { text: next.text });
    area.current?.focus();
  };
  const insert = (what: string) => put(area.current?.selectionStart ?? text.length, area.current?.selectionEnd ?? text.length, what);
  const choose = (index: number) => {
    const suggestion = suggestions[index];
    if (!suggestion || !asked) return;
    suggestion.chosen?.();
    put(asked.from, asked.from + asked.query.length + 1, suggestion.insert);
  };

  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // 229: some browsers say so instead of isComposing for the key that ends a composition.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const mod = event.ctrlKey || event.metaKey;
    if (open && !mod && !event.altKey && listKey(event.key)) {
      event.preventDefault();
      return;
    }
    if (event.altKey && !mod && (event.code === 'KeyL' || event.code === 'KeyP')) {
      event.preventDefault();
      onKind(event.code === 'KeyL' ? 'reply' : 'note');
    } else if (event.key === 'Escape') {
      document.querySelector<HTMLElement>('[data-thread]')?.focus();
    } else if (event.key === 'Enter' && (mod || (sendKey === 'enter' && !event.shiftKey && !event.altKey && !byThumb()))) {
      event.preventDefault();
      onSend();
    }
  };
  /** Keys that the list takes while it is open. */
  const listKey = (key: string): boolean => {
    if (key === 'ArrowDown' || key === 'ArrowUp') setCurrent((at) => (at + (key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length);
    else if (key === 'Enter' || key === 'Tab') choose(current);
    else if (key === 'Escape') setAsked(null);
    else return false;
    return true;
  };

  return (
    <div className="relative">
      {open && <SuggestionList id={list} sign={asked.sign} suggestions={suggestions} current={current} onChoose={choose} />}
      <Textarea
        ref={area}
        rows={2}
        value={text}
        disabled={blocked}
        aria-label={kind === 'note' ? t.noteField : t.replyField}
        placeholder={blocked ? t.blocked : kind === 'note' ? t.notePlaceholder : byThumb() ? t.replyPlaceholderShort : sendKey === 'enter' ? t.replyPlaceholder : t.replyPlaceholderMod}
        aria-autocomplete="list"
        aria-controls={open ? list : undefined}
        aria-activedescendant={open ? optionId(list, current) : undefined}
        dir="auto"
        className={cx('max-h-[calc(10lh_+_0.875rem)]! text-14 leading-[1.45]', kind === 'note' && 'border-lamp')}
        onChange={(event) => {
          writeDraft(id, kind, { text: event.currentTarget.value });
          typed(event.currentTarget.value);
          look(event.currentTarget);
        }}
        onSelect={(event) => look(event.currentTarget)}
        onBlur={() => {
          setAsked(null);
          saveDrafts();
        }}
        onKeyDown={keyDown}
        onPaste={(event) => {
          const { files, types } = event.clipboardData;
          // Offices put a picture of what was copied beside its text; there the text is meant.
          if (files.length === 0 || types.includes('text/plain')) return;
          event.preventDefault();
          onFiles([...files]);
        }}
      />
      {tools(insert)}
    </div>
  );
}

/** On a phone Enter is the only way to a new line; the button sends. */
const byThumb = () => matchMedia('(pointer: coarse)').matches && matchMedia('(width < 48rem)').matches;

/** So often the customer's own app is told; it shows it for about as long. */
const TELL_MS = 20_000;

/** Tells colleagues that somebody writes, and the customer where it is for them. */
function useTyping(conversation: string, kind: DraftKind): (text: string) => void {
  const told = useRef(0);
  useEffect(() => {
    told.current = 0;
    return () => signal(`conversation:${conversation}`, 'typing.stopped');
  }, [conversation]);
  return (text) => {
    signal(`conversation:${conversation}`, text === '' ? 'typing.stopped' : 'typing.started');
    if (kind === 'note' || text === '' || Date.now() - told.current < TELL_MS) return;
    told.current = Date.now();
    // A courtesy: whether it arrives is of no interest.
    api.POST('/api/v1/conversations/{id}/typing', { params: { path: { id: conversation } } }).catch(() => undefined);
  };
}
