//! The samples' rules on WhatsApp payloads that no sample has: other spellings, several things at once, bad input.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::*;
use webhooks::{Account, DeliveryState, Direction, EventKind, MessageKind, PersonIdKind, What};

#[test]
fn messages_and_statuses_of_one_value_are_both_read() {
    let parsed = change(
        "messages",
        &number(&json!({
            "messages": [{"from": "1", "id": "a", "type": "text", "text": {"body": "x"}}, null, {"from": "1", "type": "text"},
                         {"from": "2", "id": "b", "timestamp": 1_763_600_000_000_i64, "type": "text", "text": {"body": "y"}}],
            "statuses": [{"id": "s", "status": "read"}, {"id": "s", "status": "warning"}, 7],
            "errors": [{"code": 1}],
        })),
    );
    assert_eq!(parsed.facts.len(), 3);
    let skipped: Vec<_> = parsed.skipped.iter().map(|s| (s.path.as_str(), s.reason)).collect();
    let at = |rest: &str| format!("entry[0].changes[0].value.{rest}");
    assert_eq!(skipped[2], (at("statuses[1]").as_str(), "unknown_status"));
    assert_eq!(skipped[3], (at("statuses[2]").as_str(), "wrong_type"));
    assert_eq!(skipped[0], (at("messages[1]").as_str(), "wrong_type"));
    assert_eq!(skipped[1], (at("messages[2]").as_str(), "wrong_type"));
    assert_eq!(skipped[4], (at("errors").as_str(), "platform_errors"));
}

#[test]
fn the_number_is_known_by_its_id_and_the_test_button_makes_nothing() {
    let message = json!({"from": "1", "id": "a", "type": "text", "text": {"body": "x"}});
    let body = |id: Value| {
        json!({"object": "whatsapp_business_account", "entry": [{"id": id, "changes": [
        {"field": "messages", "value": {"metadata": {"phone_number_id": 418_206_994_710_335_u64}, "messages": [message]}}]}]})
    };
    let parsed = parse(&body(Value::Null));
    let Account::WhatsappNumber { phone_number_id, .. } = &parsed.facts[0].account else { panic!() };
    assert_eq!(phone_number_id, "418206994710335");
    skipped(&parse(&body(json!(0))), "dashboard_test");
    skipped(&change("messages", &json!({"messages": [message]})), "no_account");
    skipped(&change("messages", &number(&json!({}))), "nothing_known");
}

#[test]
fn an_id_with_letters_is_never_a_phone_number() {
    let read = message(wa(
        &json!({"from": "TR.88", "from_user_id": "TR.88", "type": "text", "text": {"body": "x"}}),
    ));
    assert_eq!(read.person.ids.len(), 1);
    assert_eq!(read.person.ids[0].kind, PersonIdKind::Bsuid);
    let read = message(wa(&json!({"from": "+90 532 418-76-50", "type": "text", "text": {"body": "x"}})));
    assert_eq!((ids(&read.person), read.person.ids[0].kind), (vec!["905324187650"], PersonIdKind::WaId));
    skipped(&wa(&json!({"from": null, "type": "text", "text": {"body": "x"}})), "no_person");
}

#[test]
fn contacts_are_joined_by_any_id_and_never_by_place() {
    let value = |from: Value, contact: Value| {
        let mut item = json!({"id": "w", "type": "text", "text": {"body": "x"}});
        item.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
        message(change(
            "messages",
            &number(
                &json!({"messages": [item], "contacts": [null, {"profile": {"name": "No"}, "wa_id": "9"}, contact]}),
            ),
        ))
    };
    let lena = json!({"profile": {"name": "Lena", "username": "@lena"}, "wa_id": "5511987654321", "user_id": "BR.1", "parent_user_id": "BR.ENT.1"});
    for from in [json!({"from": "551187654321"}), json!({"from_user_id": "BR.1"}), json!({"from": "BR.1"})] {
        let read = value(from.clone(), lena.clone());
        assert_eq!(read.person.name.as_deref(), Some("Lena"), "{from}");
        assert_eq!(read.person.username.as_deref(), Some("lena"));
        assert_eq!(read.person.ids.len(), 3);
        assert_eq!(read.person.ids[0].kind, PersonIdKind::WaId);
    }
    assert_eq!(value(json!({"from": "8"}), lena).person.name, None);
    assert_eq!(value(json!({"from": "8"}), json!({"profile": {"name": "  "}, "wa_id": 8})).person.name, None);
}

