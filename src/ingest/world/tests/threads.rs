//! One thread: messages with their edits, deletions, reactions, states and watermarks; and the counts.

use super::*;
use webhooks::{Delete, Edit, PlatformError, UpTo, Watermark};

fn edit(target: &str, text: &str, revision: Option<i64>) -> What {
    let (target, text) = (target.to_owned(), Some(text.to_owned()));
    What::Edit(Edit { target, text, revision, person: None })
}

fn delete(target: &str) -> What {
    What::Delete(Delete { target: target.to_owned(), person: None })
}

/// A WhatsApp thread; several things fall into one second, as the platform's clock has no finer ones.
fn of_whatsapp() -> Vec<Fact> {
    let lena = person(&[number("491511234567"), bsuid("DE.55")]);
    let failed = |code| {
        let error = Some(PlatformError { code, title: None, detail: None });
        What::Status(Status { error, ..status("out", DeliveryState::Failed, &lena) })
    };
    let reached = |state| What::Status(status("out", state, &lena));
    let tracked = Status { tracking: Some("c-1".to_owned()), ..status("out", DeliveryState::Sent, &lena) };
    let (inwards, outwards) = (Direction::In, Direction::Out);
    vec![
        whatsapp(0, 0, incoming("in", &lena)),
        whatsapp(0, 1, echo("out", &lena)),
        whatsapp(0, 2, incoming("second", &lena)),
        whatsapp(0, 10, edit("in", "edited", None)),
        whatsapp(0, 11, edit("in", "edited again", None)),
        whatsapp(0, 11, edit("in", "and in the same second", None)),
        whatsapp(0, 20, delete("in")),
        whatsapp(0, 21, delete("in")),
        whatsapp(0, 22, edit("in", "too late", None)),
        whatsapp(0, 5, reaction("out", Some("👍"), inwards, &lena)),
        whatsapp(0, 6, reaction("out", Some("❤️"), inwards, &lena)),
        whatsapp(0, 6, reaction("out", Some("🔥"), inwards, &lena)),
        whatsapp(0, 6, reaction("out", None, inwards, &lena)),
        whatsapp(0, 7, reaction("out", Some("🎉"), inwards, &person(&[bsuid("DE.55")]))),
        whatsapp(0, 7, reaction("second", Some("👀"), outwards, &lena)),
        whatsapp(0, 8, reaction("second", None, outwards, &lena)),
        whatsapp(0, 2, What::Status(tracked)),
        whatsapp(0, 3, reached(DeliveryState::Delivered)),
        whatsapp(0, 4, reached(DeliveryState::Read)),
        whatsapp(0, 5, reached(DeliveryState::Played)),
        whatsapp(0, 3, failed(131_047)),
        whatsapp(0, 3, failed(131_026)),
    ]
}

