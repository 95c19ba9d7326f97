//! Shapes of notifications, and the rule of who may be named. Pure.

use crate::auth::{Permission, Role, Scope};
use crate::customers::Person;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a text that a notification shows.
const EXCERPT: usize = 140;
/// Ids of one order.
const MAX_IDS: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// A colleague named the user in a note.
    Mention,
}

impl NotificationKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mention => "mention",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        (text == Self::Mention.as_str()).then_some(Self::Mention)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    pub id: Uuid,
    pub kind: NotificationKind,
    pub conversation: NotedConversation,
    pub message: NotedMessage,
    /// Who caused it.
    pub actor: Person,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotedConversation {
    pub id: Uuid,
    pub customer: Person,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotedMessage {
    pub id: Uuid,
    /// The beginning of its text, on one line; null when it has none, or was deleted.
    pub excerpt: Option<String>,
}

/// A page of a user's notifications, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NotificationList {
    pub items: Vec<Notification>,
    /// Null at the end.
    pub next_cursor: Option<String>,
    /// Of all of them, not of this page.
    pub unread_count: i64,
}

/// What the user has looked at: ids, or everything.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadNotifications {
    /// At most 200; what is not the user's, or read already, changes nothing.
    #[serde(default)]
    pub ids: Option<Vec<Uuid>>,
    #[serde(default)]
    pub all: bool,
}

impl ReadNotifications {
    /// Which ones; None: all.
    pub fn check(&self) -> Result<Option<&[Uuid]>> {
        match (&self.ids, self.all) {
            (None, true) => Ok(None),
            (Some(ids), false) if ids.len() <= MAX_IDS => Ok(Some(ids)),
            (Some(_), false) => {
                Err(Error::invalid("ids", "length", format!("`ids` has at most {MAX_IDS} ids.")))
            }
            (None, false) => Err(Error::invalid("ids", "required", "Give `ids`, or `all`.")),
            (Some(_), true) => Err(Error::invalid("ids", "invalid", "Give `ids` or `all`, not both.")),
        }
    }
}

/// Somebody who can sign in, as far as naming them goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colleague {
    pub id: Uuid,
    /// Which conversations they see; none: not any.
    pub reads: Option<Scope>,
}

impl Colleague {
    pub fn new(id: Uuid, role: Role) -> Self {
        Self { id, reads: role.scope(Permission::InboxRead) }
    }
}

/// 422 unless everybody who is named is there, and sees the conversation that `assignee` has.
pub fn check_named(named: &[Uuid], there: &[Colleague], assignee: Option<Uuid>) -> Result<()> {
    for id in named {
        let Some(colleague) = there.iter().find(|colleague| colleague.id == *id) else {
            return Err(Error::invalid("mentions", "unknown", "There is no such colleague."));
        };
        if !colleague.reads.is_some_and(|scope| scope.covers(*id, assignee)) {
            let detail = "A colleague who is named does not see this conversation.";
            return Err(Error::invalid("mentions", "forbidden", detail));
        }
    }
    Ok(())
}

/// The beginning of a text, on one line.
pub fn excerpt(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut characters = line.chars();
    let mut kept: String = characters.by_ref().take(EXCERPT).collect();
    if characters.next().is_some() {
        kept.push('…');
    }
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(outcome: Result<()>) -> Option<&'static str> {
        match outcome {
            Err(Error::Invalid(errors)) => errors.first().map(|error| error.code),
            _ => None,
        }
    }

    #[test]
    fn only_who_sees_the_conversation_is_named() {
        let (ada, ali, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let with = |reads| [Colleague { id: ada, reads: Some(Scope::All) }, Colleague { id: ali, reads }];
        let named = [ada, ali];
        assert_eq!(code(check_named(&named, &with(Some(Scope::All)), Some(other))), None);
        assert_eq!(code(check_named(&named, &with(Some(Scope::Own)), Some(ali))), None);
        assert_eq!(code(check_named(&named, &with(Some(Scope::Own)), None)), None);
        assert_eq!(code(check_named(&named, &with(Some(Scope::Own)), Some(other))), Some("forbidden"));
        assert_eq!(code(check_named(&named, &with(None), None)), Some("forbidden"));
        assert_eq!(code(check_named(&[other], &with(None), None)), Some("unknown"));
        assert_eq!(Colleague::new(ali, Role::Agent).reads, Some(Scope::All));
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(" a\n\n b\t"), Some("a b".to_owned()));
        assert_eq!(excerpt(" \n"), None);
        assert_eq!(excerpt(&"ş".repeat(EXCERPT)), Some("ş".repeat(EXCERPT)));
        assert_eq!(excerpt(&"ş".repeat(EXCERPT + 1)), Some(format!("{}…", "ş".repeat(EXCERPT))));
    }

    #[test]
    fn ids_or_all() {
        let read =
            |ids: Option<usize>, all| ReadNotifications { ids: ids.map(|n| vec![Uuid::nil(); n]), all };
        assert!(read(None, true).check().is_ok_and(|which| which.is_none()));
        assert!(read(Some(MAX_IDS), false).check().is_ok_and(|which| which.is_some()));
        for bad in [read(Some(MAX_IDS + 1), false), read(None, false), read(Some(1), true)] {
            assert!(bad.check().is_err());
        }
    }
}
