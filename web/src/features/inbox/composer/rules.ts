/** What may be written where and when. Pure: the conversation, the person and the clock come in from outside. */
import type { ChannelKind, Conversation, Sending, User } from '@/api/types';
import { can } from '@/store/session';
import type { Asked } from './suggestions';

const HOUR_MS = 3_600_000;
const FREE_MS = 24 * HOUR_MS;
/** So long after the customer's last message a person may still answer on Messenger and Instagram. */
const HUMAN_AGENT_MS = 7 * 24 * HOUR_MS;

/** Of a record that an older server made (an event of before an upgrade, replayed): then the server's word on sending decides. */
const UNKNOWN: Sending = { mode: 'free', until: null };

/** What the platform takes now: the server said it of an earlier moment. */
export function sendingAt({ sending = UNKNOWN, channel }: Conversation, now: number): Sending {
  const until = sending.until ? Date.parse(sending.until) : Number.POSITIVE_INFINITY;
  if (until > now) return sending;
  if (sending.mode !== 'free') return { mode: 'closed', until: null };
  if (channel.kind === 'whatsapp') return { mode: 'template', until: null };
  const person = until - FREE_MS + HUMAN_AGENT_MS;
  return person > now ? { mode: 'human_agent', until: new Date(person).toISOString() } : { mode: 'closed', until: null };
}

/** Why this person may not write here; null: they may. */
export function barred(user: User, conversation: Conversation): 'never' | 'others' | null {
  if (can(user, 'inbox.reply:all')) return null;
  if (!can(user, 'inbox.reply')) return 'never';
  return !conversation.assignee || conversation.assignee.id === user.id ? null : 'others';
}

export type Stop = 'token' | 'permission' | 'restricted' | 'payment';

/** Why a channel was stopped, by the platform's code on what is held; null: of a code that is not known here. */
export function stopOf(code: number): Stop | null {
  if (code === 0 || code === 190) return 'token';
  if (code === 3 || code === 10 || (code >= 200 && code < 300) || code === 131_005) return 'permission';
  if (code === 368 || code === 130_497 || code === 131_031) return 'restricted';
  return code === 131_042 || code === 131_044 ? 'payment' : null;
}

export interface Measure {
  used: number;
  limit: number;
}

const NOTE_LIMIT = 10_000;
const INSTAGRAM_BYTES = 1_000;
const limits: Partial<Record<string, number>> = { whatsapp: 4_096, messenger: 2_000 };
const bytes = new TextEncoder();

/** How much of what the channel takes at once is used; characters as people count them, on Instagram bytes. */
export function measure(text: string, channel: ChannelKind | string, note: boolean): Measure {
  if (!note && channel === 'instagram') return { used: bytes.encode(text).length, limit: INSTAGRAM_BYTES };
  return { used: [...text].length, limit: note ? NOTE_LIMIT : (limits[channel] ?? NOTE_LIMIT) };
}

/** Worth showing from four fifths on. */
export function isNear({ used, limit }: Measure): boolean {
  return used >= limit * 0.8;
}

/** The word after a slash that is being typed at the caret: "/hel" of "Well, /hel". */
export function slashAt(text: string, caret: number): { from: number; query: string } | null {
  const found = /(?:^|\s)\/([^\s/]{0,40})$/.exec(text.slice(0, caret));
  return found ? { from: caret - (found[1]?.length ?? 0) - 1, query: found[1] ?? '' } : null;
}

/**
 * What is asked for at the caret: a saved reply, or in a note a colleague, whose name may have several words. Behind a
 * blank nobody is asked for: a name that has just been put in ends with one.
 */
export function askedAt(text: string, caret: number, note: boolean): Asked | null {
  const slash = slashAt(text, caret);
  if (slash) return { sign: '/', ...slash };
  const found = note ? /(?:^|[\s(])@((?:\S(?:[^\n@]{0,38}\S)?)?)$/.exec(text.slice(0, caret)) : null;
  const query = found?.[1];
  return query === undefined ? null : { sign: '@', from: caret - query.length - 1, query };
}

/** Puts a text in the place of a part of another; where the caret is then. */
export function inserted(text: string, from: number, to: number, what: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + what + text.slice(to), caret: from + what.length };
}

/** The variables of a saved reply, filled. What is not known stays, so that somebody sees it. */
export function filled(text: string, names: { customer: string; agent: string }): string {
  const values: Record<string, string> = {
    'customer.name': names.customer,
    'customer.first_name': names.customer.trim().split(/\s+/)[0] ?? '',
    'agent.name': names.agent,
  };
  return text.replace(/\{\{\s*([a-z._]+)\s*\}\}/g, (whole, name: string) => (Object.hasOwn(values, name) && values[name] ? values[name] : whole));
}

/** The times that "send later" offers, in the clock of the browser. */
export function laterTimes(now: Date): { hour: string; tomorrow: string } {
  return {
    hour: new Date(now.getTime() + HOUR_MS).toISOString(),
    tomorrow: new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).toISOString(),
  };
}
