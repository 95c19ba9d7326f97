import { currentLocale } from '@/lib/i18n';

/** Case and accents don't count: "sahin" finds "Şahin". The Turkish "ı" has no accent to take off, hence by hand. */
function plain(text: string): string {
  const letters = text.toLocaleLowerCase(currentLocale()).normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ı', 'i');
  return ` ${letters.replace(/[^\p{L}\p{N}]+/gu, ' ')}`;
}

/** Whether every word of the query begins a word of the text. */
export function matches(text: string, query: string): boolean {
  const within = plain(text);
  return plain(query)
    .trim()
    .split(' ')
    .every((word) => within.includes(` ${word}`));
}
