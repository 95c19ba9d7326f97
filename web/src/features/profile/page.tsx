/**
 * The signed-in person's own page: who one is, how the app looks here, what it may interrupt one with.
 *
 * Invariant: every setting takes effect at once and is kept in this browser; there is no "Save". Absent on purpose: editing
 * of name, e-mail and role (administrators do that), passwords and a list of sessions (the server offers neither).
 */
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { asApiError } from '@/api/client';
import { languages, useLang, useTexts } from '@/lib/i18n';
import { useAllShortcuts } from '@/lib/keys';
import { useDensity, useTheme } from '@/lib/theme';
import { can, signOut, useUser } from '@/store/session';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { Pill } from '@/ui/pill';
import { toast } from '@/ui/toast';
import { Choices } from './choices';
import { NotificationSettings } from './notifications';
import { WritingSettings } from './writing';

function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section className="grid gap-x-8 gap-y-3 border-t border-line py-6 md:grid-cols-[14rem_minmax(0,1fr)]">
      <div>
        <h2 className="text-14 font-semibold">{title}</h2>
        {text && <p className="text-12 text-pretty text-ink-3">{text}</p>}
      </div>
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
    </section>
  );
}

function Account() {
  const { profile } = useTexts();
  const user = useUser();
  const rows = [
    [profile.name, user.name],
    [profile.email, user.email ?? ''],
    [profile.roleLabel, profile.role[user.role]],
  ] as const;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2">
      {rows.map(([term, value]) => (
        <div key={term} className="contents">
          <dt className="text-ink-3">{term}</dt>
          <dd className="truncate">
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Appearance() {
  const { profile } = useTexts();
  const [theme, setTheme] = useTheme();
  const [density, setDensity] = useDensity();
  const [lang, setLang] = useLang();
  return (
    <>
      <Choices
        label={profile.theme}
        name="theme"
        value={theme}
        onChange={setTheme}
        items={[
          { value: 'system', label: profile.themes.system, icon: <Monitor size={16} aria-hidden /> },
          { value: 'light', label: profile.themes.light, icon: <Sun size={16} aria-hidden /> },
          { value: 'dark', label: profile.themes.dark, icon: <Moon size={16} aria-hidden /> },
        ]}
      />
      <Choices
        label={profile.density}
        name="density"
        value={density}
        onChange={setDensity}
        items={[
          { value: 'comfortable', label: profile.densities.comfortable },
          { value: 'compact', label: profile.densities.compact },
        ]}
      />
      <Choices label={profile.language} name="language" value={lang} onChange={setLang} items={languages.map((each) => ({ value: each.lang, label: each.name }))} />
    </>
  );
}

function SignOut() {
  const { shell } = useTexts();
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await signOut();
    } catch (error) {
      toast({ title: shell.signOutFailed, text: asApiError(error).detail, tone: 'danger' });
      setBusy(false);
    }
  };
  return (
    <Button icon={<LogOut size={15} className="rtl:-scale-x-100" />} busy={busy} onClick={() => void leave()} className="self-start">
      {shell.signOut}
    </Button>
  );
}

export function ProfilePage() {
  const { profile } = useTexts();
  const user = useUser();
  const sheet = useAllShortcuts().find(({ keys }) => keys === '?');
  return (
    <div className="h-full overflow-y-auto bg-panel">
      <div className="mx-auto max-w-3xl px-4 py-8 sm:px-8">
        <header className="flex items-center gap-4 pb-6">
          <Avatar name={user.name} size={56} />
          <div className="flex min-w-0 flex-col gap-1">
            <h1 className="truncate text-20 font-semibold">
              <span className="sr-only">{profile.title}: </span>
              <bdi>{user.name}</bdi>
            </h1>
            <span className="flex">
              <Pill>{profile.role[user.role]}</Pill>
            </span>
          </div>
        </header>
        <Section title={profile.account} text={profile.accountText}>
          <Account />
        </Section>
        <Section title={profile.appearance} text={profile.appearanceText}>
          <Appearance />
        </Section>
        {can(user, 'inbox.reply') && (
          <Section title={profile.writing} text={profile.writingText}>
            <WritingSettings />
          </Section>
        )}
        <Section title={profile.notifications} text={profile.notificationsText}>
          <NotificationSettings />
        </Section>
        {sheet && (
          <Section title={profile.shortcuts} text={profile.shortcutsText}>
            <Button onClick={() => sheet.run()} className="self-start">
              {profile.showShortcuts}
            </Button>
          </Section>
        )}
        <Section title={profile.session} text={profile.sessionText}>
          <SignOut />
        </Section>
      </div>
    </div>
  );
}
