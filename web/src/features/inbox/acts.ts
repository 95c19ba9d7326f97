/** What can be done with conversations, as data: the header, the bulk bar and the shortcuts share it. */
import type { Conversation, ConversationEdit, ConversationStatus, Person, Priority } from '@/api/types';
import { texts } from '@/lib/i18n';
import { change } from './changes';

export type Act =
  | { type: 'status'; status: Exclude<ConversationStatus, 'snoozed'> }
  /** Null: until the customer writes. */
  | { type: 'snooze'; until: string | null }
  | { type: 'assign'; to: Person | null }
  | { type: 'priority'; priority: Priority | null }
  | { type: 'labels'; labels: string[] }
  | { type: 'label'; add: string };

export type Run = (act: Act) => void;

/** Whether the conversation is done with for now, so that the next one may open. */
export function leaves(act: Act): boolean {
  return act.type === 'snooze' || (act.type === 'status' && act.status === 'resolved');
}

function editOf(act: Act): ConversationEdit | ((conversation: Conversation) => ConversationEdit) {
  switch (act.type) {
    case 'status':
      return { status: act.status };
    case 'snooze':
      return act.until === null ? { status: 'snoozed' } : { status: 'snoozed', snoozed_until: act.until };
    case 'assign':
      return { assignee: act.to };
    case 'priority':
      return { priority: act.priority };
    case 'labels':
      return { labels: act.labels };
    case 'label':
      return ({ labels }) => ({ labels: labels.includes(act.add) ? labels : [...labels, act.add] });
  }
}

function titleOf(act: Act): (count: number) => string {
  const { done } = texts().inbox;
  switch (act.type) {
    case 'status':
      return { resolved: done.resolved, open: done.reopened, pending: done.pending }[act.status];
    case 'snooze':
      return done.snoozed;
    case 'assign': {
      const to = act.to;
      return to ? (count) => done.assigned(count, to.name) : done.unassigned;
    }
    case 'priority':
      return done.priority;
    case 'labels':
    case 'label':
      return done.labels;
  }
}

export function perform(ids: readonly string[], act: Act): void {
  change(ids, editOf(act), titleOf(act));
}
