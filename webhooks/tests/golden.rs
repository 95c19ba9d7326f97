//! Every sample of `fixtures/`, against its expected effects and against a committed snapshot of its facts.
//!
//! Owns: what can be checked of a sample without a database. Effects that need state (rows, cards, ranks of statuses)
//! are checked as the fact that leads to them. `UPDATE_GOLDEN=1` writes the snapshots anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use webhooks::{Account, Direction, Event, Fact, Lead, Message, Parsed, UpTo, What, fuzz, phone};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn index() -> Value {
    serde_json::from_slice(&std::fs::read(here("fixtures/index.json")).unwrap()).unwrap()
}

fn facts(file: &str) -> Parsed {
    webhooks::parse(&std::fs::read(here("fixtures").join(file)).unwrap()).unwrap()
}

struct Sample<'a> {
    file: &'a str,
    case: &'a Value,
    channels: &'a [Value],
    facts: Vec<Fact>,
}

impl Sample<'_> {
    fn messages(&self) -> impl Iterator<Item = (&Fact, &Message)> {
        self.facts.iter().filter_map(|fact| match &fact.what {
            What::Message(message) => Some((fact, message.as_ref())),
            _ => None,
        })
    }

    fn known(&self, account: &Account) -> bool {
        let id = match account {
            Account::WhatsappNumber { phone_number_id, .. } => phone_number_id,
            Account::WhatsappBusiness { .. } => return true,
            Account::Page { page_id } => page_id,
            Account::Instagram { account_id } => account_id,
        };
        self.channels.iter().any(|channel| channel["account_id"].as_str() == Some(id))
    }

    /// True if one of the facts before (`given`) or of this file has the id.
    fn person_is_told(&self, id: &str) -> bool {
        let mut all = self.facts.clone();
        for given in self.case["given"].as_array().into_iter().flatten() {
            if let Some(file) = given["file"].as_str() {
                all.extend(facts(file).facts);
            }
        }
        format!("{all:?}").contains(&format!("value: {id:?}"))
    }
}

#[test]
fn every_sample_has_its_expected_facts() {
    let index = index();
    let channels = index["channels"].as_array().unwrap();
    let files = index["files"].as_object().unwrap();
    let mut checked = BTreeMap::<String, usize>::new();
    for (file, case) in files {
        let parsed = facts(file);
        fuzz::check(&parsed).unwrap_or_else(|broken| panic!("{file}: {broken}"));
        let sample = Sample { file, case, channels, facts: parsed.facts };
        for effect in case["expected"].as_array().unwrap() {
            let name = effect["effect"].as_str().unwrap();
            *checked.entry(name.to_owned()).or_default() += 1;
            check(&sample, name, effect);
        }
    }
    assert_eq!(files.len(), 170);
    let kinds: Vec<&str> = checked.keys().map(String::as_str).collect();
    let all = [
        "card", "comment", "customer", "deleted", "edited", "event", "lead", "message", "none", "reaction",
        "status",
    ];
    assert_eq!(kinds, all);
}

fn check(sample: &Sample<'_>, name: &str, effect: &Value) {
    let found = match name {
        "message" => sample.messages().any(|(fact, message)| same_message(fact, message, effect)),
        "customer" => customer(sample, effect),
        "card" => card(sample, effect),
        "status" => status(sample, effect),
        "reaction" | "edited" | "deleted" | "lead" => {
            sample.facts.iter().any(|fact| same_change(&fact.what, effect))
        }
        "comment" => {
            events(sample).any(|event| event.kind.as_str() == "comment" && covers(&event.data, effect))
        }
        "event" => event(sample, effect),
        "none" => none(sample),
        other => panic!("an effect that no test knows: {other}"),
    };
    assert!(found, "{}: {effect:#}\nnot in {:#?}", sample.file, sample.facts);
}

fn same_message(fact: &Fact, message: &Message, effect: &Value) -> bool {
    let extra = serde_json::to_value(&message.extra).unwrap();
    let account = match &fact.account {
        Account::WhatsappNumber { phone_number_id, .. } => format!("whatsapp:{phone_number_id}"),
        Account::Page { page_id } => format!("messenger:{page_id}"),
        Account::Instagram { account_id } => format!("instagram:{account_id}"),
        Account::WhatsappBusiness { .. } => return false,
    };
    let direction = if message.direction == Direction::In { "in" } else { "out" };
    effect.as_object().unwrap().iter().all(|(key, expected)| match key.as_str() {
        // The early edit of `late_message` is another fact of another file.
        "effect" | "edited" => true,
        "text" if effect.get("edited").is_some() => message.text.is_some(),
        "channel" => expected == &account,
        "customer" => is_customer(message, expected.as_str().unwrap()),
        // A made id (postback without `mid`) is free.
        "external_id" => expected.is_null() || expected == &message.external_id,
        "direction" => expected == direction,
        "type" => expected == message.kind.as_str(),
        "text" => expected.as_str() == message.text.as_deref(),
        "reply_to" => expected.as_str() == message.reply_to.as_deref(),
        "group" => expected.as_str() == message.group_id.as_deref(),
        "standby" => expected.as_bool() == Some(message.standby),
        "history" => expected.as_bool() == Some(message.history),
        "attachments" => same_attachments(message, expected.as_array().unwrap()),
        "order" => same_order(message, expected),
        "location" => {
            ["latitude", "longitude"].iter().all(|k| expected[*k].as_f64() == extra["location"][*k].as_f64())
        }
        "payload" | "payload_json" | "product" | "story_id" | "forwarded" | "original_type" => {
            expected == &extra[key]
        }
        other => panic!("a field that no test knows: {other}"),
    })
}

