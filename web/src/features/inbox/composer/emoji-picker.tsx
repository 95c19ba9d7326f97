/** A small grid of emoji with a search. The arrows walk through it, Enter puts one in. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Smile } from 'lucide-react';
import { useLang, useTexts } from '@/lib/i18n';
import { IconButton } from '@/ui/icon-button';
import { Input } from '@/ui/input';
import { Popover } from '@/ui/popover';
import { emojiIn, type EmojiRow, searched } from './emoji';

const COLUMNS = 8;

export function EmojiButton({ disabled, onPick }: { disabled: boolean; onPick(emoji: string): void }) {
  const t = useTexts().composer;
  const [open, setOpen] = useState(false);
  const pick = (emoji: string) => {
    setOpen(false);
    // After the popup has given the focus back to its button: from there it goes into the text.
    setTimeout(() => onPick(emoji), 0);
  };
  return (
    <Popover
      label={t.emoji}
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton label={t.emoji} disabled={disabled} icon={<Smile size={17} strokeWidth={1.75} />} />}
    >
      <EmojiGrid onPick={pick} />
    </Popover>
  );
}

export function EmojiGrid({ onPick }: { onPick(emoji: string): void }) {
  const t = useTexts().composer;
  const [lang] = useLang();
  const [all, setAll] = useState<readonly EmojiRow[]>([]);
  const [query, setQuery] = useState('');
  const [current, setCurrent] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let left = false;
    // A chunk that does not come leaves the grid empty; the keyboard of the system has them too.
    emojiIn(lang).then((rows) => !left && setAll(rows), () => undefined);
    return () => {
      left = true;
    };
  }, [lang]);
  const shown = searched(all, query);

  const go = (index: number) => {
    const to = Math.max(0, Math.min(shown.length - 1, index));
    setCurrent(to);
    grid.current?.querySelectorAll<HTMLElement>('button')[to]?.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    const side = document.documentElement.dir === 'rtl' ? -1 : 1;
    const steps: Partial<Record<string, number>> = { ArrowRight: side, ArrowLeft: -side, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(current + step);
  };

  return (
    <div className="flex w-76 max-w-full flex-col gap-2">
      <Input
        type="search"
        aria-label={t.emojiSearch}
        placeholder={t.emojiSearch}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setCurrent(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && shown[0]) onPick(shown[0][0]);
          else if (event.key === 'ArrowDown') {
            event.preventDefault();
            go(0);
          }
        }}
      />
      <div ref={grid} role="group" aria-label={t.emoji} onKeyDown={keyDown} className="grid max-h-56 grid-cols-8 overflow-y-auto p-0.5">
        {shown.map(([emoji, name], index) => (
          <button
            key={emoji}
            type="button"
            aria-label={name}
            title={name}
            tabIndex={index === current ? 0 : -1}
            onClick={() => onPick(emoji)}
            className="flex aspect-square items-center justify-center rounded-6 text-20 hover:bg-hover focus-visible:-outline-offset-2"
          >
            {emoji}
          </button>
        ))}
      </div>
      {all.length > 0 && shown.length === 0 && <p role="status" className="pb-2 text-center text-12 text-ink-2">{t.emojiNone}</p>}
    </div>
  );
}
