//! Events as text: what is the same for every socket is encoded once, each socket adds its own head. Pure.

use super::room::Room;
use crate::log::Event;
use bytestring::ByteString;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use std::fmt::Write;

/// An event as all sockets of a node share it.
#[derive(Debug, PartialEq, Eq)]
pub struct Encoded {
    pub seq: i64,
    /// Rooms that a client can be in; others are left out.
    pub rooms: Box<[Room]>,
    /// `"at":…,"name":…,"data":…}`, the same for every socket.
    rest: Box<str>,
}

impl Encoded {
    pub fn new(event: &Event) -> Self {
        Self::of(event.seq, event.at, &event.name, &event.rooms, &event.data)
    }

    /// `data` is JSON text.
    pub fn of(seq: i64, at: DateTime<Utc>, name: &str, rooms: &[String], data: &str) -> Self {
        let at = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let name = Value::from(name);
        let rest = format!(r#""at":"{at}","name":{name},"data":{data}}}"#).into_boxed_str();
        Self { seq, rooms: rooms.iter().filter_map(|room| Room::parse(room)).collect(), rest }
    }

    /// Bytes of memory, roughly.
    pub fn weight(&self) -> usize {
        self.rest.len() + self.rooms.len() * size_of::<Room>() + 64
    }

    /// The frame for a socket that was last sent `prev` and is in those of the event's rooms that `is_in` says. None
    /// if it is in none.
    pub fn frame(&self, prev: i64, is_in: impl Fn(&Room) -> bool) -> Option<ByteString> {
        let mut rooms = self.rooms.iter().filter(|room| is_in(room));
        let first = rooms.next()?;
        let seq = self.seq;
        let mut text = String::with_capacity(self.rest.len() + 192);
        // Writing to a text can't fail.
        let _ = write!(text, r#"{{"type":"event","seq":{seq},"prev":{prev},"rooms":["{first}""#);
        for room in rooms {
            let _ = write!(text, r#","{room}""#);
        }
        text.push_str("],");
        text.push_str(&self.rest);
        Some(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn json(frame: &ByteString) -> Value {
        serde_json::from_str(frame).expect("own frames are JSON")
    }

    #[test]
    fn an_event_goes_out_with_the_rooms_of_the_socket() {
        let id = Uuid::from_u128(5);
        let rooms = ["inbox".to_owned(), format!("conversation:{id}"), "unheard:of".to_owned()];
        let encoded = Encoded::of(12, DateTime::UNIX_EPOCH, "message.created", &rooms, r#"{"a":1}"#);
        assert_eq!(encoded.frame(9, |_| false), None);
        let frame = json(&encoded.frame(9, |room| *room != Room::Inbox).expect("is in one"));
        let expected = serde_json::json!({"type": "event", "seq": 12, "prev": 9, "at": "1970-01-01T00:00:00Z",
            "name": "message.created", "rooms": [format!("conversation:{id}")], "data": {"a": 1}});
        assert_eq!(frame, expected);
    }

    proptest! {
        #[test]
        fn names_survive_encoding(name in ".*", data in any::<i64>()) {
            let encoded = Encoded::of(1, DateTime::UNIX_EPOCH, &name, &["inbox".to_owned()], &data.to_string());
            let frame = json(&encoded.frame(0, |_| true).expect("in the room"));
            prop_assert_eq!(frame["name"].as_str(), Some(name.as_str()));
            prop_assert_eq!(frame["data"].as_i64(), Some(data));
        }
    }
}
