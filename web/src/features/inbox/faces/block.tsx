/** The frame that all faces but plain text share: a glyph, a first line, and lines below. */
import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';

interface BlockProps {
  icon: LucideIcon;
  title: ReactNode;
  note?: ReactNode;
  children?: ReactNode;
}

export function Block({ icon: Icon, title, note, children }: BlockProps) {
  return (
    <div className="flex min-w-0 gap-2.5 py-0.5">
      <span className="mt-0.5 flex size-9 shrink-0 items-center justify-center rounded-8 bg-hover text-ink-2" aria-hidden="true">
        <Icon size={18} strokeWidth={1.75} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="font-medium [overflow-wrap:anywhere]" dir="auto">
          {title}
        </div>
        {note !== undefined && note !== null && <div className="text-12 text-ink-2 [overflow-wrap:anywhere]">{note}</div>}
        {children}
      </div>
    </div>
  );
}

export function OutLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex min-h-6 items-center text-13 text-accent-text underline underline-offset-2"
    >
      {children}
    </a>
  );
}

/** A quiet line above the text that says what the text answers. */
export function Lead({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <div className="mb-1 flex min-w-0 items-center gap-1.5 text-12 text-ink-2">
      <Icon size={14} strokeWidth={1.75} className="shrink-0" aria-hidden="true" />
      <span className="min-w-0 [overflow-wrap:anywhere]" dir="auto">
        {children}
      </span>
    </div>
  );
}
