//! Values in a template: what each becomes, and what is refused.

use super::super::model::tests::template;
use super::*;

fn values(all: Value) -> BTreeMap<String, Value> {
    serde_json::from_value(all).unwrap()
}

fn text(body: &str) -> Template {
    template(&json!([{"type": "BODY", "text": body}]))
}

/// The codes of a refusal by their fields.
fn codes(template: &Template, all: Value) -> Vec<(String, &'static str)> {
    let Err(Error::Invalid(errors)) = fill(template, &values(all)) else { return Vec::new() };
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

fn field(key: &str, code: &'static str) -> (String, &'static str) {
    (format!("template.parameters.{key}"), code)
}

#[test]
fn every_kind_of_value_has_metas_form() {
    let template = template(&json!([
        {"type": "HEADER", "format": "DOCUMENT"},
        {"type": "BODY", "text": "Hello {{2}}, {{1}}!"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "No"},
            {"type": "URL", "url": "https://a.example/{{1}}"},
            {"type": "COPY_CODE"},
            {"type": "OTP", "otp_type": "COPY_CODE"},
        ]},
    ]));
    let file = Uuid::from_u128(7);
    let given =
        values(json!({"header.1": {"file_id": file}, "body.1": "one", "body.2": "two", "button.1.1": "x",
        "button.2.1": "SAVE", "button.3.1": "123456"}));
    let filled = fill(&template, &given).unwrap();
    assert_eq!((filled.text.as_str(), filled.header_file), ("Hello two, one!", Some(file)));
    let header = json!({"type": "header", "parameters": [{"type": "document", "document": null}]});
    let rest = [
        json!({"type": "body", "parameters": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}),
        json!({"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "x"}]}),
        json!({"type": "button", "sub_type": "copy_code", "index": "2",
            "parameters": [{"type": "coupon_code", "coupon_code": "SAVE"}]}),
        json!({"type": "button", "sub_type": "url", "index": "3", "parameters": [{"type": "text", "text": "123456"}]}),
    ];
    assert_eq!(filled.components, json!([&[header][..], &rest[..]].concat()));
    let media = json!({"id": "99", "filename": "a.pdf"});
    let sent = with_file(filled.components, media.clone());
    assert_eq!(sent[0]["parameters"], json!([{"type": "document", "document": media}]));
    assert_eq!(sent[1], rest[0]);
    assert_eq!(with_file(sent.clone(), json!(1)), sent, "there is one place");
}

#[test]
fn names_go_with_their_values_and_no_value_is_no_component() {
    let filled = fill(&text("{{name}}"), &values(json!({"body.name": "Ayşe"}))).unwrap();
    let parameter = json!({"type": "text", "text": "Ayşe", "parameter_name": "name"});
    assert_eq!(filled.components, json!([{"type": "body", "parameters": [parameter]}]));
    let plain = fill(&text("Hello"), &values(json!({}))).unwrap();
    assert_eq!(plain, Filled { components: json!([]), text: "Hello".to_owned(), header_file: None });
}

#[test]
fn each_value_is_refused_for_its_own_reason() {
    let two = text("{{1}} {{2}}");
    let all = json!({"body.2": 7, "body.3": "x", "header.1": "x"});
    let expected = [
        field("body.1", "required"),
        field("body.2", "invalid"),
        field("body.3", "unknown"),
        field("header.1", "unknown"),
    ];
    assert_eq!(codes(&two, all), expected);
    let one = text("{{1}}");
    for (value, code) in [
        (json!(null), "required"),
        (json!("  "), "required"),
        (json!("a\nb"), "invalid"),
        (json!("a\tb"), "invalid"),
        (json!("a\u{0}b"), "invalid"),
        (json!("a     b"), "invalid"),
        (json!({"file_id": Uuid::nil()}), "invalid"),
    ] {
        assert_eq!(codes(&one, json!({"body.1": value})), [field("body.1", code)], "{value}");
    }
    assert_eq!(codes(&one, json!({"body.1": "a    b"})), []);
    let image = template(&json!([{"type": "HEADER", "format": "IMAGE"}]));
    for value in [
        json!("x"),
        json!({"file_id": "x"}),
        json!({"id": Uuid::nil()}),
        json!({"file_id": Uuid::nil(), "x": 1}),
    ] {
        assert_eq!(codes(&image, json!({"header.1": value})), [field("header.1", "invalid")], "{value}");
    }
}

#[test]
fn lengths_count_the_whole_part_at_it_and_one_beyond() {
    let two = text("ab{{1}}{{2}}");
    let long = |count: usize| "ş".repeat(count);
    assert_eq!(codes(&two, json!({"body.1": "x", "body.2": long(1_021)})), []);
    assert_eq!(codes(&two, json!({"body.1": "x", "body.2": long(1_022)})), [field("body.2", "too_long")]);
    assert_eq!(codes(&two, json!({"body.1": "x", "body.2": long(1_025)})), [field("body.2", "too_long")]);
    let header = template(&json!([{"type": "HEADER", "format": "TEXT", "text": "a{{1}}"}]));
    assert_eq!(codes(&header, json!({"header.1": long(59)})), []);
    assert_eq!(codes(&header, json!({"header.1": long(60)})), [field("header.1", "too_long")]);
    let buttons = template(&json!([{"type": "BUTTONS", "buttons":
        [{"type": "COPY_CODE"}, {"type": "URL", "url": "https://a.example/{{1}}"}]}]));
    let fits = json!({"button.0.1": long(20), "button.1.1": long(2_000)});
    assert_eq!(codes(&buttons, fits), []);
    let beyond = json!({"button.0.1": long(21), "button.1.1": long(2_001)});
    assert_eq!(codes(&buttons, beyond), [field("button.0.1", "too_long"), field("button.1.1", "too_long")]);
}

#[test]
fn only_what_is_approved_and_understood_goes() {
    let refused = |template: &Template| codes(template, json!({}));
    for status in ["pending", "rejected", "paused", "deleted", "disabled"] {
        let template = Template { status: status.to_owned(), ..text("Hello") };
        assert_eq!(refused(&template), [("template".to_owned(), "not_approved")], "{status}");
    }
    let cards = template(&json!([{"type": "CAROUSEL"}]));
    assert!(!cards.sendable);
    assert_eq!(refused(&cards), [("template".to_owned(), "unsupported")]);
}
