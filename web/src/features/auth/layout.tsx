/**
 * The pages of somebody who is not signed in: sign-in and first set-up.
 *
 * Owns: their forms and their look. Invariants: after signing in one lands on a path of this app only; a refused form keeps
 * what was typed and puts the focus where it is wrong. Absent on purpose: password reset and second factors, which the
 * server does not have.
 */
import { type ReactNode, useEffect } from 'react';
import { languages, type Lang, useLang, useTexts } from '@/lib/i18n';
import { Logo } from '@/ui/logo';
import { Select } from '@/ui/select';
import { Art } from './art';

export function AuthLayout({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const { auth, shell } = useTexts();
  const [lang, setLang] = useLang();
  useEffect(() => {
    document.title = `${title} · ${shell.product}`;
  }, [title, shell.product]);
  return (
    <div className="grid min-h-dvh bg-canvas text-13 text-ink lg:grid-cols-[minmax(26rem,46%)_minmax(0,1fr)]">
      <aside className="relative isolate hidden overflow-hidden lg:block">
        <Art />
        {/* White on the picture's own dark foot, in both themes. */}
        <div className="absolute inset-x-0 bottom-0 flex flex-col gap-3 p-12 xl:p-16" style={{ color: '#fff' }}>
          <p className="text-[2rem] leading-tight font-semibold tracking-tight text-balance">{auth.motto}</p>
          <p className="max-w-md text-16 text-pretty opacity-85">{auth.mottoText}</p>
        </div>
      </aside>
      <main className="flex min-w-0 flex-col px-5 py-6 sm:px-10">
        <div className="m-auto flex w-full max-w-sm flex-col gap-6 py-6">
          <header className="flex flex-col gap-4">
            <Logo size={44} />
            <div className="flex flex-col gap-1">
              <h1 className="text-24 font-semibold text-balance">{title}</h1>
              {text && <p className="text-14 text-pretty text-ink-2">{text}</p>}
            </div>
          </header>
          {children}
        </div>
        <Select
          label={auth.language}
          hideLabel
          value={lang}
          onChange={(next: Lang) => setLang(next)}
          items={languages.map((each) => ({ value: each.lang, label: each.name }))}
          className="w-40 self-center"
        />
      </main>
    </div>
  );
}
