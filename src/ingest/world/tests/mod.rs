//! The rules without a database: what any order, repetition and division into batches of some facts ends in.

mod answers;
mod machine;
mod merges;
mod people;
mod threads;

use super::people::IdKey;
use super::{DefaultBoard, World, settled};
use crate::ingest::rows::{ChannelRow, Fate, Kept, MessageRow};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use webhooks::{
    Account, Attachment, DeliveryState, Direction, Fact, Message, MessageExtra, MessageKind, Person,
    PersonId, PersonIdKind, Reaction, Status, What,
};

const PAGE: &str = "107845920384756";
const NUMBERS: [&str; 2] = ["418206994710335", "418206994710777"];

/// Seconds after some moment.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_763_600_000 + seconds)
}

/// A tenant with two WhatsApp numbers and a Page, and nothing else.
fn empty() -> World {
    let channel = |n: u128, kind: &str, account_id: &str| ChannelRow {
        id: Uuid::from_u128(n),
        kind: kind.to_owned(),
        account_id: account_id.to_owned(),
        waba_id: None,
        name: account_id.to_owned(),
        confirmed: true,
    };
    let channels = [
        channel(1, "whatsapp", NUMBERS[0]),
        channel(2, "whatsapp", NUMBERS[1]),
        channel(3, "messenger", PAGE),
    ];
    let board = DefaultBoard { board_id: Uuid::from_u128(8), column_id: Uuid::from_u128(9), top_rank: None };
    World {
        received_at: at(1_000_000),
        channels: channels.into_iter().map(|row| (row.id, row)).collect(),
        board: Some(board),
        ..World::default()
    }
}

fn whatsapp(number: usize, seconds: i64, what: What) -> Fact {
    let account = Account::WhatsappNumber {
        phone_number_id: NUMBERS[number].to_owned(),
        waba_id: "1".to_owned(),
        display_phone_number: None,
    };
    Fact { account, at: Some(at(seconds)), what }
}

fn page(seconds: i64, what: What) -> Fact {
    Fact { account: Account::Page { page_id: PAGE.to_owned() }, at: Some(at(seconds)), what }
}

fn id(kind: PersonIdKind, value: &str) -> PersonId {
    PersonId { kind, value: value.to_owned() }
}

fn number(value: &str) -> PersonId {
    id(PersonIdKind::WaId, value)
}

fn bsuid(value: &str) -> PersonId {
    id(PersonIdKind::Bsuid, value)
}

fn person(ids: &[PersonId]) -> Person {
    Person { ids: ids.to_vec(), name: Some("Lena".to_owned()), ..Person::default() }
}

fn message(external_id: &str, direction: Direction, person: &Person) -> Message {
    Message {
        external_id: external_id.to_owned(),
        direction,
        kind: MessageKind::Text,
        person: person.clone(),
        group_id: None,
        text: Some(format!("text of {external_id}")),
        attachments: vec![Attachment { kind: "image".to_owned(), ..Attachment::default() }],
        reply_to: None,
        referral: None,
        tracking: None,
        standby: false,
        history: false,
        extra: MessageExtra {
            forwarded: true,
            payload: Some("secret".to_owned()),
            ..MessageExtra::default()
        },
    }
}

fn incoming(external_id: &str, person: &Person) -> What {
    What::Message(Box::new(message(external_id, Direction::In, person)))
}

fn echo(external_id: &str, person: &Person) -> What {
    What::Message(Box::new(message(external_id, Direction::Out, person)))
}

fn reaction(target: &str, emoji: Option<&str>, direction: Direction, person: &Person) -> What {
    let (target, emoji) = (target.to_owned(), emoji.map(str::to_owned));
    What::Reaction(Reaction { target, emoji, direction, person: person.clone() })
}

fn status(target: &str, state: DeliveryState, person: &Person) -> Status {
    let (target, person) = (target.to_owned(), Some(person.clone()));
    Status { target, state, error: None, tracking: None, person, group: false, pricing: None }
}

