//! Names of rooms. Pure.
//!
//! A room is what a socket listens to. Only the canonical spelling is a name: what `Display` writes is the only text
//! that `parse` takes, so that one room never has two.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use uuid::Uuid;

/// A room of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Room {
    Inbox,
    Conversation(Uuid),
    Customer(Uuid),
    Board(Uuid),
    /// A user's own.
    User(Uuid),
}

impl Room {
    pub fn parse(name: &str) -> Option<Self> {
        if name == "inbox" {
            return Some(Self::Inbox);
        }
        let (kind, id) = name.split_once(':')?;
        let id = Uuid::try_parse(id).ok()?;
        let room = match kind {
            "conversation" => Self::Conversation(id),
            "customer" => Self::Customer(id),
            "board" => Self::Board(id),
            "user" => Self::User(id),
            _ => return None,
        };
        // Uuids have other spellings (upper case, braces); the events use this one.
        (room.to_string() == name).then_some(room)
    }

    /// Whether others may see who is in it: a user's own room has nobody else.
    pub fn has_presence(self) -> bool {
        !matches!(self, Self::User(_))
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbox => f.write_str("inbox"),
            Self::Conversation(id) => write!(f, "conversation:{id}"),
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Board(id) => write!(f, "board:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
        }
    }
}

impl Serialize for Room {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Room {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("no room"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_canonical_spelling_is_a_name() {
        let id = Uuid::from_u128(0xab);
        for room in [Room::Inbox, Room::Conversation(id), Room::Customer(id), Room::Board(id), Room::User(id)]
        {
            assert_eq!(Room::parse(&room.to_string()), Some(room));
        }
        for name in
            ["", "*", "inbox:*", "Inbox", "conversation:*", "conversation:", "user", "team:1", "board:1"]
        {
            assert_eq!(Room::parse(name), None, "{name}");
        }
        let id = id.to_string();
        assert_eq!(Room::parse(&format!("board:{}", id.to_uppercase())), None);
        assert_eq!(Room::parse(&format!("board:{{{id}}}")), None);
        assert_eq!(Room::parse(&format!("board:{id} ")), None);
    }

    proptest! {
        #[test]
        fn names_round_trip(name in "\\PC*") {
            if let Some(room) = Room::parse(&name) {
                prop_assert_eq!(room.to_string(), name);
            }
        }
    }
}
