import { Keyboard, LogOut, type LucideIcon, SunMoon } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { useTheme } from '@/lib/theme';
import { signOut } from '@/store/session';
import { toast } from '@/ui/toast';

export interface Command {
  label: string;
  icon: LucideIcon;
  keys?: string;
  run(): void;
}

/** What the palette offers on every page. */
export function useCommands(showShortcuts: () => void): Command[] {
  const { shell } = useTexts();
  const [, setTheme] = useTheme();
  return [
    { label: shell.toggleTheme, icon: SunMoon, run: () => setTheme(document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark') },
    { label: shell.openShortcuts, icon: Keyboard, keys: '?', run: showShortcuts },
    {
      label: shell.signOut,
      icon: LogOut,
      run: () => void signOut().catch((error: Error) => toast({ title: shell.signOutFailed, text: error.message, tone: 'danger' })),
    },
  ];
}
