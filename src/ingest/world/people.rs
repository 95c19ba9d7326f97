//! Who someone is: identities, names, phones.

use super::World;
use crate::ids;
use crate::ingest::rows::{ChannelRow, CustomerRow, Fate, IdentityRow, Kept};
use crate::jobs::NewJob;
use chrono::{DateTime, Utc};
use uuid::Uuid;
use webhooks::{IdentityChange, Person, PersonId, PersonIdKind, phone};

/// Ranks of names: a higher one replaces a lower one.
pub mod name_rank {
    pub const ID: i16 = 0;
    pub const NUMBER: i16 = 1;
    pub const USERNAME: i16 = 2;
    pub const PROFILE: i16 = 3;
    pub const ADDRESS_BOOK: i16 = 4;
}

/// Characters of a name, as a colleague may give one too.
const LONGEST_NAME: usize = 200;

/// The part of a name that is kept.
fn shown_of(name: &str) -> &str {
    name.char_indices().nth(LONGEST_NAME).and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

/// What makes two identities the same: kind, the account that a scoped id belongs to, canonical value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdKey {
    pub kind: &'static str,
    pub scope: String,
    pub match_key: String,
}

impl IdKey {
    /// The key of a person's id as seen on a channel.
    pub fn new(id: &PersonId, account_id: &str) -> Self {
        let scope = match id.kind {
            PersonIdKind::WaId | PersonIdKind::Bsuid => String::new(),
            PersonIdKind::Psid | PersonIdKind::Igsid => account_id.to_owned(),
        };
        let match_key = match id.kind {
            PersonIdKind::WaId => phone::canonical(&id.value),
            _ => id.value.clone(),
        };
        Self { kind: id.kind.as_str(), scope, match_key }
    }

    /// The key that a stored identity answers to.
    pub fn of_row(row: &IdentityRow) -> Self {
        let kind = match row.kind.as_str() {
            "wa_id" => "wa_id",
            "bsuid" => "bsuid",
            "psid" => "psid",
            "igsid" => "igsid",
            _ => "lead",
        };
        Self { kind, scope: row.scope.clone(), match_key: row.match_key.clone() }
    }
}

impl World {
    /// The customer that a person is, if known. Joins two customers when the person turns out to be both.
    pub(super) fn known(&mut self, channel: &ChannelRow, person: &Person, at: DateTime<Utc>) -> Option<Uuid> {
        let mut found: Vec<Uuid> = Vec::new();
        for id in &person.ids {
            let key = IdKey::new(id, &channel.account_id);
            // Whoever had the id then goes before whoever has it now.
            let customer = self.former_owner(&key, at).or_else(|| self.owner(&key));
            let customer = customer.or_else(|| self.by_phone(id));
            found.extend(customer.filter(|customer| !found.contains(customer)));
        }
        let customer = found.into_iter().reduce(|a, b| self.join_customers(a, b))?;
        self.learn(channel, customer, person, at);
        Some(customer)
    }

    /// The customer that a person is; made when nobody knows them.
    pub(super) fn ensure(
        &mut self,
        channel: &ChannelRow,
        person: &Person,
        at: DateTime<Utc>,
    ) -> Option<Uuid> {
        if person.ids.is_empty() {
            return None;
        }
        if let Some(customer) = self.known(channel, person, at) {
            return Some(customer);
        }
        let id = self.new_customer();
        self.learn(channel, id, person, at);
        self.ask_profile(channel, id, person);
        Some(id)
    }

    pub(super) fn new_customer(&mut self) -> Uuid {
        let id = ids::new();
        let row = CustomerRow {
            id,
            name: String::new(),
            name_rank: -1,
            phone: None,
            phone_key: None,
            email: None,
            marketing_opt_out: false,
            merged_into: None,
            search: String::new(),
            version: 1,
            created_at: self.received_at,
        };
        self.customers.insert(id, Kept::new(row));
        id
    }

    /// Takes an identity in: loaded, or new.
    pub fn put_identity(&mut self, kept: Kept<IdentityRow>) {
        let (id, customer, key) = (kept.row.id, kept.row.customer_id, IdKey::of_row(&kept.row));
        self.identities_by_customer.entry(customer).or_default().push(id);
        self.identities_by_key.entry(key.clone()).or_default().push(id);
        if kept.row.retired_at.is_none() {
            self.by_identity.insert(key, id);
        }
        self.identities.insert(id, kept);
    }

