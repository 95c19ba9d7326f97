//! Tells the browsers what a batch did: one change gives customer, conversation, message, card, activity, in this
//! order, each in its full current shape.

use super::rows::{Fate, Kept};
use super::world::{World, settled};
use super::write::Written;
use crate::customers::{self, Customer};
use crate::error::Result;
use crate::inbox::{self, Conversation, Message};
use crate::kanban::{self, Card};
use crate::log::Write;
use crate::timeline::{self, Activity};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Current shapes of everything that an event may hold.
pub struct Shapes {
    customers: HashMap<Uuid, Customer>,
    boards: HashMap<Uuid, Vec<Uuid>>,
    conversations: HashMap<Uuid, Conversation>,
    messages: HashMap<Uuid, Message>,
    cards: HashMap<Uuid, Card>,
    activities: HashMap<Uuid, Activity>,
}

/// Emits the events of a written world, whose `shapes` were taken after the writing. `deleted`: cards as they were.
pub async fn all(
    write: &mut Write,
    world: &World,
    mut shapes: Shapes,
    written: &Written,
    deleted: &[Card],
) -> Result<()> {
    let created: BTreeSet<Uuid> = with_fate(world.messages.values(), Fate::New).map(|row| row.id).collect();
    let mut updated: BTreeSet<Uuid> =
        with_fate(world.messages.values(), Fate::Changed).map(|row| row.id).collect();
    updated.extend(written.raised.iter().filter(|id| !created.contains(id)));
    shapes.add(write, &updated).await?;
    customers(write, world, &shapes)?;
    conversations(write, world, &shapes)?;
    for (ids, created) in [(&created, true), (&updated, false)] {
        for message in ids.iter().filter_map(|id| shapes.messages.get(id)) {
            let Some(conversation) = shapes.conversations.get(&message.conversation_id) else { continue };
            let Some(customer) = shapes.customers.get(&conversation.customer.id) else { continue };
            if created {
                inbox::events::message_created(write, message, conversation, customer)?;
            } else {
                inbox::events::message_updated(write, message, conversation, customer)?;
            }
        }
    }
    cards(write, world, &shapes, deleted)?;
    for activity in world.new_activities.iter().filter_map(|row| shapes.activities.get(&row.id)) {
        timeline::events::created(write, activity)?;
    }
    Ok(())
}

/// What the world changed, in one round trip.
pub async fn shapes(write: &Write, world: &World) -> Result<Shapes> {
    let messages: Vec<Uuid> = changed(world.messages.values()).map(|row| row.id).collect();
    let mut threads: BTreeSet<Uuid> = living(world.conversations.values()).map(|row| row.id).collect();
    threads.extend(changed(world.messages.values()).map(|row| row.conversation_id));
    let held = |id: &Uuid| world.conversations.get(id).map(|kept| kept.row.customer_id);
    let mut people: BTreeSet<Uuid> = threads.iter().filter_map(held).collect();
    people.extend(changed(world.customers.values()).map(|row| row.id));
    let (threads, people): (Vec<Uuid>, Vec<Uuid>) =
        (threads.into_iter().collect(), people.into_iter().collect());
    let card_ids: Vec<Uuid> = changed(world.cards.values().flatten()).map(|row| row.id).collect();
    let activity_ids: Vec<Uuid> = world.new_activities.iter().map(|row| row.id).collect();
    let ((messages, conversations), customers, boards, cards, activities) = futures_util::try_join!(
        inbox::load_both(write, &messages, &threads),
        customers::load(write, &people),
        customers::boards(write, &people),
        kanban::load_cards(write, &card_ids),
        timeline::load_activities(write, &activity_ids),
    )?;
    Ok(Shapes { customers, boards, conversations, messages, cards, activities })
}

