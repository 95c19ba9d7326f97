//! What a customer does, before it takes a platform's shape.
//!
//! Owns: the vocabulary between the dialogues and the platforms. Invariant: everything that chance decides (ids,
//! files) is decided here, so that the shapes are pure. Deliberately absent: time and order.

use super::media::Media;

#[derive(Clone, Debug)]
pub(super) enum Saying {
    Text(String),
    Photo {
        media: Media,
        caption: &'static str,
    },
    Voice(Media),
    Paper {
        media: Media,
        caption: &'static str,
    },
    Place,
    Card {
        name: String,
        phone: String,
    },
    /// Own contact data, after the shop asked for them.
    OwnContact,
    Cart {
        note: &'static str,
    },
    Product {
        text: &'static str,
    },
    Tap {
        title: String,
        payload: String,
    },
    ListTap {
        title: String,
        payload: String,
    },
    Begin {
        title: &'static str,
    },
    Story {
        text: &'static str,
        story_id: String,
    },
    React {
        target: String,
        emoji: &'static str,
    },
    Edit {
        target: String,
        text: &'static str,
    },
    Unsay {
        target: String,
    },
}

impl Saying {
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::React { .. } => "reaction",
            Self::Edit { .. } => "edit",
            Self::Unsay { .. } => "delete",
            _ => "message",
        }
    }

    /// A message of its own, in contrast to a change of another one.
    pub(super) fn is_message(&self) -> bool {
        self.kind() == "message"
    }

    /// The message that this one changes.
    pub(super) fn target(&self) -> Option<&str> {
        match self {
            Self::React { target, .. } | Self::Edit { target, .. } | Self::Unsay { target } => Some(target),
            _ => None,
        }
    }
}

/// One saying with its id and time.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) id: String,
    pub(super) at_ms: i64,
    pub(super) saying: Saying,
    /// The shop's message that it answers.
    pub(super) reply_to: Option<String>,
    pub(super) ad: Option<AdClick>,
}

/// The ad that brought somebody.
#[derive(Clone, Debug)]
pub(super) struct AdClick {
    pub(super) ad: &'static super::leads::Ad,
    pub(super) clid: String,
}
