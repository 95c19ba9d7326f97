/** Case and accents aside: "Oz" finds "Öz", and "istanbul" finds "İstanbul" and "ISTANBUL". */
export function fold(text: string): string {
  return text
    .replaceAll(/[ıİI]/g, 'i')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss');
}
