//! A colleague's reaction to a message, and its way out.
//!
//! A message has one reaction of the business: the last one. It is stored and told at once, as `sending`; the job takes
//! the one that stands there then, so that of quick changes only the last goes out. Given twice it does no harm, so a
//! lost answer is asked for again.

use super::lane::Context;
use super::model::Target;
use super::refusals::{self, Tries, Verdict};
use super::signals::addressed;
use super::store;
use crate::auth::{Actor, Permission};
use crate::channels::{Acted, ChannelKind, Outgoing, Refusal};
use crate::clock;
use crate::error::{Error, Result};
use crate::inbox::{self, Message};
use crate::jobs::{self, Failure, Job, NewJob};
use crate::log::Write;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) const REACT: &str = "react";
/// Tries before a reaction has failed.
const MOST_TRIES: i32 = 6;
/// Messenger's words for the reactions that it knows; Instagram's business has the heart.
const WORDS: [(&str, &str); 8] = [
    ("❤️", "love"),
    ("❤", "love"),
    ("😆", "smile"),
    ("😮", "wow"),
    ("😢", "sad"),
    ("😡", "angry"),
    ("👍", "like"),
    ("👎", "dislike"),
];

/// A reaction as a colleague gives it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReaction {
    /// One emoji. Messenger knows ❤️ 😆 😮 😢 😡 👍 👎, Instagram ❤️.
    pub emoji: String,
}

#[derive(Deserialize)]
struct Payload {
    message_id: Uuid,
}

/// Ours among the stored ones; `emoji: null` takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Own {
    emoji: Option<String>,
    by: String,
    #[serde(default)]
    actor: String,
    at: chrono::DateTime<chrono::Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

impl NewReaction {
    fn check(&self, channel: ChannelKind) -> Result<()> {
        let plain = |c: char| c.is_ascii() || c.is_alphanumeric() || c.is_whitespace() || c.is_control();
        let keycap = self.emoji.ends_with('\u{20e3}');
        if self.emoji.is_empty() || self.emoji.len() > 64 || (self.emoji.chars().any(plain) && !keycap) {
            return Err(Error::invalid("emoji", "invalid", "A reaction is one emoji."));
        }
        let known = match channel {
            ChannelKind::Whatsapp => true,
            ChannelKind::Messenger => word(&self.emoji).is_some(),
            ChannelKind::Instagram => word(&self.emoji) == Some("love"),
            ChannelKind::LeadAds | ChannelKind::Website => false,
        };
        if known {
            Ok(())
        } else {
            Err(Error::invalid("emoji", "unsupported", "This channel has no such reaction."))
        }
    }
}

fn word(emoji: &str) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == emoji).map(|(_, word)| *word)
}

/// Reacts to a message, or takes that back (none).
pub(super) async fn react(
    write: &mut Write,
    actor: &Actor,
    id: Uuid,
    reaction: Option<&NewReaction>,
) -> Result<Message> {
    let before = store::reactable(write, id).await?.ok_or(Error::NotFound)?;
    let (_, assignee) = inbox::lock_visible(write, actor, before.conversation_id).await?;
    actor.require_own(Permission::InboxReply, assignee)?;
    let message = store::reactable(write, id).await?.ok_or(Error::NotFound)?;
    let channel = ChannelKind::parse(&message.channel_kind);
    if let (Some(reaction), Some(channel)) = (reaction, channel) {
        reaction.check(channel)?;
    }
    let emoji = reaction.map(|reaction| reaction.emoji.clone());
    let standing = own(&message.reactions);
    let same =
        standing.as_ref().is_some_and(|own| own.emoji == emoji && own.state.as_deref() != Some("failed"));
    if same || (standing.is_none() && emoji.is_none()) {
        return super::service::message(write, id).await;
    }
    let new = Own {
        emoji,
        by: "agent".to_owned(),
        actor: String::new(),
        at: clock::now(),
        state: Some("sending".to_owned()),
    };
    store::set_reactions(write, id, &with(&message.reactions, &new)?).await?;
    let job = NewJob {
        kind: REACT,
        payload: json!({ "message_id": id }),
        unique_key: Some(id.to_string()),
        run_at: None,
        resource: Some(message.channel_id),
    };
    jobs::ask(write, &job).await?;
    let mut told = inbox::tell(write, &[id], false).await?;
    told.remove(&id).ok_or(Error::NotFound)
}

fn own(reactions: &Value) -> Option<Own> {
    let all = reactions.as_array()?.iter();
    all.filter_map(|one| Own::deserialize(one).ok()).find(|one| one.by == "agent")
}

/// The stored reactions with another one of ours.
fn with(reactions: &Value, new: &Own) -> Result<Value> {
    let mut all: Vec<Value> = reactions.as_array().cloned().unwrap_or_default();
    all.retain(|one| one.get("by").and_then(Value::as_str) != Some("agent"));
    all.push(serde_json::to_value(new)?);
    Ok(Value::Array(all))
}

