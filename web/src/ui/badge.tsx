import { cx } from './styles';

const tones = {
  lamp: 'bg-lamp text-lamp-ink',
  neutral: 'bg-ink/7 text-ink-2',
  accent: 'bg-accent text-accent-ink',
  danger: 'bg-danger text-danger-ink',
};

interface BadgeProps {
  count: number;
  /** The whole sentence for those who don't see it: "6 unread messages". */
  label: string;
  tone?: keyof typeof tones;
}

/** How many wait. Nothing at zero. */
export function Badge({ count, label, tone = 'lamp' }: BadgeProps) {
  if (count <= 0) return null;
  return (
    <span className={cx('inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full px-1 text-11 font-semibold tabular-nums forced-colors:border', tones[tone])}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
