/**
 * The language of the interface.
 *
 * Owns: which language is shown, and its texts. English is part of the entry and is what everything else falls back to;
 * the others are chunks of their own. Invariant: `lang` and `texts` change together, after the chunk has arrived, so no
 * screen ever mixes two languages. Absent on purpose: interpolation syntax and a message compiler. A text with a value
 * in it is a function, and the type checker finds the missing ones.
 */
import { useSyncExternalStore } from 'react';
import { en } from '@/messages/en';

export type Lang = 'en' | 'de' | 'tr';

/** The same texts in another language: same keys, same parameters. */
export type Texts<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends (...a: infer A) => string ? (...a: A) => string : Texts<T[K]>;
};

export type AllTexts = Texts<typeof en>;

/** Each language by its own name, as somebody who reads only that one looks for it. */
export const languages: readonly { lang: Lang; name: string }[] = [
  { lang: 'de', name: 'Deutsch' },
  { lang: 'en', name: 'English' },
  { lang: 'tr', name: 'Türkçe' },
];

/** The regional form behind a language: day before month, 24 hours, comma or point. */
const locales: Record<Lang, string> = { en: 'en-GB', de: 'de-DE', tr: 'tr-TR' };

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur']);

const STORED = 'sb-lang';

const chunks: Record<Lang, () => Promise<AllTexts>> = {
  en: () => Promise.resolve(en),
  de: () => import('@/messages/de').then((module) => module.de),
  tr: () => import('@/messages/tr').then((module) => module.tr),
};

let shown: { lang: Lang; texts: AllTexts } = { lang: 'en', texts: en };
let wanted: Lang = 'en';
const listeners = new Set<() => void>();

function isLang(value: string | null | undefined): value is Lang {
  return value === 'en' || value === 'de' || value === 'tr';
}

/** The stored choice, or the first language of the browser that we have. */
export function preferredLang(): Lang {
  try {
    const stored = localStorage.getItem(STORED);
    if (isLang(stored)) return stored;
  } catch {
    // Storage may be blocked; the browser's languages still say something.
  }
  for (const tag of navigator.languages ?? [navigator.language]) {
    const base = tag.slice(0, 2).toLowerCase();
    if (isLang(base)) return base;
  }
  return 'en';
}

/** The direction that a test asked for, or the language's own. `boot.js` has already put the former on the root. */
function direction(lang: string): 'ltr' | 'rtl' {
  const forced = document.documentElement.dataset['dir'];
  if (forced === 'rtl' || forced === 'ltr') return forced;
  return rightToLeft.has(lang) ? 'rtl' : 'ltr';
}

/** Shows a language once its texts are here. If the chunk can't be loaded, the language shown before stays. */
export async function showLang(lang: Lang): Promise<void> {
  wanted = lang;
  const texts = await chunks[lang]();
  // Somebody chose another one while this one was on its way.
  if (wanted !== lang) return;
  shown = { lang, texts };
  document.documentElement.lang = lang;
  document.documentElement.dir = direction(lang);
  for (const listener of listeners) listener();
}

function choose(lang: Lang): void {
  try {
    localStorage.setItem(STORED, lang);
  } catch {
    // Without storage the choice lasts until the tab is closed.
  }
  void showLang(lang).catch(() => undefined);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const snapshot = () => shown;

export function useTexts(): AllTexts {
  return useSyncExternalStore(subscribe, snapshot).texts;
}

/** For code outside of components; a component that uses this would not follow a change of language. */
export function texts(): AllTexts {
  return shown.texts;
}

export function useLang(): [Lang, (lang: Lang) => void] {
  return [useSyncExternalStore(subscribe, snapshot).lang, choose];
}

export function currentLang(): Lang {
  return shown.lang;
}

export function currentLocale(): string {
  return locales[shown.lang];
}

const rules = new Map<Lang, Intl.PluralRules>();

export function plural(lang: Lang, n: number, forms: { one: string; other: string }): string {
  let rule = rules.get(lang);
  if (!rule) {
    rule = new Intl.PluralRules(locales[lang]);
    rules.set(lang, rule);
  }
  return rule.select(n) === 'one' ? forms.one : forms.other;
}
