//! The lane of a conversation: its messages go out one by one, in order.
//!
//! One job for each conversation that has something to send. It takes the message whose turn it is, marks it `sending`
//! and commits, calls the platform outside of any transaction, and says what came of it. What the job does not live to
//! say, the next one finds as `sending` and makes `uncertain`.

use super::model::Due;
use super::pace::Pace;
use super::reaction::REACT;
use super::refusals::{self, Judged, Verdict};
use super::signals::{READ, Typing};
use super::{call, store, upload};
use crate::channels::{ChannelKind, Graph, Outcome, Outgoing, Refusal};
use crate::clock;
use crate::db::Tenant;
use crate::error;
use crate::files::Files;
use crate::inbox::{self, Sending};
use crate::ingest;
use crate::jobs::{self, Failure, Handler, Job, NewJob, Resources};
use crate::log::{Log, Write};
use crate::secrets::{Platform, Secrets};
use crate::templates;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::try_join;
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use url::Url;
use uuid::Uuid;

const SEND: &str = "send";
/// Conversations that one node sends in at a time.
pub const PARALLEL: usize = 64;
/// Of those, of one channel: while a platform hangs the others go on.
pub const PER_CHANNEL: usize = 16;
/// Messages of a conversation in one go; then others have their turn.
const IN_ONE_GO: usize = 20;
/// Calls in a row that came to nothing after which a channel rests, and for how long if nobody answers.
const IN_VAIN: u32 = 5;
const REST: Duration = Duration::from_secs(30);
/// How often what is held looks whether its channel goes on.
const LOOK: TimeDelta = TimeDelta::seconds(60);
/// After this a stopped channel is tried once more, though its token is the same.
const TRY_STOPPED: TimeDelta = TimeDelta::hours(1);

type Result<T> = std::result::Result<T, Failure>;

/// What routes need: rung when something was written that is to be sent at once.
pub struct Outbox {
    pub wake: Arc<Notify>,
    pub context: Context,
}

impl Outbox {
    pub fn wake(&self) {
        self.wake.notify_one();
    }
}

/// What lanes need.
#[derive(Clone)]
pub struct Context {
    pub(super) log: Log,
    pub(super) graph: Graph,
    pub(super) files: Files,
    /// Where platforms reach this server.
    pub(super) public_url: Url,
    secrets: Secrets,
    resources: Arc<Resources>,
    pace: Arc<Pace>,
    pub(super) typing: Arc<Typing>,
    /// Calls in a row without an answer or beyond a limit, by channel.
    in_vain: Arc<Mutex<HashMap<Uuid, u32>>>,
}

/// What a context is made of.
pub struct Parts {
    pub log: Log,
    pub graph: Graph,
    pub secrets: Secrets,
    pub files: Files,
    pub public_url: Url,
    pub resources: Arc<Resources>,
}

#[derive(Deserialize)]
struct Payload {
    conversation_id: Uuid,
}

/// The job of a conversation's lane; `at`: when the message is due for which it is asked.
pub(super) fn job(conversation: Uuid, channel: Uuid, at: Option<DateTime<Utc>>) -> NewJob {
    NewJob {
        kind: SEND,
        payload: json!({ "conversation_id": conversation }),
        unique_key: Some(conversation.to_string()),
        run_at: at,
        resource: Some(channel),
    }
}

/// What a lane does next.
enum Next {
    /// Nothing more; the job is ended or put off.
    Nothing,
    /// Something was settled without a call.
    Again,
    /// The channel's next place is then.
    Wait(Instant),
    /// The platform has to have the file first.
    Upload {
        due: Box<Due>,
        token: Option<SecretString>,
    },
    Call {
        due: Box<Due>,
        attempt: i16,
        body: Value,
        token: Option<SecretString>,
        platform: Platform,
    },
}

impl Context {
    pub fn new(parts: Parts) -> Self {
        let Parts { log, graph, secrets, files, public_url, resources } = parts;
        let (pace, typing, in_vain) = (Arc::default(), Arc::default(), Arc::default());
        Self { log, graph, files, public_url, secrets, resources, pace, typing, in_vain }
    }