/// What `write` and the next `load` make of it: the world stands as the tables do, and nothing is new.
fn commit(world: &mut World) {
    check(world);
    let mut watermarks = std::mem::take(&mut world.watermarks);
    watermarks.sort_by_key(|watermark| watermark.state);
    for watermark in watermarks {
        let raised: &[&str] =
            if watermark.state == DeliveryState::Read { &["sent", "delivered"] } else { &["sent"] };
        for row in world.messages.values_mut().map(|kept| &mut kept.row) {
            let covered = row.conversation_id == watermark.conversation_id && row.sent_at <= watermark.up_to;
            if covered
                && row.direction == "out"
                && row.status.as_deref().is_some_and(|is| raised.contains(&is))
            {
                row.status = Some(watermark.state.as_str().to_owned());
            }
        }
    }
    for (_, stays) in settled(&std::mem::take(&mut world.conversation_merges)) {
        let count = unread(world, stays);
        if let Some(kept) = world.conversations.get_mut(&stays) {
            kept.row.unread_count = count;
        }
    }
    world.customer_merges.clear();
    world.conversations.retain(|_, kept| kept.row.merged_into.is_none());
    world.customers.retain(|_, kept| kept.row.merged_into.is_none());
    fn clean<'a, T: 'a>(all: impl Iterator<Item = &'a mut Kept<T>>) {
        all.for_each(|kept| kept.fate = Fate::Clean);
    }
    clean(world.customers.values_mut());
    clean(world.identities.values_mut());
    clean(world.conversations.values_mut());
    clean(world.messages.values_mut());
    clean(world.parked.values_mut());
    clean(world.cards.values_mut().flatten());
    world.unparked.clear();
    world.stripped.clear();
    world.deleted_cards.clear();
    world.new_activities.clear();
    world.channel_events.clear();
    world.attributions.clear();
    world.jobs.clear();
}

/// Whether something would be written.
fn is_clean(world: &World) -> bool {
    fn clean<'a, T: 'a>(mut all: impl Iterator<Item = &'a Kept<T>>) -> bool {
        all.all(|kept| kept.fate == Fate::Clean)
    }
    let rows = clean(world.customers.values())
        && clean(world.identities.values())
        && clean(world.conversations.values())
        && clean(world.messages.values())
        && clean(world.parked.values())
        && clean(world.cards.values().flatten());
    rows && world.unparked.is_empty()
        && world.stripped.is_empty()
        && world.deleted_cards.is_empty()
        && world.new_activities.is_empty()
        && world.watermarks.is_empty()
        && world.customer_merges.is_empty()
        && world.conversation_merges.is_empty()
}

/// What the tables would refuse, or a screen would show twice.
fn check(world: &World) {
    let living =
        |customer: &Uuid| world.customers.get(customer).is_some_and(|kept| kept.row.merged_into.is_none());
    let mut active = BTreeSet::new();
    for row in world.identities.values().map(|kept| &kept.row) {
        assert!(living(&row.customer_id), "an identity of somebody who is gone: {row:?}");
        let unique = row.retired_at.is_some() || active.insert((&row.kind, &row.scope, &row.value));
        assert!(unique, "two have one id: {row:?}");
    }
    for row in world.identities.values().map(|kept| &kept.row) {
        let found = world.identities_of(row.customer_id).filter(|other| other.id == row.id).count();
        assert_eq!(found, 1, "not found by its customer: {row:?}");
    }
    for row in world.conversations.values().map(|kept| &kept.row).filter(|row| row.merged_into.is_none()) {
        let found = world.conversations_of(row.customer_id).filter(|other| other.id == row.id).count();
        assert_eq!(found, 1, "not found by its customer: {row:?}");
    }
    for (key, identity) in &world.by_identity {
        let row = &world.identities[identity].row;
        assert!(IdKey::of_row(row) == *key && row.retired_at.is_none(), "{key:?} leads to {row:?}");
    }
    let mut threads = BTreeSet::new();
    for row in world.conversations.values().map(|kept| &kept.row).filter(|row| row.merged_into.is_none()) {
        assert!(living(&row.customer_id), "a conversation of somebody who is gone");
        let key = row.group_external_id.clone().unwrap_or_else(|| row.customer_id.to_string());
        assert!(threads.insert((row.channel_id, key)), "two conversations of one");
        assert!(row.snoozed_until.is_none() || row.status == "snoozed");
    }
    for row in world.messages.values().map(|kept| &kept.row) {
        let thread = &world.conversations[&row.conversation_id].row;
        assert!(thread.merged_into.is_none(), "a message of a conversation that is gone");
        assert!(row.deleted_at.is_none() || row.text.is_none() && !row.extra.to_string().contains("secret"));
    }
    for (customer, cards) in &world.cards {
        assert!(cards.len() <= 1 && (cards.is_empty() || living(customer)), "cards: {cards:?}");
        assert!(cards.iter().all(|kept| kept.row.customer_id == *customer));
    }
}

/// Incoming messages after the read position, counted anew.
fn unread(world: &World, conversation: Uuid) -> i32 {
    let Some(kept) = world.conversations.get(&conversation) else { return 0 };
    let read = (kept.row.read_sent_at, kept.row.read_message_id);
    let counts = |row: &&MessageRow| {
        row.conversation_id == conversation
            && row.direction == "in"
            && !row.history
            && (Some(row.sent_at), Some(row.id)) > read
    };
    let count = world.messages.values().map(|kept| &kept.row).filter(counts).count();
    i32::try_from(count).expect("few")
}

