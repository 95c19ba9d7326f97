//! Files: where those that people send are, and handing over ours.

use super::send::{Refusal, refusal_of};
use super::{Graph, GraphError, MAX_ANSWER};
use crate::channels::ChannelKind;
use crate::secrets::Platform;
use futures_util::Stream;
use reqwest::multipart::{Form, Part};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// Time of an upload beside that of its bytes, and bytes a second of a slow line.
const PATIENCE: Duration = Duration::from_secs(20);
const SLOW: u64 = 128 * 1024;

/// A file of WhatsApp, as Graph tells of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Media {
    /// Lives for five minutes.
    pub url: String,
}

/// A file of ours on its way to a platform.
pub struct Upload<'a> {
    pub channel: ChannelKind,
    pub account_id: &'a str,
    /// `image`, `video`, `audio`, `file`: Messenger's word.
    pub kind: &'a str,
    pub file_name: &'a str,
    pub mime_type: &'a str,
    pub size: u64,
}

/// What became of an upload. Repeated, it is only uploaded twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uploaded {
    /// The platform's id of it.
    Id(String),
    Refused(Refusal),
    /// The platform gave no clear answer, for a reason.
    Later(String),
    /// Nobody was reached.
    Unreachable(String),
}

impl Graph {
    /// Where a file of WhatsApp is to be had.
    pub async fn media(&self, id: &str, token: Option<&SecretString>) -> Result<Media, GraphError> {
        let answer = self.get(&self.graph, &[id], &[], token).await?;
        Media::deserialize(&answer)
            .map_err(|_| GraphError::Later { cause: "media without an address".to_owned(), after: None })
    }

    /// Fresh links to the files of a message of Messenger or Instagram, in their order (M).
    pub async fn attachment_links(
        &self,
        platform: Platform,
        message: &str,
        token: &SecretString,
    ) -> Result<Vec<String>, GraphError> {
        let base = if platform == Platform::Instagram { &self.instagram } else { &self.graph };
        let answer = self.get(base, &[message], &[("fields", "attachments")], Some(token)).await?;
        let items = answer.pointer("/attachments/data").and_then(Value::as_array);
        let link = |item: &Value| {
            let places = ["/image_data/url", "/video_data/url", "/audio_data/url", "/file_url"];
            let found = places.into_iter().find_map(|place| item.pointer(place)?.as_str());
            found.unwrap_or_default().to_owned()
        };
        Ok(items.into_iter().flatten().map(link).collect())
    }

    /// Hands a file over, to be sent by its id afterwards: WhatsApp and Messenger.
    pub async fn upload<S>(&self, upload: &Upload<'_>, bytes: S, token: Option<&SecretString>) -> Uploaded
    where
        S: Stream<Item = Result<bytes::Bytes, object_store::Error>> + Send + 'static,
    {
        let later = |error: reqwest::Error| match error.is_connect() {
            true => Uploaded::Unreachable(error.without_url().to_string()),
            false => Uploaded::Later(error.without_url().to_string()),
        };
        let part = Part::stream_with_length(reqwest::Body::wrap_stream(bytes), upload.size)
            .file_name(upload.file_name.to_owned())
            .mime_str(upload.mime_type);
        let part = match part {
            Ok(part) => part,
            Err(error) => return later(error),
        };
        let (edge, form) = form(upload, part);
        let mut url = self.graph.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(&self.version).push(upload.account_id).push(edge);
        }
        let mut request =
            self.http.post(url).multipart(form).timeout(PATIENCE + Duration::from_secs(upload.size / SLOW));
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) => return later(error),
        };
        let status = response.status();
        let after = super::retry_after(&response);
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER => body.extend_from_slice(&chunk),
                Ok(Some(_)) => return Uploaded::Later("the answer is too large".to_owned()),
                Ok(None) => break,
                Err(error) => return later(error),
            }
        }
        if !status.is_success() {
            return match refusal_of(status, &body, after) {
                Some(refusal) => Uploaded::Refused(refusal),
                None => Uploaded::Later(format!("HTTP {}", status.as_u16())),
            };
        }
        let answer: Value = webhooks::read_json(&body).unwrap_or_default();
        let id = answer.get("id").or_else(|| answer.get("attachment_id")).and_then(Value::as_str);
        id.map_or_else(
            || Uploaded::Later("uploaded without an id".to_owned()),
            |id| Uploaded::Id(id.to_owned()),
        )
    }
}

/// Where a file is posted, and in which form.
fn form(upload: &Upload<'_>, part: Part) -> (&'static str, Form) {
    match upload.channel {
        ChannelKind::Whatsapp => {
            let form = Form::new().text("messaging_product", "whatsapp");
            ("media", form.text("type", upload.mime_type.to_owned()).part("file", part))
        }
        _ => {
            let kind = serde_json::json!({
                "attachment": { "type": upload.kind, "payload": { "is_reusable": true } }
            });
            ("message_attachments", Form::new().text("message", kind.to_string()).part("filedata", part))
        }
    }
}
