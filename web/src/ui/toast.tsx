/**
 * Toasts: what was done, and how to take it back.
 *
 * Owns: the queue until the popups' chunk shows it, and what Ctrl+Z takes back. Invariant: nothing said is lost because the
 * chunk is not here yet. How toasts look and how long they stay is in `popups/toasts`.
 */
import { useSyncExternalStore } from 'react';
import { texts, useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { popups } from './deferred';

/** Long enough to read and to reach for Ctrl+Z; the clock stands still while the pointer or the focus is on a toast. */
const UNDO_MS = 6000;
const PLAIN_MS = 4000;
const DANGER_MS = 9000;

type Tone = 'neutral' | 'danger' | 'ok';

interface ToastInput {
  title: string;
  text?: string;
  tone?: Tone;
  action?: { label: string; run(): void };
}

export interface ToastData {
  action?: { label: string; run(): void; shortcut?: string };
}

interface Entry {
  id: string;
  title: string;
  description?: string;
  type: Tone;
  timeout: number;
  data: ToastData;
  onClose?(): void;
}

/** Who shows them. */
interface Screen {
  add(entry: Entry): void;
  close(id: string): void;
}

let screen: Screen | null = null;
let waiting: readonly Entry[] = [];

/** From now on toasts are shown there, first those that waited; until the returned function is called. */
export function showOn(next: Screen): () => void {
  screen = next;
  for (const entry of waiting) next.add(entry);
  waiting = [];
  return () => {
    screen = null;
  };
}

function add(entry: Entry): void {
  if (screen) {
    screen.add(entry);
    return;
  }
  waiting = [...waiting, entry];
  popups.warm();
}

function close(id: string): void {
  waiting = waiting.filter((entry) => entry.id !== id);
  screen?.close(id);
}

export function toast({ title, text, tone = 'neutral', action }: ToastInput): void {
  add({
    id: crypto.randomUUID(),
    title,
    description: text,
    type: tone,
    timeout: tone === 'danger' || action ? DANGER_MS : PLAIN_MS,
    data: { action },
  });
}

/** What can still be taken back, the last one last. */
let pending: readonly { id: string; undo(): void }[] = [];
const listeners = new Set<() => void>();

function setPending(next: typeof pending): void {
  pending = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says that something was done, and lets it be taken back for a while: by the button, or by Ctrl+Z for the last one. */
export function undoable(title: string, undo: () => void, timeout = UNDO_MS): void {
  const id = crypto.randomUUID();
  setPending([...pending, { id, undo }]);
  add({
    id,
    title,
    type: 'neutral',
    timeout,
    data: { action: { label: texts().common.undo, shortcut: 'mod+z', run: () => takeBack(id) } },
    onClose: () => setPending(pending.filter((entry) => entry.id !== id)),
  });
}

/** When somebody signs out: the next person in this tab takes nothing back. */
export function dropUndo(): void {
  const dropped = pending;
  setPending([]);
  for (const { id } of dropped) close(id);
}

function takeBack(id: string | undefined): void {
  const entry = pending.find((candidate) => candidate.id === id);
  if (!entry) return;
  setPending(pending.filter((candidate) => candidate !== entry));
  close(entry.id);
  entry.undo();
}

/** Where toasts appear. `UiProvider` mounts the only one. */
export function Toaster() {
  const { common } = useTexts();
  const last = useSyncExternalStore(subscribe, () => pending).at(-1);
  const parts = popups.useReady();
  useShortcuts([{ keys: 'mod+z', label: common.undo, group: common.general, run: () => takeBack(last?.id), enabled: last !== undefined }]);
  return parts && <parts.ToastList />;
}
