/**
 * Tables as comma-separated text (RFC 4180), and handing a text to the user as a file.
 *
 * Invariants: every line ends with CRLF, also the last, so that parts can be put one after the other; a text that a
 * spreadsheet would run as a formula is shown as text instead. Absent on purpose: reading.
 */

/** What starts a formula in Excel, LibreOffice, Google Sheets or Numbers; the wide forms are read as the narrow ones. */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

const QUOTED = /[",\r\n;\t]|^\s|\s$/u;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const guarded = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Saves a text as a file. Table programs take UTF-8 for something older unless a mark at the start says what it is. */
export function download(name: string, text: string, mime: string): void {
  const mark = mime.startsWith('text/csv') ? '\ufeff' : '';
  const url = URL.createObjectURL(new Blob([mark, text], { type: `${mime};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(name);
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read the address only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Without what a file system or a reader of the name could take for something else. */
function fileName(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, '-').replace(/^\.+/u, '').slice(0, 120) || 'export';
}
