//! The samples' rules on Messenger, Instagram and Lead Ads payloads that no sample has, and on whole bodies.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::*;
use webhooks::{
    Account, DeliveryState, Direction, EventKind, MessageKind, PersonIdKind, Unreadable, UpTo, What,
};

#[test]
fn a_body_is_json_with_a_known_object() {
    for body in [&b""[..], b"{", b"\xff", b"hello", b"{\"object\":\"page\"}}"] {
        assert!(matches!(webhooks::parse(body), Err(Unreadable::NotJson(_))), "{body:?}");
    }
    for body in [&b"[]"[..], b"null", b"{}", br#"{"object":7}"#, br#"{"object":"user","entry":[]}"#] {
        assert_eq!(webhooks::parse(body), Err(Unreadable::UnknownObject), "{body:?}");
    }
    assert_eq!(parse(&json!({"object": "page"})), webhooks::Parsed::default());
    skipped(&parse(&json!({"object": "page", "entry": {}})), "wrong_type");
    skipped(&parse(&json!({"object": "page", "entry": [{"messaging": [{}]}]})), "no_account");
    skipped(&parse(&json!({"object": "page", "entry": [{"id": "7", "messaging": "x"}]})), "wrong_type");
}

#[test]
fn every_event_of_an_item_is_read() {
    let parsed = item(
        "page",
        &json!({"read": {"watermark": 1}, "message": {"mid": "m", "text": "x"}, "telepathy": {}, "reaction": 7}),
    );
    assert!(matches!(parsed.facts[0].what, What::Message(_)));
    assert!(matches!(parsed.facts[1].what, What::Watermark(_)));
    assert_eq!((parsed.facts.len(), parsed.skipped[0].reason), (2, "wrong_type"));
    skipped(&item("page", &json!({"game_play": {}})), "ignored_event");
    skipped(&item("page", &json!({})), "unknown_event");
}

#[test]
fn who_is_who() {
    let text = json!({"mid": "m", "text": "x", "is_echo": true});
    let echo =
        message(item("page", &json!({"sender": {"id": "7"}, "recipient": {"id": "5"}, "message": text})));
    assert_eq!(
        (echo.direction, ids(&echo.person), echo.person.ids[0].kind),
        (Direction::Out, vec!["5"], PersonIdKind::Psid)
    );
    // Without the mark, the sender says it.
    let unmarked = json!({"sender": {"id": 7}, "recipient": {"id": 5}, "message": {"mid": "m", "text": "x"}});
    let unmarked = message(item("instagram", &unmarked));
    assert_eq!(
        (unmarked.direction, ids(&unmarked.person), unmarked.person.ids[0].kind),
        (Direction::Out, vec!["5"], PersonIdKind::Igsid)
    );
    let What::Reaction(ours) = only(item(
        "page",
        &json!({"sender": {"id": "7"}, "recipient": {"id": "5"}, "reaction": {"mid": "m", "action": "react", "emoji": "👍"}}),
    )) else {
        panic!()
    };
    assert_eq!((ours.direction, ids(&ours.person)), (Direction::Out, vec!["5"]));
    skipped(&item("page", &json!({"sender": {"id": "7"}, "message": text})), "self_message");
    skipped(
        &item("page", &json!({"sender": {"user_ref": "u"}, "message": {"mid": "m", "text": "x"}})),
        "no_person",
    );
}