    /// Handlers of this feature's jobs, by kind.
    pub fn handlers(&self) -> HashMap<&'static str, Handler> {
        let context = self.clone();
        let send: Handler = Arc::new(move |job| {
            let context = context.clone();
            Box::pin(async move { context.run(job).await })
        });
        let (reacting, reading) = (self.clone(), self.clone());
        let react: Handler = Arc::new(move |job| {
            let context = reacting.clone();
            Box::pin(async move { context.send_reaction(job).await })
        });
        let read: Handler = Arc::new(move |job| {
            let context = reading.clone();
            Box::pin(async move { context.tell_read(job).await })
        });
        HashMap::from([(SEND, send), (REACT, react), (READ, read)])
    }

    async fn run(&self, job: Job) -> Result<()> {
        let payload =
            Payload::deserialize(&job.payload).map_err(|error| Failure::Dead(format!("payload: {error}")))?;
        let mut has_place = false;
        for _ in 0..IN_ONE_GO {
            let next = self.next(&job, payload.conversation_id, has_place).await?;
            has_place = matches!(next, Next::Wait(_));
            match next {
                Next::Nothing => return Ok(()),
                Next::Again => {}
                Next::Upload { due, token } => self.upload(&job, &due, token.as_ref()).await?,
                Next::Wait(until) => tokio::time::sleep_until(until.into()).await,
                Next::Call { due, attempt, body, token, platform } => {
                    let tenant = job.tenant();
                    fail_point!("outbox.before_http");
                    let outgoing = Outgoing {
                        channel: due.channel_kind,
                        account_id: &due.account_id,
                        platform,
                        body: &body,
                    };
                    let outcome = self.graph.send(&outgoing, token.as_ref()).await;
                    fail_point!("outbox.after_http_before_mark");
                    self.note_answer(due.channel_id, &outcome);
                    self.settle(tenant, &due, attempt, outcome, token.as_ref()).await?;
                }
            }
        }
        let write = self.log.begin(job.tenant(), Some("outbox".to_owned())).await?;
        jobs::put_off(&write, &job, None).await?;
        write.commit().await?;
        Ok(())
    }

    /// Takes the message whose turn it is and marks it, or ends the job.
    async fn next(&self, job: &Job, conversation: Uuid, has_place: bool) -> Result<Next> {
        let tenant = job.tenant();
        let mut write = self.log.begin(tenant, Some("outbox".to_owned())).await?;
        let Some(conversation) = store::lock_left(&write, conversation).await? else {
            jobs::complete(&write, job).await?;
            write.commit().await?;
            return Ok(Next::Nothing);
        };
        let unknown = no_answer("The server was stopped before it had one.");
        let ((), orphans, due) = try_join!(
            jobs::hold(&write, job),
            store::orphans(&write, conversation, &unknown),
            store::next_due(&write, conversation),
        )?;
        inbox::tell(&mut write, &orphans, false).await?;
        let Some(due) = due else {
            match store::next_scheduled(&write, conversation).await? {
                Some(at) => jobs::put_off(&write, job, Some(at)).await?,
                None => jobs::settle(&write, job).await.map(drop)?,
            }
            write.commit().await?;
            return Ok(Next::Nothing);
        };
        let token = self.token(tenant, due.channel_kind)?.1;
        if let Some(stopped) = &due.stopped {
            if still_stopped(stopped, token.as_ref()) {
                let held = store::hold(&write, conversation, &shown(stopped)).await?;
                inbox::tell(&mut write, &held, false).await?;
                jobs::put_off(&write, job, Some(clock::now() + LOOK)).await?;
                write.commit().await?;
                return Ok(Next::Nothing);
            }
            store::stop(&write, due.channel_id, None).await?;
        }
        self.give(write, job, conversation, due, has_place).await
    }

    /// Marks the message whose turn it is as given to the platform, if that may and can be now.
    async fn give(
        &self,
        mut write: Write,
        job: &Job,
        conversation: Uuid,
        mut due: Due,
        has_place: bool,
    ) -> Result<Next> {
        let (platform, token) = self.token(job.tenant(), due.channel_kind)?;
        let now = clock::now();
        let attempt = due.attempts.saturating_add(1);
        if let Some(title) = self.refusal(&due, now) {
            return fail(write, due.id, title).await;
        }
        if upload::wanted(&due).is_some() {
            write.commit().await?;
            return Ok(Next::Upload { due: Box::new(due), token });
        }
        if !has_place {
            let load = due.load(conversation);
            if let Some(free) = self.pace.person_free_at(load) {
                let after = free.saturating_duration_since(clock::monotonic());
                return Err(Failure::Early { cause: "the person's pace".to_owned(), after });
            }
            let place = self.pace.take(load);
            if place > clock::monotonic() {
                // Rolled back: nobody waits for a place with a connection of the database.
                return Ok(Next::Wait(place));
            }
        }
        self.link(&write, &mut due).await?;
        let Some(body) = call::body(&due, attempt, now) else {
            return fail(write, due.id, "There is no address to send this to.").await;
        };
        try_join!(store::begin(&write, due.id, now), store::note(&write, conversation, due.id, now, false))?;
        inbox::tell(&mut write, &[due.id], false).await?;
        write.commit().await?;
        Ok(Next::Call { due: Box::new(due), attempt, body, token, platform })
    }

    /// Why what was allowed when it was written is not any more.
    fn refusal(&self, due: &Due, now: DateTime<Utc>) -> Option<&'static str> {
        if let Some(template) = due.extra.get("template") {
            let marketing = template.get("category").and_then(Value::as_str) == Some("marketing");
            return (marketing && due.opted_out).then_some("This person does not want marketing messages.");
        }
        let sending = Sending::at(now, due.channel_kind.as_str(), due.last_inbound_at);
        (!sending.takes_text() && !due.override_window)
            .then_some("The platform's window closed before this could be sent.")
    }

    /// Whose token sends. An Instagram account without a login of its own hangs on a Page.
    pub(super) fn token(
        &self,
        tenant: Tenant,
        kind: ChannelKind,
    ) -> error::Result<(Platform, Option<SecretString>)> {
        let platform = match kind {
            ChannelKind::Whatsapp => Platform::Whatsapp,
            ChannelKind::Instagram => Platform::Instagram,
            _ => Platform::Meta,
        };
        Ok(match (platform, self.secrets.access_token(platform, tenant)?) {
            (Platform::Instagram, None) => {
                (Platform::Meta, self.secrets.access_token(Platform::Meta, tenant)?)
            }
            found => found,
        })
    }

    /// A channel whose platform does not answer, or takes nothing for now, rests: its lanes would hold all places, and
    /// each of its calls would prolong the platform's limit.
    pub(super) fn note_answer(&self, channel: Uuid, outcome: &Outcome) {
        let rest = match outcome {
            Outcome::Refused(refusal) => refusals::limit_of_the_channel(refusal),
            Outcome::Accepted(_) => None,
            Outcome::Lost(_) | Outcome::Unreachable(_) => Some(REST),
        };
        let mut in_vain = self.in_vain.lock();
        let Some(rest) = rest else {
            in_vain.remove(&channel);
            return;
        };
        let count = in_vain.entry(channel).or_default();
        *count += 1;
        if *count >= IN_VAIN {
            self.resources.rest(channel, rest);
            metrics::counter!("switchboard_channel_rests_total").increment(1);
        }
    }

    pub(super) async fn settle(
        &self,
        tenant: Tenant,
        due: &Due,
        attempt: i16,
        outcome: Outcome,
        token: Option<&SecretString>,
    ) -> Result<()> {
        let word = match &outcome {
            Outcome::Accepted(_) => "accepted",
            Outcome::Refused(_) => "refused",
            Outcome::Unreachable(_) => "unreachable",
            Outcome::Lost(_) => "lost",
        };
        metrics::counter!("switchboard_sends_total", "outcome" => word).increment(1);
        match outcome {
            Outcome::Accepted(external_id) => {
                let accepted = ingest::Accepted { message_id: due.id, attempt, external_id };
                Ok(ingest::accept(&self.log, tenant, due.channel_id, accepted).await?)
            }
            Outcome::Lost(cause) => {
                tracing::warn!(message = %due.id, cause, "the answer to a send was lost");
                self.mark(tenant, due, "uncertain", Some(&no_answer("The platform gave no clear answer.")))
                    .await
            }
            Outcome::Unreachable(cause) => {
                tracing::warn!(message = %due.id, cause, "the platform can't be reached");
                let error = json!({ "code": 0, "title": "The platform can't be reached.", "detail": null });
                self.mark(tenant, due, "queued", Some(&error)).await?;
                Err(Failure::Retry { error: cause, after: None })
            }
            Outcome::Refused(refusal) => self.refused(tenant, due, &refusal, token).await,
        }
    }

    async fn refused(
        &self,
        tenant: Tenant,
        due: &Due,
        refusal: &Refusal,
        token: Option<&SecretString>,
    ) -> Result<()> {
        let Judged { verdict, title } = refusals::judge(due.channel_kind, refusal, due.tries_with_this());
        tracing::info!(message = %due.id, code = refusal.code, subcode = refusal.subcode, trace = refusal.trace,
                       verdict = ?verdict, "a send was refused");
        let error = refusals::error(refusal, title);
        match verdict {
            Verdict::Failed => {
                if due.extra.get("template").is_some() && refusals::template_is_gone(refusal.code) {
                    let write = self.log.begin(tenant, None).await?;
                    templates::ask(&write, due.channel_id).await?;
                    write.commit().await?;
                }
                self.mark(tenant, due, "failed", Some(&error)).await
            }
            Verdict::Retry(after) => {
                self.mark(tenant, due, "queued", Some(&error)).await?;
                Err(Failure::Retry { error: format!("code {}", refusal.code), after: Some(after) })
            }
            Verdict::Limited(after) => {
                let mut write = self.log.begin(tenant, Some("outbox".to_owned())).await?;
                inbox::lock_conversation_of(&write, due.id).await?;
                if store::set(&write, due.id, "queued", Some(&error)).await? {
                    store::count_not(&write, due.id).await?;
                    inbox::tell(&mut write, &[due.id], false).await?;
                }
                write.commit().await?;
                Err(Failure::Early { cause: format!("code {}", refusal.code), after })
            }
            Verdict::Stop => {
                let stopped = json!({
                    "code": refusal.code, "title": title, "detail": error.get("detail"),
                    "at": clock::now(), "token": token.map(fingerprint),
                });
                let mut write = self.log.begin(tenant, Some("outbox".to_owned())).await?;
                inbox::lock_conversation_of(&write, due.id).await?;
                if store::stop(&write, due.channel_id, Some(&stopped)).await? {
                    tracing::error!(channel = %due.channel_id, code = refusal.code, title, "a channel is stopped");
                    metrics::counter!("switchboard_channels_stopped_total").increment(1);
                }
                if store::set(&write, due.id, "held", Some(&shown(&stopped))).await? {
                    inbox::tell(&mut write, &[due.id], false).await?;
                }
                write.commit().await?;
                Ok(())
            }
        }
    }

    /// Notes what became of a message, unless an echo or a status has told more meanwhile.
    pub(super) async fn mark(
        &self,
        tenant: Tenant,
        due: &Due,
        status: &str,
        error: Option<&Value>,
    ) -> Result<()> {
        let mut write = self.log.begin(tenant, Some("outbox".to_owned())).await?;
        inbox::lock_conversation_of(&write, due.id).await?;
        if store::set(&write, due.id, status, error).await? {
            inbox::tell(&mut write, &[due.id], false).await?;
        }
        write.commit().await?;
        Ok(())
    }
}

