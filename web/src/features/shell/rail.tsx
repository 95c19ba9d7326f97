import { Link } from '@tanstack/react-router';
import { Keyboard, Search } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { useCounts } from '@/store/counts';
import { useUser } from '@/store/session';
import { Avatar } from '@/ui/avatar';
import { Badge } from '@/ui/badge';
import { IconButton } from '@/ui/icon-button';
import { Logo } from '@/ui/logo';
import { Tooltip } from '@/ui/tooltip';
import { RailBell } from './bell';
import { type Page, usePages } from './pages';

const square =
  'relative flex size-10 items-center justify-center rounded-8 text-ink-2 transition-colors duration-120 hover:bg-hover hover:text-ink ' +
  'data-[status=active]:bg-accent-soft data-[status=active]:text-accent-text';

function RailLink({ page }: { page: Page }) {
  const { shell } = useTexts();
  const user = useUser();
  const unread = useCounts()?.unread ?? 0;
  const label = shell[page.id];
  const waiting = page.id === 'inbox' && unread > 0;
  const Icon = page.icon;
  return (
    <Tooltip text={label} shortcut={page.keys} side="inline-end">
      <Link to={page.to} activeOptions={{ includeSearch: false }} onPointerEnter={page.warm} onFocus={page.warm} className={square}>
        {page.id === 'profile' ? <Avatar name={user.name} size={28} /> : <Icon size={19} strokeWidth={1.75} aria-hidden />}
        <span className="sr-only">{label}</span>
        {waiting && (
          <span className="absolute -end-1 -top-1">
            <Badge count={unread} label={shell.waiting(unread)} tone="lamp" />
          </span>
        )}
      </Link>
    </Tooltip>
  );
}

/** The navigation of wide screens: icons at the start side, the person at the foot. */
export function Rail({ onSearch, onShortcuts }: { onSearch(): void; onShortcuts(): void }) {
  const { shell } = useTexts();
  const pages = usePages();
  return (
    <nav
      aria-label={shell.navigation}
      className="flex w-14 flex-col items-center gap-1 overflow-y-auto border-e border-line bg-canvas py-2 max-sm:hidden print:hidden"
    >
      <Link to="/inbox" className="mb-2 rounded-8" aria-label={shell.product}>
        <Logo />
      </Link>
      {pages.map((page) => page.id !== 'profile' && <RailLink key={page.id} page={page} />)}
      <span className="grow" />
      <RailBell />
      <IconButton label={shell.search} shortcut="mod+k" side="inline-end" icon={<Search size={19} strokeWidth={1.75} />} onClick={onSearch} className="size-10 rounded-8" />
      <IconButton label={shell.shortcuts} shortcut="?" side="inline-end" icon={<Keyboard size={19} strokeWidth={1.75} />} onClick={onShortcuts} className="size-10 rounded-8" />
      {pages.map((page) => page.id === 'profile' && <RailLink key={page.id} page={page} />)}
    </nav>
  );
}
