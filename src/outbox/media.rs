//! Which files a channel takes, and as what. Pure.
//!
//! Source: the platforms' lists of media types and sizes (WhatsApp Cloud API, section "Media"; Send API of Messenger and
//! Instagram).

use super::model::Part;
use crate::channels::ChannelKind;
use crate::error::{Error, Result};
use crate::files::{File, FileKind};

const MB: i64 = 1024 * 1024;
/// Characters of a caption at WhatsApp; a longer text goes as a message of its own.
const MAX_CAPTION: usize = 1_024;

/// As what a file is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Plain,
    Voice,
    Sticker,
}

/// What a file becomes on a channel: the message's kind.
pub fn kind(channel: ChannelKind, file: &File, form: Form) -> Result<&'static str> {
    let mime = file.mime_type.as_str();
    match channel {
        ChannelKind::Whatsapp => whatsapp(file, form),
        _ if form == Form::Sticker => Err(unsupported("Only WhatsApp takes pictures as stickers.")),
        ChannelKind::Messenger if file.size > 25 * MB => Err(too_large("Messenger takes files up to 25 MB.")),
        ChannelKind::Messenger => Ok(file.kind.as_str()),
        ChannelKind::Instagram => match file.kind {
            FileKind::Image if !matches!(mime, "image/jpeg" | "image/png" | "image/gif") => {
                Err(unsupported("Instagram takes pictures as JPEG, PNG or GIF."))
            }
            FileKind::Image if file.size > 8 * MB => Err(too_large("Instagram takes pictures up to 8 MB.")),
            FileKind::Document if mime != "application/pdf" => {
                Err(unsupported("Of documents Instagram takes PDF only."))
            }
            _ if file.size > 25 * MB => Err(too_large("Instagram takes files up to 25 MB.")),
            kind => Ok(kind.as_str()),
        },
        ChannelKind::LeadAds | ChannelKind::Website => {
            Err(unsupported("Nothing can be sent on this channel."))
        }
    }
}

/// What is no picture, film or sound for WhatsApp goes as a document: nothing is refused that some form can carry.
fn whatsapp(file: &File, form: Form) -> Result<&'static str> {
    let voice = form == Form::Voice;
    if form == Form::Sticker {
        return sticker(file);
    }
    let is_image = matches!(file.mime_type.as_str(), "image/jpeg" | "image/png");
    let is_video = matches!(file.mime_type.as_str(), "video/mp4" | "video/3gpp");
    let sounds = ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"];
    let is_sound = sounds.contains(&file.mime_type.as_str());
    if voice && file.mime_type != "audio/ogg" {
        return Err(unsupported("A voice note for WhatsApp is recorded as Ogg with Opus."));
    }
    Ok(match file.size {
        _ if voice && file.size > 16 * MB => {
            return Err(too_large("WhatsApp takes voice notes up to 16 MB."));
        }
        _ if voice => "voice",
        size if is_image && size <= 5 * MB => "image",
        size if is_video && size <= 16 * MB => "video",
        size if is_sound && size <= 16 * MB => "audio",
        _ => "document",
    })
}

/// Whether it moves is not looked at: the larger limit counts, and WhatsApp has the last word.
fn sticker(file: &File) -> Result<&'static str> {
    if file.mime_type != "image/webp" {
        return Err(unsupported("A sticker is a WebP picture of 512 by 512 pixels."));
    }
    if file.size > 500 * 1024 {
        return Err(too_large("A sticker has at most 100 KB, an animated one 500 KB."));
    }
    Ok("sticker")
}

/// Rows for a text and files, in order: the text is the first file's caption where there can be one, else it goes before.
pub fn parts(
    channel: Option<ChannelKind>,
    text: Option<&str>,
    files: Vec<(&'static str, File)>,
) -> Vec<Part> {
    let captioned = files.first().is_some_and(|(kind, _)| match channel {
        // A note for colleagues.
        None => true,
        Some(ChannelKind::Whatsapp) => {
            matches!(*kind, "image" | "video" | "document")
                && text.is_some_and(|text| text.chars().count() <= MAX_CAPTION)
        }
        Some(_) => false,
    });
    let mut text = text.map(str::to_owned);
    let mut parts = Vec::new();
    if (!captioned || files.is_empty()) && text.is_some() {
        parts.push(Part { kind: "text", text: text.take(), file: None, extra: None });
    }
    for (kind, file) in files {
        parts.push(Part { kind, text: text.take(), file: Some(file), extra: None });
    }
    parts
}

/// Messenger's and Instagram's word for a kind.
pub fn word(kind: &str) -> &'static str {
    match kind {
        "image" => "image",
        "video" => "video",
        "audio" | "voice" => "audio",
        _ => "file",
    }
}

