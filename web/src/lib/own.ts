/** The entry that a table has of itself: what comes from elsewhere may be any word, `constructor` and `__proto__` too. */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