    /// All identities of a key, also those that were given up.
    fn identities_by(&self, key: &IdKey) -> impl Iterator<Item = &IdentityRow> {
        let ids = self.identities_by_key.get(key).into_iter().flatten();
        ids.filter_map(|id| self.identities.get(id)).map(|kept| &kept.row)
    }

    /// All identities of a customer, also those that were given up.
    pub fn identities_of(&self, customer: Uuid) -> impl Iterator<Item = &IdentityRow> {
        let ids = self.identities_by_customer.get(&customer).into_iter().flatten();
        ids.filter_map(|id| self.identities.get(id)).map(|kept| &kept.row)
    }

    /// The identities of a joined customer change hands.
    pub(super) fn hand_over_identities(&mut self, ends: Uuid, stays: Uuid) {
        let ids = self.identities_by_customer.remove(&ends).unwrap_or_default();
        for id in &ids {
            if let Some(kept) = self.identities.get_mut(id) {
                kept.change().customer_id = stays;
            }
        }
        self.identities_by_customer.entry(stays).or_default().extend(ids);
    }

    /// Active owner of an id.
    pub(super) fn owner(&self, key: &IdKey) -> Option<Uuid> {
        let identity = self.by_identity.get(key)?;
        self.identities.get(identity).map(|kept| kept.row.customer_id)
    }

    /// Who had the id at that time, before giving it up: somebody else may have it by now.
    fn former_owner(&self, key: &IdKey, at: DateTime<Utc>) -> Option<Uuid> {
        self.identities_by(key)
            .filter(|row| row.retired_at.is_some_and(|retired| at < retired))
            .min_by_key(|row| row.retired_at)
            .map(|row| row.customer_id)
    }

    /// A customer known from elsewhere (a form, a colleague) by a number that is new here, when there is just one.
    fn by_phone(&self, id: &PersonId) -> Option<Uuid> {
        if id.kind != PersonIdKind::WaId {
            return None;
        }
        let key = phone::canonical(&id.value);
        self.only_customer(|row| row.phone_key.as_ref() == Some(&key))
    }

    /// The one living customer that fits; none when several do.
    pub(super) fn only_customer(&self, fits: impl Fn(&CustomerRow) -> bool) -> Option<Uuid> {
        let mut matching = self
            .customers
            .values()
            .map(|kept| &kept.row)
            .filter(|row| row.merged_into.is_none() && fits(row));
        let first = matching.next()?;
        matching.next().is_none().then_some(first.id)
    }

    /// Stores what a payload tells about a known person.
    fn learn(&mut self, channel: &ChannelRow, customer: Uuid, person: &Person, at: DateTime<Utc>) {
        for id in &person.ids {
            // A late message under an id that was given up since does not bring the id back.
            if self.former_owner(&IdKey::new(id, &channel.account_id), at) != Some(customer) {
                self.add_identity(channel, customer, id, person.username.as_deref());
            }
        }
        let number = person.ids.iter().find(|id| id.kind == PersonIdKind::WaId).map(|id| id.value.clone());
        if let Some(number) = person.shared_phone.as_ref().or(number.as_ref()) {
            self.set_phone_if_empty(customer, number);
        }
        let names = [
            (name_rank::PROFILE, person.name.clone()),
            (name_rank::USERNAME, person.username.clone()),
            (name_rank::NUMBER, number.map(|number| format!("+{number}"))),
            (name_rank::ID, person.ids.first().map(|id| id.value.clone())),
        ];
        for (rank, name) in names {
            self.offer_name(customer, rank, name.as_deref());
        }
    }

    /// A name of a higher rank replaces one of a lower rank; between equals the first stays.
    pub(super) fn offer_name(&mut self, customer: Uuid, rank: i16, name: Option<&str>) {
        let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else { return };
        if self.customers.get(&customer).is_some_and(|kept| rank > kept.row.name_rank) {
            self.rename(customer, rank, name);
        }
    }

    /// Open cards that bear the old name follow it.
    fn rename(&mut self, customer: Uuid, rank: i16, name: &str) {
        let name = shown_of(name);
        let Some(kept) = self.customers.get_mut(&customer) else { return };
        let row = kept.change();
        let old = std::mem::replace(&mut row.name, name.to_owned());
        row.name_rank = rank;
        for card in self.cards.get_mut(&customer).into_iter().flatten() {
            if card.fate != Fate::New && card.row.title == old {
                name.clone_into(&mut card.change().title);
            }
        }
    }

