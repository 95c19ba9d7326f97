//! Who is meant: numbers, business-scoped ids and the `contacts[]` beside the messages.
//!
//! Owns: persons of WhatsApp payloads. Invariants: a value with letters is never a phone number, whichever field it
//! stands in (some senders put a business-scoped id into `from` or `wa_id` (S)); contacts are joined by id, never by
//! place; the number is the strongest id and comes first. Absent: which persons are the same customer.

use crate::fact::{Person, PersonId, PersonIdKind};
use crate::json::Read;
use crate::phone;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The keys of a person's ids in one kind of item.
pub(super) struct Keys {
    pub(super) number: &'static [&'static str],
    pub(super) user: &'static [&'static str],
}

/// The sender of a message.
pub(super) const FROM: Keys = Keys { number: &["from"], user: &["from_user_id", "from_parent_user_id"] };
/// The recipient of an echo.
pub(super) const TO: Keys = Keys { number: &["to"], user: &["to_user_id", "to_parent_user_id"] };
/// A contact, a preference, a history thread's context.
pub(super) const CONTACT: Keys = Keys { number: &["wa_id"], user: &["user_id", "parent_user_id"] };
/// Whom a status is about; the parent id has been seen under two names (S).
pub(super) const RECIPIENT: Keys = Keys {
    number: &["recipient_id"],
    user: &["recipient_user_id", "recipient_parent_user_id", "parent_recipient_user_id"],
};
/// Whom a status of a group message is about; `recipient_id` is the group then.
pub(super) const PARTICIPANT: Keys = Keys {
    number: &["recipient_participant_id"],
    user: &["recipient_participant_user_id", "recipient_participant_parent_user_id"],
};

impl Keys {
    /// The ids that `item` has under these keys.
    pub(super) fn person(&self, item: &Value) -> Person {
        let mut person = Person::default();
        for value in self.number.iter().filter_map(|key| item.id(key)) {
            add(&mut person.ids, number_or_user(&value));
        }
        for value in self.user.iter().filter_map(|key| item.id(key)) {
            add(&mut person.ids, PersonId { kind: PersonIdKind::Bsuid, value });
        }
        person
    }
}

/// An id from a field that is meant for numbers.
pub(super) fn number_or_user(value: &str) -> PersonId {
    let punctuation = |c: char| matches!(c, '+' | ' ' | '-' | '(' | ')' | '.');
    if value.chars().all(|c| c.is_ascii_digit() || punctuation(c))
        && value.contains(|c: char| c.is_ascii_digit())
    {
        return PersonId { kind: PersonIdKind::WaId, value: phone::strip(value) };
    }
    PersonId { kind: PersonIdKind::Bsuid, value: value.to_owned() }
}

/// Adds an id unless it is there; two spellings of one number are one. Numbers stand before other ids.
pub(super) fn add(ids: &mut Vec<PersonId>, id: PersonId) {
    if ids.iter().any(|known| same(known, &id)) {
        return;
    }
    let place = match id.kind {
        PersonIdKind::WaId => ids.iter().take_while(|known| known.kind == PersonIdKind::WaId).count(),
        _ => ids.len(),
    };
    ids.insert(place, id);
}

pub(super) fn same(one: &PersonId, other: &PersonId) -> bool {
    key(one) == key(other)
}

/// What two spellings of one id have in common.
fn key(id: &PersonId) -> (PersonIdKind, String) {
    let value = match id.kind {
        PersonIdKind::WaId => phone::canonical(&id.value),
        _ => id.value.clone(),
    };
    (id.kind, value)
}

/// Ids and names of `from` go to `person`; what `person` has already stays.
pub(super) fn join(person: &mut Person, from: &Person) {
    for id in &from.ids {
        add(&mut person.ids, id.clone());
    }
    person.name = person.name.take().or_else(|| from.name.clone());
    person.username = person.username.take().or_else(|| from.username.clone());
}

/// `contacts[]` of a value: absent for system messages (D), often for statuses (S).
pub(super) struct Contacts {
    people: Vec<Person>,
    /// Match key of each id to the places of those who have it; a batch may carry a thousand of both.
    places: BTreeMap<(PersonIdKind, String), Vec<usize>>,
}

impl Contacts {
    pub(super) fn read(value: &Value) -> Self {
        let people: Vec<Person> = value.list("contacts").iter().map(contact).collect();
        let mut places = BTreeMap::<_, Vec<usize>>::new();
        for (place, person) in people.iter().enumerate() {
            person.ids.iter().for_each(|id| places.entry(key(id)).or_default().push(place));
        }
        Self { people, places }
    }

    /// Adds what the contacts know of this person.
    pub(super) fn complete(&self, mut person: Person) -> Person {
        let known: BTreeSet<usize> =
            person.ids.iter().filter_map(|id| self.places.get(&key(id))).flatten().copied().collect();
        for contact in known.into_iter().filter_map(|place| self.people.get(place)) {
            join(&mut person, contact);
        }
        person
    }
}

/// `{profile{name, username?}, wa_id?, user_id?, parent_user_id?}` (S).
fn contact(contact: &Value) -> Person {
    let profile = contact.member("profile").unwrap_or(&Value::Null);
    let mut person = CONTACT.person(contact);
    person.name = profile.text("name").filter(|name| !name.trim().is_empty());
    person.username = username(profile).or_else(|| username(contact));
    person
}

/// Kept without the leading `@`, which some payloads have.
pub(super) fn username(value: &Value) -> Option<String> {
    let name = value.text("username")?;
    let name = name.trim().trim_start_matches('@');
    (!name.is_empty()).then(|| name.to_owned())
}
