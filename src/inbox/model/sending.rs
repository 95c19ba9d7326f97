//! Whether the platform lets the business write now. Pure.
//!
//! Source: the platforms' messaging windows (24 hours after the customer's last message; Messenger and Instagram let a
//! person answer up to 7 days; WhatsApp then takes templates only).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long after the customer's last message a platform lets the business write freely.
const WINDOW: TimeDelta = TimeDelta::hours(24);
/// How long a person may answer on Messenger and Instagram.
const HUMAN_AGENT: TimeDelta = TimeDelta::days(7);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendingMode {
    /// Anything.
    Free,
    /// A person may still answer.
    HumanAgent,
    /// Templates only.
    Template,
    Closed,
    /// Nothing is ever sent on this channel.
    Unsupported,
}

/// What may be sent in a conversation, as of the time of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sending {
    pub mode: SendingMode,
    /// When that ends; null: not by time.
    pub until: Option<DateTime<Utc>>,
}

impl Sending {
    /// By the kind of channel and the customer's last message.
    pub fn at(now: DateTime<Utc>, channel_kind: &str, last_inbound_at: Option<DateTime<Utc>>) -> Self {
        let end = |length: TimeDelta| {
            last_inbound_at.and_then(|at| at.checked_add_signed(length)).filter(|end| *end > now)
        };
        let (mode, until) = match channel_kind {
            "whatsapp" | "messenger" | "instagram" if end(WINDOW).is_some() => {
                (SendingMode::Free, end(WINDOW))
            }
            "whatsapp" => (SendingMode::Template, None),
            "messenger" | "instagram" => match end(HUMAN_AGENT) {
                None => (SendingMode::Closed, None),
                until => (SendingMode::HumanAgent, until),
            },
            _ => (SendingMode::Unsupported, None),
        };
        Self { mode, until }
    }

    /// Whether a text may go out.
    pub fn takes_text(self) -> bool {
        matches!(self.mode, SendingMode::Free | SendingMode::HumanAgent)
    }
}

/// Until when the business may write freely.
pub fn window(channel_kind: &str, last_inbound_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    let has_window = matches!(channel_kind, "whatsapp" | "messenger" | "instagram");
    last_inbound_at.filter(|_| has_window).and_then(|at| at.checked_add_signed(WINDOW))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_metas_channels_have_a_window() {
        let at = DateTime::UNIX_EPOCH;
        assert_eq!(window("whatsapp", Some(at)), Some(at + TimeDelta::hours(24)));
        assert_eq!(window("website", Some(at)), None);
        assert_eq!(window("instagram", None), None);
    }

    #[test]
    fn what_may_be_sent_follows_from_the_customers_last_message() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(100);
        let mode = |kind: &str, hours: i64| Sending::at(now, kind, Some(now - TimeDelta::hours(hours)));
        for kind in ["whatsapp", "messenger", "instagram"] {
            let free = mode(kind, 23);
            assert_eq!((free.mode, free.until), (SendingMode::Free, Some(now + TimeDelta::hours(1))));
        }
        assert_eq!(mode("whatsapp", 24).mode, SendingMode::Template);
        assert_eq!(mode("messenger", 24).mode, SendingMode::HumanAgent);
        assert_eq!(mode("messenger", 24).until, Some(now + TimeDelta::days(6)));
        assert_eq!(mode("instagram", 7 * 24).mode, SendingMode::Closed);
        assert_eq!(Sending::at(now, "whatsapp", None).mode, SendingMode::Template);
        assert_eq!(Sending::at(now, "messenger", None).mode, SendingMode::Closed);
        assert_eq!(mode("website", 1).mode, SendingMode::Unsupported);
    }
}
