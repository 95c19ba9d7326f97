import type { ReactNode } from 'react';

interface EmptyProps {
  icon: ReactNode;
  title: string;
  /** Where it is the page: its title is the page's heading. */
  page?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing to show: why, and the next step. */
export function Empty({ icon, title, page, children, action }: EmptyProps) {
  const Title = page ? 'h1' : 'p';
  return (
    <div className="m-auto flex max-w-80 flex-col items-center gap-1 px-6 py-10 text-center">
      <span aria-hidden className="mb-2 flex size-11 items-center justify-center rounded-12 bg-ink/6 text-ink-3 [&_svg]:size-5">
        {icon}
      </span>
      <Title className="text-14 font-medium text-balance">{title}</Title>
      {children && <div className="text-13 text-pretty text-ink-2">{children}</div>}
      {action && <div className="pt-3">{action}</div>}
    </div>
  );
}
