import { LayoutTemplate } from 'lucide-react';
import { useMemo } from 'react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { conversations, messages } from '@/store/entities';
import { useRow } from '@/store/table';
import { costNote, windowAt } from '../cost';
import { Lead } from './block';

/** What of ours was approved before: of which kind, and what Meta charges for it. */
export function TemplateLead({ message }: { message: Message }) {
  const t = useTexts().templates;
  const note = useCostNote(message);
  const category = message.template?.category;
  const cost = note === null || note === 'depends' ? null : note === 'free' ? t.free : t.charged;
  return (
    <Lead icon={LayoutTemplate}>
      <span title={note ? t.costs[note] : undefined}>{[t.sent, category && (own<string>(t.categories, category) ?? category), cost].filter(Boolean).join(' · ')}</span>
    </Lead>
  );
}

function useCostNote({ conversation_id, sent_at, status, template }: Message) {
  const expires = useRow(conversations, conversation_id)?.window_expires_at;
  return useMemo(() => {
    // What is not delivered costs nothing, and what waits may wait until the window is another one.
    if (!template || status === 'failed' || status === 'held' || status === 'queued') return null;
    const heard = [...messages.values()].filter((one) => one.direction === 'in' && one.conversation_id === conversation_id);
    return costNote(template.category, windowAt(Date.parse(sent_at), expires, heard.map((one) => Date.parse(one.sent_at))));
  }, [conversation_id, sent_at, status, template, expires]);
}