    pub(super) fn set_phone_if_empty(&mut self, customer: Uuid, digits: &str) {
        if let Some(kept) = self.customers.get_mut(&customer)
            && kept.row.phone.is_none()
            && phone::is_phone(digits)
        {
            let row = kept.change();
            row.phone = Some(format!("+{digits}"));
            row.phone_key = Some(phone::canonical(digits));
        }
    }

    /// Both spellings of a number are kept, so that a customer is found under each.
    fn add_identity(&mut self, channel: &ChannelRow, customer: Uuid, id: &PersonId, username: Option<&str>) {
        let key = IdKey::new(id, &channel.account_id);
        let known = self.identities_by(&key).find(|row| row.retired_at.is_none() && row.value == id.value);
        if let Some(kept) = known.map(|row| row.id).and_then(|id| self.identities.get_mut(&id)) {
            if username.is_some() && kept.row.username.as_deref() != username {
                kept.change().username = username.map(str::to_owned);
                self.touch(customer);
            }
            return;
        }
        let mut row = self.identity_row(channel, customer, id, &key);
        row.username = username.map(str::to_owned);
        self.put_identity(Kept::new(row));
        self.touch(customer);
    }

    fn identity_row(&self, channel: &ChannelRow, customer: Uuid, id: &PersonId, key: &IdKey) -> IdentityRow {
        IdentityRow {
            id: ids::new(),
            customer_id: customer,
            channel_kind: channel.kind.clone(),
            kind: key.kind.to_owned(),
            scope: key.scope.clone(),
            value: id.value.clone(),
            match_key: key.match_key.clone(),
            username: None,
            retired_at: None,
            created_at: self.received_at,
        }
    }

    /// The customer's shape changed though its row did not.
    pub(super) fn touch(&mut self, customer: Uuid) {
        if let Some(kept) = self.customers.get_mut(&customer) {
            kept.change();
        }
    }

    /// Names of Messenger and Instagram people come from Graph, later; a message never waits for one.
    fn ask_profile(&mut self, channel: &ChannelRow, customer: Uuid, person: &Person) {
        if person.name.is_some() || !matches!(channel.kind.as_str(), "messenger" | "instagram") {
            return;
        }
        let Some(id) = person.ids.first() else { return };
        let payload =
            serde_json::json!({ "channel_id": channel.id, "customer_id": customer, "external_id": id.value });
        let unique_key = Some(format!("{}:{}", channel.id, id.value));
        self.jobs.push(NewJob { kind: "fetch_profile", payload, unique_key, run_at: None, resource: None });
    }

    /// What Graph knows of someone; `customer` may have been joined to another one meanwhile.
    pub fn profile_known(&mut self, customer: Uuid, name: Option<&str>, username: Option<&str>) {
        let customer = if self.customers.contains_key(&customer) {
            customer
        } else {
            let Some(id) = self.customers.keys().next() else { return };
            *id
        };
        let ids: Vec<Uuid> = self.identities_of(customer).map(|row| row.id).collect();
        for id in ids {
            if let (Some(username), Some(kept)) = (username, self.identities.get_mut(&id))
                && kept.row.username.as_deref() != Some(username)
            {
                kept.change().username = Some(username.trim_start_matches('@').to_owned());
                self.touch(customer);
            }
        }
        self.offer_name(customer, name_rank::PROFILE, name);
        self.offer_name(customer, name_rank::USERNAME, username);
    }

    /// Ids moved to new values: the customer keeps its history and is found under the new ones. Someone unknown is kept
    /// too: their messages of before and after may still come, and are one person's.
    pub(super) fn identity_change(
        &mut self,
        channel: &ChannelRow,
        change: &IdentityChange,
        at: DateTime<Utc>,
    ) {
        let replaced = |old: &PersonId| change.new.iter().any(|new| new.kind == old.kind && new != old);
        let (given_up, kept): (Vec<PersonId>, Vec<PersonId>) =
            change.old.iter().filter(|old| !change.new.contains(old)).cloned().partition(replaced);
        let before = Person { ids: change.old.clone(), ..Person::default() };
        let after = Person { ids: change.new.iter().chain(&kept).cloned().collect(), ..Person::default() };
        if !given_up.is_empty() && given_up.iter().all(|id| self.gave_up(channel, id, at)) {
            // A repetition. By now the old id may be a stranger's.
            return;
        }
        let customer = match (self.known(channel, &before, at), self.known(channel, &after, at)) {
            (Some(old), Some(new)) => self.join_customers(old, new),
            (Some(customer), None) | (None, Some(customer)) => customer,
            (None, None) => match self.ensure(channel, &after, at) {
                Some(customer) => customer,
                None => return,
            },
        };
        for id in &given_up {
            self.retire(channel, customer, id, at);
        }
        self.learn(channel, customer, &after, at);
        if let Some(number) = change.new.iter().find(|id| id.kind == PersonIdKind::WaId) {
            self.follow_number(customer, number);
        }
        self.identity_changed(channel, customer, change, at);
    }