#[test]
fn kinds_of_messages() {
    let kind = |members: Value| {
        let mut body = json!({"mid": "m"});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        message(item("page", &json!({ "message": body })))
    };
    let attachment = |attachment: Value| kind(json!({ "attachments": [attachment] }));
    for (raw, expected) in [
        (json!({"type": "share", "payload": {"url": "u"}}), MessageKind::Share),
        (json!({"type": "post"}), MessageKind::Share),
        (json!({"type": "reel"}), MessageKind::Share),
        (json!({"type": "fallback", "url": "u", "title": "t"}), MessageKind::Share),
        (json!({"type": "image", "payload": {"url": "u", "sticker_id": 9}}), MessageKind::Sticker),
        (json!({"type": "image"}), MessageKind::Image),
        (json!({"type": "template", "payload": {"template_type": "generic"}}), MessageKind::Unsupported),
        (json!({"type": "appointment_booking"}), MessageKind::Unsupported),
        (json!({"type": "location", "payload": {"coordinates": {"lat": "x"}}}), MessageKind::Unsupported),
        (json!({"type": null}), MessageKind::Unsupported),
    ] {
        let read = attachment(raw.clone());
        assert_eq!(read.kind, expected, "{raw}");
        assert_eq!(read.extra.raw.is_some(), expected == MessageKind::Unsupported, "{raw}");
    }
    assert_eq!(attachment(json!({"type": "hologram"})).extra.original_type.as_deref(), Some("hologram"));
    for empty in [
        json!({}),
        json!({"text": ""}),
        json!({"text": 5}),
        json!({"attachments": []}),
        json!({"attachments": ["x"]}),
    ] {
        assert_eq!(kind(empty.clone()).kind, MessageKind::Unsupported, "{empty}");
    }
    assert_eq!(kind(json!({"sticker_id": 369_239_263_222_822_u64})).kind, MessageKind::Sticker);
    assert_eq!(kind(json!({"text": "x", "is_unsupported": true})).kind, MessageKind::Unsupported);
    let story = kind(json!({"reply_to": {"story": {"id": 5}}, "attachments": [{"type": "like_heart"}]}));
    assert_eq!(
        (story.kind, story.text.as_deref(), story.extra.story_id.as_deref()),
        (MessageKind::StoryReply, Some("❤️"), Some("5"))
    );
}

#[test]
fn two_forms_of_one_thing_are_one_attachment_in_its_new_form() {
    let read = |attachments: Value| {
        let read = message(item("page", &json!({"message": {"mid": "m", "attachments": attachments}})));
        read.attachments.into_iter().map(|attachment| attachment.kind).collect::<Vec<_>>()
    };
    let sticker = |kind: &str, id: Value| json!({"type": kind, "payload": {"sticker_id": id}});
    let post = |kind: &str, id: &str| json!({"type": kind, "payload": {"ig_post_media_id": id}});
    assert_eq!(read(json!([sticker("sticker", json!(1)), sticker("image", json!("1"))])), ["sticker"]);
    assert_eq!(
        read(json!([sticker("sticker", json!(1)), sticker("sticker", json!(2))])),
        ["sticker", "sticker"]
    );
    assert_eq!(read(json!([post("ig_post", "1"), post("share", "1")])), ["ig_post"]);
    assert_eq!(
        read(json!([post("share", "1"), post("ig_post", "1"), post("ig_post", "2")])),
        ["ig_post", "ig_post"]
    );
    assert_eq!(
        read(json!([{"type": "image", "payload": {"url": "u"}}, {"type": "image", "payload": {"url": "u"}}])),
        ["image", "image"]
    );
}

#[test]
fn a_postback_without_mid_has_one_made_id() {
    let id = |members: Value| message(item("page", &members)).external_id;
    let one = id(json!({"postback": {"payload": "MENU", "title": "Menü"}}));
    assert!(one.strip_prefix("postback:").is_some_and(|hex| hex.len() == 64), "{one}");
    assert_eq!(one, id(json!({"postback": {"payload": "MENU"}, "timestamp": "1763601000000"})));
    assert_ne!(one, id(json!({"postback": {"payload": "OTHER"}})));
    assert_ne!(one, id(json!({"postback": {"payload": "MENU"}, "timestamp": 1_763_601_000_001_i64})));
    assert_ne!(one, id(json!({"postback": {"payload": "MENU"}, "sender": {"id": "6"}})));
    assert_eq!(id(json!({"postback": {"mid": "m", "payload": "MENU"}})), "m");
}

