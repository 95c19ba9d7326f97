//! The frames: what clients may say, and the exact text of what they are told. Pure.
//!
//! Client frames are read leniently (unknown keys are ignored, so that clients may grow) but never guessed at: a wrong
//! type or a missing key is a `bad_frame`. Events are in `encoded`.

use super::room::Room;
use bytestring::ByteString;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Ordering;
use std::sync::Arc;
use uuid::Uuid;

/// Seconds without a frame after which a client reconnects; the server's beats are closer together.
pub const HEARTBEAT_S: u64 = 25;
/// Longest `ref` that is echoed, in bytes.
const MAX_REF: usize = 64;
/// Largest `data` of a signal, in bytes of JSON.
const MAX_SIGNAL_DATA: usize = 2_048;

/// What a client says.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientFrame {
    Hello { rooms: Vec<String>, resume_from: Option<i64>, epoch: Option<i64> },
    Join { room: String, reference: Value },
    Leave { room: String, reference: Value },
    Signal { room: String, name: Signal, data: Value, reference: Value },
}

/// What users tell each other without it being stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    TypingStarted,
    TypingStopped,
    Viewing,
}

/// A frame that can't be acted upon; the socket stays.
#[derive(Debug, Clone, PartialEq)]
pub struct BadFrame {
    pub reference: Value,
    pub detail: &'static str,
}

/// Why a frame of the client was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Forbidden,
    BadFrame,
    TooManyRooms,
}

/// Someone in a room. The same person under two names (renamed meanwhile) is one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    pub user_id: Uuid,
    pub name: Arc<str>,
}

impl PartialEq for Person {
    fn eq(&self, other: &Self) -> bool {
        self.user_id == other.user_id
    }
}

impl Eq for Person {}

impl PartialOrd for Person {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Person {
    fn cmp(&self, other: &Self) -> Ordering {
        self.user_id.cmp(&other.user_id)
    }
}

/// Keys of all client frames; which of them must be there depends on `type`.
#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, rename = "ref")]
    reference: Value,
    rooms: Option<Vec<String>>,
    resume_from: Option<i64>,
    epoch: Option<i64>,
    room: Option<String>,
    name: Option<String>,
    #[serde(default)]
    data: Value,
}

/// What can be saved of a frame that is wrong otherwise.
#[derive(Deserialize)]
struct Remains {
    #[serde(default, rename = "ref")]
    reference: Value,
}

impl ClientFrame {
    /// Reads a text frame. Any input gives an answer; nesting is limited by the JSON reader.
    pub fn parse(text: &str) -> Result<Self, BadFrame> {
        let raw: Raw = serde_json::from_str(text).map_err(|_| {
            let remains: Option<Remains> = serde_json::from_str(text).ok();
            let reference = remains.and_then(|remains| reference(remains.reference)).unwrap_or(Value::Null);
            BadFrame { reference, detail: "A frame is a JSON object with a known `type` and its keys." }
        })?;
        let reference = reference(raw.reference)
            .ok_or(BadFrame { reference: Value::Null, detail: "`ref` is a number or a short text." })?;
        let bad = |detail| BadFrame { reference: reference.clone(), detail };
        let room = raw.room.ok_or_else(|| bad("`room` is missing."));
        match raw.kind.as_str() {
            "hello" => {
                if raw.resume_from.is_some_and(|seq| seq < 0) {
                    return Err(bad("`resume_from` is a place in the log."));
                }
                let rooms = raw.rooms.unwrap_or_default();
                Ok(Self::Hello { rooms, resume_from: raw.resume_from, epoch: raw.epoch })
            }
            "join" => Ok(Self::Join { room: room?, reference }),
            "leave" => Ok(Self::Leave { room: room?, reference }),
            "signal" => {
                let name = raw.name.as_deref().and_then(Signal::parse);
                let name = name.ok_or_else(|| bad("`name` is no signal that clients may send."))?;
                if raw.data.to_string().len() > MAX_SIGNAL_DATA {
                    return Err(bad("`data` of a signal is too large."));
                }
                Ok(Self::Signal { room: room?, name, data: raw.data, reference })
            }
            _ => Err(bad("Unknown `type`.")),
        }
    }
}

