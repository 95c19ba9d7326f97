//! A message's file on its way to the platform, before the message itself.
//!
//! WhatsApp and Messenger take the bytes and give an id; Instagram takes an address, and fetches from there.

use super::lane::Context;
use super::model::{Due, DueFile};
use super::refusals::BAD_FILE;
use super::{media, store};
use crate::channels::{ChannelKind, Outcome, Upload, Uploaded};
use crate::db::Tx;
use crate::error::Result;
use crate::files::{self, content_path};
use crate::ids;
use crate::inbox;
use crate::jobs::{self, Failure, Job};
use secrecy::SecretString;
use serde_json::json;

/// Tries of handing a file over to a platform that answers, but not clearly.
const MOST_TRIES: i16 = 5;

/// The file that the platform has to have first.
pub(super) fn wanted(due: &Due) -> Option<&DueFile> {
    let by_id = matches!(due.channel_kind, ChannelKind::Whatsapp | ChannelKind::Messenger);
    due.file.as_ref().filter(|file| by_id && file.external_id.is_none())
}

impl Context {
    /// Gives a file an address for an hour, where the platform fetches it by itself.
    pub(super) async fn link(&self, tx: &Tx, due: &mut Due) -> Result<()> {
        let (ChannelKind::Instagram, Some(file)) = (due.channel_kind, &mut due.file) else { return Ok(()) };
        let token = ids::token();
        files::link(tx, file.file_id, &ids::token_hash(&token)).await?;
        let mut url = self.public_url.clone();
        url.set_path(&format!("/media/{token}"));
        file.link = Some(url.into());
        Ok(())
    }

    /// Hands the file over. What can't be handed over settles its message: as a refused send would, or, when the platform
    /// gives no clear answer, after some tries as failed.
    pub(super) async fn upload(
        &self,
        job: &Job,
        due: &Due,
        token: Option<&SecretString>,
    ) -> std::result::Result<(), Failure> {
        let (tenant, Some(file)) = (job.tenant(), &due.file) else { return Ok(()) };
        let Some(stream) = self.files.objects.get(&content_path(tenant, file.file_id), None).await? else {
            return self.not_handed_over(job, due, "failed", "The file is lost. Send it again.").await;
        };
        let upload = Upload {
            channel: due.channel_kind,
            account_id: &due.account_id,
            kind: media::word(&due.kind),
            file_name: &file.file_name,
            mime_type: &file.mime_type,
            size: file.size.unsigned_abs(),
        };
        match self.graph.upload(&upload, stream, token).await {
            Uploaded::Id(id) => {
                let write = self.log.begin(tenant, Some("outbox".to_owned())).await?;
                jobs::hold(&write, job).await?;
                store::uploaded(&write, file.attachment_id, &id).await?;
                Ok(write.commit().await.map(drop)?)
            }
            Uploaded::Refused(refusal) => {
                self.not_handed_over(job, due, "queued", "The platform did not take the file yet.").await?;
                let refused = Outcome::Refused(refusal);
                self.note_answer(due.channel_id, &refused);
                self.settle(tenant, due, 0, refused, token).await
            }
            Uploaded::Unreachable(cause) => {
                self.note_answer(due.channel_id, &Outcome::Unreachable(cause.clone()));
                self.not_handed_over(job, due, "queued", "The platform can't be reached.").await?;
                Err(Failure::Retry { error: cause, after: None })
            }
            Uploaded::Later(cause) if due.tries.saturating_add(1) < MOST_TRIES => {
                self.not_handed_over(job, due, "queued", "The platform did not take the file yet.").await?;
                Err(Failure::Retry { error: cause, after: None })
            }
            Uploaded::Later(cause) => {
                tracing::warn!(message = %due.id, cause, "a file can't be handed over");
                self.not_handed_over(job, due, "failed", BAD_FILE).await
            }
        }
    }

    /// Notes one try more, unless the lane is somebody else's by now: an upload may take longer than a lease.
    async fn not_handed_over(
        &self,
        job: &Job,
        due: &Due,
        status: &str,
        title: &str,
    ) -> std::result::Result<(), Failure> {
        let error = json!({ "code": 0, "title": title, "detail": null });
        let mut write = self.log.begin(job.tenant(), Some("outbox".to_owned())).await?;
        inbox::lock_conversation_of(&write, due.id).await?;
        jobs::hold(&write, job).await?;
        store::tried(&write, due.id).await?;
        if store::set(&write, due.id, status, Some(&error)).await? {
            inbox::tell(&mut write, &[due.id], false).await?;
        }
        Ok(write.commit().await.map(drop)?)
    }
}
