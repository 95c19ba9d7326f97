/** A form in the place of the text area, with sending now or later. */
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { ArrowLeft, SendHorizontal } from 'lucide-react';
import type { Conversation } from '@/api/types';
import { announce } from '@/lib/announce';
import { useTexts } from '@/lib/i18n';
import { useDraft } from '@/store/drafts';
import { closeForm, type Form, writeForm } from '@/store/forms';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { focusComposer } from '../focus';
import { type Send, sendContent } from '../send';
import { SendLater } from '../send-later';
import { ButtonsForm } from './buttons';
import { ContactForm } from './contact';
import { checked, hasText, mostButtons } from './content';
import { ListForm } from './list';
import { LocationForm } from './location';
import { Preview } from './preview';
import { TextAbove } from './text-above';

interface FormPlaceProps {
  form: Form;
  conversation: Conversation;
  seen(): string | null;
  /** Though the window is closed. */
  overrides: boolean;
}

export function FormPlace({ form, conversation, seen, overrides }: FormPlaceProps) {
  const t = useTexts().forms;
  const { id, channel } = conversation;
  const { text } = useDraft(id, 'reply');
  const place = useFirstField();
  const result = checked(form, text, channel.kind);
  const fault = 'fault' in result ? t.faults[result.fault] : null;
  const close = () => {
    closeForm(id);
    focusComposer(id, 'reply');
  };
  const send: Send = ({ at } = {}) => {
    if ('fault' in result) announce(t.faults[result.fault]);
    else if (sendContent(conversation, result.content, { text: hasText(form.kind) ? text.trim() : null, at, seen, overrides })) close();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <form ref={place} aria-label={t.kinds[form.kind]} onSubmit={submit} className="@container flex flex-col gap-2">
      <div className="sticky -top-0.5 z-10 bg-panel pt-0.5 pb-1">
        <div className="flex items-center gap-2">
          <IconButton label={t.close} icon={<ArrowLeft size={16} className="rtl:-scale-x-100" />} onClick={close} />
          <p className="min-w-0 flex-1 truncate text-14 font-semibold">{t.kinds[form.kind]}</p>
          <SendLater disabled={fault !== null} onSend={send} />
          <Button type="submit" variant="primary" disabled={fault !== null} icon={<SendHorizontal size={15} strokeWidth={1.75} aria-hidden="true" className="rtl:-scale-x-100" />}>
            {t.send}
          </Button>
        </div>
        <p role="status" className="mt-1 min-h-4 text-12 text-ink-2">
          {fault}
        </p>
      </div>
      {hasText(form.kind) ? (
        <div className="grid gap-4 @[34rem]:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-3">
            <TextAbove conversation={conversation} kind={form.kind} />
            <Fields form={form} conversation={conversation} />
          </div>
          <Preview form={form} text={text} />
        </div>
      ) : (
        <Fields form={form} conversation={conversation} />
      )}
    </form>
  );
}

function Fields({ form, conversation }: Pick<FormPlaceProps, 'form' | 'conversation'>): ReactNode {
  const change = (next: Form) => writeForm(conversation.id, next);
  switch (form.kind) {
    case 'location':
      return <LocationForm form={form} onChange={change} />;
    case 'contact':
      return <ContactForm form={form} onChange={change} />;
    case 'buttons':
      return <ButtonsForm form={form} most={mostButtons(conversation.channel.kind)} onChange={change} />;
    case 'list':
      return <ListForm form={form} onChange={change} />;
  }
}

/** At once, and once more when the menu that opened the form has given the focus back. */
function useFirstField() {
  const place = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const focus = () => place.current?.querySelector<HTMLElement>('input, textarea')?.focus();
    focus();
    const frame = requestAnimationFrame(focus);
    return () => cancelAnimationFrame(frame);
  }, []);
  return place;
}
