//! Tolerant access to JSON that others wrote.
//!
//! Owns: reading ids, texts, times and numbers out of a [`Value`] whatever its types are. Invariants: nothing here
//! fails; a wrong type is the same as an absent value, and so are `null` and the empty text; ids come from strings or
//! integers and are never rounded; times are seconds or milliseconds, number or string, and 10^12 or more is
//! milliseconds. Absent: what the values mean.

use crate::repair::repair;
use chrono::{DateTime, Datelike, Utc};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// From here on a time counts milliseconds (year 33658 as seconds, 2001 as milliseconds).
const FIRST_MILLISECONDS: i64 = 1_000_000_000_000;

/// Bytes of an id; the platforms' have up to about 250. What is longer can't be a key of an index.
const LONGEST_ID: usize = 512;

/// Reads JSON after [`repair`].
pub(crate) fn read(body: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(&repair(body))
}

/// Typed looks into a value; every one of them answers on any value.
pub(crate) trait Read {
    /// The member, unless it is `null`.
    fn member(&self, key: &str) -> Option<&Value>;
    /// The member, if it is an object.
    fn object(&self, key: &str) -> Option<&Value>;
    /// The members of a list; a wrong type is the empty list.
    fn list(&self, key: &str) -> &[Value];
    /// An id: non-empty string of at most [`LONGEST_ID`] bytes, or integer.
    fn id(&self, key: &str) -> Option<String>;
    /// An id; 0 means none (Lead Ads).
    fn nonzero_id(&self, key: &str) -> Option<String>;
    /// A non-empty string, unchanged.
    fn text(&self, key: &str) -> Option<String>;
    /// A moment.
    fn time(&self, key: &str) -> Option<DateTime<Utc>>;
    /// An integer, as number or string.
    fn integer(&self, key: &str) -> Option<i64>;
    /// A finite number, as number or string.
    fn float(&self, key: &str) -> Option<f64>;
    /// `true`, as boolean or string.
    fn flag(&self, key: &str) -> bool;
}

impl Read for Value {
    fn member(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|value| !value.is_null())
    }

    fn object(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|value| value.is_object())
    }

    fn list(&self, key: &str) -> &[Value] {
        self.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    fn id(&self, key: &str) -> Option<String> {
        as_id(self.get(key)?)
    }

    fn nonzero_id(&self, key: &str) -> Option<String> {
        self.id(key).filter(|id| id.bytes().any(|b| b != b'0'))
    }

    fn text(&self, key: &str) -> Option<String> {
        self.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn time(&self, key: &str) -> Option<DateTime<Utc>> {
        as_time(self.integer(key)?)
    }

    fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn float(&self, key: &str) -> Option<f64> {
        let number = match self.get(key)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }

    fn flag(&self, key: &str) -> bool {
        match self.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }
}

/// An id: non-empty string of bounded length, or integer (`repair` has made strings of the integers that don't fit).
pub(crate) fn as_id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            Some(text.trim()).filter(|text| (1..=LONGEST_ID).contains(&text.len())).map(str::to_owned)
        }
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// A moment from seconds or milliseconds; 0 and what can't be written with four digits of a year is none.
fn as_time(value: i64) -> Option<DateTime<Utc>> {
    let time = match value {
        ..=0 => None,
        FIRST_MILLISECONDS.. => DateTime::from_timestamp_millis(value),
        _ => DateTime::from_timestamp(value, 0),
    };
    time.filter(|time| time.year() <= 9999)
}

/// `98.0` is 98; `98.5` is none.
fn whole(number: f64) -> Option<i64> {
    let text = format!("{number:.0}");
    let whole: i64 = text.parse().ok()?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "compared, not kept: a loss makes it unequal or above 2^53"
    )]
    let same = (whole as f64).to_bits() == number.to_bits();
    same.then_some(whole)
}

/// Lower-case hex SHA-256 of the parts, each with its length so that no two lists of parts look alike.
pub(crate) fn digest(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.len().to_string().as_bytes());
        sha.update(b":");
        sha.update(part.as_bytes());
    }
    data_encoding::HEXLOWER.encode(&sha.finalize())
}