#[test]
fn what_has_no_content_is_kept_as_unsupported() {
    for body in [
        json!({"type": "text", "text": {"body": ""}}),
        json!({"type": "text", "text": "x"}),
        json!({"type": "image", "image": {"mime_type": "image/png"}}),
        json!({"type": "location", "location": {"latitude": "north", "longitude": 1}}),
        json!({"type": "contacts", "contacts": []}),
        json!({"type": "interactive", "interactive": {"type": "call_permission_reply", "call_permission_reply": {}}}),
        json!({"type": "order", "order": {"product_items": []}}),
        json!({"type": "ephemeral"}),
        json!({"type": 7}),
        json!({}),
    ] {
        let read = message(wa(&body));
        assert_eq!(read.kind, MessageKind::Unsupported, "{body}");
        assert_eq!(read.extra.raw.unwrap()["id"], "w");
    }
    let poll = message(wa(
        &json!({"type": "unsupported", "unsupported": {"type": "poll"}, "errors": [{"code": 131_051}]}),
    ));
    assert_eq!((poll.extra.original_type.as_deref(), poll.extra.errors.is_some()), (Some("poll"), true));
}

#[test]
fn types_in_their_older_forms() {
    assert_eq!(message(wa(&json!({"type": "voice", "voice": {"id": 5}}))).kind, MessageKind::Voice);
    let place = message(wa(
        &json!({"type": "location", "location": {"latitude": "1.5", "longitude": 2, "address": "Köln"}}),
    ));
    assert_eq!((place.kind, place.text.as_deref()), (MessageKind::Location, Some("Köln")));
    let cards = message(wa(
        &json!({"type": "contacts", "contacts": [{"name": {"first_name": "A", "last_name": "B"}}, {"name": "x", "phones": [{"phone": "+1 2"}]}]}),
    ));
    assert_eq!(cards.text.as_deref(), Some("A B, +1 2"));
    assert_eq!(cards.person.shared_phone, None);
    let other = wa(
        &json!({"type": "contacts", "origin": "other", "contacts": [{"origin": "other", "phones": [{"phone": "491511"}]}]}),
    );
    assert_eq!(message(other).person.shared_phone, None);
    let asked = message(wa(
        &json!({"type": "contacts", "contacts": [{"origin": "contact_request", "phones": [{"phone": "+49 (151) 1"}]}]}),
    ));
    assert_eq!(asked.person.shared_phone.as_deref(), Some("491511"));
    let flow = message(wa(
        &json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{\"a\":\"x\\u0000\\ud83d\"}"}}}),
    ));
    assert_eq!(flow.extra.payload_json, Some(json!({"a": "x\u{FFFD}"})));
    let bad = message(wa(
        &json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": "{"}}}),
    ));
    assert_eq!((bad.extra.payload.as_deref(), bad.extra.payload_json), (Some("{"), None));
}

#[test]
fn an_ad_is_one_only_if_the_source_says_so() {
    let referral = |referral: Value| {
        message(wa(&json!({"type": "text", "text": {"body": "x"}, "referral": referral}))).referral
    };
    assert_eq!(referral(json!({"source_type": "AD", "source_id": 12})).unwrap().ad_id.as_deref(), Some("12"));
    let post = referral(json!({"source_type": "post", "source_id": "12"})).unwrap();
    assert_eq!((post.ad_id, post.post_id.as_deref()), (None, Some("12")));
    let other = referral(json!({"source_type": "shop", "source_id": "12"})).unwrap();
    assert_eq!((other.ad_id, other.post_id), (None, None));
    assert_eq!(referral(json!({"source_type": "ad", "source_id": "0"})).unwrap().ad_id, None);
    assert_eq!(referral(json!({})), None);
    assert_eq!(referral(json!([])), None);
    let welcome = event(
        wa(&json!({"type": "request_welcome", "referral": {"source_type": "ad", "source_id": "9"}})),
        EventKind::Referral,
    );
    assert_eq!((welcome.data["ad_id"].as_str(), welcome.key.as_str()), (Some("9"), "referral:w"));
}

