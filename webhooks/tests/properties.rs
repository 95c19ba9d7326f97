//! What holds for any input: no panic, the invariants of the facts, and a broken item that never loses its neighbours.
//!
//! Owns: mutations of the samples, and the stable-Rust run over the corpus of the fuzz targets (`fixtures/` and
//! `fuzz/corpus/`). Absent: expected effects (`golden`).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use webhooks::fuzz::{self, Family};
use webhooks::{Fact, parse};

static CORPUS: LazyLock<Vec<(PathBuf, Vec<u8>)>> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![here.join("fixtures"), here.join("fuzz/corpus")];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.is_dir() {
                folders.push(file);
            } else {
                files.push((file.clone(), std::fs::read(&file).unwrap()));
            }
        }
    }
    files.sort();
    files
});

static SAMPLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let webhook = |(_, bytes): &(PathBuf, Vec<u8>)| {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        (value["entry"].as_array()?.len() == 1).then_some(value)
    };
    CORPUS
        .iter()
        .filter(|(path, _)| path.to_string_lossy().contains("fixtures"))
        .filter_map(webhook)
        .collect()
});

#[test]
fn the_corpus_breaks_no_invariant_in_any_family() {
    assert!(CORPUS.len() > 190, "the corpus is missing: {}", CORPUS.len());
    assert!(SAMPLES.len() > 160, "the samples are missing: {}", SAMPLES.len());
    for (path, bytes) in CORPUS.iter() {
        for family in Family::ALL {
            fuzz::entry(family, bytes)
                .unwrap_or_else(|broken| panic!("{}, {family:?}: {broken}", path.display()));
        }
    }
}

/// One change of one value somewhere in a document.
#[derive(Debug, Clone)]
enum Change {
    Replace(Index, Value),
    Delete(Index),
}

/// Values of other types than a reader expects.
fn strange() -> Vec<Value> {
    let scalars = [json!(0), json!(-1.5), json!(u64::MAX), json!(true), json!(""), json!("0"), json!("TR.1")];
    let others = [
        Value::Null,
        json!("ş\u{FFFD}👍"),
        json!([]),
        json!([null, 1, "x", {}, []]),
        json!({}),
        json!({"id": null}),
    ];
    scalars.into_iter().chain(others).collect()
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (any::<Index>(), prop::sample::select(strange())).prop_map(|(place, new)| Change::Replace(place, new)),
        1 => any::<Index>().prop_map(Change::Delete),
    ]
}

fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, member)| (key.clone(), member)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (key, member) in members {
        let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers(member, &pointer, all);
        all.push(pointer);
    }
}

fn mutate(value: &mut Value, changes: &[Change]) {
    for change in changes {
        let mut places = Vec::new();
        pointers(value, "", &mut places);
        if places.is_empty() {
            return;
        }
        match change {
            Change::Replace(place, new) => {
                *value.pointer_mut(place.get(&places[..]).as_str()).unwrap() = new.clone()
            }
            Change::Delete(place) => {
                let (parent, key) = place.get(&places[..]).rsplit_once('/').unwrap();
                match value.pointer_mut(parent).unwrap() {
                    Value::Object(map) => drop(map.remove(&key.replace("~1", "/").replace("~0", "~"))),
                    Value::Array(items) => drop(items.remove(key.parse().unwrap())),
                    _ => {}
                }
            }
        }
    }
}

fn facts(body: &Value) -> Vec<Fact> {
    parse(body.to_string().as_bytes()).unwrap().facts
}

/// The facts of good neighbours stand around whatever the broken one gives.
fn keeps_neighbours(before: &[Fact], all: &[Fact], after: &[Fact]) -> Result<(), TestCaseError> {
    prop_assert!(!before.is_empty() && !after.is_empty());
    prop_assert!(all.len() >= before.len() + after.len(), "{all:#?}");
    prop_assert_eq!(before, &all[..before.len()]);
    prop_assert_eq!(after, &all[all.len() - after.len()..]);
    Ok(())
}

fn text_item(object: &str, id: &str) -> Value {
    match object {
        "whatsapp_business_account" => {
            json!({"from": "905551112233", "id": id, "timestamp": "1763600000", "type": "text", "text": {"body": id}})
        }
        _ => json!({"sender": {"id": "5"}, "recipient": {"id": "7"}, "timestamp": 1_763_600_000_000_i64,
                    "message": {"mid": id, "text": id}}),
    }
}

/// A body with these items in the list where `object` has its messages.
fn body_of(object: &str, items: &[Value]) -> Value {
    let metadata = json!({"display_phone_number": "908502223344", "phone_number_id": "1"});
    let entry = match object {
        "whatsapp_business_account" => {
            json!({"id": "7", "changes": [{"field": "messages", "value": {"metadata": metadata, "messages": items}}]})
        }
        _ => json!({"id": "7", "messaging": items}),
    };
    json!({"object": object, "entry": [entry]})
}

/// The items of a sample in the shape of [`body_of`]; a change of a Page stands for an item that is none.
fn items_of(sample: &Value) -> Vec<Value> {
    let entry = &sample["entry"][0];
    let lists = [
        &entry["messaging"],
        &entry["standby"],
        &entry["changes"][0]["value"]["messages"],
        &entry["changes"],
    ];
    lists.iter().find_map(|list| list.as_array()).cloned().unwrap_or_default()
}

