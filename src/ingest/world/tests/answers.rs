//! In whatever order the answer to a send, its echo and its statuses come, they end the same.

use super::{at, empty, number, person, whatsapp};
use crate::ingest::rows::{Kept, MessageRow};
use crate::ingest::world::{Accepted, World, tracked, tracking};
use serde_json::json;
use uuid::Uuid;
use webhooks::{DeliveryState, Direction, Fact, Message, MessageExtra, MessageKind, Reaction, Status, What};

const OWN: Uuid = Uuid::from_u128(77);
const NAME: &str = "wamid.own";
const WRITER: &str = "905321112233";

/// What can be told of a message on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Answer,
    /// With our mark, without it, and without it in other words.
    EchoMarked,
    Echo,
    EchoChanged,
    Sent,
    Delivered,
    Read,
    Reaction,
}

/// A customer has written, and one answer is on its way.
fn waiting() -> World {
    let mut world = empty();
    world.apply(&message("wamid.in", Direction::In, "Is it there?", None));
    let conversation = world.conversations.values().next().expect("one").row.id;
    let row = MessageRow {
        id: OWN,
        conversation_id: conversation,
        channel_id: Uuid::from_u128(1),
        external_id: None,
        direction: "out".to_owned(),
        kind: "text".to_owned(),
        text: Some("Yes".to_owned()),
        status: Some("sending".to_owned()),
        error: None,
        reply_to_external_id: None,
        attempts: 2,
        author_customer_id: None,
        extra: json!({}),
        reactions: json!([]),
        standby: false,
        history: false,
        edit_rank: None,
        edited_at: None,
        deleted_at: None,
        sent_at: at(10),
        created_at: at(10),
        version: 1,
    };
    world.put_own(row);
    world
}

fn message(id: &str, direction: Direction, text: &str, tracking: Option<String>) -> Fact {
    let message = Message {
        external_id: id.to_owned(),
        direction,
        kind: MessageKind::Text,
        person: person(&[number(WRITER)]),
        group_id: None,
        text: Some(text.to_owned()),
        attachments: Vec::new(),
        reply_to: None,
        referral: None,
        tracking,
        standby: false,
        history: false,
        extra: MessageExtra::default(),
    };
    whatsapp(0, 11, What::Message(Box::new(message)))
}

fn status(state: DeliveryState, tracking: Option<String>) -> Fact {
    let status = Status {
        target: NAME.to_owned(),
        state,
        person: None,
        error: None,
        tracking,
        group: false,
        pricing: None,
    };
    whatsapp(0, 12, What::Status(status))
}

fn tell(world: &mut World, told: Told) {
    let mark = Some(tracking(OWN, 2));
    let fact = match told {
        Told::Answer => {
            let answer = Accepted { message_id: OWN, attempt: 2, external_id: NAME.to_owned() };
            return world.accepted(Uuid::from_u128(1), &answer);
        }
        Told::EchoMarked => message(NAME, Direction::Out, "Yes", mark),
        Told::Echo => message(NAME, Direction::Out, "Yes", None),
        Told::EchoChanged => message(NAME, Direction::Out, "Yes, as the platform writes it", None),
        Told::Sent => status(DeliveryState::Sent, mark),
        Told::Delivered => status(DeliveryState::Delivered, mark),
        Told::Read => status(DeliveryState::Read, None),
        Told::Reaction => whatsapp(
            0,
            13,
            What::Reaction(Reaction {
                target: NAME.to_owned(),
                direction: Direction::In,
                person: person(&[number(WRITER)]),
                emoji: Some("👍".to_owned()),
            }),
        ),
    };
    world.apply(&fact);
}

fn orders<T: Copy>(of: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = of.split_first() else { return vec![Vec::new()] };
    let insert = |order: Vec<T>| {
        (0..=order.len()).map(move |place| {
            let mut longer = order.clone();
            longer.insert(place, *first);
            longer
        })
    };
    orders(rest).into_iter().flat_map(insert).collect()
}

fn named(world: &World) -> &Kept<MessageRow> {
    &world.messages[&(Uuid::from_u128(1), NAME.to_owned())]
}

/// What everybody must see in the end.
fn check(world: &World, order: &[Told], status: &str) {
    let row = &named(world).row;
    assert_eq!((row.id, row.status.as_deref()), (OWN, Some(status)), "{order:?}");
    assert_eq!((row.text.as_deref(), row.sent_at, &row.error), (Some("Yes"), at(10), &None), "{order:?}");
    let reacted = order.contains(&Told::Reaction);
    assert_eq!(row.reactions.as_array().map(Vec::len), Some(usize::from(reacted)), "{order:?}");
    assert!(world.outgoing.is_empty() && world.parked.is_empty(), "{order:?}");
    let shown =
        world.messages.values().filter(|kept| kept.row.direction == "out" && kept.row.deleted_at.is_none());
    assert_eq!(shown.count(), 1, "{order:?}");
}

#[test]
fn every_order_of_answer_echo_and_statuses_ends_the_same() {
    for echo in [Told::EchoMarked, Told::Echo, Told::EchoChanged] {
        let all = [Told::Answer, echo, Told::Sent, Told::Delivered, Told::Read, Told::Reaction];
        for order in orders(&all) {
            let mut world = waiting();
            for told in &order {
                tell(&mut world, *told);
                tell(&mut world, *told);
            }
            check(&world, &order, "read");
        }
    }
}

#[test]
fn a_lost_answer_is_found_by_any_of_the_others() {
    for found in [Told::EchoMarked, Told::Echo, Told::Sent] {
        for order in orders(&[found, Told::Read, Told::Reaction]) {
            let mut world = waiting();
            order.iter().for_each(|told| tell(&mut world, *told));
            check(&world, &order, "read");
        }
    }
}

#[test]
fn an_earlier_attempts_news_are_not_the_later_ones() {
    let mut world = waiting();
    let first = whatsapp(
        0,
        12,
        What::Status(Status {
            target: "wamid.first".to_owned(),
            state: DeliveryState::Failed,
            person: None,
            error: None,
            tracking: Some(tracking(OWN, 1)),
            group: false,
            pricing: None,
        }),
    );
    world.apply(&first);
    assert_eq!(world.outgoing[&OWN].row.status.as_deref(), Some("sending"));
    // The answer to the first one comes late: the customer has it twice, and so it is shown.
    let answer = Accepted { message_id: OWN, attempt: 1, external_id: "wamid.first".to_owned() };
    world.accepted(Uuid::from_u128(1), &answer);
    tell(&mut world, Told::Answer);
    assert_eq!(world.messages.values().filter(|kept| kept.row.direction == "out").count(), 2);
}

#[test]
fn another_apps_mark_is_not_ours() {
    assert_eq!(tracked(&tracking(OWN, 3)), Some((OWN, 3)));
    for other in ["", "77", "77-1", "order-12", "0000000000000000000000000000004D-1", "{}"] {
        assert_eq!(tracked(other), None, "{other}");
    }
    let mut world = waiting();
    world.apply(&message("wamid.other", Direction::Out, "Yes", Some("campaign-7".to_owned())));
    assert!(world.outgoing.contains_key(&OWN), "another app said the same");
}
