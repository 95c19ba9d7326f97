//! What is written, what is due, and their rules. Pure.

use super::content::{Content, NewButton, NewContact, NewList, NewLocation};
use super::media::{self, Form};
use super::pace::Load;
use super::refusals::Tries;
use crate::channels::ChannelKind;
use crate::error::{Error, Result};
use crate::files::File;
use crate::inbox::{Sending, SendingMode};
use crate::templates::{Filled, Template};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a note.
const MAX_NOTE: usize = 10_000;
/// Characters of a client's own id.
const MAX_CLIENT_ID: usize = 64;
/// Files of one order.
const MAX_FILES: usize = 10;
/// Colleagues whom a note names.
const MAX_MENTIONS: usize = 20;
/// How far ahead a message may be scheduled.
const MAX_AHEAD: TimeDelta = TimeDelta::days(366);

/// A message as a colleague writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// Chosen by whom sends, 1 to 64 characters: the same one again is the same message.
    pub client_id: String,
    /// WhatsApp: 4,096 characters. Messenger: 2,000. Instagram: 1,000 bytes of UTF-8. A note: 10,000 characters.
    pub text: Option<String>,
    /// A note for colleagues, never sent.
    #[serde(default)]
    pub internal: bool,
    /// Of a note: ids of colleagues whom it names, at most 20 and each once. They are told.
    #[serde(default)]
    pub mentions: Vec<Uuid>,
    /// Uploads of one's own, ready, at most 10 and each once; with several there is a message for each, in order, and
    /// the first one is answered. A text is the first one's caption where the channel has captions, else it goes before.
    #[serde(default)]
    pub attachments: Vec<Uuid>,
    /// The one attachment is a recording, to go as a voice note.
    #[serde(default)]
    pub voice: bool,
    /// The one attachment is a WebP picture, to go as a sticker (WhatsApp): at most 100 KB, animated 500 KB.
    #[serde(default)]
    pub sticker: bool,
    /// In the place of a text: a point on the map.
    pub location: Option<NewLocation>,
    /// In the place of a text: contact cards.
    pub contacts: Option<Vec<NewContact>>,
    /// Below the text: answers to tap. WhatsApp: at most 3, Messenger and Instagram: 13.
    pub buttons: Option<Vec<NewButton>>,
    /// Below the text: a menu that opens.
    pub list: Option<NewList>,
    /// In the place of a text: a template that WhatsApp has approved. It may be sent at any time.
    pub template: Option<TemplateUse>,
    /// A message of this conversation that is answered.
    pub reply_to: Option<Uuid>,
    /// Not to be sent before; within a year.
    pub send_at: Option<DateTime<Utc>>,
    /// Though the platform's window is closed: what it refuses then becomes `failed`.
    #[serde(default)]
    pub override_window: bool,
    /// The newest message that the writer has seen: a colleague's reply after it is 409 `newer_reply`.
    pub seen_message_id: Option<Uuid>,
}

/// A template, filled in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateUse {
    pub id: Uuid,
    /// A value for each of the template's parameters, by its key: a text, or `{"file_id": …}` for a file.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub parameters: BTreeMap<String, Value>,
}

/// One row of what was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub kind: &'static str,
    pub text: Option<String>,
    pub file: Option<File>,
    /// What only some kinds have, as the message shows it.
    pub extra: Option<Value>,
}

/// What a conversation lets be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub channel_id: Uuid,
    pub channel_kind: ChannelKind,
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// The customer wants no marketing.
    pub opted_out: bool,
}

/// A message whose turn it is, with all that the call needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    pub id: Uuid,
    pub kind: String,
    pub text: Option<String>,
    pub file: Option<DueFile>,
    /// What only some kinds have.
    pub extra: Value,
    /// The customer wants no marketing.
    pub opted_out: bool,
    pub attempts: i16,
    pub tries: i16,
    pub override_window: bool,
    pub reply_to_external_id: Option<String>,
    pub channel_id: Uuid,
    pub channel_kind: ChannelKind,
    pub account_id: String,
    /// Why the channel sends nothing.
    pub stopped: Option<Value>,
    pub last_inbound_at: Option<DateTime<Utc>>,
    pub group_external_id: Option<String>,
    /// The customer's number, PSID or IGSID.
    pub recipient: Option<String>,
    pub recipient_bsuid: Option<String>,
}

