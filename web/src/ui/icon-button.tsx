import type { ComponentProps, ReactNode } from 'react';
import { joinProps } from './props';
import { cx } from './styles';
import { type TooltipText, useTooltip } from './tooltip';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** The accessible name, shown as tooltip too. */
  label: string;
  /** In the notation of `lib/keys`; shown in the tooltip, registered elsewhere. */
  shortcut?: string;
  icon: ReactNode;
  /** For a button that switches something on and off. */
  pressed?: boolean;
  size?: 'md' | 'sm';
  /** Where the tooltip goes. */
  side?: TooltipText['side'];
}

export function IconButton({ label, shortcut, icon, pressed, size = 'md', side, className, type = 'button', ...rest }: IconButtonProps) {
  const tooltip = useTooltip({ text: label, shortcut, side });
  return (
    <button
      {...joinProps(rest, tooltip)}
      type={type}
      aria-label={label}
      aria-pressed={pressed}
      className={cx(
        'hit inline-flex shrink-0 items-center justify-center rounded-6 text-ink-2 transition-colors duration-120',
        'not-disabled:hover:bg-hover not-disabled:hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink',
        'aria-pressed:bg-accent-soft aria-pressed:text-accent-text disabled:opacity-45',
        size === 'md' ? 'size-control' : 'size-control-sm',
        className,
      )}
    >
      {icon}
    </button>
  );
}
