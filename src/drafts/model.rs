//! Shapes of drafts. Pure.

use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a draft: as many as the longest note has.
const MAX_TEXT: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftKind {
    Reply,
    Note,
}

impl DraftKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Note => "note",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Reply, Self::Note].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Of one user in one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    pub kind: DraftKind,
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<Uuid>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// A draft as an event tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftChange {
    pub conversation_id: Uuid,
    pub kind: DraftKind,
    /// Null: there is none any more.
    pub text: Option<String>,
    pub reply_to: Option<Uuid>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// What is written now.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// At most 10,000 characters.
    pub text: String,
    pub reply_to: Option<Uuid>,
    /// The version that this was written on; without one the last write wins.
    pub version: Option<i32>,
}

impl NewDraft {
    pub fn check(&self) -> Result<()> {
        if self.text.chars().count() > MAX_TEXT {
            let detail = format!("A draft has at most {MAX_TEXT} characters.");
            return Err(Error::invalid("text", "too_long", detail));
        }
        if self.text.contains('\0') {
            return Err(Error::invalid(
                "text",
                "invalid",
                "`text` has a character that can't be kept (U+0000).",
            ));
        }
        Ok(())
    }
}