    /// Whether someone gave the id up at that very time.
    fn gave_up(&self, channel: &ChannelRow, id: &PersonId, at: DateTime<Utc>) -> bool {
        let key = IdKey::new(id, &channel.account_id);
        self.identities_by(&key).any(|row| row.retired_at == Some(at))
    }

    /// The customer gives an id up. One that it was never seen under is kept all the same: late messages name it.
    fn retire(&mut self, channel: &ChannelRow, customer: Uuid, id: &PersonId, at: DateTime<Utc>) {
        let key = IdKey::new(id, &channel.account_id);
        if self.owner(&key) == Some(customer) {
            self.by_identity.remove(&key);
        }
        let own = |row: &&IdentityRow| row.customer_id == customer && row.retired_at.is_none();
        let active: Vec<Uuid> = self.identities_by(&key).filter(own).map(|row| row.id).collect();
        for id in &active {
            if let Some(kept) = self.identities.get_mut(id) {
                kept.change().retired_at = Some(at);
            }
        }
        if active.is_empty() {
            let mut row = self.identity_row(channel, customer, id, &key);
            row.retired_at = Some(at);
            self.put_identity(Kept::new(row));
        }
    }

    /// The phone follows the number only if it was one that was given up. `new` may have been given up too, by a later
    /// change that came before this one.
    fn follow_number(&mut self, customer: Uuid, new: &PersonId) {
        let numbers = || self.identities_of(customer).filter(|row| row.kind == new.kind.as_str());
        let active = || numbers().filter(|row| row.retired_at.is_none());
        let Some(now) = active().find(|row| row.value == new.value).or_else(|| active().next()) else {
            return;
        };
        let (digits, key) = (now.value.clone(), now.match_key.clone());
        let phone = self.customers.get(&customer).and_then(|kept| kept.row.phone_key.as_ref());
        let own = |phone: &String| active().any(|row| row.match_key == *phone);
        let gone = |phone: &String| numbers().any(|row| row.match_key == *phone) && !own(phone);
        if !phone.is_none_or(gone) || !phone::is_phone(&digits) {
            return;
        }
        if let Some(kept) = self.customers.get_mut(&customer) {
            let row = kept.change();
            row.phone = Some(format!("+{digits}"));
            row.phone_key = Some(key);
            if row.name_rank == name_rank::NUMBER {
                row.name = format!("+{digits}");
            }
        }
    }

    /// The address book of the business's phone names a known customer.
    pub(super) fn contact_name(&mut self, channel: &ChannelRow, person: &Person, at: DateTime<Utc>) {
        let nameless = Person { name: None, ..person.clone() };
        let Some(customer) = self.known(channel, &nameless, at) else { return };
        let name = person.name.as_deref().map(|name| shown_of(name.trim())).filter(|name| !name.is_empty());
        let Some(name) = name else { return };
        let renamed = self
            .customers
            .get(&customer)
            .is_some_and(|kept| kept.row.name_rank <= name_rank::ADDRESS_BOOK && kept.row.name != name);
        if renamed {
            self.rename(customer, name_rank::ADDRESS_BOOK, name);
        }
    }

    /// Marketing consent. Someone unknown is kept too: an opt-out must not be forgotten.
    pub(super) fn opt_out(
        &mut self,
        channel: &ChannelRow,
        person: &Person,
        opted_out: bool,
        at: DateTime<Utc>,
    ) {
        let customer =
            if opted_out { self.ensure(channel, person, at) } else { self.known(channel, person, at) };
        if let Some(customer) = customer {
            self.set_opt_out(customer, opted_out);
        }
    }

    pub(super) fn set_opt_out(&mut self, customer: Uuid, opted_out: bool) {
        if let Some(kept) = self.customers.get_mut(&customer)
            && kept.row.marketing_opt_out != opted_out
        {
            kept.change().marketing_opt_out = opted_out;
        }
    }
}