impl Due {
    pub fn tries_with_this(&self) -> Tries {
        Tries { faults: self.tries.saturating_add(1), all: self.attempts.saturating_add(1) }
    }

    pub fn load(&self, conversation: Uuid) -> Load {
        let heavy = matches!(self.kind.as_str(), "audio" | "voice" | "video");
        Load { channel: self.channel_id, conversation, kind: self.channel_kind, heavy }
    }
}

/// The other side of a conversation, for what is no message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub channel_id: Uuid,
    pub channel_kind: ChannelKind,
    pub account_id: String,
    pub stopped: bool,
    pub last_inbound_at: Option<DateTime<Utc>>,
    pub group_external_id: Option<String>,
    /// The customer's number, PSID or IGSID.
    pub recipient: Option<String>,
    pub recipient_bsuid: Option<String>,
    /// The newest message of theirs that the team has read.
    pub heard: Option<String>,
}

/// The file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueFile {
    pub attachment_id: Uuid,
    pub file_id: Uuid,
    pub file_name: String,
    pub mime_type: String,
    pub size: i64,
    /// The platform's id of it, while that lives.
    pub external_id: Option<String>,
    /// Where the platform may fetch it, for this call.
    pub link: Option<String>,
}

impl NewMessage {
    /// The client's own id: something that can be looked for.
    pub fn check_client_id(&self) -> Result<()> {
        if self.client_id.is_empty() || self.client_id.chars().count() > MAX_CLIENT_ID {
            return Err(Error::invalid("client_id", "length", "`client_id` has 1 to 64 characters."));
        }
        if self.client_id.chars().any(char::is_control) {
            return Err(Error::invalid("client_id", "invalid", "`client_id` is one line of text."));
        }
        Ok(())
    }

    /// Before anybody is looked up.
    pub fn check_mentions(&self) -> Result<()> {
        if !self.internal && !self.mentions.is_empty() {
            return Err(Error::invalid("mentions", "invalid", "Colleagues are named in notes only."));
        }
        let distinct: HashSet<Uuid> = self.mentions.iter().copied().collect();
        if distinct.len() != self.mentions.len() || distinct.len() > MAX_MENTIONS {
            let detail = format!("`mentions` has at most {MAX_MENTIONS} colleagues, each once.");
            return Err(Error::invalid("mentions", "length", detail));
        }
        Ok(())
    }

    /// The rows to keep: acceptable for the channel at this moment. `files` are those of `attachments` that were found.
    pub fn parts(&self, place: &Place, files: Vec<File>, now: DateTime<Utc>) -> Result<Vec<Part>> {
        let text = self.text.as_deref().filter(|text| !text.trim().is_empty());
        let content = self.content()?;
        if text.is_none() && self.attachments.is_empty() && content.is_none() {
            return Err(Error::invalid("text", "required", "There is nothing to send."));
        }
        if text.is_some_and(|text| text.contains('\0')) {
            let detail = "`text` has a character that can't be kept (U+0000).";
            return Err(Error::invalid("text", "invalid", detail));
        }
        let files = self.files(files)?;
        if self.internal {
            within(text.unwrap_or_default().chars().count(), MAX_NOTE, "characters")?;
            let files = files.into_iter().map(|file| (file.kind.as_str(), file)).collect();
            return Ok(media::parts(None, text, files));
        }
        self.check_time(now)?;
        check_length(place.channel_kind, text.unwrap_or_default())?;
        let files = files
            .into_iter()
            .map(|file| Ok((media::kind(place.channel_kind, &file, self.form())?, file)))
            .collect::<Result<Vec<_>>>()?;
        let extra = content.as_ref().map(|content| content.checked(place.channel_kind, text)).transpose()?;
        let at = self.send_at.unwrap_or(now);
        let sending = Sending::at(at, place.channel_kind.as_str(), place.last_inbound_at);
        if sending.takes_text() || self.override_window {
            Ok(match (content, extra) {
                (Some(content), Some(extra)) => {
                    let (kind, text) = (content.kind(), text.map(str::to_owned));
                    vec![Part { kind, text, file: None, extra: Some(extra) }]
                }
                _ => media::parts(Some(place.channel_kind), text, files),
            })
        } else {
            Err(outside(sending.mode))
        }
    }

