//! Parameters of all kinds, and texts of all sorts.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn keys(components: &Value) -> Vec<(String, ParameterKind, Option<String>)> {
    let slots = Form::of(components).slots.into_iter().map(|slot| slot.parameter);
    slots.map(|one| (one.key, one.kind, one.example)).collect()
}

fn text(key: &str, example: Option<&str>) -> (String, ParameterKind, Option<String>) {
    (key.to_owned(), ParameterKind::Text, example.map(str::to_owned))
}

#[test]
fn numbers_names_files_and_buttons_are_found_in_metas_order() {
    let components = json!([
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "No"},
            {"type": "URL", "text": "Go", "url": "https://a.example/{{1}}", "example": ["https://a.example/x"]},
            {"type": "URL", "text": "Home", "url": "https://a.example"},
            {"type": "COPY_CODE", "example": "SAVE"},
        ]},
        {"type": "BODY", "text": "{{2}} and {{ 1 }} and {{2}}, {{10}}", "example": {"body_text": [["a", "b"]]}},
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://h.example"]}},
        {"type": "FOOTER", "text": "{{1}} is nothing here"},
    ]);
    let file = ("header.1".to_owned(), ParameterKind::Image, Some("https://h.example".to_owned()));
    let url = ("button.1.1".to_owned(), ParameterKind::Url, Some("https://a.example/x".to_owned()));
    let code = ("button.3.1".to_owned(), ParameterKind::CopyCode, Some("SAVE".to_owned()));
    let body = [text("body.1", Some("a")), text("body.2", Some("b")), text("body.10", None)];
    assert_eq!(keys(&components), [&[file][..], &body[..], &[url, code][..]].concat());
    assert!(Form::of(&components).supported);

    let named = json!([
        {"type": "HEADER", "format": "TEXT", "text": "For {{whom}}",
            "example": {"header_text_named_params": [{"param_name": "whom", "example": "you"}]}},
        {"type": "BODY", "text": "{{order_id}} of {{name}}",
            "example": {"body_text_named_params": [{"param_name": "name", "example": "Ayşe"}]}},
    ]);
    let all =
        [text("header.whom", Some("you")), text("body.order_id", None), text("body.name", Some("Ayşe"))];
    assert_eq!(keys(&named), all);
    let header = json!([{"type": "HEADER", "text": "No {{1}}", "example": {"header_text": ["7"]}}]);
    assert_eq!(keys(&header), [text("header.1", Some("7"))]);
}

#[test]
fn what_can_not_be_filled_in_is_said() {
    for component in [
        json!({"type": "CAROUSEL", "cards": []}),
        json!({"type": "HEADER", "format": "LOCATION"}),
        json!({"type": "BUTTONS", "buttons": [{"type": "FLOW"}]}),
        json!({}),
    ] {
        assert!(!Form::of(&json!([component])).supported, "{component}");
    }
    for nothing in [json!(null), json!({}), json!([]), json!([{"type": "BODY"}])] {
        assert_eq!(Form::of(&nothing), Form { slots: vec![], supported: true }, "{nothing}");
    }
}

#[test]
fn braces_that_hold_nothing_stay() {
    for text in ["{{", "}}", "{{}}", "{{a b}}", "{{-}}", "{1}", "{{1"] {
        assert!(placeholders(text).is_empty(), "{text}");
        assert_eq!(replaced(text, |_| None), text);
    }
    assert_eq!(replaced("{{1}}{{ 2 }}{{3}}", |name| (name != "3").then_some("{{1}}")), "{{1}}{{1}}{{3}}");
}

proptest! {
    /// A value that looks like a placeholder is not filled in again, and nothing is lost around it.
    #[test]
    fn values_stand_in_the_text_as_they_are(around in "[a-z ]{0,9}", value in "[{}1a ]{0,12}") {
        let text = format!("{around}{{{{1}}}}{around}{{{{x}}}}");
        let filled = replaced(&text, |name| (name == "1").then_some(value.as_str()));
        prop_assert_eq!(filled, format!("{around}{value}{around}{{{{x}}}}"));
    }

    /// Whatever somebody at Meta wrote.
    #[test]
    fn no_text_is_too_strange(text in "[{}0-9a ü]{0,24}") {
        for name in placeholders(&text) {
            prop_assert!(is_placeholder(name));
            let filled = replaced(&text, |one| (one == name).then_some("!"));
            prop_assert!(filled.contains('!'), "{} in {}", name, text);
        }
        prop_assert_eq!(replaced(&text, |_| None), text);
    }
}
