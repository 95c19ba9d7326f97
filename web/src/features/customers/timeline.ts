/**
 * Everything that is known to have happened to a customer, in one order.
 *
 * Invariants: newest first by the platforms' time; where two things have the same moment, what caused the other stands
 * below it; the same thing told twice (a lead form as event, touch and activity) is shown once. Moves of cards are not in
 * the API's answer: a card tells when it was made and where it is now.
 */
import type { Activity, Card, Conversation, Customer, Message, PlatformEvent, Touch } from '@/api/types';

export type Item = { id: string; at: string } & (
  | { kind: 'created' }
  | { kind: 'touch'; touch: Touch }
  | { kind: 'event'; event: PlatformEvent }
  | { kind: 'conversation'; conversation: Conversation }
  | { kind: 'card'; card: Card }
  | { kind: 'activity'; activity: Activity }
  | { kind: 'message'; conversation: Conversation; message: Message }
);

/** At one moment: a touch brings a customer, who opens a conversation, of which a card and a task are made. */
const causes: readonly Item['kind'][] = ['touch', 'event', 'created', 'conversation', 'card', 'activity', 'message'];

export interface Sources {
  customer: Customer;
  conversations: readonly Conversation[];
  cards: readonly Card[];
  activities: readonly Activity[];
  touches: readonly Touch[];
  events: readonly PlatformEvent[];
}

export function timeline({ customer, conversations, cards, activities, touches, events }: Sources): Item[] {
  const leads = new Set<unknown>(activities.map((activity) => activity.data['lead_id']).filter((id) => id !== undefined));
  const clicks = new Set(touches.map((touch) => Date.parse(touch.at)));
  const told = (event: PlatformEvent) =>
    (event.kind === 'lead' && leads.has(event.data['id'])) || (event.kind === 'referral' && clicks.has(Date.parse(event.at)));

  const items: Item[] = [
    { kind: 'created', id: `created:${customer.id}`, at: customer.created_at },
    ...touches.map((touch): Item => ({ kind: 'touch', id: touch.id, at: touch.at, touch })),
    ...events.filter((event) => !told(event)).map((event): Item => ({ kind: 'event', id: event.id, at: event.at, event })),
    ...conversations.map((conversation): Item => ({ kind: 'conversation', id: conversation.id, at: conversation.created_at, conversation })),
    ...conversations.flatMap((conversation): Item[] => {
      const message = conversation.last_message;
      return message ? [{ kind: 'message', id: message.id, at: message.sent_at, conversation, message }] : [];
    }),
    ...cards.map((card): Item => ({ kind: 'card', id: card.id, at: card.created_at, card })),
    ...activities.map((activity): Item => ({ kind: 'activity', id: activity.id, at: activity.created_at, activity })),
  ];
  return items
    .map((item) => ({ item, ms: Date.parse(item.at) || 0, rank: causes.indexOf(item.kind) }))
    .toSorted((a, b) => b.ms - a.ms || b.rank - a.rank || (a.item.id < b.item.id ? 1 : -1))
    .map(({ item }) => item);
}

export interface Day {
  label: string;
  items: Item[];
}

/** Runs of items of one day; `day` names the day of a time. */
export function byDay(items: readonly Item[], day: (at: string) => string): Day[] {
  const days: Day[] = [];
  for (const item of items) {
    const label = day(item.at);
    const last = days.at(-1);
    if (last?.label === label) last.items.push(item);
    else days.push({ label, items: [item] });
  }
  return days;
}