/// Keys whose loss may cost the message: its id, its people, or what makes it a message.
const VITAL: [&str; 14] = [
    "/id",
    "/mid",
    "/from",
    "/from_user_id",
    "/to",
    "/type",
    "/user_id",
    "/phone_number_id",
    "/object",
    "/field",
    "/postback",
    "/is_echo",
    "/is_self",
    "/is_deleted",
];

/// Parts of a message that may be wrong without costing it.
const DETAILS: [&str; 13] = [
    "/text",
    "/attachments",
    "/context",
    "/referral",
    "/profile",
    "/interactive",
    "/order",
    "/location",
    "/quick_reply",
    "/reply_to",
    "/errors",
    "/contacts",
    "/timestamp",
];

/// Every value of every sample, replaced by every strange value: no invariant breaks, and a wrong detail never costs
/// the message.
#[test]
fn one_wrong_value_is_never_more_than_that() {
    let count =
        |body: &Value| facts(body).iter().filter(|f| matches!(f.what, webhooks::What::Message(_))).count();
    let mut tried = 0;
    for sample in SAMPLES.iter() {
        let before = count(sample);
        let mut places = Vec::new();
        pointers(sample, "", &mut places);
        for place in &places {
            let detail = DETAILS.iter().any(|part| place.contains(part))
                && !VITAL.iter().any(|key| place.ends_with(key));
            for new in strange() {
                let mut body = sample.clone();
                *body.pointer_mut(place).unwrap() = new.clone();
                fuzz::entry(Family::Body, body.to_string().as_bytes())
                    .unwrap_or_else(|e| panic!("{place} {new}: {e}"));
                if detail {
                    assert_eq!(count(&body), before, "{place} {new} in {sample:#}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_entry_keeps_its_neighbours(which in any::<Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let sample = which.get(&SAMPLES);
        let object = sample["object"].as_str().unwrap();
        let mut broken = sample["entry"][0].clone();
        mutate(&mut broken, &changes);
        let (one, two) = (body_of(object, &[text_item(object, "one")]), body_of(object, &[text_item(object, "two")]));
        let all = json!({"object": object, "entry": [one["entry"][0], broken, two["entry"][0]]});
        fuzz::entry(Family::Body, all.to_string().as_bytes()).map_err(TestCaseError::fail)?;
        keeps_neighbours(&facts(&one), &facts(&all), &facts(&two))?;
    }

    #[test]
    fn a_broken_item_keeps_its_neighbours(which in any::<Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let sample = which.get(&SAMPLES);
        let object = sample["object"].as_str().unwrap();
        let (one, two) = (text_item(object, "one"), text_item(object, "two"));
        for mut broken in items_of(sample) {
            mutate(&mut broken, &changes);
            let all = body_of(object, &[one.clone(), broken, two.clone()]);
            fuzz::entry(Family::Body, all.to_string().as_bytes()).map_err(TestCaseError::fail)?;
            let alone = |item: &Value| facts(&body_of(object, std::slice::from_ref(item)));
            keeps_neighbours(&alone(&one), &facts(&all), &alone(&two))?;
        }
    }

    #[test]
    fn cut_and_dirty_bytes_never_panic(
        which in any::<Index>(),
        edits in prop::collection::vec((any::<Index>(), prop::sample::select(vec![
            &b""[..], b"\0", b"\\u0000", b"\\ud83d", b"\\ude00", b"\\", b"\"", b"{", b"]", b"\xff", b"null", b"1e999", b"-",
        ])), 0..6),
        cut in prop::option::of(any::<Index>()),
        family in prop::sample::select(Family::ALL.to_vec()),
    ) {
        let mut bytes = which.get(&CORPUS).1.clone();
        for (place, dirt) in edits {
            let at = place.index(bytes.len() + 1);
            bytes.splice(at..at, dirt.iter().copied());
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        fuzz::entry(family, &bytes).map_err(TestCaseError::fail)?;
    }

    /// Dirt inside a text is repaired, whatever it is; the POST is never refused for it.
    #[test]
    fn dirt_inside_a_text_costs_nothing_but_itself(parts in prop::collection::vec(prop::sample::select(vec![
        "a", "ş", "\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\\\", "\\\"", "\\n", "\0", "\\u00e4",
    ]), 0..12)) {
        let text: String = parts.concat();
        let body = body_of("page", &[json!({"sender": {"id": "5"}, "message": {"mid": "m", "text": "DIRT"}})]);
        let body = body.to_string().replace("DIRT", &format!("x{text}"));
        fuzz::entry(Family::Body, body.as_bytes()).map_err(TestCaseError::fail)?;
        let facts = parse(body.as_bytes()).unwrap().facts;
        let webhooks::What::Message(message) = &facts[0].what else { panic!("no message") };
        prop_assert!(message.text.as_deref().unwrap().starts_with('x'));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), family in prop::sample::select(Family::ALL.to_vec())) {
        fuzz::entry(family, &bytes).map_err(TestCaseError::fail)?;
    }
}