/// Settles a message that can't be given to the platform.
async fn fail(mut write: Write, message: Uuid, title: &str) -> Result<Next> {
    let error = json!({ "code": 0, "title": title, "detail": null });
    store::set(&write, message, "failed", Some(&error)).await?;
    inbox::tell(&mut write, &[message], false).await?;
    write.commit().await?;
    Ok(Next::Again)
}

/// Of a message that was given away without an answer.
fn no_answer(detail: &str) -> Value {
    json!({ "code": 0, "title": "It is not known whether this arrived.", "detail": detail })
}

/// As messages show it.
fn shown(stopped: &Value) -> Value {
    json!({ "code": stopped.get("code"), "title": stopped.get("title"), "detail": stopped.get("detail") })
}

/// The same token, and not so long ago.
fn still_stopped(stopped: &Value, token: Option<&SecretString>) -> bool {
    let at = stopped.get("at").and_then(|at| DateTime::<Utc>::deserialize(at).ok());
    let recent = at.is_some_and(|at| clock::now() - at < TRY_STOPPED);
    recent && stopped.get("token").and_then(Value::as_str) == token.map(fingerprint).as_deref()
}

/// Tells tokens apart without telling them.
fn fingerprint(token: &SecretString) -> String {
    let hash = Sha256::digest(token.expose_secret().as_bytes());
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
