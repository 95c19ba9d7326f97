/** Meta's definition of a template, read with care: it is shown as it is, and every part of it may be missing. Pure. */
import type { Template, TemplateValue } from '@/api/types';
import { asFields, textOf } from '../../faces/fields';

export interface TemplateButton {
  kind: 'reply' | 'url' | 'phone' | 'copy' | 'other';
  text: string;
}

export interface Definition {
  header: { format: 'text'; text: string } | { format: 'image' | 'video' | 'document' | 'location' } | null;
  body: string;
  footer: string | null;
  buttons: readonly TemplateButton[];
}

/** By the parameter's key; a file is kept apart. */
export type Values = Readonly<Record<string, string>>;

const buttonKinds: Partial<Record<string, TemplateButton['kind']>> = { QUICK_REPLY: 'reply', URL: 'url', PHONE_NUMBER: 'phone', COPY_CODE: 'copy' };
const formats: Partial<Record<string, 'image' | 'video' | 'document' | 'location'>> = { IMAGE: 'image', VIDEO: 'video', DOCUMENT: 'document', LOCATION: 'location' };

export function definitionOf({ components }: Pick<Template, 'components'>): Definition {
  const all = Array.isArray(components) ? components.map(asFields).filter((one) => one !== null) : [];
  const part = (type: string) => all.find((one) => textOf(one, 'type')?.toUpperCase() === type);
  const header = part('HEADER');
  const format = textOf(header, 'format')?.toUpperCase() ?? 'TEXT';
  const media = formats[format];
  const title = textOf(header, 'text');
  const listed = part('BUTTONS')?.['buttons'];
  const buttons = Array.isArray(listed) ? listed.map(asFields).filter((one) => one !== null) : [];
  return {
    header: media ? { format: media } : title !== null ? { format: 'text', text: title } : null,
    body: textOf(part('BODY'), 'text') ?? '',
    footer: textOf(part('FOOTER'), 'text'),
    buttons: buttons.map((one) => ({ kind: buttonKinds[textOf(one, 'type')?.toUpperCase() ?? ''] ?? 'other', text: textOf(one, 'text') ?? '' })),
  };
}

const PLACE = /\{\{\s*([\p{L}\p{N}_]+)\s*\}\}/gu;

/** A text of the template with its places filled; one without a value stays as it is, so that it is seen. */
export function filledIn(text: string, part: 'header' | 'body', values: Values): string {
  return text.replace(PLACE, (whole, name: string) => values[`${part}.${name}`]?.trim() || whole);
}

export type FileKind = 'image' | 'video' | 'document';

export function isFile(kind: string): kind is FileKind {
  return kind === 'image' || kind === 'video' || kind === 'document';
}

/** The parameter that wants a file; a template has one at most. */
export function fileParameter({ parameters }: Pick<Template, 'parameters'>) {
  return parameters.find(({ kind }) => isFile(kind));
}

export function isComplete({ parameters }: Pick<Template, 'parameters'>, values: Values, hasFile: boolean): boolean {
  return parameters.every(({ key, kind }) => (isFile(kind) ? hasFile : Boolean(values[key]?.trim())));
}

/** What goes out, without the file. */
export function parametersOf({ parameters }: Pick<Template, 'parameters'>, values: Values): Record<string, TemplateValue> {
  return Object.fromEntries(parameters.filter(({ kind }) => !isFile(kind)).map(({ key }) => [key, values[key]?.trim() ?? '']));
}

/** What can be known of a customer is filled in: places that are called after a name. */
export function knownValues({ parameters }: Pick<Template, 'parameters'>, customer: string): Values {
  const first = customer.trim().split(/\s+/)[0] ?? '';
  const found: Record<string, string> = {};
  for (const { key, kind } of parameters) {
    if (kind !== 'text' || customer === '') continue;
    const name = key.slice(key.indexOf('.') + 1).toLowerCase();
    if (/^(customer_?)?first_?name$/.test(name)) found[key] = first;
    else if (/^(customer_?|full_?)?name$/.test(name)) found[key] = customer;
  }
  return found;
}

/** As the bubble and the list of conversations show it. */
export function wordsOf(template: Pick<Template, 'components'>, values: Values): string {
  const { header, body } = definitionOf(template);
  const title = header?.format === 'text' ? `*${filledIn(header.text, 'header', values)}*\n` : '';
  return title + filledIn(body, 'body', values);
}

export interface Wanted {
  query: string;
  /** '' for all. */
  language: string;
  category: string;
}

/** Approved ones that have every word somewhere, those with it in the name first. */
export function found(all: readonly Template[], { query, language, category }: Wanted): readonly Template[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLocaleLowerCase().includes(word));
  const fit = all.filter(
    (one) =>
      one.sendable &&
      (language === '' || one.language === language) &&
      (category === '' || one.category === category) &&
      has(`${one.name} ${one.name.replaceAll('_', ' ')} ${wordsOf(one, {})}`),
  );
  const named = fit.filter(({ name }) => has(`${name} ${name.replaceAll('_', ' ')}`));
  return [...named, ...fit.filter((one) => !named.includes(one))];
}
