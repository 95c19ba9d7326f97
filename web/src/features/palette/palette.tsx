/**
 * The command palette (Ctrl/Cmd+K).
 *
 * Owns: its dialog, the search through the API, and the order of groups. What it offers besides comes from the shell (pages,
 * general commands, what was opened last) and from the registry of shortcuts (commands of the page behind it).
 * Invariants: a choice closes the palette first and runs then, so that whatever it opens gets the focus; the answer to
 * an older query is never shown. Absent on purpose: a memory of queries, nested commands.
 */
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { keyLabel } from '@/lib/keys';
import { Kbd } from '@/ui/kbd';
import { Spinner } from '@/ui/spinner';
import { backdrop, centredPopup } from '@/ui/styles';
import { type Entry, type EntryGroup, type Offer, useEntries, type Visited } from './entries';
import { useSearchResults } from './search';

interface PaletteProps {
  open: boolean;
  onClose(): void;
  pages: readonly Offer[];
  commands: readonly Offer[];
  recent: readonly Visited[];
}

export function Palette({ open, onClose, ...sources }: PaletteProps) {
  const { palette } = useTexts();
  // Opened again while it still fades out, it is a new one all the same.
  const [opening, setOpening] = useState({ open, count: 0 });
  if (opening.open !== open) setOpening({ open, count: opening.count + (open ? 1 : 0) });
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Viewport className="fixed inset-0 z-40 flex items-start justify-center px-2 pt-[max(0.5rem,11dvh)] pb-2 max-sm:pt-2">
          <Dialog.Popup aria-label={palette.title} className={`${centredPopup} flex max-h-[min(34rem,100%)] w-full max-w-xl flex-col overflow-hidden`}>
            <Content key={opening.count} onClose={onClose} {...sources} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Mounted with each opening, so that every one starts empty. */
function Content({ onClose, ...sources }: Omit<PaletteProps, 'open'>) {
  const { palette } = useTexts();
  const [query, setQuery] = useState('');
  const found = useSearchResults(query);
  const groups = useEntries({ query, found, ...sources });
  const count = groups.reduce((sum, group) => sum + group.items.length, 0);
  const searching = found.state === 'searching';

  const choose = (entry: Entry) => {
    onClose();
    // After the dialog has given the focus back; else it would take it away from what the command opens.
    setTimeout(entry.run);
  };

  return (
    <Autocomplete.Root open inline mode="none" autoHighlight="always" keepHighlight items={groups} value={query} onValueChange={setQuery} itemToStringValue={(entry: Entry) => entry.label}>
      <div className="flex shrink-0 items-center gap-2.5 border-b border-line px-4">
        <span className="flex text-ink-3">{searching ? <Spinner size={18} /> : <Search size={18} strokeWidth={1.75} aria-hidden />}</span>
        <Autocomplete.Input
          aria-label={palette.title}
          placeholder={palette.placeholder}
          dir="auto"
          className="h-13 min-w-0 grow bg-transparent text-16 outline-none"
        />
        <Dialog.Close className="hit flex min-h-6 items-center rounded-6" aria-label={`${keyLabel('Escape').join()}: ${palette.close}`}>
          <Kbd keys="Escape" />
        </Dialog.Close>
      </div>
      <div className="min-h-0 grow overflow-y-auto overscroll-contain p-2">
        {found.state === 'failed' && (
          <p role="alert" className="mb-1 rounded-6 bg-danger-soft px-2 py-1.5 text-12 text-danger-text">
            {palette.failed}
          </p>
        )}
        <Autocomplete.Empty>
          {!searching && count === 0 && (
            <div className="px-6 py-10 text-center">
              <p className="text-14 font-medium">
                <bdi>{palette.none(query.trim())}</bdi>
              </p>
              <p className="text-13 text-ink-2">{palette.noneText}</p>
            </div>
          )}
        </Autocomplete.Empty>
        <Autocomplete.List>
          {(group: EntryGroup) => (
            <Autocomplete.Group key={group.value} items={group.items} className="not-last:mb-2">
              <Autocomplete.GroupLabel className="px-2 pt-1 pb-0.5 text-11 font-semibold text-ink-3">{group.value}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(entry: Entry) => (
                  <Autocomplete.Item
                    key={entry.id}
                    value={entry}
                    onClick={() => choose(entry)}
                    className="flex min-h-9 items-center gap-2.5 rounded-6 px-2 py-1 outline-none select-none scroll-my-2 max-sm:min-h-11 data-highlighted:bg-accent-soft"
                  >
                    <span className="flex w-7 shrink-0 justify-center text-ink-2">{entry.icon}</span>
                    <span className="flex min-w-0 grow items-baseline gap-2">
                      <bdi className="max-w-[60%] shrink-0 truncate text-13 font-medium">{entry.label}</bdi>
                      {entry.note && <bdi className="min-w-0 truncate text-12 text-ink-3">{entry.note}</bdi>}
                    </span>
                    {entry.keys && <Kbd keys={entry.keys} />}
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </div>
      <footer className="flex shrink-0 items-center gap-4 border-t border-line bg-panel px-4 py-2 text-11 text-ink-3 max-sm:hidden">
        <Hint keys="ArrowUp ArrowDown">{palette.move}</Hint>
        <Hint keys="Enter">{palette.choose}</Hint>
        <Hint keys="Escape">{palette.close}</Hint>
        <Autocomplete.Status className="ms-auto tabular-nums">{searching ? palette.searching : palette.results(count)}</Autocomplete.Status>
      </footer>
    </Autocomplete.Root>
  );
}

function Hint({ keys, children }: { keys: string; children: ReactNode }) {
  return (
    <span aria-hidden className="flex items-center gap-1">
      <Kbd keys={keys} />
      {children}
    </span>
  );
}