    /// The row of a template. `file` is the one of its header.
    pub fn template_part(
        &self,
        template: &Template,
        filled: Filled,
        file: Option<File>,
        now: DateTime<Utc>,
    ) -> Result<Part> {
        self.check_time(now)?;
        let kind =
            file.as_ref().map(|file| media::kind(ChannelKind::Whatsapp, file, Form::Plain)).transpose()?;
        let wanted = template.parameters.iter().map(|parameter| parameter.kind).find(|kind| kind.is_file());
        if let (Some(kind), Some(wanted)) = (kind, wanted)
            && kind != wanted.word()
        {
            let detail = format!("The header of this template is of the kind `{}`.", wanted.word());
            return Err(Error::invalid("template", "unsupported", detail));
        }
        let shown = json!({ "template": {
            "id": template.id, "name": template.name, "language": template.language,
            "category": template.category, "components": filled.components,
        } });
        Ok(Part { kind: "template", text: Some(filled.text), file, extra: Some(shown) })
    }

    fn form(&self) -> Form {
        match (self.voice, self.sticker) {
            (true, _) => Form::Voice,
            (_, true) => Form::Sticker,
            _ => Form::Plain,
        }
    }

    /// What the message is beside its text: one thing at most.
    fn content(&self) -> Result<Option<Content<'_>>> {
        let mut all = Vec::new();
        all.extend(self.location.as_ref().map(Content::Location));
        all.extend(self.contacts.as_deref().map(Content::Contacts));
        all.extend(self.buttons.as_deref().map(Content::Buttons));
        all.extend(self.list.as_ref().map(Content::List));
        let alone = self.attachments.is_empty() && !self.internal;
        match (all.len(), alone) {
            (0, _) => Ok(None),
            (1, true) => Ok(all.pop()),
            _ => {
                let detail = "A message is one thing: a place, contacts, buttons, a list, or files.";
                Err(Error::invalid("text", "invalid", detail))
            }
        }
    }

    /// A template stands alone, on a channel that has them.
    pub fn check_template(&self, place: &Place) -> Result<()> {
        let alone = self.text.is_none() && self.attachments.is_empty() && !self.internal;
        if !alone || self.content()?.is_some() {
            return Err(Error::invalid("template", "invalid", "A template is sent without anything else."));
        }
        if place.channel_kind != ChannelKind::Whatsapp {
            return Err(Error::invalid("template", "unsupported", "Only WhatsApp has templates."));
        }
        Ok(())
    }

    /// Before anything is looked up.
    pub fn check_attachments(&self) -> Result<()> {
        let distinct: HashSet<Uuid> = self.attachments.iter().copied().collect();
        if distinct.len() != self.attachments.len() || distinct.len() > MAX_FILES {
            let detail = "`attachments` has at most 10 files, each once.";
            return Err(Error::invalid("attachments", "length", detail));
        }
        if (self.voice || self.sticker) && (self.attachments.len() != 1 || self.voice == self.sticker) {
            return Err(Error::invalid("attachments", "invalid", "A voice note or a sticker is one file."));
        }
        Ok(())
    }

    /// The files in the order that was asked for.
    fn files(&self, mut found: Vec<File>) -> Result<Vec<File>> {
        let mut files = Vec::new();
        for id in &self.attachments {
            let place = found.iter().position(|file| file.id == *id);
            let file = place.map(|place| found.swap_remove(place)).ok_or_else(|| {
                Error::invalid("attachments", "unknown", "There is no such upload of yours.")
            })?;
            if !file.is_ready() {
                return Err(Error::invalid("attachments", "uploading", "A file is not here yet."));
            }
            files.push(file);
        }
        Ok(files)
    }

    fn check_time(&self, now: DateTime<Utc>) -> Result<()> {
        match self.send_at {
            Some(at) if at <= now => {
                Err(Error::invalid("send_at", "invalid", "`send_at` is a time in the future."))
            }
            Some(at) if at > now + MAX_AHEAD => {
                Err(Error::invalid("send_at", "invalid", "`send_at` is at most a year ahead."))
            }
            _ => Ok(()),
        }
    }
}

fn check_length(channel: ChannelKind, text: &str) -> Result<()> {
    match channel {
        ChannelKind::Whatsapp => within(text.chars().count(), 4_096, "characters"),
        ChannelKind::Messenger => within(text.chars().count(), 2_000, "characters"),
        ChannelKind::Instagram => within(text.len(), 1_000, "bytes of UTF-8"),
        ChannelKind::LeadAds | ChannelKind::Website => {
            Err(Error::invalid("text", "unsupported", "Nothing can be sent on this channel."))
        }
    }
}

