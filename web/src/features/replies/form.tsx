import { useState } from 'react';
import { ApiError, asApiError } from '@/api/client';
import type { SavedReply } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { addSavedReply, changeSavedReply, refetchSavedReplies, useSavedReplyList } from '@/store/saved-replies';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { Textarea } from '@/ui/textarea';
import { checkName, checkText, type Fault, VARIABLES } from './check';

/** A new reply, or a change of one. */
export function ReplyForm({ reply, onClose }: { reply: SavedReply | null; onClose(): void }) {
  const { replies: t, common } = useTexts();
  const { data = [] } = useSavedReplyList();
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '');
  const [text, setText] = useState(reply?.text ?? '');
  const [faults, setFaults] = useState<{ name: Fault | null; text: Fault | null }>({ name: null, text: null });
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const said = (fault: Fault | null) => (fault === null ? undefined : typeof fault === 'string' ? t.faults[fault] : t.unknownVariable(fault.unknown));

  const save = async () => {
    const others = data.filter(({ id }) => id !== reply?.id).map((other) => other.shortcut);
    const name = shortcut.trim().replace(/^\//, '');
    const found = { name: checkName(name, others), text: checkText(text) };
    setFaults(found);
    if (found.name !== null || found.text !== null) return;
    setBusy(true);
    setFailure(null);
    try {
      const body = { shortcut: name, text: text.trim() };
      await (reply ? changeSavedReply(reply, body) : addSavedReply(body));
      onClose();
    } catch (caught) {
      const error = asApiError(caught);
      setFailure(error);
      // What it is now stands in the list behind.
      if (error.code === 'version_conflict') refetchSavedReplies();
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={reply ? t.editTitle : t.addTitle}
      actions={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button variant="primary" busy={busy} onClick={() => void save()}>
            {common.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t.name} hint={t.nameHint} error={said(faults.name)}>
          <Input value={shortcut} autoComplete="off" autoCapitalize="none" onChange={(event) => setShortcut(event.currentTarget.value)} />
        </Field>
        <Field label={t.body} hint={t.bodyHint(VARIABLES.map((name) => `{{${name}}}`).join(', '))} error={said(faults.text)}>
          <Textarea rows={5} value={text} dir="auto" onChange={(event) => setText(event.currentTarget.value)} />
        </Field>
        {failure && (
          <p role="alert" className="text-12 text-danger-text">
            {failure.code === 'version_conflict' ? t.conflict : failure.detail}
          </p>
        )}
      </div>
    </Dialog>
  );
}
