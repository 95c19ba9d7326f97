//! Typing and reading, told to the customer: small courtesies that nobody waits for.
//!
//! Typing is told at once and forgotten. Reading is a job, because it follows a change: it tells of the newest message
//! that the team has read by then. Outside of the window, and on a channel that is stopped, neither is told.

use super::lane::Context;
use super::model::Target;
use super::store;
use crate::auth::{Actor, Permission};
use crate::channels::{Acted, ChannelKind, Outcome, Outgoing};
use crate::clock;
use crate::db::Tenant;
use crate::error::{Error, Result};
use crate::inbox::{self, Sending, SendingMode};
use crate::jobs::{self, Failure, Job};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The job's kind; `inbox` enqueues it when the team has read on.
pub(super) const READ: &str = "tell_read";
/// How long the platforms show that somebody types: told again earlier, it changes nothing.
const SHOWN: Duration = Duration::from_secs(15);
/// Tries of telling that something was read.
const MOST_TRIES: i32 = 4;

/// When typing was last told, by conversation.
#[derive(Default)]
pub struct Typing(Mutex<HashMap<Uuid, Instant>>);

#[derive(Deserialize)]
struct Payload {
    conversation_id: Uuid,
}

impl Typing {
    /// True: it is to be told now.
    fn is_due(&self, conversation: Uuid) -> bool {
        let (now, mut told) = (clock::monotonic(), self.0.lock());
        told.retain(|_, at| now.duration_since(*at) < SHOWN);
        if told.contains_key(&conversation) {
            return false;
        }
        told.insert(conversation, now);
        true
    }
}

impl Context {
    /// Tells the customer that somebody types. 404 when the user may not see the conversation.
    pub(super) async fn typing(&self, actor: &Actor, id: Uuid) -> Result<()> {
        let tx = self.log.db().read(actor.tenant).await?;
        let id = inbox::visible(&tx, actor, id).await?;
        let conversation = inbox::load_conversations(&tx, &[id]).await?.remove(&id).ok_or(Error::NotFound)?;
        actor.require_own(Permission::InboxReply, conversation.assignee.map(|person| person.id))?;
        let target = store::target(&tx, id).await?;
        drop(tx);
        let Some(target) = target.filter(|target| is_open(target) && self.typing.is_due(id)) else {
            return Ok(());
        };
        let Some(body) = typing_body(&target) else { return Ok(()) };
        let (context, tenant) = (self.clone(), actor.tenant);
        tokio::spawn(async move {
            if let Acted::Refused(refusal) = context.tell(tenant, &target, &body).await {
                tracing::debug!(code = refusal.code, "typing was not told");
            }
        });
        Ok(())
    }

    /// Tells the customer what was read.
    pub(super) async fn tell_read(&self, job: Job) -> std::result::Result<(), Failure> {
        let payload =
            Payload::deserialize(&job.payload).map_err(|error| Failure::Dead(format!("payload: {error}")))?;
        let tx = self.log.db().read(job.tenant()).await?;
        let target = store::target(&tx, payload.conversation_id).await?.filter(is_open);
        drop(tx);
        let body = target.as_ref().and_then(read_body);
        if let (Some(target), Some(body)) = (target, body) {
            match self.tell(job.tenant(), &target, &body).await {
                Acted::Done => {}
                Acted::Later(cause) if job.attempts < MOST_TRIES => {
                    self.note_answer(target.channel_id, &Outcome::Lost(cause.clone()));
                    return Err(Failure::Retry { error: cause, after: None });
                }
                Acted::Later(cause) => tracing::debug!(cause, "reading was not told"),
                Acted::Refused(refusal) => tracing::debug!(code = refusal.code, "reading was not told"),
            }
        }
        let write = self.log.begin(job.tenant(), None).await?;
        jobs::settle(&write, &job).await?;
        Ok(write.commit().await.map(drop)?)
    }

    async fn tell(&self, tenant: Tenant, target: &Target, body: &Value) -> Acted {
        let (platform, token) = match self.token(tenant, target.channel_kind) {
            Ok(found) => found,
            Err(error) => return Acted::Later(error.to_string()),
        };
        let outgoing =
            Outgoing { channel: target.channel_kind, account_id: &target.account_id, platform, body };
        self.graph.act(&outgoing, token.as_ref()).await
    }
}

fn is_open(target: &Target) -> bool {
    let sending = Sending::at(clock::now(), target.channel_kind.as_str(), target.last_inbound_at);
    !target.stopped && target.group_external_id.is_none() && sending.mode == SendingMode::Free
}

/// WhatsApp shows typing as the answer to a message, which is read by that.
fn typing_body(target: &Target) -> Option<Value> {
    match target.channel_kind {
        ChannelKind::Whatsapp => Some(json!({
            "messaging_product": "whatsapp", "status": "read", "message_id": target.heard.as_ref()?,
            "typing_indicator": { "type": "text" },
        })),
        _ => addressed(target, json!({ "sender_action": "typing_on" })),
    }
}

fn read_body(target: &Target) -> Option<Value> {
    let heard = target.heard.as_ref()?;
    match target.channel_kind {
        ChannelKind::Whatsapp => {
            Some(json!({ "messaging_product": "whatsapp", "status": "read", "message_id": heard }))
        }
        _ => addressed(target, json!({ "sender_action": "mark_seen" })),
    }
}

/// With the address of the other side. None: there is none.
pub(super) fn addressed(target: &Target, mut content: Value) -> Option<Value> {
    let body = content.as_object_mut()?;
    let mut set = |key: &str, value: Value| body.insert(key.to_owned(), value);
    match (target.channel_kind, &target.group_external_id, &target.recipient, &target.recipient_bsuid) {
        (ChannelKind::Whatsapp, Some(group), _, _) => {
            set("recipient_type", json!("group"));
            set("to", json!(group));
        }
        (ChannelKind::Whatsapp, None, Some(number), _) => {
            set("recipient_type", json!("individual"));
            set("to", json!(number));
        }
        (ChannelKind::Whatsapp, None, None, Some(id)) => {
            set("recipient_type", json!("individual"));
            set("recipient", json!(id));
        }
        (ChannelKind::Messenger | ChannelKind::Instagram, _, Some(id), _) => {
            set("recipient", json!({ "id": id }));
        }
        _ => return None,
    }
    Some(content)
}
