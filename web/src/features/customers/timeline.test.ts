import { expect, test } from 'vitest';
import type { Activity, Card, Conversation, Customer, Message, PlatformEvent, Touch } from '@/api/types';
import { byDay, type Sources, timeline } from './timeline';

const at = (time: string) => `2026-11-20T${time}Z`;

const customer: Customer = { id: 'c', name: 'Ayşe', identities: [], marketing_opt_out: false, created_at: at('10:00:00.000001'), version: 1 };

function conversation(id: string, created: string, sent: string | null): Conversation {
  const message: Message | null = sent
    ? { id: `m-${id}`, conversation_id: id, direction: 'in', kind: 'text', text: 'Hi', attachments: [], reactions: [], mentions: [], sent_at: sent, created_at: sent, version: 1 }
    : null;
  return {
    id,
    status: 'open',
    channel: { id: 'ch', kind: 'whatsapp', account_id: '1', name: 'Shop' },
    customer: { id: 'c', name: 'Ayşe' },
    labels: [],
    unread_count: 0,
    sending: { mode: 'free', until: null },
    last_message: message,
    last_activity_at: sent ?? created,
    created_at: created,
    version: 1,
  };
}

const card = (id: string, created: string): Card => ({ id, board_id: 'b', column_id: 'k', rank: 'a', customer, title: 'Sofa', source: 'ad', created_at: created, version: 1 });
const activity = (id: string, created: string, data: Record<string, unknown> = {}): Activity => ({ id, customer_id: 'c', kind: 'whatsapp_lead', status: 'pending', data, created_at: created, version: 1 });
const event = (id: string, kind: string, when: string, data: Record<string, unknown> = {}): PlatformEvent => ({ id, kind, at: when, customer_id: 'c', data });
const touch = (id: string, when: string): Touch => ({ id, at: when, ad_id: '9' });

const nothing: Sources = { customer, conversations: [], cards: [], activities: [], touches: [], events: [] };
const kinds = (sources: Partial<Sources>) => timeline({ ...nothing, ...sources }).map((item) => `${item.kind}:${item.id}`);

test('newest first, whatever the source', () => {
  expect(
    kinds({
      conversations: [conversation('v', at('10:00:01'), at('12:00:00'))],
      cards: [card('k', at('10:30:00'))],
      activities: [activity('a', at('11:00:00'))],
      events: [event('e', 'optin', at('11:30:00'))],
      touches: [touch('t', at('09:00:00'))],
    }),
  ).toEqual(['message:m-v', 'event:e', 'activity:a', 'card:k', 'conversation:v', 'created:created:c', 'touch:t']);
});

test('at one moment the cause stands below', () => {
  const now = at('10:00:00.000001');
  expect(
    kinds({ conversations: [conversation('v', now, now)], cards: [card('k', now)], activities: [activity('a', now)], events: [event('e', 'optin', now)], touches: [touch('t', now)] }),
  ).toEqual(['message:m-v', 'activity:a', 'card:k', 'conversation:v', 'created:created:c', 'event:e', 'touch:t']);
});

test('times are compared as times, not as texts', () => {
  const events = [event('zulu', 'optin', '2026-11-20T11:00:00Z'), event('offset', 'optin', '2026-11-20T13:30:00+02:00'), event('fraction', 'optin', '2026-11-20T11:00:00.5Z')];
  expect(kinds({ events }).slice(0, 3)).toEqual(['event:offset', 'event:fraction', 'event:zulu']);
});

test('the same thing told twice is shown once', () => {
  const events = [event('lead', 'lead', at('11:00:00'), { id: '77' }), event('other', 'lead', at('11:00:00'), { id: '78' }), event('click', 'referral', '2026-11-20T09:00:00.000Z')];
  const shown = kinds({ events, activities: [activity('a', at('11:00:02'), { lead_id: '77' })], touches: [touch('t', '2026-11-20T09:00:00Z')] });
  expect(shown).toContain('event:other');
  expect(shown).not.toContain('event:lead');
  expect(shown).not.toContain('event:click');
});

test('an unreadable time falls to the end and breaks nothing', () => {
  expect(kinds({ events: [event('odd', 'optin', 'soon')] }).at(-1)).toBe('event:odd');
});

test('days are separated', () => {
  const items = timeline({ ...nothing, events: [event('a', 'optin', '2026-11-21T08:00:00Z'), event('b', 'optin', '2026-11-21T07:00:00Z')] });
  const days = byDay(items, (time) => time.slice(0, 10));
  expect(days.map((day) => [day.label, day.items.length])).toEqual([
    ['2026-11-21', 2],
    ['2026-11-20', 1],
  ]);
});