fn too_large(detail: &str) -> Error {
    Error::invalid("attachments", "too_large", detail)
}

fn unsupported(detail: &str) -> Error {
    Error::invalid("attachments", "unsupported", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn file(mime_type: &str, size: i64) -> File {
        File {
            id: Uuid::nil(),
            file_name: None,
            kind: FileKind::of(mime_type),
            mime_type: mime_type.to_owned(),
            size,
            received: size,
            state: "ready".to_owned(),
            part_size: 1,
            width: None,
            height: None,
            duration_ms: None,
            peaks: Vec::new(),
        }
    }

    fn of(
        channel: ChannelKind,
        mime_type: &str,
        megabytes: i64,
    ) -> std::result::Result<&'static str, &'static str> {
        kind(channel, &file(mime_type, megabytes * MB), Form::Plain).map_err(|error| match error {
            Error::Invalid(errors) => errors.first().map_or("none", |error| error.code),
            _ => "other",
        })
    }

    #[test]
    fn whatsapp_takes_everything_in_some_form() {
        let of = |mime, size| of(ChannelKind::Whatsapp, mime, size);
        assert_eq!((of("image/jpeg", 5), of("image/jpeg", 6)), (Ok("image"), Ok("document")));
        assert_eq!((of("image/webp", 1), of("video/mp4", 16)), (Ok("document"), Ok("video")));
        assert_eq!((of("video/quicktime", 1), of("audio/ogg", 1)), (Ok("document"), Ok("audio")));
        assert_eq!(of("application/pdf", 99), Ok("document"));
        assert_eq!(kind(ChannelKind::Whatsapp, &file("audio/ogg", 1), Form::Voice).ok(), Some("voice"));
        assert!(kind(ChannelKind::Whatsapp, &file("audio/mp4", 1), Form::Voice).is_err());
        let sticker = |mime, size| kind(ChannelKind::Whatsapp, &file(mime, size), Form::Sticker).ok();
        assert_eq!((sticker("image/webp", 1), sticker("image/webp", MB)), (Some("sticker"), None));
        assert_eq!(sticker("image/png", 1), None);
        assert!(kind(ChannelKind::Messenger, &file("image/webp", 1), Form::Sticker).is_err());
    }

    #[test]
    fn messenger_and_instagram_have_limits() {
        assert_eq!(of(ChannelKind::Messenger, "application/zip", 25), Ok("document"));
        assert_eq!(of(ChannelKind::Messenger, "video/mp4", 26), Err("too_large"));
        assert_eq!(of(ChannelKind::Instagram, "image/webp", 1), Err("unsupported"));
        assert_eq!(of(ChannelKind::Instagram, "image/png", 9), Err("too_large"));
        assert_eq!(of(ChannelKind::Instagram, "application/zip", 1), Err("unsupported"));
        assert_eq!(of(ChannelKind::Instagram, "application/pdf", 1), Ok("document"));
        assert_eq!(of(ChannelKind::Website, "image/png", 1), Err("unsupported"));
    }

    #[test]
    fn a_text_is_a_caption_where_there_can_be_one() {
        let rows =
            |channel, text: Option<&str>, kinds: &[&'static str]| -> Vec<(&'static str, Option<String>)> {
                let files = kinds.iter().map(|kind| (*kind, file("image/png", 1))).collect();
                parts(channel, text, files).into_iter().map(|part| (part.kind, part.text)).collect()
            };
        let hi = Some("Hi".to_owned());
        let whatsapp = Some(ChannelKind::Whatsapp);
        assert_eq!(rows(whatsapp, Some("Hi"), &["image", "image"]), [("image", hi.clone()), ("image", None)]);
        assert_eq!(rows(whatsapp, Some("Hi"), &["voice"]), [("text", hi.clone()), ("voice", None)]);
        assert_eq!(
            rows(Some(ChannelKind::Messenger), Some("Hi"), &["image"]),
            [("text", hi.clone()), ("image", None)]
        );
        assert_eq!(rows(None, Some("Hi"), &["document"]), [("document", hi.clone())]);
        assert_eq!(rows(whatsapp, Some("Hi"), &[]), [("text", hi)]);
        let long = "x".repeat(MAX_CAPTION + 1);
        assert_eq!(rows(whatsapp, Some(&long), &["image"]).len(), 2);
    }
}
