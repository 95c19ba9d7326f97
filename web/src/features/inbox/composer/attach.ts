/** Files on their way from the disk, the clipboard or the pointer into the tray; what the channel won't take is said at once. */
import type { Conversation, DraftKind } from '@/api/types';
import { announce } from '@/lib/announce';
import { bytes } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { addToTray, readTray } from '@/store/tray';
import { toast } from '@/ui/toast';
import { focusComposer } from './focus';
import { judge, type Verdict } from './limits';

/** In one message: more is a mistake of the hand, or a folder. */
const MOST_FILES = 20;

export function attach(files: readonly File[], conversation: Conversation, kind: DraftKind): void {
  const t = texts().files;
  const refused: string[] = [];
  let taken = 0;
  for (const file of files) {
    const type = file.type || 'application/octet-stream';
    const verdict = judge({ type, size: file.size }, conversation.channel.kind, kind === 'note');
    if ('refused' in verdict) refused.push(`${file.name}: ${reasonOf(verdict)}`);
    else if (readTray(conversation.id, kind).length >= MOST_FILES) refused.push(`${file.name}: ${t.tooMany(MOST_FILES)}`);
    else {
      taken += 1;
      const name = file.name || t.unnamed;
      void addToTray(conversation.id, kind, file, { name, type, size: file.size, kind: verdict.kind, voice: false }).then(sayUnkept);
    }
  }
  if (refused.length > 0) toast({ title: t.refused(refused.length), text: refused.join(' '), tone: 'danger' });
  if (taken === 0) return;
  announce(t.attached(taken));
  focusComposer(conversation.id, kind);
}

export function sayUnkept(kept: boolean): void {
  const t = texts().files;
  if (!kept) toast({ title: t.unkept, text: t.unkeptText });
}

/** Why, and what would do. */
export function reasonOf(verdict: Extract<Verdict, { refused: string }>): string {
  const t = texts().files;
  if (verdict.refused === 'size') return t.tooLarge(t.kinds[verdict.kind], bytes(verdict.most));
  return verdict.refused === 'empty' ? t.empty : t.wrongType;
}