/// A `ref` that may be echoed: null, a number or a short text.
fn reference(value: Value) -> Option<Value> {
    match &value {
        Value::Null | Value::Number(_) => Some(value),
        Value::String(text) if text.len() <= MAX_REF => Some(value),
        _ => None,
    }
}

impl Signal {
    fn parse(name: &str) -> Option<Self> {
        [Self::TypingStarted, Self::TypingStopped, Self::Viewing]
            .into_iter()
            .find(|signal| signal.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::TypingStarted => "typing.started",
            Self::TypingStopped => "typing.stopped",
            Self::Viewing => "viewing",
        }
    }
}

impl Refusal {
    fn code(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::BadFrame => "bad_frame",
            Self::TooManyRooms => "too_many_rooms",
        }
    }
}

/// The first frame of the server.
#[derive(Debug, Serialize)]
pub struct Welcome<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub tenant_id: Uuid,
    pub user_id: Uuid,
    pub connection_id: Uuid,
    pub epoch: i64,
    pub build: &'a str,
    pub seq: i64,
    pub resumed: bool,
    pub rooms: Vec<String>,
    pub denied: Vec<String>,
    pub presence: serde_json::Map<String, Value>,
    pub heartbeat_s: u64,
}

impl Welcome<'_> {
    pub fn frame(&self) -> ByteString {
        serde_json::to_string(self).unwrap_or_default().into()
    }
}

