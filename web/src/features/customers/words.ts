/** Words for what the API names by keys. A key that is not known yet is shown as it is, made readable. */
import { useTexts } from '@/lib/i18n';

export function word(words: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(words, key) ? (words[key] ?? key) : readable(key);
}

/** `order_status` -> `Order status` */
export function readable(key: string): string {
  const text = key.replaceAll(/[_\s]+/gu, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function useName(): (name: string) => string {
  const t = useTexts().customers;
  return (name) => (name.trim() === '' ? t.unnamed : name);
}
