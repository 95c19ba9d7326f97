/** Where a message is made: of words, files and a voice; or, where the platform takes nothing else, of a template. */
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { Conversation, DraftKind } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { useDraft } from '@/store/drafts';
import { useForm } from '@/store/forms';
import { attach } from './attach';
import { DropTarget } from './drop-target';
import { forms } from './forms/deferred';
import { sendTemplate, useSend } from './send';
import { templates } from './templates/deferred';
import { Toolbar } from './toolbar';
import { Tray } from './tray';
import { recorder } from './voice/deferred';
import { Writing, type WritingHandle } from './writing';

interface PlaceProps {
  ref: Ref<WritingHandle>;
  conversation: Conversation;
  seen(): string | null;
}

interface WriteProps extends PlaceProps {
  kind: DraftKind;
  /** Nothing may be sent at the moment. */
  blocked: boolean;
  /** Though the window is closed. */
  overrides: boolean;
  onKind(kind: DraftKind): void;
}

export function WritePlace({ ref, conversation, kind, seen, blocked, overrides, onKind }: WriteProps) {
  const { files: t } = useTexts();
  const { id } = conversation;
  const box = useRef<HTMLDivElement>(null);
  const draft = useDraft(id, kind);
  const writing = useRef<WritingHandle>(null);
  useImperativeHandle(ref, () => ({ focus: () => (writing.current ? writing.current.focus() : focusField(box.current)) }), []);
  const form = useForm(id);
  const filling = form !== null && kind === 'reply' && !blocked;
  const parts = forms.useLoaded(filling);
  const send = useSend({ conversation, kind, seen, overrides, blocked });
  const onFiles = (files: readonly File[]) => blocked || attach(files, conversation, kind);
  const chooser = useChooser(conversation, seen, kind === 'reply' && conversation.channel.kind === 'whatsapp');

  const place = `${id} ${kind}`;
  /** The conversation and kind that somebody records for. */
  const [recording, setRecording] = useState<string | null>(null);
  const voice = recorder.useLoaded(recording !== null);
  // Who comes back finds the recording in the tray, not another one that begins.
  useEffect(() => setRecording(null), [place]);
  const endRecording = () => {
    setRecording(null);
    writing.current?.focus();
  };
  if (filling && parts) {
    return (
      <div ref={box} className="max-h-[60dvh] overflow-y-auto p-0.5">
        <parts.FormPlace key={`${id} ${form.kind}`} form={form} conversation={conversation} seen={seen} overrides={overrides} />
      </div>
    );
  }
  return (
    <>
      <Tray conversation={conversation} kind={kind} />
      {voice && recording === place && !blocked && <voice.Recorder key={place} conversation={conversation} kind={kind} onSend={send} onClose={endRecording} />}
      <Writing
        ref={writing}
        conversation={conversation}
        kind={kind}
        blocked={blocked}
        onKind={onKind}
        onSend={() => send()}
        onFiles={onFiles}
        tools={(insert) => (
          <Toolbar
            conversation={conversation}
            kind={kind}
            text={draft.text}
            blocked={blocked}
            insert={insert}
            onSend={send}
            onFiles={onFiles}
            recording={recording === place}
            onRecord={() => setRecording(place)}
            onTemplate={chooser.open}
          />
        )}
      />
      {chooser.dialog}
      {!blocked && <DropTarget label={kind === 'note' ? t.dropNote : t.drop(conversation.customer.name)} onFiles={onFiles} />}
    </>
  );
}

function focusField(box: HTMLElement | null): void {
  box?.querySelector<HTMLElement>('input, textarea')?.focus();
}

/** A template instead of words, where the channel has templates. */
function useChooser(conversation: Conversation, seen: () => string | null, offered: boolean) {
  const { composer, templates: t } = useTexts();
  const [choosing, setChoosing] = useState<string | null>(null);
  const shown = offered && choosing === conversation.id;
  const parts = templates.useLoaded(shown);
  const open = () => setChoosing(conversation.id);
  useShortcuts([{ keys: 't', label: t.insert, group: composer.keys.group, run: open, enabled: offered }]);
  return {
    open: offered ? open : undefined,
    dialog: shown && parts && (
      <parts.TemplateDialog conversation={conversation} onUse={(template, file) => sendTemplate(conversation, template, file, seen())} onClose={() => setChoosing(null)} />
    ),
  };
}

export function TemplatePlace({ ref, conversation, seen }: PlaceProps) {
  const { composer, templates: t } = useTexts();
  const place = useRef<HTMLDivElement>(null);
  const parts = templates.useLoaded(true);
  /** Asked for before the part was here. */
  const wanted = useRef(false);
  const focus = () => {
    const field = place.current?.querySelector('input');
    wanted.current = !field;
    field?.focus();
  };
  useEffect(() => {
    if (parts && wanted.current) focus();
  }, [parts]); // oxlint-disable-line react-hooks/exhaustive-deps
  /** After each one that was sent the list stands again. */
  const [sent, setSent] = useState(0);
  useImperativeHandle(ref, () => ({ focus }), []);
  useShortcuts([{ keys: 't', label: t.insert, group: composer.keys.group, run: focus }]);
  return (
    <div ref={place} className="max-h-[55dvh] min-h-24 overflow-y-auto p-0.5">
      {parts && (
        <parts.TemplatePicker
          key={`${conversation.id} ${sent}`}
          channelId={conversation.channel.id}
          customer={conversation.customer.name}
          replyWindow="closed"
          onUse={(template, file) => {
            sendTemplate(conversation, template, file, seen());
            setSent(sent + 1);
          }}
        />
      )}
    </div>
  );
}
