/** From the fields of a form to what the server takes, or to what is missing. The platforms' limits; the server has the last word. Pure. */
import type { ChannelKind } from '@/api/types';
import type { Form, FormKind, FormOf, FormSection } from '@/store/forms';
import type { UnsentContent } from '@/store/outbox-entry';
import { measure, type Measure } from '../rules';
import { coordinatesOf, degreesOf, MOST_LATITUDE, MOST_LONGITUDE } from './coordinates';

/** Characters. */
export const MOST = { contactName: 100, buttonTitle: 20, listButton: 20, sectionTitle: 24, rowTitle: 24, rowDescription: 72 };
/** In a list, over all of its sections. */
export const MOST_ROWS = 10;

const WHATSAPP_BUTTONS = 3;
const QUICK_REPLIES = 13;
/** Of WhatsApp's text over buttons, in characters. */
const TEXT_OVER_BUTTONS = 1_024;

export function mostButtons(channel: ChannelKind | string): number {
  return channel === 'whatsapp' ? WHATSAPP_BUTTONS : QUICK_REPLIES;
}

export function hasText(kind: FormKind): boolean {
  return kind === 'buttons' || kind === 'list';
}

export const lengthOf = (text: string) => [...text.trim()].length;

/** How much of the text over buttons or a list is used. */
export function measureText(text: string, kind: FormKind, channel: ChannelKind | string): Measure {
  const all = measure(text.trim(), channel, false);
  return kind === 'buttons' && channel === 'whatsapp' ? { used: all.used, limit: TEXT_OVER_BUTTONS } : all;
}

export type Fault = 'coordinates' | 'contactName' | 'reach' | 'text' | 'tooLong' | 'noButton' | 'tooMany' | 'same' | 'listButton' | 'noRow' | 'rowTitle' | 'sectionTitle';
export type Checked = { content: UnsentContent } | { fault: Fault };

export function checked(form: Form, text: string, channel: ChannelKind | string): Checked {
  if (hasText(form.kind)) {
    const { used, limit } = measureText(text, form.kind, channel);
    if (used === 0 || used > limit) return { fault: used === 0 ? 'text' : 'tooLong' };
  }
  switch (form.kind) {
    case 'location':
      return location(form);
    case 'contact':
      return contact(form);
    case 'buttons':
      return buttons(form, mostButtons(channel));
    case 'list':
      return list(form);
  }
}

/** A pair or a link may stand in either field. */
function location(form: FormOf<'location'>): Checked {
  const pasted = coordinatesOf(form.latitude) ?? coordinatesOf(form.longitude);
  const latitude = pasted?.latitude ?? degreesOf(form.latitude, MOST_LATITUDE);
  const longitude = pasted?.longitude ?? degreesOf(form.longitude, MOST_LONGITUDE);
  if (latitude === null || longitude === null) return { fault: 'coordinates' };
  return { content: { location: { latitude, longitude, ...filled({ name: form.name, address: form.address }) } } };
}

function contact({ name, phone, email, organization }: FormOf<'contact'>): Checked {
  if (lengthOf(name) === 0) return { fault: 'contactName' };
  if (lengthOf(name) > MOST.contactName) return { fault: 'tooLong' };
  if (phone.trim() === '' && email.trim() === '') return { fault: 'reach' };
  const one = {
    name: name.trim(),
    ...(phone.trim() !== '' && { phones: [phone.trim()] }),
    ...(email.trim() !== '' && { emails: [email.trim()] }),
    ...filled({ organization }),
  };
  return { content: { contacts: [one] } };
}

function buttons(form: FormOf<'buttons'>, most: number): Checked {
  const titles = form.titles.map((title) => title.trim()).filter(Boolean);
  if (titles.length === 0) return { fault: 'noButton' };
  if (titles.length > most) return { fault: 'tooMany' };
  if (titles.some((title) => lengthOf(title) > MOST.buttonTitle)) return { fault: 'tooLong' };
  if (new Set(titles).size < titles.length) return { fault: 'same' };
  return { content: { buttons: titles.map((title) => ({ title })) } };
}

function list(form: FormOf<'list'>): Checked {
  if (lengthOf(form.button) === 0) return { fault: 'listButton' };
  const sections = writtenSections(form.sections);
  const rows = sections.flatMap((section) => section.rows);
  if (rows.length === 0 || sections.some((section) => section.rows.length === 0)) return { fault: 'noRow' };
  if (rows.length > MOST_ROWS) return { fault: 'tooMany' };
  if (rows.some(({ title }) => title === '')) return { fault: 'rowTitle' };
  if (sections.length > 1 && sections.some(({ title }) => title === '')) return { fault: 'sectionTitle' };
  const long =
    lengthOf(form.button) > MOST.listButton ||
    sections.some(({ title }) => lengthOf(title) > MOST.sectionTitle) ||
    rows.some(({ title, description }) => lengthOf(title) > MOST.rowTitle || lengthOf(description) > MOST.rowDescription);
  if (long) return { fault: 'tooLong' };
  const taken = sections.map(({ title, rows: own }) => ({
    ...filled({ title }),
    rows: own.map((row) => ({ title: row.title, ...filled({ description: row.description }) })),
  }));
  return { content: { list: { button: form.button.trim(), sections: taken } } };
}

/** Without the fields that were left empty. */
export function writtenSections(sections: readonly FormSection[]): FormSection[] {
  return sections
    .map(({ title, rows }) => ({
      title: title.trim(),
      rows: rows.map((row) => ({ title: row.title.trim(), description: row.description.trim() })).filter((row) => row.title !== '' || row.description !== ''),
    }))
    .filter(({ title, rows }) => title !== '' || rows.length > 0);
}

/** Only what says something. */
function filled<K extends string>(fields: Record<K, string>): Partial<Record<K, string>> {
  const written = Object.entries<string>(fields).map(([key, value]) => [key, value.trim()] as const);
  return Object.fromEntries(written.filter(([, value]) => value !== '')) as Partial<Record<K, string>>;
}