#[test]
fn changes_of_messages() {
    let What::Edit(edit) = only(wa(&json!({"type": "edit", "edit": {"original_message_id": "o", "message":
        {"type": "image", "image": {"id": "1", "caption": "neu"}}}})))
    else {
        panic!()
    };
    assert_eq!((edit.target.as_str(), edit.text.as_deref(), edit.revision), ("o", Some("neu"), None));
    for body in [
        json!({"type": "edit"}),
        json!({"type": "edit", "edit": {"original_message_id": "o"}}),
        json!({"type": "revoke", "revoke": {}}),
        json!({"type": "reaction", "reaction": {"emoji": "x"}}),
    ] {
        skipped(&wa(&body), "wrong_type");
    }
    let What::Reaction(gone) =
        only(wa(&json!({"type": "reaction", "reaction": {"message_id": "o", "emoji": null}})))
    else {
        panic!()
    };
    assert_eq!((gone.emoji, gone.direction), (None, Direction::In));
}

#[test]
fn ids_that_move() {
    let system =
        |members: Value, from: Value| wa(&json!({"from": from, "type": "system", "system": members}));
    let What::IdentityChange(old_form) = only(system(
        json!({"type": "customer_changed_number", "customer": "111", "new_wa_id": "222"}),
        Value::Null,
    )) else {
        panic!()
    };
    assert_eq!((old_form.old[0].value.as_str(), old_form.new[0].value.as_str()), ("111", "222"));
    // The identity (security code) changed, not the ids.
    skipped(
        &system(
            json!({"type": "customer_identity_changed", "wa_id": "111", "customer": "111"}),
            json!("111"),
        ),
        "not_a_message",
    );
    skipped(&system(json!({"body": "x"}), json!("111")), "not_a_message");
    skipped(&system(json!({"user_id": "TR.1"}), Value::Null), "not_a_message");
    skipped(&system(json!([]), json!("111")), "wrong_type");
}

#[test]
fn echoes_history_and_standby_know_the_other_side() {
    let text = |from: &str, to: Value| json!({"from": from, "to": to, "id": "e", "type": "text", "text": {"body": "x"}});
    let echo =
        message(change("smb_message_echoes", &number(&json!({"message_echoes": [text(OURS, json!("5"))]}))));
    assert_eq!((echo.direction, ids(&echo.person)), (Direction::Out, vec!["5"]));
    let to_user = json!({"from": OURS, "to_user_id": "TR.1", "id": "e", "type": "reaction", "reaction": {"message_id": "m", "emoji": "👍"}});
    let What::Reaction(ours) =
        only(change("smb_message_echoes", &number(&json!({"message_echoes": [to_user]}))))
    else {
        panic!()
    };
    assert_eq!((ours.direction, ids(&ours.person)), (Direction::Out, vec!["TR.1"]));
    let agent = message(change("standby", &number(&json!({"messages": [text(OURS, json!("5"))]}))));
    assert_eq!((agent.direction, agent.standby), (Direction::Out, true));
    skipped(&change("messages", &number(&json!({"messages": [text(OURS, json!(OURS))]}))), "self_message");

    let thread = json!({"id": "5", "context": {"user_id": "TR.1", "username": "@x"}, "messages": [text(OURS, Value::Null), 7, text("5", Value::Null)]});
    let parsed = change("history", &number(&json!({"history": [null, {"threads": [[], thread]}]})));
    let directions: Vec<_> = parsed
        .facts
        .iter()
        .map(|fact| match &fact.what {
            What::Message(m) => (m.direction, m.history, ids(&m.person), m.person.username.as_deref()),
            other => panic!("{other:?}"),
        })
        .collect();
    let person = || (true, vec!["5", "TR.1"], Some("x"));
    let (history, who, name) = person();
    assert_eq!(
        directions,
        [(Direction::Out, history, who.clone(), name), (Direction::In, history, who, name)]
    );
    assert_eq!(parsed.skipped.len(), 3);
}