impl Context {
    /// Gives the reaction that stands at a message to the platform.
    pub(super) async fn send_reaction(&self, job: Job) -> std::result::Result<(), Failure> {
        let payload =
            Payload::deserialize(&job.payload).map_err(|error| Failure::Dead(format!("payload: {error}")))?;
        let tx = self.log.db().read(job.tenant()).await?;
        let message = store::reactable(&tx, payload.message_id).await?;
        let target = match &message {
            Some(message) => store::target(&tx, message.conversation_id).await?,
            None => None,
        };
        drop(tx);
        let waiting = message.as_ref().and_then(|message| own(&message.reactions));
        let waiting = waiting.filter(|own| own.state.as_deref() == Some("sending"));
        let (Some(message), Some(target), Some(reaction)) = (message, target, waiting) else {
            return self.settle_reaction(&job, payload.message_id, None).await;
        };
        let failed = match body(&target, &message.external_id, reaction.emoji.as_deref()) {
            None => true,
            Some(body) => {
                let (platform, token) = self.token(job.tenant(), target.channel_kind)?;
                let outgoing = Outgoing {
                    channel: target.channel_kind,
                    account_id: &target.account_id,
                    platform,
                    body: &body,
                };
                match self.graph.act(&outgoing, token.as_ref()).await {
                    Acted::Done => false,
                    Acted::Later(cause) if job.attempts < MOST_TRIES => {
                        return Err(Failure::Retry { error: cause, after: None });
                    }
                    Acted::Later(_) => true,
                    Acted::Refused(refusal) if job.attempts < MOST_TRIES && may_pass(&target, &refusal) => {
                        let error = format!("code {}", refusal.code);
                        return Err(Failure::Retry { error, after: refusal.after });
                    }
                    Acted::Refused(refusal) => {
                        tracing::info!(code = refusal.code, trace = refusal.trace, "a reaction was refused");
                        true
                    }
                }
            }
        };
        let settled = Own { state: failed.then(|| "failed".to_owned()), ..reaction.clone() };
        self.settle_reaction(&job, payload.message_id, Some((reaction, settled))).await
    }

    /// Notes what became of a reaction, unless there is another one by now.
    async fn settle_reaction(
        &self,
        job: &Job,
        id: Uuid,
        change: Option<(Own, Own)>,
    ) -> std::result::Result<(), Failure> {
        let mut write = self.log.begin(job.tenant(), Some("outbox".to_owned())).await?;
        inbox::lock_conversation_of(&write, id).await?;
        let message = store::reactable(&write, id).await?;
        if let (Some(message), Some((before, settled))) = (message, change)
            && own(&message.reactions).as_ref() == Some(&before)
        {
            store::set_reactions(&write, id, &with(&message.reactions, &settled)?).await?;
            inbox::tell(&mut write, &[id], false).await?;
        }
        jobs::settle(&write, job).await?;
        Ok(write.commit().await.map(drop)?)
    }
}

/// Whether a refusal is one of the moment.
fn may_pass(target: &Target, refusal: &Refusal) -> bool {
    let verdict = refusals::judge(target.channel_kind, refusal, Tries { faults: 1, all: 1 }).verdict;
    matches!(verdict, Verdict::Retry(_) | Verdict::Limited(_))
}

/// In the platform's form. None: there is nobody to tell, or no word for it.
fn body(target: &Target, message: &str, emoji: Option<&str>) -> Option<Value> {
    let content = match target.channel_kind {
        ChannelKind::Whatsapp => json!({
            "messaging_product": "whatsapp", "type": "reaction",
            "reaction": { "message_id": message, "emoji": emoji.unwrap_or_default() },
        }),
        _ => match emoji {
            None => json!({ "sender_action": "unreact", "payload": { "message_id": message } }),
            Some(emoji) => json!({
                "sender_action": "react", "payload": { "message_id": message, "reaction": word(emoji)? },
            }),
        },
    };
    addressed(target, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_is_one_emoji_that_the_channel_has() {
        let ok = |emoji: &str, channel| NewReaction { emoji: emoji.to_owned() }.check(channel).is_ok();
        for emoji in ["👍", "❤️", "👩‍👩‍👧", "🇹🇷", "1️⃣"] {
            assert!(ok(emoji, ChannelKind::Whatsapp), "{emoji}");
        }
        for odd in ["", "x", "👍 ", "ok", "é", "\n", "1", &"👍".repeat(20)] {
            assert!(!ok(odd, ChannelKind::Whatsapp), "{odd:?}");
        }
        assert!(ok("👍", ChannelKind::Messenger) && !ok("🦀", ChannelKind::Messenger));
        assert!(ok("❤️", ChannelKind::Instagram) && !ok("👍", ChannelKind::Instagram));
        assert!(!ok("👍", ChannelKind::Website));
    }

    #[test]
    fn of_the_business_there_is_one() {
        let stored = json!([{"emoji": "🔥", "by": "customer", "actor": "9", "at": "2026-01-01T00:00:00Z"}]);
        let new = |emoji: &str| Own {
            emoji: Some(emoji.to_owned()),
            by: "agent".to_owned(),
            actor: String::new(),
            at: chrono::DateTime::UNIX_EPOCH,
            state: None,
        };
        let once = with(&stored, &new("👍")).expect("JSON");
        let twice = with(&once, &new("❤️")).expect("JSON");
        assert_eq!(twice.as_array().map(Vec::len), Some(2));
        assert_eq!(own(&twice).and_then(|own| own.emoji).as_deref(), Some("❤️"));
        assert_eq!(twice[0], stored[0]);
    }
}
