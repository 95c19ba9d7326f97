/** The common emoji with their names in the language shown; each language is a chunk of its own, fetched when the picker opens. */
import type { Lang } from '@/lib/i18n';

export type EmojiRow = readonly [emoji: string, name: string, words: string];

const chunks: Record<Lang, () => Promise<{ emoji: readonly EmojiRow[] }>> = {
  en: () => import('./en'),
  de: () => import('./de'),
  tr: () => import('./tr'),
};

export async function emojiIn(lang: Lang): Promise<readonly EmojiRow[]> {
  return (await chunks[lang]()).emoji;
}

/** Those of whose words every one that is looked for is the beginning; names come before other words. */
export function searched(all: readonly EmojiRow[], query: string): readonly EmojiRow[] {
  const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return all;
  const begins = (text: string) => wanted.every((word) => ` ${text.toLocaleLowerCase()}`.includes(` ${word}`));
  const named = all.filter(([, name]) => begins(name));
  return [...named, ...all.filter((row) => !named.includes(row) && begins(`${row[1]} ${row[2]}`))];
}
