//! What leaves for browsers about conversations and messages, and the rooms it goes to.

use super::model::{Conversation, Message};
use crate::customers::Customer;
use crate::error::Result;
use crate::log::Write;
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct MessageChanged<'a> {
    message: &'a Message,
    conversation: &'a Conversation,
    customer: &'a Customer,
}

#[derive(Serialize)]
struct ConversationChanged<'a> {
    conversation: &'a Conversation,
}

#[derive(Serialize)]
struct ConversationMerged<'a> {
    conversation: &'a Conversation,
    merged_id: Uuid,
}

pub fn message_created(
    write: &mut Write,
    message: &Message,
    conversation: &Conversation,
    customer: &Customer,
) -> Result<()> {
    let rooms = message_rooms(conversation, customer);
    write.emit("message.created", &rooms, &MessageChanged { message, conversation, customer })
}

/// An edit, a deletion, a status or a reaction.
pub fn message_updated(
    write: &mut Write,
    message: &Message,
    conversation: &Conversation,
    customer: &Customer,
) -> Result<()> {
    let rooms = message_rooms(conversation, customer);
    write.emit("message.updated", &rooms, &MessageChanged { message, conversation, customer })
}

pub fn conversation_created(write: &mut Write, conversation: &Conversation) -> Result<()> {
    write.emit("conversation.created", &rooms(conversation, None), &ConversationChanged { conversation })
}

pub fn conversation_updated(write: &mut Write, conversation: &Conversation) -> Result<()> {
    write.emit("conversation.updated", &rooms(conversation, None), &ConversationChanged { conversation })
}

/// `merged_id` is gone; `conversation` is the one that is left.
pub fn conversation_merged(write: &mut Write, conversation: &Conversation, merged_id: Uuid) -> Result<()> {
    let data = ConversationMerged { conversation, merged_id };
    write.emit("conversation.merged", &rooms(conversation, Some(merged_id)), &data)
}

fn rooms(conversation: &Conversation, merged: Option<Uuid>) -> Vec<String> {
    let mut rooms = vec!["inbox".to_owned(), format!("conversation:{}", conversation.id)];
    rooms.extend(merged.map(|id| format!("conversation:{id}")));
    rooms.push(format!("customer:{}", conversation.customer.id));
    rooms
}

/// In a group the writer need not be the conversation's customer: then the event goes to both.
fn message_rooms(conversation: &Conversation, customer: &Customer) -> Vec<String> {
    let mut rooms = rooms(conversation, None);
    if customer.id != conversation.customer.id {
        rooms.push(format!("customer:{}", customer.id));
    }
    rooms
}
