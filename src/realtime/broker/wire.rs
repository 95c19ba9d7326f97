//! What nodes say to each other on a tenant's channel. Pure.
//!
//! Every message names its node, which ignores its own. A message that can't be read is dropped: nodes of two versions
//! may share a bus for the time of an update, and the log makes up for it.

use crate::log::Event;
use crate::realtime::encoded::Encoded;
use crate::realtime::protocol::Person;
use crate::realtime::room::Room;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::sync::Arc;
use uuid::Uuid;

/// Payloads of events above this many bytes are not put on the bus: other nodes read them from the log.
const MAX_EVENTS: usize = 256 * 1_024;

#[derive(Debug, Serialize, Deserialize)]
pub struct Message {
    pub node: Uuid,
    pub news: News,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Committed events of one transaction.
    Events(Vec<WireEvent>),
    /// The log stands here; read it.
    Stands(i64),
    /// A frame for everyone in a room.
    Signal { room: Room, frame: Box<RawValue> },
    /// Everyone at this node.
    Presence { version: u64, rooms: Vec<(Room, Vec<Person>)> },
    /// One coming or going at this node.
    Step { version: u64, room: Room, person: Person, joined: bool },
    /// A node that has just begun to listen asks for everyone.
    Who,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct WireEvent {
    seq: i64,
    at: DateTime<Utc>,
    name: String,
    rooms: Vec<String>,
    data: Box<RawValue>,
}

impl WireEvent {
    pub fn encoded(&self) -> Encoded {
        Encoded::of(self.seq, self.at, &self.name, &self.rooms, self.data.get())
    }
}

/// A message of `node`, as it goes over the bus; none if it can't be said.
pub fn encode(node: Uuid, news: News) -> Option<Bytes> {
    serde_json::to_vec(&Message { node, news }).ok().map(Bytes::from)
}

/// Committed events as news: whole, or only where the log stands when they are large.
pub fn events(events: &[Arc<Event>]) -> News {
    let stands = || News::Stands(events.iter().map(|event| event.seq).max().unwrap_or(0));
    if events.iter().map(|event| event.data.len()).sum::<usize>() > MAX_EVENTS {
        return stands();
    }
    let wire = |event: &Arc<Event>| {
        let data = RawValue::from_string(event.data.clone()).ok()?;
        let (name, rooms) = (event.name.clone(), event.rooms.clone());
        Some(WireEvent { seq: event.seq, at: event.at, name, rooms, data })
    };
    events.iter().map(wire).collect::<Option<Vec<_>>>().map_or_else(stands, News::Events)
}

pub fn decode(bytes: &[u8]) -> Option<Message> {
    serde_json::from_slice(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(data: String) -> Arc<Event> {
        let rooms = vec!["inbox".to_owned()];
        Arc::new(Event { seq: 4, at: DateTime::UNIX_EPOCH, name: "a.b".to_owned(), rooms, data })
    }

    #[test]
    fn events_look_the_same_on_every_node() {
        let committed = [event(r#"{"a": [1, "x"]}"#.to_owned())];
        let bytes = encode(Uuid::nil(), events(&committed)).expect("encodes");
        let Some(Message { news: News::Events(heard), .. }) = decode(&bytes) else {
            panic!("events expected")
        };
        assert_eq!(heard[0].encoded(), Encoded::new(&committed[0]));
    }

    #[test]
    fn large_events_stay_in_the_log() {
        let of = |size: usize| events(&[event(format!("\"{}\"", "x".repeat(size - 2)))]);
        assert!(matches!(of(MAX_EVENTS), News::Events(_)));
        assert!(matches!(of(MAX_EVENTS + 1), News::Stands(4)));
    }

    #[test]
    fn all_news_round_trip() {
        let person = Person { user_id: Uuid::nil(), name: "Ada".into() };
        let frame = RawValue::from_string("{}".to_owned()).expect("is JSON");
        for news in [
            News::Stands(5),
            News::Signal { room: Room::Inbox, frame },
            News::Presence { version: 1, rooms: vec![(Room::Inbox, vec![person.clone()])] },
            News::Step { version: 2, room: Room::Inbox, person, joined: true },
            News::Who,
        ] {
            let said = format!("{news:?}");
            let heard = encode(Uuid::nil(), news).and_then(|bytes| decode(&bytes)).expect("decodes");
            assert_eq!(format!("{:?}", heard.news), said);
        }
    }

    proptest! {
        #[test]
        fn garbage_is_dropped(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(decode(&bytes).is_none());
        }
    }
}
