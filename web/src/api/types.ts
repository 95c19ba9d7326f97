/**
 * Short names of the generated shapes, and the frames of the socket (contract, section 6).
 * Nothing is declared twice: what the schema has is an alias here.
 */
import type { components, paths } from './schema';

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
export type Draft = paths['/api/v1/conversations/{id}/drafts']['get']['responses'][200]['content']['application/json']['items'][number];
export type DraftKind = Draft['kind'];
export type Message = Schemas['Message'];
/** What a message is made of beside or in the place of its text. */
type NewMessage = Schemas['NewMessage'];
export type NewButton = NonNullable<NewMessage['buttons']>[number];
export type NewContact = NonNullable<NewMessage['contacts']>[number];
export type NewList = NonNullable<NewMessage['list']>;
export type NewLocation = NonNullable<NewMessage['location']>;
export type Notification = Schemas['Notification'];
export type NotificationList = Schemas['NotificationList'];
export type Money = Schemas['Money'];
export type Person = Schemas['Person'];
export type PlatformEvent = Schemas['PlatformEvent'];
export type Priority = Schemas['Priority'];
export type Problem = Schemas['Problem'];
export type Role = Schemas['Role'];
export type SavedReply = paths['/api/v1/saved-replies']['get']['responses'][200]['content']['application/json']['items'][number];
/** What the platform lets the business send. */
export type Sending = NonNullable<Conversation['sending']>;
export type StoredFile = Schemas['File'];
export type Template = Schemas['Template'];
export type TemplateParameter = Schemas['TemplateParameter'];
export type TemplateUse = Schemas['TemplateUse'];
/** A text, or an uploaded file for a header. */
export type TemplateValue = string | { file_id: string };
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
export type Presence = Schemas['Present'];
export type ServerFrame = Schemas['ServerFrame'];
export type ClientFrame = Schemas['ClientFrame'];
export type SignalName = Schemas['SignalName'];
export type Welcome = Extract<ServerFrame, { type: 'welcome' }>;
/** With its `name`, which says what `data` is. */
export type LiveEvent = Extract<ServerFrame, { type: 'event' }>;