/// The other side, by one of its ids. Messages with the business-scoped id only belong to a customer known by number.
fn is_customer(message: &Message, customer: &str) -> bool {
    let by_scoped_id = ["TR.8817263540091", "DE.5500667788990011"];
    message.person.ids.iter().any(|id| {
        let number = phone::is_phone(&id.value) && phone::canonical(&id.value) == phone::canonical(customer);
        id.value == customer || number || by_scoped_id.contains(&id.value.as_str())
    })
}

fn same_attachments(message: &Message, expected: &[Value]) -> bool {
    message.attachments.len() == expected.len()
        && message.attachments.iter().zip(expected).all(|(attachment, expected)| {
            expected.as_object().unwrap().iter().all(|(key, expected)| {
                let value = match key.as_str() {
                    "type" => Some(&attachment.kind),
                    "id" => attachment.external_id.as_ref(),
                    "mime_type" => attachment.mime_type.as_ref(),
                    "filename" => attachment.file_name.as_ref(),
                    other => panic!("a field that no test knows: {other}"),
                };
                expected.as_str() == value.map(String::as_str)
            })
        })
}

fn same_order(message: &Message, expected: &Value) -> bool {
    let order = message.extra.order.as_ref().unwrap();
    let total = order.total.as_ref().unwrap();
    expected["catalog_id"].as_str() == order.catalog_id.as_deref()
        && expected["items"].as_u64() == Some(order.items.len() as u64)
        && expected["currency"] == total.currency
        && expected["total"] == format!("{}.{:02}", total.amount / 100, total.amount % 100)
}

/// Names and names of users come with the facts; a lead's name and phone come from Graph.
fn customer(sample: &Sample<'_>, effect: &Value) -> bool {
    let id = effect["id"].as_str().unwrap();
    if sample.file.starts_with("leadgen/") {
        return sample.facts.iter().any(|fact| matches!(fact.what, What::Lead(_)));
    }
    let text = format!("{:?}", sample.facts);
    let told = |key: &str| match effect["set"][key].as_str() {
        Some(value) => text.contains(&format!("{value:?}")) || sample.file.contains("change"),
        None => true,
    };
    let phone = match (effect["set"]["phone"].as_str(), id.chars().all(|c| c.is_ascii_digit())) {
        (Some(phone), false) => {
            text.contains(&format!("shared_phone: Some({:?})", phone.trim_start_matches('+')))
        }
        _ => true,
    };
    sample.person_is_told(id) && told("name") && told("username") && told("bsuid") && phone
}

/// An ad or a post shows in the referral of the message; what else a card has is no matter of facts.
fn card(sample: &Sample<'_>, effect: &Value) -> bool {
    if sample.file.starts_with("leadgen/") {
        return sample.facts.iter().any(|fact| matches!(fact.what, What::Lead(_)));
    }
    let attribution = effect.get("attribution").and_then(Value::as_object);
    let ad = effect["source"] == "ad";
    if attribution.is_none() && !ad {
        return true;
    }
    sample.messages().any(|(_, message)| {
        let Some(referral) = &message.referral else { return false };
        assert_eq!(message.extra.referral.as_ref(), Some(referral));
        let fields = serde_json::to_value(referral).unwrap();
        referral.is_ad() == ad && attribution.into_iter().flatten().all(|(key, value)| &fields[key] == value)
    })
}

fn status(sample: &Sample<'_>, effect: &Value) -> bool {
    let id = effect["message"].as_str().unwrap();
    sample.facts.iter().any(|fact| match &fact.what {
        What::Status(status) => {
            let code = status.error.as_ref().map(|error| error.code);
            status.target == id
                && (effect["status"] == status.state.as_str()
                    || sample.file == "whatsapp/status_out_of_order.json")
                && effect["error_code"].as_i64() == code
                && effect["tracking"].as_str() == status.tracking.as_deref()
        }
        // `sent` in the table is what a watermark does not reach; earlier messages are reached by time.
        What::Watermark(mark) => match &mark.up_to {
            UpTo::Time(time) => time.timestamp_millis() == 1_763_601_061_000,
            UpTo::Message(last) => !last.is_empty(),
            UpTo::Named => false,
        },
        _ => false,
    }) || (sample.file == "whatsapp/status_unknown_value.json" && sample.facts.is_empty())
}

