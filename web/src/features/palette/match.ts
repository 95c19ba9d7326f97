import { currentLocale } from '@/lib/i18n';

/** Case and accents don't count: "sahin" finds "Şahin". The Turkish "ı" has no accent to take off, hence by hand. */
function plain(text: string): string {
  return text.toLocaleLowerCase(currentLocale()).normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ı', 'i');
}

/** Whether every word of the query stands somewhere in the text. */
export function matches(text: string, query: string): boolean {
  const within = plain(text);
  return plain(query)
    .split(/\s+/)
    .every((word) => within.includes(word));
}