#[test]
fn edits_deletes_and_reactions() {
    let edit = |num_edit: Value| {
        item("page", &json!({"message_edit": {"mid": "m", "text": "x", "num_edit": num_edit}}))
    };
    for (num_edit, revision) in [(json!(2), Some(2)), (json!("2"), Some(2)), (Value::Null, None)] {
        let What::Edit(read) = only(edit(num_edit)) else { panic!() };
        assert_eq!(read.revision, revision);
    }
    skipped(&edit(json!("0")), "not_an_edit");
    skipped(&item("page", &json!({"message_edit": {"text": "x"}})), "wrong_type");
    let What::Delete(gone) =
        only(item("page", &json!({"message": {"mid": "m", "is_deleted": true, "text": "x"}})))
    else {
        panic!()
    };
    assert_eq!(gone.target, "m");
    for (reaction, emoji) in [
        (json!({"mid": "m", "action": "react", "emoji": "👍"}), Some("👍")),
        (json!({"mid": "m", "action": "unreact", "emoji": "👍"}), None),
        (json!({"mid": "m", "emoji": ""}), None),
        (json!({"mid": "m"}), None),
    ] {
        let What::Reaction(read) = only(item("instagram", &json!({ "reaction": reaction }))) else {
            panic!()
        };
        assert_eq!(read.emoji.as_deref(), emoji);
    }
}

#[test]
fn watermarks() {
    let mark = |members: Value| match only(item("page", &members)) {
        What::Watermark(mark) => mark,
        other => panic!("{other:?}"),
    };
    let named = mark(json!({"delivery": {"mids": ["a", null, 5]}}));
    assert_eq!((named.up_to, named.state), (UpTo::Named, DeliveryState::Delivered));
    assert_eq!(named.messages, ["a", "5"]);
    let seconds = mark(json!({"read": {"watermark": "1763601061"}}));
    assert_eq!(seconds.up_to, mark(json!({"read": {"watermark": 1_763_601_061_000_i64}})).up_to);
    assert_eq!(mark(json!({"read": {"mid": "m"}})).up_to, UpTo::Message("m".into()));
    skipped(&item("page", &json!({"read": {}})), "wrong_type");
    skipped(
        &item("instagram", &json!({"sender": {"id": "7"}, "recipient": {"id": "5"}, "read": {"mid": "m"}})),
        "own_receipt",
    );
    skipped(&item("page", &json!({"delivery": {"mids": []}})), "wrong_type");
}

#[test]
fn referrals_alone_and_with_a_message() {
    let click = json!({"referral": {"source": "ADS", "ad_id": 9, "ref": "r", "type": "OPEN_THREAD"}});
    let one = event(item("page", &click), EventKind::Referral);
    assert_eq!(
        (one.data["ad_id"].as_str(), one.data["source"].as_str(), one.data["source_type"].as_str()),
        (Some("9"), Some("ADS"), Some("ad"))
    );
    assert_eq!(one.key, event(item("page", &click), EventKind::Referral).key);
    let again =
        event(item("page", &json!({"timestamp": 5, "referral": click["referral"]})), EventKind::Referral);
    assert_ne!(one.key, again.key);
    let organic = message(item(
        "page",
        &json!({"message": {"mid": "m", "text": "x", "referral": {"source": "SHORTLINK", "ad_id": 0}}}),
    ));
    let referral = organic.referral.unwrap();
    assert_eq!(
        (referral.ad_id.as_deref(), referral.source_type.as_deref(), referral.is_ad()),
        (None, Some("shortlink"), false)
    );
}

