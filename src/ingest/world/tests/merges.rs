//! Two or more customers turn out to be one person.

use super::*;
use crate::ingest::world::LeadDetails;

const A: &str = "491511234567";
const B: &str = "DE.55";
const C: &str = "DE.ENT.66";

fn says(channel: usize, seconds: i64, ids: &[PersonId]) -> Fact {
    whatsapp(channel, seconds, incoming(&format!("{channel}:{seconds}"), &person(ids)))
}

fn thread(world: &World, channel: u128) -> Uuid {
    let of =
        |kept: &&Kept<crate::ingest::rows::ConversationRow>| kept.row.channel_id == Uuid::from_u128(channel);
    let found: Vec<Uuid> = world.conversations.values().filter(of).map(|kept| kept.row.id).collect();
    assert_eq!(found.len(), 1, "one conversation on each channel");
    found[0]
}

#[test]
fn chains_of_merges_end_in_the_oldest() {
    for batches in [true, false] {
        let mut world = empty();
        for (seconds, ids) in [(0, vec![number(A)]), (1, vec![bsuid(B)]), (2, vec![bsuid(C)])] {
            world.apply(&says(0, seconds, &ids));
            world.apply(&says(1, 10 + seconds, &ids));
        }
        let oldest = *world.customers.keys().next().expect("the first");
        if batches {
            commit(&mut world);
        }
        world.apply(&says(0, 20, &[bsuid(C), bsuid(B)]));
        world.apply(&says(0, 21, &[bsuid(C), number(A)]));
        if !batches {
            let ends = settled(&world.customer_merges);
            assert!(ends.len() == 2 && ends.iter().all(|(_, stays)| *stays == oldest), "{ends:?}");
        }
        commit(&mut world);
        assert_eq!(world.customers.keys().collect::<Vec<_>>(), [&oldest]);
        assert_eq!(world.cards.values().flatten().count(), 1);
        for (channel, messages) in [(1, 5), (2, 3)] {
            let row = &world.conversations[&thread(&world, channel)].row;
            assert_eq!((row.customer_id, row.unread_count), (oldest, messages));
        }
    }
}

#[test]
fn of_two_open_cards_the_older_persons_stays() {
    let mut world = empty();
    world.apply(&says(0, 0, &[number(A)]));
    world.apply(&says(0, 5, &[bsuid(B)]));
    commit(&mut world);
    let cards: Vec<Uuid> = world.cards.values().flatten().map(|kept| kept.row.id).collect();
    assert_eq!(cards.len(), 2);
    world.apply(&whatsapp(
        0,
        4,
        What::Status(status("x", DeliveryState::Sent, &person(&[number(A), bsuid(B)]))),
    ));
    let left: Vec<_> = world.cards.values().flatten().map(|kept| &kept.row).collect();
    assert_eq!((left.len(), world.deleted_cards.len()), (1, 1));
    assert_eq!(left[0].last_message_at, Some(at(5)), "of all that the person wrote");
    assert!(cards.contains(&left[0].id) && cards.contains(&world.deleted_cards[0].id));
}

#[test]
fn conversations_on_other_channels_change_hands() {
    let mut world = empty();
    world.apply(&says(0, 0, &[number(A)]));
    world.apply(&says(1, 1, &[bsuid(B)]));
    commit(&mut world);
    let (first, second) = (thread(&world, 1), thread(&world, 2));
    world.apply(&says(0, 2, &[number(A), bsuid(B)]));
    commit(&mut world);
    assert_eq!((thread(&world, 1), thread(&world, 2)), (first, second));
    assert_eq!(world.customers.len(), 1);
}

/// What colleagues did to either of two conversations holds for the one that is left.
#[test]
fn a_joined_conversation_keeps_what_colleagues_did() {
    let set = |world: &mut World, second: i64, change: &dyn Fn(&mut crate::ingest::rows::ConversationRow)| {
        let message = &world.messages[&(Uuid::from_u128(1), format!("0:{second}"))].row;
        let (thread, id, sent_at) = (message.conversation_id, message.id, message.sent_at);
        let row = &mut world.conversations.get_mut(&thread).expect("a thread").row;
        (row.read_sent_at, row.read_message_id) = (Some(sent_at), Some(id));
        change(row);
        let count = unread(world, thread);
        world.conversations.get_mut(&thread).expect("a thread").row.unread_count = count;
    };
    for (older, newer, expected) in [
        (("resolved", None), ("resolved", None), ("resolved", None)),
        (("snoozed", Some(50)), ("resolved", None), ("snoozed", Some(50))),
        (("resolved", None), ("snoozed", Some(50)), ("snoozed", Some(50))),
        (("snoozed", Some(60)), ("snoozed", Some(50)), ("snoozed", Some(50))),
        (("snoozed", None), ("snoozed", Some(50)), ("snoozed", Some(50))),
        (("snoozed", Some(60)), ("open", None), ("open", None)),
        (("pending", None), ("snoozed", Some(50)), ("pending", None)),
        (("open", None), ("pending", None), ("open", None)),
    ] {
        let mut world = empty();
        for (seconds, ids) in [(0, number(A)), (1, bsuid(B)), (2, number(A)), (3, bsuid(B))] {
            world.apply(&says(0, seconds, &[ids]));
        }
        commit(&mut world);
        let colleague = Uuid::from_u128(77);
        for (second, (status, until)) in [(0, older), (1, newer)] {
            set(&mut world, second, &|row| {
                status.clone_into(&mut row.status);
                row.snoozed_until = until.map(at);
                row.labels = vec!["both".to_owned(), format!("of {second}")];
                row.assignee_id = (second == 1).then_some(colleague);
            });
        }
        world.apply(&whatsapp(
            0,
            9,
            What::Status(status("x", DeliveryState::Sent, &person(&[number(A), bsuid(B)]))),
        ));
        commit(&mut world);
        let row = &world.conversations[&thread(&world, 1)].row;
        assert_eq!(
            (row.status.as_str(), row.snoozed_until),
            (expected.0, expected.1.map(at)),
            "{older:?} {newer:?}"
        );
        assert_eq!((row.labels.join(" "), row.assignee_id), ("both of 0 of 1".to_owned(), Some(colleague)));
        assert_eq!((row.unread_count, row.read_sent_at), (2, Some(at(1))), "read up to the further place");
    }
}