/// All rows, without what depends on the order of arrival by its nature: our ids, and what stands in what order.
fn canonical(world: &World) -> Value {
    let who = |customer: Uuid| {
        let rows = world.identities.values().map(|kept| &kept.row);
        let keys: BTreeSet<&str> =
            rows.filter(|row| row.customer_id == customer).map(|row| row.match_key.as_str()).collect();
        keys.into_iter().collect::<Vec<_>>().join(" ")
    };
    let by_id: BTreeMap<Uuid, &str> =
        world.messages.iter().map(|(key, kept)| (kept.row.id, key.1.as_str())).collect();
    let customers = world.customers.values().map(|kept| &kept.row).map(|row| {
        json!([who(row.id), row.name, row.name_rank, row.phone_key, row.email, row.marketing_opt_out])
    });
    let identities = world.identities.values().map(|kept| &kept.row).map(|row| {
        json!([who(row.customer_id), row.kind, row.scope, row.value, row.username, row.retired_at])
    });
    let conversations = world.conversations.values().map(|kept| &kept.row).map(|row| {
        json!([
            row.channel_id,
            who(row.customer_id),
            row.status,
            row.unread_count,
            row.last_message_at,
            row.last_message_id.map(|id| by_id[&id]),
            row.last_activity_at,
            row.last_inbound_at,
            row.delivered_up_to,
            row.read_up_to
        ])
    });
    let messages = world.messages.iter().map(|(key, kept)| (&key.1, &kept.row)).map(|(external_id, row)| {
        let mut reactions: Vec<String> =
            row.reactions.as_array().expect("a list").iter().map(ToString::to_string).collect();
        reactions.sort();
        let attachments =
            world.attachments.iter().filter(|attachment| attachment.message_id == row.id).count();
        json!([
            external_id,
            who(world.conversations[&row.conversation_id].row.customer_id),
            row.direction,
            row.text,
            row.status,
            row.error,
            row.extra,
            reactions,
            row.edit_rank,
            row.edited_at,
            row.deleted_at,
            row.sent_at,
            attachments
        ])
    });
    let cards = world.cards.iter().flat_map(|(customer, cards)| {
        cards.iter().map(|kept| json!([who(*customer), kept.row.source, kept.row.last_message_at]))
    });
    // Which slot a fact waits in depends on what was known of its person.
    let parked: BTreeSet<&str> = world.parked.keys().map(|key| key.1.as_str()).collect();
    json!({ "customers": sorted(customers), "identities": sorted(identities), "messages": sorted(messages),
        "conversations": sorted(conversations), "cards": sorted(cards), "parked": parked })
}

fn sorted(rows: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut rows: Vec<Value> = rows.collect();
    rows.sort_by_key(Value::to_string);
    rows
}

fn cases() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::with_cases(500) }
}

/// Facts by their numbers; true: a batch ends behind it.
type Order = Vec<(usize, bool)>;

/// Some of `facts` facts, in any order, any number of times, in any batches; each of `always` at least once.
fn orders(facts: usize, always: &'static [usize]) -> impl Strategy<Value = Order> {
    prop::collection::vec(0..facts, 0..2 * facts)
        .prop_map(move |mut order| {
            order.extend(always);
            order
        })
        .prop_shuffle()
        .prop_flat_map(|order| {
            let ends = prop::collection::vec(prop::bool::weighted(0.3), order.len());
            ends.prop_map(move |ends| order.iter().copied().zip(ends).collect())
        })
}

fn apply_in(facts: &[Fact], order: &[(usize, bool)]) -> World {
    let mut world = empty();
    for (fact, ends) in order {
        world.apply(&facts[*fact]);
        if *ends {
            commit(&mut world);
        }
    }
    commit(&mut world);
    world
}

/// The same facts, each once, one batch each, in the order of the list.
fn apply_sorted(facts: &[Fact], order: &[(usize, bool)]) -> World {
    let once: BTreeSet<usize> = order.iter().map(|(fact, _)| *fact).collect();
    apply_in(facts, &once.into_iter().map(|fact| (fact, true)).collect::<Order>())
}

/// The order does not matter, and once more all changes nothing.
fn ends_the_same(facts: &[Fact], order: &[(usize, bool)]) -> Result<World, TestCaseError> {
    let mut world = apply_in(facts, order);
    let end = canonical(&world);
    prop_assert_eq!(&end, &canonical(&apply_sorted(facts, order)));
    for row in world.conversations.values().map(|kept| &kept.row) {
        prop_assert_eq!(row.unread_count, unread(&world, row.id));
    }
    for (fact, _) in order {
        world.apply(&facts[*fact]);
        prop_assert!(is_clean(&world), "changed by a repetition: {:?}", facts[*fact]);
    }
    prop_assert_eq!(&canonical(&world), &end);
    Ok(world)
}