fn within(length: usize, most: usize, what: &str) -> Result<()> {
    if length <= most {
        return Ok(());
    }
    Err(Error::invalid(
        "text",
        "too_long",
        format!("The text has {length} {what}; {most} are the most here."),
    ))
}

fn outside(mode: SendingMode) -> Error {
    let detail = match mode {
        SendingMode::Template => {
            "The customer has not written in the last 24 hours. WhatsApp then takes templates only."
        }
        _ => {
            "The customer last wrote more than 7 days ago. The platform takes nothing until they write again."
        }
    };
    let alternatives: &[&str] = match mode {
        SendingMode::Template => &["template", "override"],
        _ => &["override"],
    };
    Error::OutsideWindow { detail, alternatives }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> NewMessage {
        NewMessage {
            client_id: "c".to_owned(),
            text: Some(text.to_owned()),
            internal: false,
            mentions: Vec::new(),
            attachments: Vec::new(),
            voice: false,
            sticker: false,
            location: None,
            contacts: None,
            buttons: None,
            list: None,
            template: None,
            reply_to: None,
            send_at: None,
            override_window: false,
            seen_message_id: None,
        }
    }

    fn place(channel_kind: ChannelKind, hours: i64) -> Place {
        Place {
            channel_id: Uuid::nil(),
            channel_kind,
            last_inbound_at: Some(now() - TimeDelta::hours(hours)),
            opted_out: false,
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(1_000)
    }

    fn refused(message: &NewMessage, place: &Place) -> Option<&'static str> {
        match message.parts(place, Vec::new(), now()) {
            Ok(_) => None,
            Err(Error::Invalid(errors)) => errors.first().map(|error| error.code),
            Err(error) => Some(error.code()),
        }
    }

    #[test]
    fn the_channels_lengths_hold() {
        let limit = |kind, text: &str| refused(&message(text), &place(kind, 1));
        assert_eq!(limit(ChannelKind::Whatsapp, &"ä".repeat(4_096)), None);
        assert_eq!(limit(ChannelKind::Whatsapp, &"ä".repeat(4_097)), Some("too_long"));
        assert_eq!(limit(ChannelKind::Messenger, &"x".repeat(2_001)), Some("too_long"));
        assert_eq!(limit(ChannelKind::Instagram, &"ä".repeat(500)), None);
        assert_eq!(limit(ChannelKind::Instagram, &"ä".repeat(501)), Some("too_long"));
        assert_eq!(limit(ChannelKind::Website, "x"), Some("unsupported"));
        assert_eq!(limit(ChannelKind::Whatsapp, " \n"), Some("required"));
        assert_eq!(limit(ChannelKind::Whatsapp, "a\0"), Some("invalid"));
    }

    #[test]
    fn a_closed_window_is_refused_unless_overridden() {
        assert_eq!(refused(&message("x"), &place(ChannelKind::Whatsapp, 25)), Some("outside_window"));
        assert_eq!(refused(&message("x"), &place(ChannelKind::Messenger, 25)), None, "a person may");
        assert_eq!(refused(&message("x"), &place(ChannelKind::Messenger, 8 * 24)), Some("outside_window"));
        let anyway = NewMessage { override_window: true, ..message("x") };
        assert_eq!(refused(&anyway, &place(ChannelKind::Whatsapp, 25)), None);
        let later = NewMessage { send_at: Some(now() + TimeDelta::hours(2)), ..message("x") };
        assert_eq!(
            refused(&later, &place(ChannelKind::Whatsapp, 23)),
            Some("outside_window"),
            "closed by then"
        );
        let note = NewMessage { internal: true, ..message("x") };
        assert_eq!(refused(&note, &place(ChannelKind::Website, 999)), None);
    }

    #[test]
    fn scheduled_is_ahead_but_not_far() {
        let at = |hours| NewMessage { send_at: Some(now() + TimeDelta::hours(hours)), ..message("x") };
        assert_eq!(refused(&at(0), &place(ChannelKind::Messenger, 1)), Some("invalid"));
        assert_eq!(refused(&at(1), &place(ChannelKind::Messenger, 1)), None);
        assert_eq!(refused(&at(24 * 400), &place(ChannelKind::Messenger, 1)), Some("invalid"));
    }
}
