/**
 * Short names of the generated shapes, and the frames of the socket (contract, section 6).
 * Nothing is declared twice: what the schema has is an alias here.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Activity = Schemas['Activity'];
export type Attachment = Schemas['Attachment'];
export type Board = Schemas['Board'];
export type BoardSummary = Schemas['BoardSummary'];
export type Card = Schemas['Card'];
export type Channel = Schemas['Channel'];
export type ChannelKind = Schemas['ChannelKind'];
export type Column = Schemas['Column'];
export type ColumnSummary = Schemas['ColumnSummary'];
export type Conversation = Schemas['Conversation'];
export type ConversationStatus = Schemas['ConversationStatus'];
export type Counts = Schemas['Counts'];
export type Customer = Schemas['Customer'];
export type DeliveryRecord = Schemas['DeliveryRecord'];
export type DeliveryView = Schemas['DeliveryView'];
export type Details = Schemas['Details'];
export type Message = Schemas['Message'];
export type Money = Schemas['Money'];
export type Person = Schemas['Person'];
export type PlatformEvent = Schemas['PlatformEvent'];
export type Priority = Schemas['Priority'];
export type Problem = Schemas['Problem'];
export type Role = Schemas['Role'];
export type Touch = Schemas['Touch'];
export type User = Schemas['UserView'];

export interface ConversationEdit {
  status?: ConversationStatus;
  snoozed_until?: string | null;
  assignee?: Person | null;
  priority?: Priority | null;
  labels?: string[];
}
export interface CardEdit {
  title?: string;
  value?: Money | null;
  assignee?: Person | null;
  due_at?: string | null;
}
export interface CardSpot {
  column_id: string;
  after_card_id?: string;
  before_card_id?: string;
}
export type CustomerEdit = Omit<Schemas['CustomerPatch'], 'version'>;

/** Somebody who is in a room. */
export interface Presence {
  user_id: string;
  name: string;
}

interface MessageData {
  message: Message;
  conversation: Conversation;
  customer: Customer;
}
interface CardData {
  card: Card;
  from_column_id: string | null;
}

/** Every event's name and what it carries. */
export interface EventData {
  'message.created': MessageData;
  'message.updated': MessageData;
  'conversation.created': { conversation: Conversation };
  'conversation.updated': { conversation: Conversation };
  'conversation.merged': { conversation: Conversation; merged_id: string };
  'customer.created': { customer: Customer };
  'customer.updated': { customer: Customer };
  'customer.merged': { customer: Customer; merged_id: string };
  'card.created': CardData;
  'card.updated': CardData;
  'card.moved': CardData;
  'card.deleted': { id: string };
  'activity.created': { activity: Activity };
  'activity.updated': { activity: Activity };
  'inbox.counted': Counts;
}

export type LiveEvent = {
  [N in keyof EventData]: {
    type: 'event';
    seq: number;
    prev: number;
    at: string;
    name: N;
    rooms: string[];
    data: EventData[N];
  };
}[keyof EventData];

export interface Welcome {
  type: 'welcome';
  tenant_id: string;
  user_id: string;
  connection_id: string;
  epoch: number;
  build: string;
  seq: number;
  resumed: boolean;
  rooms: string[];
  denied: string[];
  presence: Record<string, Presence[]>;
  heartbeat_s: number;
}

export type SignalName = 'typing.started' | 'typing.stopped' | 'viewing';

export type ServerFrame =
  | Welcome
  | LiveEvent
  | { type: 'beat'; seq: number; prev: number }
  | { type: 'joined'; room: string; ref: number; seq: number; presence: Presence[] }
  | { type: 'left'; room: string; ref: number }
  | { type: 'error'; ref: number | null; code: string; detail: string }
  | { type: 'signal'; room: string; name: SignalName; from: Presence; data: unknown }
  | { type: 'presence'; room: string; joined: Presence[]; left: Presence[] };

export type ClientFrame =
  | { type: 'hello'; rooms: string[]; resume_from: number | null; epoch: number | null }
  | { type: 'join' | 'leave'; room: string; ref: number }
  | { type: 'signal'; room: string; name: SignalName };
