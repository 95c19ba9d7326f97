/**
 * What is filled in for a message that is more than a text (a location, a contact, buttons, a list), by conversation.
 *
 * A form that is here is open in the place of the text area. It lasts as long as the tab; a text that belongs to it is the draft.
 */
import { useSyncExternalStore } from 'react';
import { conversations, onClear } from './entities';
import type { UnsentContent } from './outbox-entry';

export interface FormRow {
  title: string;
  description: string;
}

export interface FormSection {
  title: string;
  rows: readonly FormRow[];
}

/** Fields as they are written: checked when they are sent (`features/inbox/composer/forms`). */
export type Form =
  | { kind: 'location'; latitude: string; longitude: string; name: string; address: string }
  | { kind: 'contact'; name: string; phone: string; email: string; organization: string }
  | { kind: 'buttons'; titles: readonly string[] }
  | { kind: 'list'; button: string; sections: readonly FormSection[] };

export type FormKind = Form['kind'];
export type FormOf<K extends FormKind> = Extract<Form, { kind: K }>;

export const EMPTY_ROW: FormRow = { title: '', description: '' };
export const EMPTY_SECTION: FormSection = { title: '', rows: [EMPTY_ROW] };

const EMPTY: { [K in FormKind]: FormOf<K> } = {
  location: { kind: 'location', latitude: '', longitude: '', name: '', address: '' },
  contact: { kind: 'contact', name: '', phone: '', email: '', organization: '' },
  buttons: { kind: 'buttons', titles: [''] },
  list: { kind: 'list', button: '', sections: [EMPTY_SECTION] },
};

const forms = new Map<string, Form>();
const listeners = new Set<() => void>();

onClear(() => {
  forms.clear();
  tell();
});

export function useForm(conversation: string): Form | null {
  return useSyncExternalStore(subscribe, () => readForm(conversation));
}

export function readForm(conversation: string): Form | null {
  return forms.get(conversations.resolve(conversation)) ?? null;
}

/** Whether anything is filled in anywhere: loading the page anew would lose it. */
export function hasForms(): boolean {
  return forms.size > 0;
}

export function openForm(conversation: string, kind: FormKind): void {
  writeForm(conversation, EMPTY[kind]);
}

export function writeForm(conversation: string, form: Form): void {
  forms.set(conversations.resolve(conversation), form);
  tell();
}

export function closeForm(conversation: string): void {
  forms.delete(conversations.resolve(conversation));
  tell();
}

/** What was not sent is there to be worked on. */
export function restoreForm(conversation: string, content: UnsentContent): void {
  writeForm(conversation, formOf(content));
}

function formOf(content: UnsentContent): Form {
  if ('location' in content) {
    const { latitude, longitude, name, address } = content.location;
    return { kind: 'location', latitude: String(latitude), longitude: String(longitude), name: name ?? '', address: address ?? '' };
  }
  if ('contacts' in content) {
    const [card] = content.contacts;
    return { kind: 'contact', name: card?.name ?? '', phone: card?.phones?.[0] ?? '', email: card?.emails?.[0] ?? '', organization: card?.organization ?? '' };
  }
  if ('buttons' in content) return { kind: 'buttons', titles: content.buttons.map(({ title }) => title) };
  const sections = content.list.sections.map(({ title, rows }) => ({
    title: title ?? '',
    rows: rows.map((row) => ({ title: row.title, description: row.description ?? '' })),
  }));
  return { kind: 'list', button: content.list.button, sections };
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
