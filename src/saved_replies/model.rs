//! Shapes of saved replies. Pure.

use crate::customers::patch::present;
use crate::customers::text;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a shortcut.
const MAX_SHORTCUT: usize = 40;
/// Characters of a reply.
const MAX_TEXT: usize = 4_096;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedReply {
    pub id: Uuid,
    /// What is typed after `/`.
    pub shortcut: String,
    pub text: String,
    pub version: i32,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSavedReply {
    /// One word, 1 to 40 characters.
    pub shortcut: String,
    /// 1 to 4,096 characters.
    pub text: String,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedReplyPatch {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub shortcut: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub text: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i32>)]
    pub version: Option<i32>,
}

impl NewSavedReply {
    /// As they are kept.
    pub fn check(&self) -> Result<Self> {
        let shortcut = text::filled("shortcut", self.shortcut.trim_start_matches('/'), MAX_SHORTCUT)?;
        if shortcut.chars().any(char::is_whitespace) {
            return Err(Error::invalid("shortcut", "invalid", "A shortcut is one word."));
        }
        let text = self.text.trim();
        if text.is_empty() {
            return Err(Error::invalid("text", "required", "`text` can't be empty."));
        }
        if text.chars().count() > MAX_TEXT {
            return Err(Error::invalid(
                "text",
                "too_long",
                format!("`text` has at most {MAX_TEXT} characters."),
            ));
        }
        if text.contains('\0') {
            return Err(Error::invalid(
                "text",
                "invalid",
                "`text` has a character that can't be kept (U+0000).",
            ));
        }
        Ok(Self { shortcut, text: text.to_owned() })
    }
}
