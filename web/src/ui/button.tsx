import type { ComponentProps, ReactNode } from 'react';
import { Spinner } from './spinner';
import { cx } from './styles';

const variants = {
  primary: 'bg-accent text-accent-ink shadow-low not-disabled:hover:bg-accent-hover',
  quiet: 'border border-line bg-raised text-ink shadow-low not-disabled:hover:bg-raised-hover aria-expanded:bg-raised-hover',
  plain: 'text-ink-2 not-disabled:hover:bg-hover not-disabled:hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink',
  danger: 'bg-danger text-danger-ink shadow-low not-disabled:hover:bg-danger-hover',
};

const sizes = {
  md: 'h-control gap-1.5 px-3 text-13',
  sm: 'h-control-sm gap-1 px-2 text-12',
};

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'quiet' | 'plain' | 'danger';
  size?: 'md' | 'sm';
  icon?: ReactNode;
  /** Something is on its way: clicks do nothing, focus stays. */
  busy?: boolean;
}

export function Button({ variant = 'quiet', size = 'md', icon, busy = false, className, children, onClick, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      // A busy button must not submit its form a second time, and `disabled` would drop the focus.
      type={busy ? 'button' : type}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? undefined : onClick}
      className={cx(
        'hit inline-flex shrink-0 items-center justify-center rounded-6 font-medium whitespace-nowrap select-none',
        'transition-[background-color,color,opacity] duration-120 disabled:opacity-50 [&_svg]:shrink-0',
        sizes[size],
        variants[variant],
        className,
      )}
    >
      {busy ? <Spinner size={14} /> : icon}
      {children}
    </button>
  );
}
