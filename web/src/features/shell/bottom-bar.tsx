import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '@/lib/i18n';
import { useCounts } from '@/store/counts';
import { Badge } from '@/ui/badge';
import { Menu } from '@/ui/menu';
import { BarBell } from './bell';
import { type Page, pageAt, usePages } from './pages';

const place =
  'flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 px-0.5 text-11 font-medium text-ink-2 ' +
  'data-[status=active]:text-accent-text aria-expanded:text-accent-text focus-visible:-outline-offset-2';

function Face({ icon, label }: { icon: ReactNode; label: string }) {
  return (
    <>
      <span className="relative flex">{icon}</span>
      <span className="max-w-full truncate">{label}</span>
    </>
  );
}

function BarLink({ page }: { page: Page }) {
  const { shell } = useTexts();
  const unread = useCounts()?.unread ?? 0;
  const Icon = page.icon;
  const icon = (
    <>
      <Icon size={20} strokeWidth={1.75} aria-hidden />
      {page.id === 'inbox' && unread > 0 && (
        <span className="absolute start-3 -top-1.5">
          <Badge count={unread} label={shell.waiting(unread)} tone="lamp" />
        </span>
      )}
    </>
  );
  return (
    <Link to={page.to} activeOptions={{ includeSearch: false }} className={place}>
      <Face icon={icon} label={shell[page.id]} />
    </Link>
  );
}

/** The navigation of phones: four places with their names, the rest behind "More" if there is a rest. */
export function BottomBar({ onSearch }: { onSearch(): void }) {
  const { shell } = useTexts();
  const pages = usePages();
  const navigate = useNavigate();
  const current = pageAt(useLocation({ select: ({ pathname }) => pathname }));
  const rest = pages.filter(({ id }) => id === 'replies' || id === 'deliveries' || id === 'profile');
  const inRest = rest.some(({ id }) => id === current);
  return (
    <nav
      aria-label={shell.navigation}
      className="flex h-[calc(3.5rem+env(safe-area-inset-bottom))] border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] sm:hidden print:hidden"
    >
      {pages.map((page) => !rest.includes(page) && <BarLink key={page.id} page={page} />)}
      <button type="button" onClick={onSearch} className={place}>
        <Face icon={<Search size={20} strokeWidth={1.75} aria-hidden />} label={shell.searchShort} />
      </button>
      <BarBell className={place} />
      {rest.length === 1 && rest.map((page) => <BarLink key={page.id} page={page} />)}
      {rest.length > 1 && (
        <Menu
          label={shell.more}
          trigger={
            <button type="button" data-status={inRest ? 'active' : undefined} className={place}>
              <Face icon={<Ellipsis size={20} strokeWidth={1.75} aria-hidden />} label={shell.more} />
            </button>
          }
          items={rest.map((page) => ({
            label: shell[page.id],
            icon: <page.icon size={16} strokeWidth={1.75} />,
            onSelect: () => void navigate({ to: page.to }),
          }))}
        />
      )}
    </nav>
  );
}
