import type { ReactNode } from 'react';
import { cx } from './styles';

const tones = {
  neutral: 'bg-ink/7 text-ink-2',
  accent: 'bg-accent-soft text-accent-text',
  lamp: 'bg-lamp-soft text-lamp-text',
  danger: 'bg-danger-soft text-danger-text',
  ok: 'bg-ok-soft text-ok-text',
};

interface PillProps {
  tone?: keyof typeof tones;
  icon?: ReactNode;
  children: ReactNode;
}

/** A short state or label. Says it in words; the tone only repeats it. */
export function Pill({ tone = 'neutral', icon, children }: PillProps) {
  return (
    <span className={cx('inline-flex h-5 max-w-full min-w-0 items-center gap-1 rounded-6 px-1.5 text-11 font-medium forced-colors:border', tones[tone])}>
      {icon && <span className="flex shrink-0">{icon}</span>}
      <span className="truncate">{children}</span>
    </span>
  );
}
