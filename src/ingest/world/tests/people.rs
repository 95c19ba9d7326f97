//! Who someone is: ids that come apart and together, numbers that change, and spellings of one number.

use super::*;
use webhooks::IdentityChange;

const OLD: &str = "905324187650";
const NEW: &str = "905559990011";
const NEWEST: &str = "4915112345678";

fn change(old: &str, new: &str) -> What {
    What::IdentityChange(IdentityChange { old: vec![number(old)], new: vec![number(new)], body: None })
}

fn says(channel: usize, seconds: i64, ids: &[PersonId]) -> Fact {
    let external_id = format!("{channel}:{seconds}");
    whatsapp(channel, seconds, incoming(&external_id, &person(ids)))
}

/// One person, on two of our numbers: by number, by business-scoped id, by both.
fn of_one_person() -> Vec<Fact> {
    let (a, b) = (number("491511234567"), bsuid("DE.5500667788990011"));
    let lena = person(std::slice::from_ref(&a));
    vec![
        says(0, 0, &[a.clone(), b.clone()]),
        says(0, 1, std::slice::from_ref(&a)),
        says(0, 2, std::slice::from_ref(&b)),
        says(0, 3, &[b.clone(), a.clone()]),
        says(1, 4, std::slice::from_ref(&a)),
        says(1, 5, std::slice::from_ref(&b)),
        whatsapp(0, 6, echo("out", &lena)),
        whatsapp(1, 7, echo("also out", &person(std::slice::from_ref(&b)))),
        whatsapp(0, 8, What::Status(status("out", DeliveryState::Read, &person(&[a.clone(), b.clone()])))),
        whatsapp(0, 9, reaction("out", Some("👍"), Direction::In, &person(&[b]))),
        whatsapp(0, 10, reaction("out", None, Direction::In, &person(&[a]))),
    ]
}

