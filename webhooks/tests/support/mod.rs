//! Bodies for the tests of single rules.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests; not every test file uses every helper"
)]

use serde_json::{Value, json};
use webhooks::{Event, EventKind, Message, Parsed, Person, What};

pub const OURS: &str = "908502223344";

pub fn parse(body: &Value) -> Parsed {
    webhooks::parse(body.to_string().as_bytes()).unwrap()
}

/// One change of a WhatsApp account.
pub fn change(field: &str, value: &Value) -> Parsed {
    parse(&json!({"object": "whatsapp_business_account",
        "entry": [{"id": "77", "time": 1_763_600_200, "changes": [{"field": field, "value": value}]}]}))
}

/// A value of our number with these members.
pub fn number(members: &Value) -> Value {
    let mut value =
        json!({"metadata": {"display_phone_number": "+90 850 222 33 44", "phone_number_id": "1"}});
    value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    value
}

/// One message of a customer with these members.
pub fn wa(members: &Value) -> Parsed {
    let mut item = json!({"from": "905324187650", "id": "w", "timestamp": "1763600000"});
    item.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    change("messages", &number(&json!({ "messages": [item] })))
}

/// One `messaging[]` item of the person 5 to the account 7.
pub fn item(object: &str, members: &Value) -> Parsed {
    let mut item =
        json!({"sender": {"id": "5"}, "recipient": {"id": "7"}, "timestamp": 1_763_601_000_000_i64});
    item.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    parse(&json!({"object": object, "entry": [{"id": "7", "time": 1, "messaging": [item]}]}))
}

pub fn only(parsed: Parsed) -> What {
    assert_eq!(parsed.facts.len(), 1, "{parsed:#?}");
    parsed.facts.into_iter().next().unwrap().what
}

pub fn message(parsed: Parsed) -> Message {
    match only(parsed) {
        What::Message(message) => *message,
        other => panic!("no message: {other:#?}"),
    }
}

pub fn event(parsed: Parsed, kind: EventKind) -> Event {
    match only(parsed) {
        What::Event(event) if event.kind == kind => event,
        other => panic!("no {kind:?}: {other:#?}"),
    }
}

/// No fact, and this reason.
pub fn skipped(parsed: &Parsed, reason: &str) {
    assert_eq!(parsed.facts, [], "{reason}");
    assert_eq!(
        parsed.skipped.iter().map(|skipped| skipped.reason).collect::<Vec<_>>(),
        [reason],
        "{parsed:#?}"
    );
}

pub fn ids(person: &Person) -> Vec<&str> {
    person.ids.iter().map(|id| id.value.as_str()).collect()
}