pub fn beat(seq: i64, prev: i64) -> ByteString {
    format!(r#"{{"type":"beat","seq":{seq},"prev":{prev}}}"#).into()
}

pub fn joined(room: &Room, reference: &Value, seq: i64, presence: &[Person]) -> ByteString {
    let presence = people(presence);
    format!(r#"{{"type":"joined","room":"{room}","ref":{reference},"seq":{seq},"presence":{presence}}}"#)
        .into()
}

/// `room` as the client wrote it: leaving a room that one is not in is no error.
pub fn left(room: &str, reference: &Value) -> ByteString {
    let room = Value::from(room);
    format!(r#"{{"type":"left","room":{room},"ref":{reference}}}"#).into()
}

pub fn error(reference: &Value, refusal: Refusal, detail: &str) -> ByteString {
    let (code, detail) = (refusal.code(), Value::from(detail));
    format!(r#"{{"type":"error","ref":{reference},"code":"{code}","detail":{detail}}}"#).into()
}

pub fn signal(room: &Room, signal: Signal, from: &Person, data: &Value) -> ByteString {
    let (name, from) = (signal.name(), person(from));
    format!(r#"{{"type":"signal","room":"{room}","name":"{name}","from":{from},"data":{data}}}"#).into()
}

pub fn presence(room: &Room, joined: &[Person], left: &[Person]) -> ByteString {
    let (joined, left) = (people(joined), people(left));
    format!(r#"{{"type":"presence","room":"{room}","joined":{joined},"left":{left}}}"#).into()
}

/// The one event that is not in the log: derived per user. It takes the place in the log that the socket has passed.
pub fn counted(seq: i64, prev: i64, at: DateTime<Utc>, user: &Room, data: &str) -> ByteString {
    let at = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    format!(
        r#"{{"type":"event","seq":{seq},"prev":{prev},"at":"{at}","name":"inbox.counted","rooms":["{user}"],"data":{data}}}"#
    )
    .into()
}

/// People as JSON.
pub fn people(people: &[Person]) -> Value {
    people.iter().map(person).collect()
}

fn person(person: &Person) -> Value {
    serde_json::json!({"user_id": person.user_id, "name": &*person.name})
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<ClientFrame, BadFrame> {
        ClientFrame::parse(text)
    }

    fn json(frame: &ByteString) -> Value {
        serde_json::from_str(frame).expect("own frames are JSON")
    }

    #[test]
    fn hello_takes_nulls_and_absences() {
        let hello = |rooms: &[&str], resume_from, epoch| ClientFrame::Hello {
            rooms: rooms.iter().map(|room| (*room).to_owned()).collect(),
            resume_from,
            epoch,
        };
        for (text, expected) in [
            (r#"{"type":"hello"}"#, hello(&[], None, None)),
            (
                r#"{"type":"hello","rooms":["inbox"],"resume_from":null,"epoch":null}"#,
                hello(&["inbox"], None, None),
            ),
            (
                r#"{"type":"hello","rooms":[],"resume_from":7,"epoch":9,"new":1}"#,
                hello(&[], Some(7), Some(9)),
            ),
        ] {
            assert_eq!(parse(text), Ok(expected));
        }
        for text in [
            r#"{"type":"hello","rooms":"inbox"}"#,
            r#"{"type":"hello","rooms":[1]}"#,
            r#"{"type":"hello","resume_from":-1}"#,
            r#"{"type":"hello","resume_from":1.5}"#,
            r#"{"type":"hello","resume_from":"1"}"#,
            r#"{"type":"hello","type":"hello"}"#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_wrong_frame_still_tells_its_ref() {
        for text in [
            r#"{"type":"join","ref":7}"#,
            r#"{"type":"join","room":5,"ref":7}"#,
            r#"{"type":"publish","room":"inbox","ref":7}"#,
            r#"{"type":"signal","room":"inbox","name":"message.created","ref":7}"#,
            r#"{"ref":7}"#,
        ] {
            assert_eq!(parse(text).expect_err(text).reference, Value::from(7), "{text}");
        }
        assert!(parse(r#"{"type":"join","room":"inbox","ref":{}}"#).is_err());
        let long = "x".repeat(MAX_REF + 1);
        assert!(parse(&format!(r#"{{"type":"join","room":"inbox","ref":"{long}"}}"#)).is_err());
    }

    #[test]
    fn signals_are_a_closed_list_with_small_data() {
        let with = |size: usize| {
            format!(r#"{{"type":"signal","room":"inbox","name":"viewing","data":"{}"}}"#, "x".repeat(size))
        };
        assert!(parse(&with(MAX_SIGNAL_DATA - 2)).is_ok());
        assert!(parse(&with(MAX_SIGNAL_DATA - 1)).is_err());
    }

    #[test]
    fn every_frame_is_json() {
        let person = Person { user_id: Uuid::nil(), name: "A \"q\" \\ \u{1F600}".into() };
        let reference = Value::from("r\"");
        for frame in [
            beat(2, 1),
            joined(&Room::Inbox, &reference, 3, std::slice::from_ref(&person)),
            left("in\"box", &reference),
            error(&Value::Null, Refusal::Forbidden, "no \"way\""),
            signal(&Room::Inbox, Signal::Viewing, &person, &Value::Null),
            presence(&Room::Inbox, &[], std::slice::from_ref(&person)),
            counted(3, 2, DateTime::UNIX_EPOCH, &Room::User(Uuid::nil()), r#"{"all":1}"#),
        ] {
            assert!(json(&frame)["type"].is_string());
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in ".*") {
            let _ = parse(&text);
        }

        #[test]
        fn nearly_frames_never_panic(kind in "hello|join|leave|signal|x", key in "room|rooms|ref|name|data|resume_from",
            value in r#"null|-?[0-9]{1,25}|"[a-z:]{0,9}"|\[\]|\{\}|\[\["#) {
            let _ = parse(&format!(r#"{{"type":"{kind}","{key}":{value}}}"#));
        }
    }

    #[test]
    fn deep_nesting_is_a_bad_frame() {
        let deep =
            format!(r#"{{"type":"signal","room":"inbox","name":"viewing","data":{}"#, "[".repeat(60_000));
        assert!(parse(&deep).is_err());
    }
}
