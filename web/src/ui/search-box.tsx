import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { IconButton } from './icon-button';
import { Kbd } from './kbd';
import { control, cx } from './styles';

const DEBOUNCE_MS = 200;

interface SearchBoxProps {
  label: string;
  value: string;
  /** Called 200 ms after the last key, at once when cleared. */
  onChange(value: string): void;
  /** Puts the focus here; registered by the box itself. */
  shortcut?: string;
  className?: string;
}

export function SearchBox({ label, value, onChange, shortcut, className }: SearchBoxProps) {
  const { common } = useTexts();
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // What the owner was told and has not shown yet, after what it shows: a busy owner comes to an older one when a newer one is
  // on its way. Only another value than these came from elsewhere (a link, "Back", a reset) and is shown.
  const sent = useRef([value]);
  const change = useRef(onChange);

  useEffect(() => {
    change.current = onChange;
  });
  useEffect(() => {
    const known = sent.current.indexOf(value);
    sent.current = known < 0 ? [value] : sent.current.slice(known);
    if (known >= 0) return;
    clearTimeout(timer.current);
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  useShortcuts(shortcut ? [{ keys: shortcut, label, group: common.search, run: () => input.current?.select() }] : []);

  const send = (next: string) => {
    clearTimeout(timer.current);
    if (next === sent.current.at(-1)) return;
    sent.current.push(next);
    change.current(next);
  };
  const type = (next: string, composing: boolean) => {
    setText(next);
    clearTimeout(timer.current);
    if (!composing) timer.current = setTimeout(() => send(next), DEBOUNCE_MS);
  };
  const clear = () => {
    setText('');
    send('');
    input.current?.focus();
  };

  return (
    <div role="search" className={cx('relative flex min-w-0 items-center', className)}>
      <Search size={14} strokeWidth={1.75} aria-hidden className="pointer-events-none absolute start-2.5 text-ink-3" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={(event) => type(event.target.value, event.nativeEvent instanceof InputEvent && event.nativeEvent.isComposing)}
        onCompositionEnd={(event) => type(event.currentTarget.value, false)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') send(text);
          if (event.key === 'Escape' && text) {
            // The first Escape belongs to the box, the second to whatever it stands in.
            event.stopPropagation();
            event.preventDefault();
            clear();
          }
        }}
        className={cx(control, 'peer w-full min-w-0 ps-8 pe-8')}
      />
      {text ? (
        <IconButton size="sm" label={common.clearSearch} icon={<X size={14} />} onClick={clear} className="absolute end-1 size-6" />
      ) : (
        shortcut && (
          <span className="pointer-events-none absolute end-2 flex peer-focus:opacity-0 max-sm:hidden">
            <Kbd keys={shortcut} />
          </span>
        )
      )}
    </div>
  );
}
