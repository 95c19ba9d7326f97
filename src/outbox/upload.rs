//! A message's file on its way to the platform, before the message itself.
//!
//! WhatsApp and Messenger take the bytes and give an id; Instagram takes an address, and fetches from there.

use super::lane::Context;
use super::model::{Due, DueFile};
use super::{media, store};
use crate::channels::{ChannelKind, Outcome, Upload, Uploaded};
use crate::db::{Tenant, Tx};
use crate::error::Result;
use crate::files::{self, content_path};
use crate::ids;
use crate::jobs::Failure;
use secrecy::SecretString;
use serde_json::json;

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

    /// Hands the file over. What can't be handed over settles its message as a refused or unreachable send would.
    pub(super) async fn upload(
        &self,
        tenant: Tenant,
        due: &Due,
        token: Option<&SecretString>,
    ) -> std::result::Result<(), Failure> {
        let Some(file) = &due.file else { return Ok(()) };
        let Some(stream) = self.files.objects.get(&content_path(tenant, file.file_id), None).await? else {
            let error = json!({ "code": 0, "title": "The file is lost. Send it again.", "detail": null });
            return self.mark(tenant, due, "failed", Some(&error)).await;
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
                store::uploaded(&write, file.attachment_id, &id).await?;
                Ok(write.commit().await.map(drop)?)
            }
            Uploaded::Refused(refusal) => {
                let write = self.log.begin(tenant, Some("outbox".to_owned())).await?;
                store::tried(&write, due.id).await?;
                write.commit().await?;
                self.settle(tenant, due, 0, Outcome::Refused(refusal), token).await
            }
            Uploaded::Later(cause) => {
                let outcome = Outcome::Unreachable(cause);
                self.note_answer(due.channel_id, &outcome);
                self.settle(tenant, due, 0, outcome, token).await
            }
        }
    }
}
