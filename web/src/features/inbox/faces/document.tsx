import { File, FileArchive, FileAudio, FileImage, FileSpreadsheet, FileText, FileVideo, type LucideIcon } from 'lucide-react';

const endings: readonly [RegExp, LucideIcon][] = [
  [/\.(xlsx?|ods|csv)$/i, FileSpreadsheet],
  [/\.(zip|rar|7z|gz|tar)$/i, FileArchive],
  [/\.(pdf|docx?|odt|rtf|txt|md|pptx?|odp)$/i, FileText],
];
const types: readonly [string, LucideIcon][] = [
  ['image/', FileImage],
  ['video/', FileVideo],
  ['audio/', FileAudio],
  ['text/', FileText],
  ['application/pdf', FileText],
];

/** By the name where it says something, else by the type. */
export function documentGlyph(name: string | null | undefined, mime: string | null | undefined): LucideIcon {
  const byName = endings.find(([ending]) => ending.test(name ?? ''));
  return byName?.[1] ?? types.find(([type]) => mime?.startsWith(type))?.[1] ?? File;
}

/** "PDF" of "offer.pdf": what people call a type. */
export function typeName(name: string | null | undefined, mime: string | null | undefined): string | null {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1];
  return ending?.toUpperCase() ?? mime?.split(';')[0] ?? null;
}