/// A form that was filled in by someone who also writes, under whatever id, before or after.
#[test]
fn a_lead_with_the_number_of_a_writer_is_that_writer() {
    let lead = LeadDetails {
        lead_id: "1290847362510012".to_owned(),
        email: Some("lena@example.test".to_owned()),
        phone: Some(format!("+{A}")),
        source: "lead_ad",
        activity: "meta_lead_form",
        ..LeadDetails::default()
    };
    let written = [vec![bsuid(B)], vec![number(A)], vec![number(A), bsuid(B)]];
    for order in (0..256).map(|n| [n / 64, n / 16 % 4, n / 4 % 4, n % 4]) {
        if order.iter().collect::<BTreeSet<_>>().len() < 4 {
            continue;
        }
        let mut world = empty();
        for (second, step) in (0..).zip(order) {
            match written.get(step) {
                Some(ids) => world.apply(&says(0, second, ids)),
                None => {
                    let channel = world.channels[&Uuid::from_u128(3)].clone();
                    world.lead_known(&channel, &lead, at(second));
                }
            }
            commit(&mut world);
        }
        assert_eq!(world.customers.len(), 1, "{order:?}");
        let row = &world.customers.values().next().expect("one").row;
        assert_eq!((row.email.as_ref(), row.phone_key.as_deref()), (lead.email.as_ref(), Some(A)));
        let cards: Vec<_> = world.cards.values().flatten().map(|kept| kept.row.last_message_at).collect();
        let last = order.iter().rposition(|step| *step < 3).expect("a message");
        assert_eq!(cards, [Some(at(i64::try_from(last).expect("small")))], "{order:?}");
    }
}

#[test]
fn a_reaction_stays_one_persons_through_a_merge() {
    let mut world = empty();
    world.apply(&says(0, 0, &[number(A)]));
    world.apply(&says(0, 1, &[bsuid(B)]));
    world.apply(&whatsapp(0, 2, echo("out", &person(&[bsuid(B)]))));
    world.apply(&whatsapp(0, 3, reaction("out", Some("👍"), Direction::In, &person(&[bsuid(B)]))));
    commit(&mut world);
    let both = person(&[number(A), bsuid(B)]);
    world.apply(&whatsapp(0, 4, reaction("out", None, Direction::In, &both)));
    commit(&mut world);
    let row = &world.messages[&(Uuid::from_u128(1), "out".to_owned())].row;
    let emoji: Vec<&Value> = row.reactions.as_array().expect("a list").iter().map(|r| &r["emoji"]).collect();
    assert_eq!(emoji, [&Value::Null]);
}

#[test]
fn in_a_group_each_has_one_reaction_under_whatever_id() {
    let mut world = empty();
    let group = |external_id: &str, direction, ids: &[PersonId]| {
        let mut new = message(external_id, direction, &person(ids));
        new.group_id = Some("group".to_owned());
        What::Message(Box::new(new))
    };
    let reacts = |seconds, emoji, ids: &[PersonId]| {
        whatsapp(0, seconds, reaction("g", Some(emoji), Direction::In, &person(ids)))
    };
    world.apply(&reacts(5, "1", &[number(A)]));
    world.apply(&whatsapp(0, 0, group("g", Direction::In, &[bsuid(C)])));
    world.apply(&reacts(5, "2", &[bsuid(C)]));
    world.apply(&reacts(6, "3", &[number(A)]));
    commit(&mut world);
    world.apply(&whatsapp(0, 7, group("h", Direction::In, &[number(A), bsuid(B)])));
    world.apply(&reacts(8, "4", &[bsuid(B), number(A)]));
    world.apply(&reacts(8, "5", &[bsuid(B)]));
    commit(&mut world);
    let row = &world.messages[&(Uuid::from_u128(1), "g".to_owned())].row;
    let all = row.reactions.as_array().expect("a list");
    let mut emoji: Vec<&str> = all.iter().filter_map(|one| one["emoji"].as_str()).collect();
    emoji.sort_unstable();
    assert_eq!(emoji, ["2", "5"]);
}

#[test]
fn a_group_writer_who_is_joined_keeps_the_group() {
    let mut world = empty();
    let mut in_group = message("g", Direction::In, &person(&[bsuid(B)]));
    in_group.group_id = Some("group".to_owned());
    world.apply(&says(0, 0, &[number(A)]));
    world.apply(&whatsapp(0, 1, What::Message(Box::new(in_group))));
    world.apply(&says(0, 2, &[number(A), bsuid(B)]));
    commit(&mut world);
    assert_eq!(
        (world.customers.len(), world.conversations.len()),
        (1, 2),
        "the group stays its own conversation"
    );
    let customer = *world.customers.keys().next().expect("one");
    assert!(world.messages.values().all(|kept| kept.row.author_customer_id == Some(customer)));
    assert_eq!(world.cards.values().flatten().next().expect("a card").row.last_message_at, Some(at(2)));
}