#[test]
fn statuses_tell_states_errors_and_people() {
    let status = |members: Value| {
        let mut item = json!({"id": "s", "status": "failed"});
        item.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        match only(change("messages", &number(&json!({ "statuses": [item] })))) {
            What::Status(status) => status,
            other => panic!("{other:?}"),
        }
    };
    let failed =
        status(json!({"errors": ["x", {"code": "131026", "message": "m", "error_data": {"details": "d"}}]}));
    let error = failed.error.unwrap();
    assert_eq!(
        (error.code, error.title.as_deref(), error.detail.as_deref()),
        (131_026, Some("m"), Some("d"))
    );
    for key in ["recipient_user_id", "recipient_parent_user_id", "parent_recipient_user_id"] {
        assert_eq!(ids(&status(json!({key: "TR.1"})).person.unwrap()), ["TR.1"]);
    }
    let group = status(
        json!({"status": "READ", "recipient_type": "group", "recipient_id": "120@g.us", "recipient_participant_id": "5"}),
    );
    assert_eq!(
        (group.group, ids(&group.person.unwrap()), group.state),
        (true, vec!["5"], DeliveryState::Read)
    );
}

#[test]
fn calls_are_keyed_by_their_id() {
    let calls = |value: Value| event(change("calls", &number(&value)), EventKind::Call);
    let out = calls(
        json!({"calls": [{"id": "c", "event": "terminate", "status": "FAILED", "direction": "BUSINESS_INITIATED", "from": OURS, "to": "5", "session": {"sdp": "v=0"}}]}),
    );
    assert_eq!(
        (out.key.as_str(), out.data["direction"].as_str(), out.data["status"].as_str()),
        ("c", Some("out"), Some("failed"))
    );
    assert_eq!(ids(&out.person.unwrap()), ["5"]);
    assert!(!out.data.contains_key("session"));
    for (word, state) in [("RINGING", "ringing"), ("ACCEPTED", "accepted"), ("REJECTED", "rejected")] {
        let status =
            calls(json!({"statuses": [{"type": "call", "id": "c", "status": word, "recipient_id": "5"}]}));
        assert_eq!((status.key.as_str(), status.data["status"].as_str()), ("c", Some(state)));
    }
    skipped(&change("calls", &number(&json!({"calls": [{"id": "c", "event": "beamed"}]}))), "unknown_event");
}

#[test]
fn consent_and_address_book() {
    let preference = |value: &str| {
        change(
            "user_preferences",
            &number(
                &json!({"user_preferences": [{"user_id": "TR.1", "category": "marketing_messages", "value": value}]}),
            ),
        )
    };
    for (word, opted_out) in [("stop", true), ("resume", false), ("signup", false)] {
        let What::MarketingOptOut { person, opted_out: read } = only(preference(word)) else { panic!() };
        assert_eq!((ids(&person), read), (vec!["TR.1"], opted_out));
    }
    skipped(&preference("maybe"), "unknown_event");
    let book = |contact: Value| {
        change(
            "smb_app_state_sync",
            &number(&json!({"state_sync": [{"type": "contact", "action": "add", "contact": contact}]})),
        )
    };
    let What::ContactName { person } = only(book(json!({"first_name": "A", "phone_number": "+49 1"}))) else {
        panic!()
    };
    assert_eq!((ids(&person), person.name.as_deref()), (vec!["491"], Some("A")));
    skipped(&book(json!({"phone_number": "1"})), "no_person");
}

#[test]
fn account_events_have_stable_keys_and_ids_as_text() {
    let quality = json!({"new_quality_score": "RED", "message_template_id": 806_312_974_732_579_u64});
    let one = event(change("message_template_quality_update", &quality), EventKind::TemplateQuality);
    let text = json!({"message_template_id": 806_312_974_732_579_u64, "new_quality_score": "RED"});
    assert_eq!(
        one.key,
        event(change("message_template_quality_update", &text), EventKind::TemplateQuality).key
    );
    assert_eq!(one.data["template_id"], "806312974732579");
    let other = event(
        change("message_template_quality_update", &json!({"new_quality_score": "GREEN"})),
        EventKind::TemplateQuality,
    );
    assert_ne!(one.key, other.key);
    let review = event(change("account_review_update", &json!({"decision": "REJECTED"})), EventKind::Account);
    assert_eq!(
        (review.data["event"].as_str(), review.data["decision"].as_str()),
        (Some("account_review_update"), Some("REJECTED"))
    );
    let announced = event(
        change("template_category_update", &json!({"correct_category": "MARKETING"})),
        EventKind::TemplateCategory,
    );
    assert!(!announced.data.contains_key("category"));
    skipped(&change("group_settings_update", &json!({})), "ignored_field");
    skipped(&change("quantum_update", &json!({})), "unknown_field");
    skipped(&change("account_update", &json!([])), "wrong_type");
}
