//! Bodies for administrators' eyes: the structure of a webhook without what people wrote or who they are.
//!
//! Deny by default: a value is shown only under a key that is known to hold no personal data.

use serde_json::Value;

/// Keys whose values are the platform's own words.
const SHOWN: &[&str] = &[
    "object",
    "field",
    "type",
    "event",
    "messaging_product",
    "mime_type",
    "status",
    "action",
    "verb",
    "item",
    "source_type",
    "source",
    "category",
    "language",
    "message_template_language",
    "pricing_model",
    "origin",
    "direction",
    "code",
    "current_limit",
    "new_quality_score",
    "previous_quality_score",
    "decision",
    "media_type",
    "media_product_type",
    "time",
    "timestamp",
    "watermark",
    "created_time",
    "num_edit",
    "voice",
    "animated",
    "is_echo",
    "is_deleted",
    "is_unsupported",
    "billable",
    "forwarded",
    "frequently_forwarded",
    "phase",
    "chunk_order",
    "progress",
];
/// Characters that stay visible of an id, at its end.
const TAIL: usize = 4;

/// The body as an administrator may see it.
pub fn masked(body: &[u8]) -> Value {
    match webhooks::read_json(body) {
        Ok(json) => mask(json, false),
        Err(_) => Value::String(format!("{} bytes that are not JSON", body.len())),
    }
}

fn mask(value: Value, shown: bool) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| {
                    let shown = SHOWN.contains(&key.as_str());
                    (key, mask(value, shown))
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| mask(item, shown)).collect()),
        Value::String(text) if shown && text.len() <= 64 => Value::String(text),
        Value::String(text) => Value::String(hidden(&text)),
        Value::Number(number) if !shown => Value::String(hidden(&number.to_string())),
        other => other,
    }
}

/// Dots, and the last characters of what has no blank: enough to tell two ids apart.
fn hidden(text: &str) -> String {
    let length = text.chars().count();
    if length < 3 * TAIL || text.contains(char::is_whitespace) {
        return "•••".to_owned();
    }
    let tail: String = text.chars().skip(length - TAIL).collect();
    format!("•••{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_texts_are_hidden_structure_is_not() {
        let body = br#"{"object":"page","entry":[{"id":"107845920384756","messaging":[{"sender":{"id":7720183645512093},
            "timestamp":1763600000000,"message":{"mid":"m_abcdefghijkl","text":"Ay\u015fe 0532 418 76 50"}}]}]}"#;
        let text = masked(body).to_string();
        for secret in ["Ayşe", "532", "7720183645512093", "m_abcdefghijkl", "107845920384756"] {
            assert!(!text.contains(secret), "{secret} is shown in {text}");
        }
        assert!(
            text.contains("\"object\":\"page\"")
                && text.contains("1763600000000")
                && text.contains("•••4756")
        );
    }

    #[test]
    fn what_is_no_json_is_not_shown() {
        assert_eq!(masked(b"Ayse"), Value::String("4 bytes that are not JSON".to_owned()));
    }

    #[test]
    fn what_ingest_reads_is_shown() {
        let body = br#"{"object":"page","text":"\ud83d"}"#;
        assert_eq!(masked(body)["object"], "page");
    }

    #[test]
    fn a_personal_value_under_a_shown_key_is_short_or_hidden() {
        let long = format!(r#"{{"status":"{}"}}"#, "x".repeat(65));
        assert!(!masked(long.as_bytes()).to_string().contains("xxxxx"));
    }
}
