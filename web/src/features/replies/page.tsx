/**
 * Saved replies, for administrators and managers: texts that everybody puts into an answer with a slash.
 *
 * Invariants: a text is checked for variables that nobody fills before it is saved; what somebody else changed meanwhile is
 * never overwritten unseen. Absent on purpose: folders and personal replies.
 */
import { Lock, MessageSquareQuote, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/api/client';
import type { SavedReply } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { deleteSavedReply, refetchSavedReplies, useSavedReplyList } from '@/store/saved-replies';
import { can, useUser } from '@/store/session';
import { Button } from '@/ui/button';
import { Confirm } from '@/ui/confirm';
import { Empty } from '@/ui/empty';
import { ErrorState } from '@/ui/error-state';
import { IconButton } from '@/ui/icon-button';
import { Later, Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import { ReplyForm } from './form';

export function RepliesPage() {
  const t = useTexts().replies;
  if (can(useUser(), 'saved_replies.manage:all')) return <Replies />;
  return (
    <div className="flex h-full bg-panel">
      <Empty page icon={<Lock size={24} strokeWidth={1.75} />} title={t.forbiddenTitle}>
        {t.forbiddenText}
      </Empty>
    </div>
  );
}

function Replies() {
  const t = useTexts().replies;
  const { data, state, error } = useSavedReplyList();
  /** `new`, or the one that is being changed. */
  const [open, setOpen] = useState<SavedReply | 'new' | null>(null);
  const [doomed, setDoomed] = useState<SavedReply | null>(null);
  const remove = async (reply: SavedReply) => {
    try {
      await deleteSavedReply(reply);
      toast({ title: t.deleted(reply.shortcut), tone: 'ok' });
    } catch (fault) {
      toast({ title: t.notDeleted, text: asApiError(fault).detail, tone: 'danger' });
    }
  };
  const add = (
    <Button variant="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setOpen('new')}>
      {t.add}
    </Button>
  );
  return (
    <div className="h-full overflow-y-auto bg-panel">
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-6 sm:px-8">
        <header className="flex flex-wrap items-center gap-3">
          <div className="min-w-0 flex-1 basis-60">
            <h1 className="text-16 font-semibold">{t.title}</h1>
            <p className="text-12 text-pretty text-ink-2">{t.text}</p>
          </div>
          {data !== undefined && data.length > 0 && add}
        </header>
        {data === undefined && error && <ErrorState error={error} retry={refetchSavedReplies} />}
        {data === undefined && state === 'loading' && (
          <Later>
            <Skeleton className="h-40 w-full" />
          </Later>
        )}
        {data?.length === 0 && (
          <Empty icon={<MessageSquareQuote />} title={t.none} action={add}>
            {t.noneText}
          </Empty>
        )}
        {data !== undefined && data.length > 0 && (
          <ul aria-label={t.title} className="divide-y divide-line border-y border-line">
            {data.map((reply) => (
              <li key={reply.id} className="flex items-start gap-3 py-2.5">
                <bdi className="w-32 shrink-0 truncate font-medium max-sm:w-24" title={reply.shortcut}>
                  /{reply.shortcut}
                </bdi>
                <p className="line-clamp-3 min-w-0 flex-1 whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]" dir="auto">
                  {reply.text}
                </p>
                <span className="flex shrink-0">
                  <IconButton label={t.edit(reply.shortcut)} icon={<Pencil size={15} strokeWidth={1.75} />} onClick={() => setOpen(reply)} />
                  <IconButton label={t.delete(reply.shortcut)} icon={<Trash2 size={15} strokeWidth={1.75} />} onClick={() => setDoomed(reply)} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {open !== null && <ReplyForm reply={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
      {doomed && (
        <Confirm
          open
          danger
          title={t.deleteTitle(doomed.shortcut)}
          text={t.deleteText}
          confirm={t.deleteIt}
          onConfirm={() => void remove(doomed)}
          onClose={() => setDoomed(null)}
        />
      )}
    </div>
  );
}