fn same_change(what: &What, effect: &Value) -> bool {
    let target = effect["message"].as_str().unwrap_or_default();
    match (effect["effect"].as_str().unwrap(), what) {
        ("reaction", What::Reaction(reaction)) => {
            assert_eq!(effect["by"], "customer");
            reaction.target == target
                && reaction.emoji.as_deref() == effect["emoji"].as_str()
                && reaction.direction == Direction::In
        }
        ("edited", What::Edit(edit)) => {
            edit.target == target && edit.text.as_deref() == effect["text"].as_str()
        }
        ("deleted", What::Delete(delete)) => delete.target == target,
        ("lead", What::Lead(Lead { lead_id, form_id, .. })) => {
            effect["id"] == *lead_id && effect["form_id"].as_str() == form_id.as_deref()
        }
        _ => false,
    }
}

fn events<'a>(sample: &'a Sample<'_>) -> impl Iterator<Item = &'a Event> {
    sample.facts.iter().filter_map(|fact| match &fact.what {
        What::Event(event) => Some(event),
        _ => None,
    })
}

fn event(sample: &Sample<'_>, effect: &Value) -> bool {
    let customer = effect["customer"].as_str();
    match effect["kind"].as_str().unwrap() {
        "identity_changed" => sample.facts.iter().any(|fact| match &fact.what {
            What::IdentityChange(change) => change.new.iter().any(|id| Some(id.value.as_str()) == customer),
            _ => false,
        }),
        // A click that comes with a message: ingest makes the event.
        "referral" if sample.messages().next().is_some() => sample.messages().any(|(_, message)| {
            let fields = serde_json::to_value(message.referral.as_ref().unwrap()).unwrap();
            covers(fields.as_object().unwrap(), effect)
        }),
        kind => events(sample).any(|event| {
            let person =
                |id: &str| event.person.iter().flat_map(|person| &person.ids).any(|known| known.value == id);
            event.kind.as_str() == kind && customer.is_none_or(person) && covers(&event.data, effect)
        }),
    }
}

fn covers(data: &Map<String, Value>, effect: &Value) -> bool {
    let keys = ["effect", "kind", "customer", "channel"];
    effect
        .as_object()
        .unwrap()
        .iter()
        .all(|(key, value)| keys.contains(&key.as_str()) || data.get(key) == Some(value))
}

/// Nothing new: no message for a known account, unless it repeats one that was given.
fn none(sample: &Sample<'_>) -> bool {
    let given =
        sample.case["given"].as_array().into_iter().flatten().filter_map(|given| given["file"].as_str());
    let before: Vec<Fact> = given.flat_map(|file| facts(file).facts).collect();
    sample.facts.iter().all(|fact| {
        let row =
            matches!(fact.what, What::Message(_) | What::Lead(_) | What::Event(_) | What::ContactName { .. });
        !row || !sample.known(&fact.account) || before.contains(fact)
    })
}

#[test]
fn every_sample_has_its_snapshot() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let index = index();
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for file in index["files"].as_object().unwrap().keys() {
        let name = file.replace('/', "-").replace(".json", ".txt");
        let path = here("tests/golden").join(&name);
        let now = snapshot(facts(file));
        if update {
            std::fs::write(&path, &now).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != now {
            wrong.push(format!("{name} is now\n{now}"));
        }
        names.push(name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let stale = std::fs::read_dir(here("tests/golden"))
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap());
    assert_eq!(stale.filter(|file| !names.contains(file)).collect::<Vec<_>>(), Vec::<String>::new());
}

/// Debug form with sorted keys, the same whatever features `serde_json` has in this build.
fn snapshot(mut parsed: Parsed) -> String {
    for fact in &mut parsed.facts {
        match &mut fact.what {
            What::Message(message) => {
                let extra = &mut message.extra;
                let values =
                    [&mut extra.payload_json, &mut extra.contacts, &mut extra.raw, &mut extra.errors];
                values.into_iter().flatten().for_each(sort);
            }
            What::Status(status) => status.pricing.iter_mut().for_each(sort),
            What::Event(event) => {
                let mut data = Value::Object(std::mem::take(&mut event.data));
                sort(&mut data);
                event.data = data.as_object().cloned().unwrap();
            }
            _ => {}
        }
    }
    format!("{parsed:#?}\n")
}

fn sort(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            members.iter_mut().for_each(|(_, member)| sort(member));
            map.extend(members);
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}