/// The number changed twice; messages under all three, also late ones.
fn of_a_mover() -> Vec<Fact> {
    vec![
        says(0, 0, &[number(OLD)]),
        says(0, 1, &[number(OLD)]),
        whatsapp(0, 10, change(OLD, NEW)),
        says(0, 11, &[number(NEW)]),
        says(1, 12, &[number(NEW)]),
        whatsapp(0, 20, change(NEW, NEWEST)),
        says(0, 21, &[number(NEWEST)]),
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn ids_of_one_person_end_in_one_customer(order in orders(11, &[0])) {
        let world = ends_the_same(&of_one_person(), &order)?;
        prop_assert_eq!(world.customers.len(), 1);
        let channels: BTreeSet<Uuid> = world.messages.keys().map(|key| key.0).collect();
        prop_assert_eq!(world.conversations.len(), channels.len());
        prop_assert_eq!(world.cards.values().flatten().count(), 1);
    }

    #[test]
    fn a_mover_stays_one_customer(order in orders(7, &[2, 5])) {
        let facts = of_a_mover();
        let world = ends_the_same(&facts, &order)?;
        prop_assert_eq!(world.customers.len(), 1);
        let row = &world.customers.values().next().expect("the customer").row;
        prop_assert_eq!(row.phone.as_deref(), Some("+4915112345678"));
        let active: Vec<&str> = world
            .identities
            .values()
            .filter(|kept| kept.row.retired_at.is_none())
            .map(|kept| kept.row.value.as_str())
            .collect();
        prop_assert_eq!(active, [NEWEST]);
        let written = order.iter().any(|(fact, _)| matches!(&facts[*fact].what, What::Message(_)));
        prop_assert_eq!(world.cards.values().flatten().count(), usize::from(written));
    }
}

/// The one customer that has a message.
fn writer(world: &World, channel: u128, external_id: &str) -> Uuid {
    let row = &world.messages[&(Uuid::from_u128(channel), external_id.to_owned())].row;
    assert_eq!(row.author_customer_id, Some(world.conversations[&row.conversation_id].row.customer_id));
    row.author_customer_id.expect("a writer")
}

#[test]
fn a_number_that_was_given_up_may_be_a_strangers() {
    let mut world = empty();
    for fact in [says(0, 0, &[number(OLD)]), whatsapp(0, 10, change(OLD, NEW)), says(0, 20, &[number(OLD)])] {
        world.apply(&fact);
        commit(&mut world);
    }
    let (mover, stranger) = (writer(&world, 1, "0:0"), writer(&world, 1, "0:20"));
    assert_ne!(mover, stranger);
    // The platform repeats the change: the stranger is nobody's old self.
    world.apply(&whatsapp(0, 10, change(OLD, NEW)));
    assert!(is_clean(&world));
    // Late messages of before are the mover's though the stranger has the number now; later ones are the stranger's.
    world.apply(&says(0, 5, &[number(OLD)]));
    world.apply(&says(0, 30, &[number(OLD)]));
    world.apply(&says(0, 31, &[number(NEW)]));
    commit(&mut world);
    assert_eq!([writer(&world, 1, "0:5"), writer(&world, 1, "0:31")], [mover; 2]);
    assert_eq!(writer(&world, 1, "0:30"), stranger);
    assert_eq!((world.customers.len(), world.conversations.len()), (2, 2));
    // The stranger moves too.
    world.apply(&whatsapp(0, 40, change(OLD, NEWEST)));
    world.apply(&says(0, 41, &[number(NEWEST)]));
    world.apply(&says(0, 6, &[number(OLD)]));
    world.apply(&says(0, 32, &[number(OLD)]));
    commit(&mut world);
    assert_eq!([writer(&world, 1, "0:41"), writer(&world, 1, "0:32")], [stranger; 2]);
    assert_eq!(writer(&world, 1, "0:6"), mover);
}

#[test]
fn a_change_moves_the_number_and_keeps_what_a_colleague_wrote() {
    let mut world = empty();
    world.apply(&says(0, 0, &[number(OLD), bsuid("TR.88")]));
    let ids = (vec![number(OLD), bsuid("TR.88")], vec![number(NEW), bsuid("TR.99")]);
    let change = IdentityChange { old: ids.0, new: ids.1, body: None };
    let customer = *world.customers.keys().next().expect("the customer");
    let row = &mut world.customers.get_mut(&customer).expect("the customer").row;
    (row.phone, row.phone_key) = (Some("+15550001".to_owned()), Some("15550001".to_owned()));
    world.apply(&whatsapp(0, 10, What::IdentityChange(change)));
    commit(&mut world);
    assert_eq!(world.customers[&customer].row.phone.as_deref(), Some("+15550001"), "not the old number");
    for ids in [[number(NEW)], [bsuid("TR.99")]] {
        world.apply(&says(0, 11, &ids));
        assert_eq!(writer(&world, 1, "0:11"), customer);
    }
    world.apply(&says(0, 9, &[bsuid("TR.88")]));
    assert_eq!(writer(&world, 1, "0:9"), customer);
}

#[test]
fn spellings_of_one_number_are_one_person() {
    for (one, other) in [
        ("5215512345678", "525512345678"),
        ("5491123456789", "541123456789"),
        ("551187654321", "5511987654321"),
    ] {
        let facts = [
            says(0, 0, &[number(one)]),
            says(0, 1, &[number(other)]),
            whatsapp(0, 10, change(one, NEW)),
            says(0, 2, &[number(other)]),
            says(0, 11, &[number(NEW)]),
        ];
        for order in [[0, 1, 2, 3, 4], [1, 0, 3, 2, 4], [4, 2, 1, 0, 3], [3, 4, 2, 0, 1]] {
            let world = apply_in(&facts, &order.map(|fact| (fact, fact % 2 == 0)));
            assert_eq!((world.customers.len(), world.conversations.len()), (1, 1), "{one} {order:?}");
            assert_eq!(world.cards.values().flatten().count(), 1);
            assert_eq!(world.customers.values().next().expect("one").row.phone_key.as_deref(), Some(NEW));
        }
        let world = apply_in(&facts, &[(0, true), (1, true)]);
        let values: BTreeSet<&str> = world.identities.values().map(|kept| kept.row.value.as_str()).collect();
        assert_eq!(values, BTreeSet::from([one, other]), "found under each");
    }
}

#[test]
fn what_makes_nobody() {
    let mut world = empty();
    let lena = person(&[number("491511234567")]);
    world.apply(&whatsapp(0, 0, reaction("gone", Some("👍"), Direction::In, &lena)));
    world.apply(&whatsapp(0, 0, What::Status(status("gone", DeliveryState::Read, &lena))));
    world.apply(&whatsapp(0, 0, What::ContactName { person: lena.clone() }));
    assert!(world.customers.is_empty() && world.conversations.is_empty());
    world.apply(&whatsapp(0, 0, What::MarketingOptOut { person: lena, opted_out: true }));
    assert_eq!((world.customers.len(), world.cards.len()), (1, 0), "an opt-out is not forgotten");
}

#[test]
fn who_stopped_marketing_is_remembered_from_the_failure() {
    let mut world = empty();
    let lena = person(&[number("491511234567")]);
    let failed = |code| {
        let error = Some(webhooks::PlatformError { code, title: None, detail: None });
        What::Status(Status { error, ..status("out", DeliveryState::Failed, &lena) })
    };
    let opted_out = |world: &World| world.customers.values().any(|kept| kept.row.marketing_opt_out);
    world.apply(&whatsapp(0, 0, failed(131_050)));
    assert!(world.customers.is_empty(), "a failure makes nobody");
    world.apply(&whatsapp(0, 1, incoming("in", &lena)));
    let again = |world: &mut World, target: &str| {
        let error = Some(webhooks::PlatformError { code: 131_050, title: None, detail: None });
        let told = Status { error, ..status(target, DeliveryState::Failed, &lena) };
        world.apply(&whatsapp(0, 3, What::Status(told)));
    };
    again(&mut world, "out");
    assert!(!opted_out(&world), "told again it says nothing new");
    world.apply(&whatsapp(0, 2, failed(131_026)));
    again(&mut world, "another");
    assert!(opted_out(&world));
    world.apply(&whatsapp(0, 4, What::MarketingOptOut { person: lena.clone(), opted_out: false }));
    again(&mut world, "another");
    assert!(!opted_out(&world), "they have agreed since");
}
