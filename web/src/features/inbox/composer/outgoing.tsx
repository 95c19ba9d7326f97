/** Under a message of ours: what it waits for, and what can be done about it. */
import { useState } from 'react';
import { api, asApiError, take } from '@/api/client';
import type { Message } from '@/api/types';
import { full } from '@/lib/format';
import { type AllTexts, texts, useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { conversations, messages } from '@/store/entities';
import { discard, giveUp, sendAgain, type Unsent } from '@/store/outbox';
import { restoreDraft } from '@/store/drafts';
import { useStoppedChannel } from '@/store/people';
import { useUser } from '@/store/session';
import { useRow } from '@/store/table';
import { useUnsentEntry } from '@/store/unsent';
import { useUpload } from '@/store/uploads';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/confirm';
import { toast } from '@/ui/toast';
import { focusComposer } from './focus';
import { Progress } from './progress';
import { barred, stopOf } from './rules';
import { edit } from './send';

export function Outgoing({ message }: { message: Message }) {
  const user = useUser();
  const entry = useUnsentEntry(message.id);
  const conversation = useRow(conversations, message.conversation_id);
  if (message.version === 0) return entry ? <Waiting entry={entry} /> : null;
  if (message.direction !== 'out' || !conversation || message.deleted_at) return null;
  return <Given message={message} channelId={conversation.channel.id} may={barred(user, conversation) === null} />;
}

const line = 'mt-0.5 flex max-w-[min(85%,36rem)] flex-wrap items-center justify-end gap-x-2 gap-y-1 px-1 text-12';

/** Not with the server yet. */
function Waiting({ entry }: { entry: Unsent }) {
  const { composer: t, files, inbox } = useTexts();
  const { refusal, client_id, tries } = entry;
  if (!refusal) {
    if (entry.file && !entry.posted) return <Uploading entry={entry} />;
    return tries > 0 && <Later />;
  }
  const back = () => {
    const taken = discard(client_id);
    if (taken) edit(taken);
  };
  return (
    <div className={`${line} text-danger-text`} role="alert">
      <span className="[overflow-wrap:anywhere]">
        {inbox.message.status.failed} · {own<string>(t.refusals, refusal.code) ?? own<string>(files.faults, refusal.code) ?? refusal.detail}
      </span>
      <Button size="sm" onClick={() => sendAgain(client_id, refusal.override ? { override_window: true } : {})}>
        {refusal.override ? t.window.sendAnyway : t.retry}
      </Button>
      {!entry.template && (
        <Button size="sm" variant="plain" onClick={back}>
          {t.edit}
        </Button>
      )}
      <Button size="sm" variant="plain" onClick={() => giveUp(client_id)}>
        {t.discard}
      </Button>
    </div>
  );
}

function Later() {
  return (
    <p role="status" className={`${line} text-ink-2`}>
      {useTexts().composer.waiting}
    </p>
  );
}

/** Its file is on its way; until it is there, nothing was sent. */
function Uploading({ entry }: { entry: Unsent }) {
  const { composer, files: t } = useTexts();
  const upload = useUpload(entry.client_id);
  const { name, size } = entry.file ?? { name: '', size: 0 };
  const sent = upload?.sent ?? 0;
  if (upload?.state === 'ready') return entry.tries > 0 && <Later />;
  return (
    <div className={`${line} text-ink-2`}>
      <span className="min-w-36">
        {entry.tries > 0 ? <span role="status">{composer.waiting}</span> : t.progress(size > 0 ? Math.min(100, Math.floor((sent / size) * 100)) : 0)}
        <Progress label={t.uploading(name)} sent={sent} size={size} />
      </span>
      <Button size="sm" variant="plain" onClick={() => giveUp(entry.client_id)}>
        {t.cancel}
      </Button>
    </div>
  );
}

/** With the server: scheduled, failed, held, or nobody knows. */
function Given({ message, channelId, may }: { message: Message; channelId: string; may: boolean }) {
  const t = useTexts().composer;
  const { busy, retry, takeBack } = useChange(message);
  const [sure, setSure] = useState(false);
  const { status, send_at } = message;
  // While its channel is stopped, another try would only be held again.
  const stuck = useStoppedChannel(channelId) !== undefined && status === 'held';
  if (status === 'queued' && send_at) {
    return (
      <div className={`${line} text-ink-2`}>
        <bdi>{t.scheduledFor(full(send_at))}</bdi>
        {may && (
          <Button size="sm" variant="plain" busy={busy} onClick={() => void takeBack(true)}>
            {t.takeBack}
          </Button>
        )}
      </div>
    );
  }
  if (status !== 'failed' && status !== 'held' && status !== 'uncertain') return null;
  const why = status === 'uncertain' ? t.uncertain : status === 'held' ? heldBy(message, t) : null;
  return (
    <div className={`${line} ${status === 'failed' ? 'text-danger-text' : 'text-lamp-text'}`}>
      {why !== null && <span className="[overflow-wrap:anywhere]">{why}</span>}
      {may && (
        <>
          {!stuck && (
            <Button size="sm" busy={busy} onClick={() => (status === 'uncertain' ? setSure(true) : void retry())}>
              {status === 'uncertain' ? t.sendAgain : t.retry}
            </Button>
          )}
          <Button size="sm" variant="plain" busy={busy} onClick={() => void takeBack()}>
            {status === 'uncertain' ? t.notAgain : t.discard}
          </Button>
        </>
      )}
      {sure && <Confirm open title={t.sureTitle} text={t.sureText} confirm={t.sendAgain} onConfirm={() => void retry(true)} onClose={() => setSure(false)} />}
    </div>
  );
}

/** Only a stopped channel holds; who can put that right is said with it. */
function heldBy({ error }: Message, t: AllTexts['composer']): string {
  const stop = error ? stopOf(error.code) : null;
  return stop ? t.stops[stop] : (error?.title ?? t.held);
}

/** What can be asked of the server for a message of ours; a no is said in a toast. */
export function useChange(message: Message) {
  const [busy, setBusy] = useState(false);
  const ask = async (run: () => Promise<void>) => {
    setBusy(true);
    try {
      await run();
    } catch (caught) {
      const error = asApiError(caught);
      const t = texts().composer;
      toast({ title: t.notDone, text: own<string>(t.refusals, error.code) ?? error.detail, tone: 'danger' });
    } finally {
      setBusy(false);
    }
  };
  const params = { path: { id: message.id } };
  return {
    busy,
    retry: (sure = false) =>
      ask(async () => {
        messages.put([await take(api.POST('/api/v1/messages/{id}/retry', { params, body: sure ? { sure } : {} }))]);
      }),
    /** `editing`: its text goes back to where it was written. */
    takeBack: (editing = false) =>
      ask(async () => {
        await take(api.DELETE('/api/v1/messages/{id}', { params }));
        const { id, conversation_id, text, reply_to } = message;
        // The event has the same; this is only sooner. The next version is the one that is deleted.
        messages.put([{ ...message, text: null, deleted_at: new Date().toISOString(), version: (messages.base(id) ?? message).version + 1 }]);
        if (!editing || !text) return;
        restoreDraft(conversation_id, 'reply', text, reply_to?.message_id ?? null);
        focusComposer(conversation_id, 'reply');
      }),
  };
}
