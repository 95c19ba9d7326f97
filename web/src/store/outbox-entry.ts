/**
 * What somebody wrote and the server has not taken yet, as it is kept in this browser.
 *
 * One key of localStorage an entry, so that tabs never write over each other's; the user's id is part of the key, so that nobody
 * sends what another person wrote. Without storage (blocked, full) an entry lives as long as its tab.
 */
import type { ApiError } from '@/api/client';
import type { Message, NewButton, NewContact, NewList, NewLocation, Person, TemplateUse } from '@/api/types';

/** Why the server will not have it as it stands. */
export interface Refusal {
  /** Of the field where there is one (`too_long`), else of the problem (`newer_reply`). */
  code: string;
  detail: string;
  /** It would be taken with `override_window`. */
  override: boolean;
  /** A colleague's answer that this person had not seen. */
  newer: Message | null;
}

/** A file that goes with a message; its bytes are in `file-store` under the message's `client_id`. */
export interface UnsentFile {
  name: string;
  type: string;
  size: number;
  kind: 'image' | 'video' | 'audio' | 'document';
  /** A recording, to go as a voice note. */
  voice: boolean;
  /** A picture that goes as a sticker. */
  sticker?: boolean;
  width?: number;
  height?: number;
  duration_ms?: number;
  peaks?: number[];
}

/** A template with its words, and how it reads. */
export interface UnsentTemplate extends TemplateUse {
  /** What the bubble shows until the server's message is here. */
  preview: string;
  /** The parameter that the entry's file is for. */
  file_for: string | null;
}

/** In the place of a text (a location, contacts) or under it (buttons, a list), as the server takes it. */
export type UnsentContent = { location: NewLocation } | { contacts: NewContact[] } | { buttons: NewButton[] } | { list: NewList };

export interface Unsent {
  client_id: string;
  conversation_id: string;
  internal: boolean;
  text: string;
  file: UnsentFile | null;
  template: UnsentTemplate | null;
  content: UnsentContent | null;
  /** Of a note: whom it names. */
  mentions: readonly Person[];
  reply_to: string | null;
  send_at: string | null;
  override_window: boolean;
  /** The newest message that was in view. */
  seen_message_id: string | null;
  written_at: string;
  /** Epoch milliseconds: until then it can be taken back unsent. */
  not_before: number;
  /** With a file: it was handed to the server at least once, so whether it arrived only the server knows. */
  posted: boolean;
  /** How often it was tried without an answer. */
  tries: number;
  /** Epoch milliseconds: until then the next try waits, unless the line comes back before. */
  retry_at: number;
  refusal: Refusal | null;
}

const PREFIX = 'sb.outbox.';

const prefixOf = (user: string) => `${PREFIX}${user}.`;

/** What a user left unsent, in the order of writing. */
export function readUnsent(user: string): Unsent[] {
  const found: Unsent[] = [];
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (!key?.startsWith(prefixOf(user))) continue;
      const entry = parsed(localStorage.getItem(key));
      if (entry) found.push(entry);
    }
  } catch {
    // No storage: what there is stands in memory.
  }
  return found.toSorted((a, b) => (a.written_at < b.written_at ? -1 : a.written_at > b.written_at ? 1 : a.client_id < b.client_id ? -1 : 1));
}

/** Whether it will survive the tab. */
export function keepUnsent(user: string, entry: Unsent): boolean {
  try {
    localStorage.setItem(prefixOf(user) + entry.client_id, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

export function dropUnsent(user: string, clientId: string): void {
  try {
    localStorage.removeItem(prefixOf(user) + clientId);
  } catch {
    // Then it was never there.
  }
}

/** Whether a change of storage is of this user's outbox; null: everything was cleared. */
export function concernsOutbox(user: string, key: string | null): boolean {
  return key === null || key.startsWith(prefixOf(user));
}

/** Anybody with the developer's tools can write there, and an older build may have. */
function parsed(text: string | null): Unsent | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Unsent> | null;
    const whole =
      typeof value?.client_id === 'string' &&
      typeof value.conversation_id === 'string' &&
      typeof value.text === 'string' &&
      typeof value.written_at === 'string' &&
      typeof value.not_before === 'number';
    return whole ? { ...NOTHING, ...(value as Unsent) } : null;
  } catch {
    return null;
  }
}

const NOTHING = { internal: false, file: null, template: null, content: null, mentions: [], posted: true, reply_to: null, send_at: null, override_window: false, seen_message_id: null, tries: 0, retry_at: 0, refusal: null };

/** A 4xx that another try would not change. The session and the pace are no fault of what was written. */
export function isRefused({ status }: ApiError): boolean {
  return status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);
}

export function refusalOf(error: ApiError): Refusal {
  const { problem } = error;
  const field = problem?.errors?.[0];
  const current = problem?.current as Message | null | undefined;
  return {
    // What is wrong with a name is another sentence than what is wrong with the text.
    code: field?.field === 'mentions' ? `mentions_${field.code}` : (field?.code ?? error.code),
    detail: field?.detail ?? error.detail,
    override: problem?.alternatives?.includes('override') ?? false,
    newer: error.code === 'newer_reply' && current ? current : null,
  };
}