/// A Messenger thread: counted edits, and watermarks over all of ours.
fn of_messenger() -> Vec<Fact> {
    let psid = person(&[id(PersonIdKind::Psid, "7720183645512093")]);
    let watermark = |state, up_to, messages: &[&str]| {
        let messages = messages.iter().map(|id| (*id).to_owned()).collect();
        What::Watermark(Watermark { person: psid.clone(), state, up_to, messages })
    };
    let (delivered, read) = (DeliveryState::Delivered, DeliveryState::Read);
    let mut history = message("old", Direction::Out, &psid);
    history.history = true;
    vec![
        page(0, incoming("in", &psid)),
        page(1, echo("one", &psid)),
        page(3, echo("two", &psid)),
        page(5, echo("three", &psid)),
        page(-9, What::Message(Box::new(history))),
        page(10, edit("in", "first", Some(1))),
        page(9, edit("in", "second", Some(2))),
        page(11, delete("two")),
        page(4, watermark(delivered, UpTo::Time(at(3)), &[])),
        page(6, watermark(delivered, UpTo::Named, &["three", "in"])),
        page(5, watermark(read, UpTo::Time(at(1)), &[])),
        page(7, watermark(read, UpTo::Message("two".to_owned()), &[])),
        page(6, reaction("one", Some("👍"), Direction::In, &psid)),
        page(8, reaction("one", None, Direction::In, &psid)),
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_whatsapp_thread_ends_the_same_in_any_order(order in orders(22, &[])) {
        ends_the_same(&of_whatsapp(), &order)?;
    }

    #[test]
    fn a_messenger_thread_ends_the_same_in_any_order(order in orders(14, &[])) {
        ends_the_same(&of_messenger(), &order)?;
    }

    #[test]
    fn nothing_waits_for_ever(order in orders(22, &[0, 1, 2])) {
        let world = ends_the_same(&of_whatsapp(), &order)?;
        prop_assert!(world.parked.is_empty() && world.customers.len() == 1);
    }

    /// Messages that come late, in any direction, between reads at any place.
    #[test]
    fn unread_is_what_stands_after_the_read_position(
        steps in prop::collection::vec((0_i64..20, 0_u8..4, any::<bool>(), 0_usize..30), 1..40),
    ) {
        let lena = person(&[number("491511234567")]);
        let mut world = empty();
        for (n, (second, kind, reads, place)) in steps.into_iter().enumerate() {
            let direction = if kind == 0 { Direction::Out } else { Direction::In };
            let mut new = message(&format!("m{n}"), direction, &lena);
            new.history = kind == 1;
            world.apply(&whatsapp(0, second, What::Message(Box::new(new))));
            if n % 3 == 0 {
                commit(&mut world);
            }
            if reads {
                read(&mut world, place);
            }
            let row = &world.conversations.values().next().expect("the thread").row;
            prop_assert_eq!(row.unread_count, unread(&world, row.id));
        }
    }
}

/// A colleague reads up to one of the messages; as `inbox` does, only forward.
fn read(world: &mut World, place: usize) {
    let mut places: Vec<_> = world.messages.values().map(|kept| (kept.row.sent_at, kept.row.id)).collect();
    places.sort();
    let (sent_at, id) = places[place % places.len()];
    let thread = *world.conversations.keys().next().expect("the thread");
    let row = &mut world.conversations.get_mut(&thread).expect("the thread").row;
    if (row.read_sent_at, row.read_message_id) < (Some(sent_at), Some(id)) {
        (row.read_sent_at, row.read_message_id) = (Some(sent_at), Some(id));
        let count = unread(world, thread);
        world.conversations.get_mut(&thread).expect("the thread").row.unread_count = count;
    }
}

#[test]
fn what_a_thread_ends_in() {
    let facts = of_whatsapp();
    let all: Order = (0..facts.len()).map(|n| (n, true)).collect();
    let world = apply_in(&facts, &all);
    let row = |id: &str| &world.messages[&(Uuid::from_u128(1), id.to_owned())].row;
    assert_eq!((row("in").deleted_at, row("in").edited_at), (Some(at(20)), Some(at(22))));
    assert_eq!((&row("in").text, &row("in").extra), (&None, &json!({"forwarded": true})));
    assert_eq!((row("out").status.as_deref(), &row("out").error), (Some("played"), &None));
    assert_eq!((&row("out").extra["tracking"], &row("second").status), (&json!("c-1"), &None));
    let shown = |id: &str| row(id).reactions.as_array().expect("a list").clone();
    assert_eq!(shown("out").iter().map(|r| &r["emoji"]).collect::<Vec<_>>(), [&json!("🎉")]);
    assert_eq!(shown("second").iter().map(|r| &r["emoji"]).collect::<Vec<_>>(), [&Value::Null]);
    let thread = &world.conversations.values().next().expect("the thread").row;
    assert_eq!((thread.unread_count, thread.last_message_at), (2, Some(at(2))));
    let cards: Vec<_> = world.cards.values().flatten().map(|kept| kept.row.last_message_at).collect();
    assert_eq!(cards, [Some(at(2))]);
}

#[test]
fn states_only_go_up_and_failed_only_over_sent() {
    use DeliveryState::{Delivered, Failed, Played, Read, Sent};
    let lena = person(&[number("491511234567")]);
    let end = |states: &[DeliveryState]| {
        let mut world = empty();
        world.apply(&whatsapp(0, 1, echo("out", &lena)));
        for state in states {
            world.apply(&whatsapp(0, 2, What::Status(status("out", *state, &lena))));
        }
        world.messages.values().next().expect("the message").row.status.clone().expect("a state")
    };
    assert_eq!(end(&[Played, Read, Delivered, Sent, Failed]), "played");
    assert_eq!(end(&[Failed, Sent]), "failed");
    assert_eq!(end(&[Failed, Delivered]), "delivered");
    assert_eq!(end(&[Read, Failed]), "read");
}

#[test]
fn an_echo_of_ours_adds_nothing_and_makes_no_card() {
    let lena = person(&[number("491511234567")]);
    let mut world = empty();
    world.apply(&whatsapp(0, 1, echo("out", &lena)));
    commit(&mut world);
    world.apply(&whatsapp(0, 1, echo("out", &lena)));
    assert!(
        is_clean(&world) && world.messages.len() == 1 && !world.cards.values().any(|cards| !cards.is_empty())
    );
    world.apply(&whatsapp(0, 0, incoming("in", &lena)));
    let card = &world.cards.values().flatten().next().expect("a card").row;
    assert_eq!(card.last_message_at, Some(at(1)), "the newer one came before the card");
}
