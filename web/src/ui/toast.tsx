import { Toast as Base } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { texts, useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { Button } from './button';
import { IconButton } from './icon-button';

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

interface Data {
  action?: { label: string; run(): void; shortcut?: string };
}

const manager = Base.createToastManager<Data>();

export function toast({ title, text, tone = 'neutral', action }: ToastInput): void {
  manager.add({
    title,
    description: text,
    type: tone,
    priority: tone === 'danger' ? 'high' : 'low',
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

/** Says that something was done, and lets it be taken back for six seconds: by the button, or by Ctrl+Z for the last one. */
export function undoable(title: string, undo: () => void): void {
  const id = crypto.randomUUID();
  setPending([...pending, { id, undo }]);
  manager.add({
    id,
    title,
    type: 'neutral',
    timeout: UNDO_MS,
    data: { action: { label: texts().common.undo, shortcut: 'mod+z', run: () => takeBack(id) } },
    onClose: () => setPending(pending.filter((entry) => entry.id !== id)),
  });
}

function takeBack(id: string | undefined): void {
  const entry = pending.find((candidate) => candidate.id === id);
  if (!entry) return;
  setPending(pending.filter((candidate) => candidate !== entry));
  manager.close(entry.id);
  entry.undo();
}

const tones: Partial<Record<string, React.ReactNode>> = {
  danger: <CircleAlert size={16} className="mt-0.5 shrink-0 text-danger-text" />,
  ok: <CircleCheck size={16} className="mt-0.5 shrink-0 text-ok-text" />,
};

function List() {
  const { common } = useTexts();
  const { toasts } = Base.useToastManager<Data>();
  const last = useSyncExternalStore(subscribe, () => pending).at(-1);
  useShortcuts([{ keys: 'mod+z', label: common.undo, group: common.general, run: () => takeBack(last?.id), enabled: last !== undefined }]);
  return toasts.map((item) => {
    const action = item.data?.action;
    return (
      <Base.Root
        key={item.id}
        toast={item}
        swipeDirection={['down', 'left', 'right']}
        className="pointer-events-auto w-full rounded-12 border border-line bg-raised text-ink shadow-high transition-[opacity,translate] duration-160 ease-out select-none data-ending-style:opacity-0 data-ending-style:duration-120 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0 sm:w-auto sm:max-w-[28rem] sm:min-w-72"
      >
        <Base.Content className="flex items-start gap-2.5 py-2 ps-3.5 pe-2">
          <span className="flex min-w-0 grow items-start gap-2.5 py-1 max-sm:py-2.5">
            {tones[item.type ?? '']}
            <span className="flex min-w-0 flex-col">
              <Base.Title render={<span />} className="text-13 font-medium" />
              <Base.Description render={<span />} className="text-12 text-ink-2" />
            </span>
          </span>
          {action && (
            <Button
              variant="plain"
              size="sm"
              className="text-accent-text!"
              onClick={() => {
                // In this order: closing forgets what could be taken back.
                action.run();
                manager.close(item.id);
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton size="sm" label={common.close} icon={<X size={14} />} onClick={() => manager.close(item.id)} />
        </Base.Content>
      </Base.Root>
    );
  });
}

/** Where toasts appear. `UiProvider` mounts the only one. */
export function Toaster() {
  const { common } = useTexts();
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport
          aria-label={common.notifications}
          className="pointer-events-none fixed inset-x-3 bottom-[calc(0.75rem+env(safe-area-inset-bottom)+var(--toast-inset,0px))] z-60 flex flex-col-reverse items-center gap-2 outline-none"
        >
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}
