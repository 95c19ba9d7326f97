/**
 * Writes live events into the tables. Two portions: messages of the threads in memory (at the next frame), and everything
 * (with the lists). Both may see an event in any order with REST answers: versions decide.
 */
import type { Card, Conversation, Customer, LiveEvent } from '@/api/types';
import { applyCardEvents, isOnBoard } from './board';
import { isListed } from './conversation-list';
import { setCounts } from './counts';
import { isInDetails } from './details';
import { applyDraftEvent } from './drafts';
import { activities, cards, conversations, customers, messages, MOST_ROWS } from './entities';
import { applyNotificationEvents } from './notifications';
import { heardOfChannel } from './people';
import { hasThread, isInThread, mergeThreads } from './thread';

export function applyMessages(events: readonly LiveEvent[]): void {
  const rows = events.flatMap((event) =>
    event.name === 'message.created' || event.name === 'message.updated' ? [event.data.message] : [],
  );
  messages.put(
    rows
      .map((row) => ({ ...row, conversation_id: conversations.resolve(row.conversation_id) }))
      .filter((row) => hasThread(row.conversation_id)),
  );
}

export function applyEvents(events: readonly LiveEvent[]): void {
  const batch = new Batch();
  for (const event of events) batch.add(event);
  batch.flush();
  applyCardEvents(events);
  applyNotificationEvents(events);
  conversations.trim(MOST_ROWS, (id) => isListed(id) || isInDetails(id));
  messages.trim(MOST_ROWS, isInThread);
  customers.trim(MOST_ROWS, () => false);
  cards.trim(MOST_ROWS, (id) => isOnBoard(id) || isInDetails(id));
  activities.trim(MOST_ROWS, isInDetails);
}

class Batch {
  private conversations: Conversation[] = [];
  private customers = new Map<string, Customer>();
  private cards: Card[] = [];

  add(event: LiveEvent): void {
    switch (event.name) {
      case 'message.created':
      case 'message.updated':
        this.conversations.push(event.data.conversation);
        this.customers.set(event.data.customer.id, event.data.customer);
        heardOfChannel(event.data.conversation.channel.id, event.data.message);
        break;
      case 'conversation.created':
      case 'conversation.updated':
        this.conversations.push(event.data.conversation);
        break;
      case 'conversation.merged': {
        const { conversation, merged_id } = event.data;
        this.conversations.push(conversation);
        this.flush();
        conversations.rekey(merged_id, conversation.id);
        mergeThreads(merged_id, conversation.id);
        break;
      }
      case 'customer.created':
      case 'customer.updated':
        this.customers.set(event.data.customer.id, event.data.customer);
        break;
      case 'customer.merged': {
        const { customer, merged_id } = event.data;
        this.customers.set(customer.id, customer);
        this.flush();
        customers.rekey(merged_id, customer.id);
        repoint(merged_id, customer);
        break;
      }
      case 'card.created':
      case 'card.updated':
      case 'card.moved':
        this.cards.push(event.data.card);
        break;
      case 'card.deleted':
        this.flush();
        cards.remove(event.data.id);
        break;
      case 'activity.created':
      case 'activity.updated':
        activities.put([event.data.activity]);
        break;
      case 'draft.updated':
        applyDraftEvent(event);
        break;
      case 'inbox.counted':
        setCounts(event.data, event.seq);
        break;
    }
  }

  flush(): void {
    conversations.put(this.conversations);
    cards.put(this.cards);
    const renamed = [...this.customers.values()].filter((row) => {
      const old = customers.base(row.id);
      return old && old.version < row.version && (old.name !== row.name || old.phone !== row.phone);
    });
    customers.put([...this.customers.values()]);
    for (const row of renamed) repoint(row.id, row);
    this.conversations = [];
    this.customers = new Map();
    this.cards = [];
  }
}

/** Rows that name a customer, when he has another name or id now: they come with no event of their own. */
function repoint(id: string, customer: Customer): void {
  const { name, phone } = customer;
  conversations.put(
    [...conversations.values()]
      .filter((row) => row.customer.id === id)
      .map((row) => ({ ...row, customer: { id: customer.id, name, phone } })),
  );
  cards.put(
    [...cards.values()]
      .filter((row) => row.customer.id === id)
      .map((row) => ({ ...row, customer: { id: customer.id, name } })),
  );
  if (id === customer.id) return;
  activities.put(
    [...activities.values()].filter((row) => row.customer_id === id).map((row) => ({ ...row, customer_id: customer.id })),
  );
}