#[test]
fn optins_handovers_and_policies() {
    let optin = event(
        item("page", &json!({"sender": null, "optin": {"ref": "x", "user_ref": "u"}})),
        EventKind::Optin,
    );
    assert_eq!((optin.person, optin.data["user_ref"].as_str()), (None, Some("u")));
    let take = event(
        item("page", &json!({"take_thread_control": {"previous_owner_app_id": 5}})),
        EventKind::Handover,
    );
    assert_eq!((take.data.get("owner"), take.data["previous_owner"].as_str()), (None, Some("5")));
    let ask = event(
        item("page", &json!({"request_thread_control": {"requested_owner_app_id": 5}})),
        EventKind::Handover,
    );
    assert_eq!(ask.data["requested_owner"], "5");
    let policy = event(
        item("page", &json!({"sender": {"id": "7"}, "policy-enforcement": {"action": "block"}})),
        EventKind::Policy,
    );
    assert_eq!((policy.person, policy.data["action"].as_str()), (None, Some("block")));
}

fn page_change(field: &str, value: &Value) -> webhooks::Parsed {
    parse(
        &json!({"object": "page", "entry": [{"id": "7", "time": 9, "changes": [{"field": field, "value": value}]}]}),
    )
}

#[test]
fn comments_have_one_key_through_all_verbs() {
    for verb in ["add", "edited", "remove", "hide"] {
        let read = event(
            page_change(
                "feed",
                &json!({"item": "comment", "verb": verb, "comment_id": "c", "post_id": "p", "parent_id": "p"}),
            ),
            EventKind::Comment,
        );
        assert_eq!(
            (read.key.as_str(), read.data["verb"].as_str(), read.data.get("parent")),
            ("c", Some(verb), None)
        );
    }
    let reply = event(
        page_change("feed", &json!({"item": "comment", "comment_id": "c", "post_id": "p", "parent_id": "q"})),
        EventKind::Comment,
    );
    assert_eq!(reply.data["parent"], "q");
    skipped(
        &page_change("feed", &json!({"item": "comment", "comment_id": "c", "from": {"id": 7}})),
        "own_comment",
    );
    skipped(&page_change("feed", &json!({"item": "reaction"})), "ignored_item");
    skipped(&page_change("feed", &json!({"item": "comment"})), "wrong_type");
    skipped(&page_change("leadgen_update", &json!({})), "ignored_field");
    skipped(&page_change("colour", &json!({})), "unknown_field");
    let mention = event(
        page_change("mention", &json!({"post_id": "p", "sender_id": 5, "message": "x"})),
        EventKind::Mention,
    );
    assert_eq!((mention.key.as_str(), mention.data["author"].as_str()), ("mention:p:", Some("5")));
}

#[test]
fn messaging_items_in_changes_are_items() {
    let value = |sender: &str, recipient: &str| json!({"sender": {"id": sender}, "recipient": {"id": recipient}, "message": {"mid": "m", "text": "x"}});
    assert_eq!(message(page_change("messages", &value("5", "7"))).text.as_deref(), Some("x"));
    assert!(message(page_change("standby", &value("5", "7"))).standby);
    skipped(&page_change("messages", &value("12334", "23245")), "dashboard_test");
    let flat = parse(
        &json!({"object": "instagram", "entry": [{"id": "7", "field": "messages", "value": value("5", "7")}]}),
    );
    assert_eq!(flat.facts[0].account, Account::Instagram { account_id: "7".into() });
}

#[test]
fn leads_of_zero_are_none() {
    let What::Lead(lead) = only(page_change(
        "leadgen",
        &json!({"leadgen_id": 5, "form_id": "6", "ad_id": 0, "adgroup_id": 8, "campaign_id": "0"}),
    )) else {
        panic!()
    };
    assert_eq!(
        (lead.lead_id.as_str(), lead.form_id.as_deref(), lead.ad_id.as_deref(), lead.campaign_id),
        ("5", Some("6"), Some("8"), None)
    );
    skipped(&page_change("leadgen", &json!({"leadgen_id": 0})), "wrong_type");
}
