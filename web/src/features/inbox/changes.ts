/**
 * Changing one or many conversations, with a way back.
 *
 * Owns: the pace of bulk writes, the undo toast and the report of what failed. Invariant: undo writes back exactly the
 * fields that were changed, of the rows where the change went through. The optimistic part is `store/actions`.
 */
import { ApiError } from '@/api/client';
import type { Conversation, ConversationEdit } from '@/api/types';
import { texts } from '@/lib/i18n';
import { patchConversation } from '@/store/actions';
import { conversations } from '@/store/entities';
import { toast, undoable } from '@/ui/toast';

/** The server takes 20 requests a second of a user; the rest of the app needs some of them. */
const BATCH = 5;
const PAUSE_MS = 400;

type Edit = ConversationEdit | ((conversation: Conversation) => ConversationEdit);

/** The edit that brings a row back to what it was before `edit`. */
export function inverse(before: Conversation, edit: ConversationEdit): ConversationEdit {
  const back: ConversationEdit = {};
  if ('status' in edit || 'snoozed_until' in edit) {
    back.status = before.status;
    if (before.status === 'snoozed' && before.snoozed_until) back.snoozed_until = before.snoozed_until;
  }
  if ('assignee' in edit) back.assignee = before.assignee ?? null;
  if ('priority' in edit) back.priority = before.priority ?? null;
  if ('labels' in edit) back.labels = before.labels;
  return back;
}

async function write(edits: ReadonlyMap<string, ConversationEdit>, failure: string, onDone?: () => void): Promise<string[]> {
  const done: string[] = [];
  const all = [...edits];
  let refused: ApiError | null = null;
  for (let start = 0; start < all.length; start += BATCH) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    await Promise.all(
      all.slice(start, start + BATCH).map(async ([id, edit]) => {
        try {
          await patchConversation(id, edit);
          done.push(id);
          onDone?.();
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          refused = error;
        }
      }),
    );
  }
  const error: ApiError | null = refused;
  if (error !== null) {
    const partly = all.length > 1 ? `${texts().inbox.bulk.partly(done.length, all.length)}. ` : '';
    toast({ title: failure, text: partly + (error as ApiError).detail, tone: 'danger' });
  }
  return done;
}

/** Applies `edit` at once and offers to undo it; `title` says what was done to how many. */
export function change(ids: readonly string[], edit: Edit, title: (count: number) => string): void {
  const edits = new Map<string, ConversationEdit>();
  const back = new Map<string, ConversationEdit>();
  for (const id of ids) {
    const row = conversations.get(id);
    if (!row) continue;
    const own = typeof edit === 'function' ? edit(row) : edit;
    edits.set(id, own);
    back.set(id, inverse(row, own));
  }
  if (edits.size === 0) return;
  const t = texts().inbox;
  let said = false;
  const written = write(edits, t.done.failed, () => {
    // Of what failed altogether nothing is said but that.
    if (said) return;
    said = true;
    undoable(title(edits.size), undo);
  });
  const undo = () =>
    void written.then((done) => {
      const undone = new Map(done.map((id) => [id, back.get(id) ?? {}] as const));
      return write(undone, t.done.undoFailed);
    });
}
