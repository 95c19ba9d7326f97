//! News of templates from lists and webhooks, in any order.

use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;

const WABA: &str = "329471260257418";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn entry(name: &str, status: &str) -> Listed {
    Listed::read(&json!({"id": format!("id-{name}"), "name": name, "language": "en", "category": "UTILITY",
        "status": status, "components": [{"type": "BODY", "text": "Hello {{1}}"}], "rejected_reason": "NONE",
        "quality_score": {"score": "GREEN"}}))
    .unwrap()
}

fn kept(name: &str, status: &str, seconds: i64) -> Kept {
    Kept::new(WABA, entry(name, status), at(seconds))
}

/// An approved one with these components.
pub fn template(components: &Value) -> Template {
    Template::from(Kept { components: components.clone(), ..kept("a", "APPROVED", 0) })
}

fn news(kind: EventKind, data: Value, seconds: i64) -> News {
    let Value::Object(mut data) = data else { panic!("an object") };
    data.insert("template_id".to_owned(), json!("id-a"));
    News::of(WABA, &Event { kind, key: String::new(), person: None, data }, at(seconds)).unwrap()
}

fn status(event: &str, seconds: i64) -> News {
    news(EventKind::TemplateStatus, json!({"status": event, "reason": event.get(..1)}), seconds)
}

#[test]
fn a_list_makes_changes_and_ends_rows() {
    let rows = vec![kept("a", "APPROVED", 1), kept("b", "PENDING", 1), kept("gone", "APPROVED", 1)];
    let entries = || {
        vec![entry("a", "APPROVED"), entry("b", "APPROVED"), entry("b", "REJECTED"), entry("new", "PENDING")]
    };
    let shown = |rows: &[Kept]| -> Vec<(String, String, i32)> {
        rows.iter().map(|row| (row.name.clone(), row.status.clone(), row.version)).collect()
    };
    let row = |name: &str, status: &str, version| (name.to_owned(), status.to_owned(), version);
    let changed = listed(rows.clone(), WABA, entries(), true, at(2));
    let others = [row("b", "rejected", 2), row("gone", "deleted", 2), row("new", "pending", 1)];
    assert_eq!(shown(&changed), [&[row("a", "approved", 1)], &others[..]].concat(), "`a` was seen, no more");
    let partly = listed(rows.clone(), WABA, entries(), false, at(2));
    assert!(partly.iter().all(|row| row.name != "gone"), "nobody knows");
    assert_eq!(
        listed(rows, WABA, entries(), true, at(0)).len(),
        1,
        "an older list only has a new one to tell"
    );
}

#[test]
fn an_older_list_does_not_undo_a_webhook() {
    let row = heard(vec![kept("a", "PENDING", 1)], &[status("APPROVED", 5)]).remove(0);
    assert_eq!(
        (row.status.as_str(), row.rejected_reason.as_deref(), row.version),
        ("approved", Some("A"), 2)
    );
    let asked_before = listed(vec![row.clone()], WABA, vec![entry("a", "PENDING")], true, at(4)).remove(0);
    assert_eq!((asked_before.status.as_str(), asked_before.synced_at), ("approved", at(4)));
    assert_eq!(listed(vec![row.clone()], WABA, vec![], true, at(4)), [], "approved after it was not there");
    let asked_later = listed(vec![row], WABA, vec![entry("a", "PAUSED")], true, at(6)).remove(0);
    assert_eq!((asked_later.status.as_str(), asked_later.version), ("paused", 3));
    assert_eq!(heard(vec![asked_later], &[status("APPROVED", 5)]), [], "told again");
}

#[test]
fn words_of_meta_become_states_or_nothing() {
    let states = [
        ("REINSTATED", Some("approved")),
        ("IN_APPEAL", Some("in_appeal")),
        ("FLAGGED", None),
        ("NEW", None),
    ];
    for (event, expected) in states {
        assert_eq!(state(event).as_deref(), expected, "{event}");
    }
    let changed = news(EventKind::TemplateCategory, json!({"correct_category": "MARKETING"}), 1);
    assert_eq!(changed.category, None, "announced only");
    let field = json!({"field": "message_template_components_update"});
    assert_eq!(news(EventKind::Account, field, 1).external_id, None);
    let other =
        Event { kind: EventKind::Account, key: String::new(), person: None, data: Default::default() };
    assert_eq!(News::of(WABA, &other, at(1)), None);
    for key in ["id", "name", "language", "category", "status", "components"] {
        let mut entry =
            json!({"id": 7, "name": "a", "language": "en", "category": "X", "status": "Y", "components": []});
        assert!(Listed::read(&entry).is_some_and(|read| read.external_id == "7"));
        entry.as_object_mut().unwrap().remove(key);
        assert_eq!(Listed::read(&entry), None, "{key}");
    }
}

fn any_news() -> impl Strategy<Value = News> {
    let state = prop_oneof![Just("APPROVED"), Just("PAUSED"), Just("REJECTED"), Just("FLAGGED")];
    let score = prop_oneof![Just("GREEN"), Just("RED"), Just("UNKNOWN")];
    let category = prop_oneof![Just("MARKETING"), Just("UTILITY")];
    prop_oneof![
        (state, 0..4_i64).prop_map(|(event, seconds)| status(event, seconds)),
        (score, 0..4_i64).prop_map(|(score, seconds)| news(
            EventKind::TemplateQuality,
            json!({"quality": score}),
            seconds
        )),
        (category, 0..4_i64).prop_map(|(word, seconds)| news(
            EventKind::TemplateCategory,
            json!({"category": word}),
            seconds
        )),
    ]
}

proptest! {
    /// Any order, any division into batches and any repetition of webhooks end in the same template.
    #[test]
    fn webhooks_may_come_in_any_order(
        (told, shuffled) in prop::collection::vec(any_news(), 1..8)
            .prop_flat_map(|told| (Just(told.clone()), Just([told.clone(), told].concat()).prop_shuffle())),
        cut in 0..16_usize,
    ) {
        let row = kept("a", "PENDING", 1);
        let after = |row: Kept, news: &[News]| heard(vec![row.clone()], news).pop().unwrap_or(row);
        let (first, second) = shuffled.split_at(cut.min(shuffled.len()));
        let at_once = after(row.clone(), &told);
        let divided = after(after(row.clone(), first), second);
        let version = row.version;
        prop_assert_eq!(Kept { version, ..at_once }, Kept { version, ..divided });
    }
}