impl Shapes {
    /// Messages that changed though the world does not hold them, with what their events tell.
    async fn add(&mut self, write: &Write, messages: &BTreeSet<Uuid>) -> Result<()> {
        let strange: Vec<Uuid> =
            messages.iter().filter(|id| !self.messages.contains_key(id)).copied().collect();
        if !strange.is_empty() {
            self.messages.extend(inbox::load_messages(write, &strange).await?);
        }
        let unknown = |message: &&Message| !self.conversations.contains_key(&message.conversation_id);
        let unknown: BTreeSet<Uuid> =
            self.messages.values().filter(unknown).map(|message| message.conversation_id).collect();
        if !unknown.is_empty() {
            let unknown: Vec<Uuid> = unknown.into_iter().collect();
            let conversations = inbox::load_conversations(write, &unknown).await?;
            let people: Vec<Uuid> = conversations.values().map(|row| row.customer.id).collect();
            self.customers.extend(customers::load(write, &people).await?);
            self.conversations.extend(conversations);
        }
        Ok(())
    }
}

fn customers(write: &mut Write, world: &World, shapes: &Shapes) -> Result<()> {
    let none = Vec::new();
    for (id, kept) in &world.customers {
        let Some(customer) = shapes.customers.get(id) else { continue };
        let boards = shapes.boards.get(id).unwrap_or(&none);
        match kept.fate {
            _ if kept.row.merged_into.is_some() => {}
            Fate::New => customers::events::created(write, customer, boards)?,
            Fate::Changed => customers::events::updated(write, customer, boards)?,
            Fate::Clean => {}
        }
    }
    for (ends, stays) in settled(&world.customer_merges) {
        if let Some(customer) = shapes.customers.get(&stays) {
            let boards = shapes.boards.get(&stays).unwrap_or(&none);
            customers::events::merged(write, customer, ends, boards)?;
        }
    }
    Ok(())
}

/// A change that comes with a message is told by the message's event, which holds the conversation too.
fn conversations(write: &mut Write, world: &World, shapes: &Shapes) -> Result<()> {
    let told: BTreeSet<Uuid> = shapes.messages.values().map(|message| message.conversation_id).collect();
    for (id, kept) in &world.conversations {
        let Some(conversation) = shapes.conversations.get(id) else { continue };
        match kept.fate {
            _ if kept.row.merged_into.is_some() => {}
            Fate::New => inbox::events::conversation_created(write, conversation)?,
            Fate::Changed if !told.contains(id) => inbox::events::conversation_updated(write, conversation)?,
            Fate::Changed | Fate::Clean => {}
        }
    }
    for (ends, stays) in settled(&world.conversation_merges) {
        if let Some(conversation) = shapes.conversations.get(&stays) {
            inbox::events::conversation_merged(write, conversation, ends)?;
        }
    }
    Ok(())
}

fn cards(write: &mut Write, world: &World, shapes: &Shapes, deleted: &[Card]) -> Result<()> {
    for kept in world.cards.values().flatten() {
        let Some(card) = shapes.cards.get(&kept.row.id) else { continue };
        match kept.fate {
            Fate::New => kanban::events::created(write, card)?,
            Fate::Changed => kanban::events::updated(write, card)?,
            Fate::Clean => {}
        }
    }
    for card in deleted {
        kanban::events::deleted(write, card)?;
    }
    Ok(())
}

fn with_fate<'a, T: 'a>(all: impl Iterator<Item = &'a Kept<T>>, fate: Fate) -> impl Iterator<Item = &'a T> {
    all.filter(move |kept| kept.fate == fate).map(|kept| &kept.row)
}

fn changed<'a, T: 'a>(all: impl Iterator<Item = &'a Kept<T>>) -> impl Iterator<Item = &'a T> {
    all.filter(|kept| kept.fate != Fate::Clean).map(|kept| &kept.row)
}

fn living<'a>(
    all: impl Iterator<Item = &'a Kept<super::rows::ConversationRow>>,
) -> impl Iterator<Item = &'a super::rows::ConversationRow> {
    changed(all).filter(|row| row.merged_into.is_none())
}