/// The value as text with sorted keys: the same content has the same text, whatever the order on the wire.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by_key(|(key, _)| key.as_str());
            let members: Vec<String> = members
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

/// Builds the data of an event: only what is there.
#[derive(Default)]
pub(crate) struct Data(Map<String, Value>);

impl Data {
    pub(crate) fn put(mut self, key: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(key.to_owned(), value.into());
        }
        self
    }

    /// Every non-null member of `value` that is not there yet.
    pub(crate) fn rest(mut self, value: &Value, except: &[&str]) -> Self {
        for (key, member) in value.as_object().into_iter().flatten() {
            if !member.is_null() && !except.contains(&key.as_str()) {
                self.0.entry(key.as_str()).or_insert_with(|| member.clone());
            }
        }
        self
    }

    pub(crate) fn map(self) -> Map<String, Value> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Read, canonical, digest, read};
    use serde_json::{Value, json};

    fn body(text: &str) -> Value {
        read(text.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn ids_from_strings_and_integers_of_any_length() {
        let value = body(
            r#"{"a":"7","b":9007199254740993,"c":123456789012345678901234567890,"d":"","e":1.5,"f":[],"g":null,"h":-1}"#,
        );
        assert_eq!(value.id("a").as_deref(), Some("7"));
        assert_eq!(value.id("b").as_deref(), Some("9007199254740993"));
        assert_eq!(value.id("c").as_deref(), Some("123456789012345678901234567890"));
        assert_eq!(value.id("h").as_deref(), Some("-1"));
        for none in ["d", "e", "f", "g", "absent"] {
            assert_eq!(value.id(none), None, "{none}");
        }
        assert!(json!({"a": "x".repeat(512)}).id("a").is_some());
        assert_eq!(json!({"a": "x".repeat(513)}).id("a"), None);
        assert_eq!(json!({"a": 0}).nonzero_id("a"), None);
        assert_eq!(json!({"a": "00"}).nonzero_id("a"), None);
        assert_eq!(json!({"a": "10"}).nonzero_id("a").as_deref(), Some("10"));
    }

    #[test]
    fn times_in_seconds_and_milliseconds_number_and_string() {
        let value = json!({"s": 1_763_600_000, "ms": 1_763_600_000_000_i64, "text": "1763600000", "edge": 253_402_300_799_i64,
            "year 10000": 253_402_300_800_i64, "year 33658": 999_999_999_999_i64,
            "zero": 0, "less": -5, "bad": "soon", "list": [], "huge": i64::MAX, "float": 1_763_600_000.0});
        assert_eq!(value.time("s"), value.time("ms"));
        assert_eq!(value.time("s"), value.time("text"));
        assert_eq!(value.time("s"), value.time("float"));
        assert_eq!(value.time("edge").map(|t| t.timestamp()), Some(253_402_300_799));
        for none in ["zero", "less", "bad", "list", "year 10000", "year 33658", "huge", "absent"] {
            assert_eq!(value.time(none), None, "{none}");
        }
    }

    #[test]
    fn wrong_types_are_absent() {
        for value in
            [json!(null), json!(3), json!("x"), json!([1]), json!({"k": {"x": 1}}), json!({"k": null})]
        {
            assert_eq!(value.text("k"), None);
            assert_eq!(value.integer("k"), None);
            assert_eq!(value.float("k"), None);
            assert!(value.list("k").is_empty());
            assert!(!value.flag("k"));
        }
        assert_eq!(json!({"k": "NaN"}).float("k"), None);
        assert_eq!(json!({"k": 2.5}).integer("k"), None);
        assert!(json!({"k": "true"}).flag("k"));
    }

    #[test]
    fn the_digest_depends_on_where_parts_end() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_eq!(
            canonical(&body(r#"{"b":[1,{"d":null,"c":"x"}],"a":2}"#)),
            r#"{"a":2,"b":[1,{"c":"x","d":null}]}"#
        );
    }
}
