//! What a batch of facts will ask the database for: keys only, gathered without I/O.

use super::rows::ChannelRow;
use super::world::{Accepted, IdKey, LeadDetails, channel_key, tracked};
use std::collections::BTreeSet;
use uuid::Uuid;
use webhooks::{Direction, Fact, Person, PersonId, PersonIdKind, UpTo, What, phone};

/// Keys to look up.
#[derive(Debug, Default)]
pub struct Needs {
    pub identities: BTreeSet<IdKey>,
    /// Canonical phone numbers.
    pub phones: BTreeSet<String>,
    pub emails: BTreeSet<String>,
    /// Channel and external id of messages.
    pub messages: BTreeSet<(Uuid, String)>,
    /// Messages of ours, by what platforms say back of them.
    pub own: BTreeSet<Uuid>,
    /// There are echoes that don't say whose they are: then also what is on its way to these people.
    pub echoes: bool,
    /// Channel and group id.
    pub groups: BTreeSet<(Uuid, String)>,
    /// Channel and target of parked facts: messages, and people for watermarks.
    pub targets: BTreeSet<(Uuid, String)>,
}

impl Needs {
    pub fn of(facts: &[&Fact], channels: &[ChannelRow]) -> Self {
        let mut needs = Self::default();
        for fact in facts {
            let Some((kind, account_id)) = channel_key(&fact.account) else { continue };
            if let Some(channel) =
                channels.iter().find(|row| row.kind == kind && row.account_id == account_id)
            {
                needs.fact(channel, &fact.what);
            }
        }
        needs
    }

    /// For a platform's answer to a send.
    pub fn of_answer(channel: Uuid, answer: &Accepted) -> Self {
        let key = (channel, answer.external_id.clone());
        Self {
            messages: BTreeSet::from([key.clone()]),
            targets: BTreeSet::from([key]),
            own: BTreeSet::from([answer.message_id]),
            ..Self::default()
        }
    }

    /// For a person to whom the business writes first.
    pub fn of_person(channel: &ChannelRow, person: &Person) -> Self {
        let mut needs = Self::default();
        needs.person(channel, person);
        needs
    }

    /// For a lead whose content is known.
    pub fn of_lead(lead: &LeadDetails) -> Self {
        let mut needs = Self::default();
        needs.emails.extend(lead.email.clone());
        needs
            .phones
            .extend(lead.phone.as_deref().map(|phone| phone::canonical(phone.trim_start_matches('+'))));
        needs.identities.insert(IdKey {
            kind: "lead",
            scope: String::new(),
            match_key: lead.lead_id.clone(),
        });
        needs
    }

    fn fact(&mut self, channel: &ChannelRow, what: &What) {
        match what {
            What::Message(message) => {
                self.message(channel, &message.external_id);
                self.person(channel, &message.person);
                self.groups.extend(message.group_id.clone().map(|group| (channel.id, group)));
                self.own.extend(message.tracking.as_deref().and_then(tracked).map(|own| own.0));
                self.echoes |= message.direction == Direction::Out && message.tracking.is_none();
            }
            What::Edit(edit) => self.message(channel, &edit.target),
            What::Delete(delete) => self.message(channel, &delete.target),
            What::Reaction(reaction) => {
                self.message(channel, &reaction.target);
                self.person(channel, &reaction.person);
            }
            What::Status(status) => {
                self.message(channel, &status.target);
                self.own.extend(status.tracking.as_deref().and_then(tracked).map(|own| own.0));
                if let Some(person) = &status.person {
                    self.person(channel, person);
                }
            }
            What::Watermark(watermark) => {
                self.person(channel, &watermark.person);
                for target in &watermark.messages {
                    self.message(channel, target);
                }
                if let UpTo::Message(target) = &watermark.up_to {
                    self.message(channel, target);
                }
            }
            What::IdentityChange(change) => {
                self.ids(channel, &change.old);
                self.ids(channel, &change.new);
            }
            What::ContactName { person } | What::MarketingOptOut { person, .. } => {
                self.person(channel, person)
            }
            What::Event(event) => {
                if let Some(person) = &event.person {
                    self.person(channel, person);
                }
            }
            What::Lead(_) => {}
        }
    }

    fn message(&mut self, channel: &ChannelRow, external_id: &str) {
        self.messages.insert((channel.id, external_id.to_owned()));
        self.targets.insert((channel.id, external_id.to_owned()));
    }

    fn person(&mut self, channel: &ChannelRow, person: &Person) {
        self.ids(channel, &person.ids);
    }

    fn ids(&mut self, channel: &ChannelRow, ids: &[PersonId]) {
        for id in ids {
            self.identities.insert(IdKey::new(id, &channel.account_id));
            self.targets.insert((channel.id, id.value.clone()));
            if id.kind == PersonIdKind::WaId {
                self.phones.insert(phone::canonical(&id.value));
            }
        }
    }
}
