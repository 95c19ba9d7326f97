/**
 * Writing to somebody first, over any page (`?write=new` or `?write=<customer>`).
 *
 * Owns: from which number, to which, and what. Invariants: whatever was tried before an answer came is tried again under the same
 * `client_id`, so that a lost answer makes no second message; with the answer the conversation is opened. Absent on purpose:
 * Messenger and Instagram, where only customers begin.
 */
import { useEffect, useRef, useState } from 'react';
import { ApiError, api, asApiError, take, uuid } from '@/api/client';
import type { Channel, Customer, TemplateUse } from '@/api/types';
import { channelName, phone } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { conversations, customers } from '@/store/entities';
import { useChannelList } from '@/store/people';
import { useRow } from '@/store/table';
import { forgetUpload, uploadFile } from '@/store/uploads';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { ErrorState } from '@/ui/error-state';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { Select } from '@/ui/select';
import { Later, Skeleton } from '@/ui/skeleton';
import { Tabs } from '@/ui/tabs';
import { Textarea } from '@/ui/textarea';
import { measure } from '../composer/rules';
import { StoppedBar } from '../composer/stopped-bar';
import { TemplatePicker, type Use } from '../composer/templates';
import { e164 } from './number';

interface StartProps {
  /** Whom to write to; null: somebody new. */
  customerId: string | null;
  onClose(): void;
  onStarted(conversation: string): void;
}

export function StartDialog({ customerId, onClose, onStarted }: StartProps) {
  const t = useTexts().templates.start;
  const { data, error, retry } = useChannelList();
  const channels = data?.filter(({ kind, confirmed }) => kind === 'whatsapp' && confirmed);
  return (
    <Dialog open wide onClose={onClose} title={t.title}>
      {channels === undefined ? (
        error ? (
          <ErrorState error={error} retry={retry} />
        ) : (
          <Later>
            <Skeleton className="h-40" />
          </Later>
        )
      ) : channels.length === 0 ? (
        <p className="text-13 text-ink-2">{t.noChannels}</p>
      ) : (
        <Form channels={channels} customerId={customerId} onStarted={onStarted} />
      )}
    </Dialog>
  );
}

type What = 'template' | 'text';
type Message = { text: string } | { template: TemplateUse };

function Form({ channels, customerId, onStarted }: { channels: readonly Channel[]; customerId: string | null; onStarted(conversation: string): void }) {
  const t = useTexts().templates.start;
  const customer = useCustomer(customerId);
  const [written, setWritten] = useState<string | null>(null);
  const [channelId, setChannelId] = useState(channels[0]?.id ?? '');
  const [what, setWhat] = useState<What>('template');
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<{ field: 'number' | 'text' | null; text: string } | null>(null);
  const { busy, start } = useStart(onStarted);
  const number = written ?? (customer?.phone ? phone(customer.phone) : '');
  const { used, limit } = measure(text.trim(), 'whatsapp', false);

  const send = async (message: () => Promise<Message>) => {
    const recipient = e164(number);
    if (recipient === null) {
      setWrong({ field: 'number', text: t.toWrong });
      return;
    }
    setWrong(null);
    try {
      await start(channelId, recipient, await message());
    } catch (caught) {
      setWrong({ field: null, text: `${t.failed}: ${reasonOf(asApiError(caught))}` });
    }
  };
  const sendTemplate: Use = ({ id, parameters, file_for }, file) =>
    void send(async () => {
      if (file === null || file_for === null) return { template: { id, parameters } };
      const file_id = await uploadFile(file.key);
      void forgetUpload(file.key);
      return { template: { id, parameters: { ...parameters, [file_for]: { file_id } } } };
    });
  const sendText = () => {
    if (text.trim() === '') setWrong({ field: 'text', text: t.empty });
    else void send(() => Promise.resolve({ text: text.trim() }));
  };
  return (
    <div className="flex flex-col gap-4" aria-busy={busy}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t.to} hint={t.toHint} error={wrong?.field === 'number' ? wrong.text : undefined}>
          <Input autoFocus type="tel" dir="ltr" autoComplete="off" value={number} onChange={(event) => setWritten(event.currentTarget.value)} />
        </Field>
        <Select label={t.channel} value={channelId} onChange={setChannelId} items={channels.map((channel) => ({ value: channel.id, label: channelName(channel) }))} />
      </div>
      <StoppedBar channelId={channelId} />
      <Tabs<What>
        label={t.kind}
        value={what}
        onChange={setWhat}
        items={[
          { value: 'template', label: t.template },
          { value: 'text', label: t.text },
        ]}
      />
      {wrong?.field === null && (
        <p role="alert" className="rounded-8 bg-danger-soft px-2.5 py-1.5 text-12 text-danger-text">
          {wrong.text}
        </p>
      )}
      {what === 'template' ? (
        <TemplatePicker key={channelId} channelId={channelId} customer={customer?.name ?? ''} replyWindow="unknown" onUse={sendTemplate} />
      ) : (
        <div className="flex flex-col items-end gap-2">
          <div className="w-full">
            <Field label={t.message} hint={t.textHint} error={wrong?.field === 'text' ? wrong.text : undefined}>
              <Textarea rows={4} dir="auto" value={text} onChange={(event) => setText(event.currentTarget.value)} />
            </Field>
          </div>
          <Button variant="primary" busy={busy} disabled={used > limit} onClick={sendText}>
            {t.send}
          </Button>
        </div>
      )}
    </div>
  );
}

/** In the server's words for the field, where it names one. */
function reasonOf({ problem, detail }: ApiError): string {
  return problem?.errors?.[0]?.detail ?? detail;
}

function useStart(onStarted: (conversation: string) => void) {
  const [busy, setBusy] = useState(false);
  const last = useRef({ what: '', client_id: '' });
  const start = async (channel_id: string, recipient: string, message: Message) => {
    if (busy) return;
    const what = JSON.stringify([channel_id, recipient, message]);
    if (last.current.what !== what) last.current = { what, client_id: uuid() };
    setBusy(true);
    try {
      const body = { channel_id, recipient, message: { client_id: last.current.client_id, ...message } };
      const row = await take(api.POST('/api/v1/conversations', { body }));
      conversations.put([row]);
      onStarted(row.id);
    } finally {
      setBusy(false);
    }
  };
  return { busy, start };
}

/** Somebody whom no list has loaded is fetched; without an answer the number is written by hand. */
function useCustomer(id: string | null): Customer | undefined {
  const row = useRow(customers, id);
  const absent = id !== null && row === undefined;
  useEffect(() => {
    if (!absent || id === null) return;
    take(api.GET('/api/v1/customers/{id}', { params: { path: { id } } })).then(
      (customer) => customers.put([customer]),
      () => undefined,
    );
  }, [absent, id]);
  return row;
}
