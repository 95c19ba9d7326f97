import { keyLabel } from '@/lib/keys';
import { cx } from './styles';

/** A shortcut, one box a key. Hidden from assistive technology: the control itself says `aria-keyshortcuts` or its name. */
export function Kbd({ keys, inverse = false }: { keys: string; inverse?: boolean }) {
  return (
    <span aria-hidden className="inline-flex shrink-0 gap-0.5">
      {keyLabel(keys).map((key, index) => (
        <kbd
          key={index}
          className={cx(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-[4px] border px-1 font-sans text-11 font-medium',
            inverse ? 'border-panel/25 text-panel' : 'border-line bg-panel text-ink-3',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
