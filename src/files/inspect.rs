//! Looking at a file on disk: what it is, how large a picture, how long a sound.
//!
//! Blocking, bounded in memory by the crate `media`, and a few at a time ([`super::Files`]).

use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

const BUFFER: usize = 64 * 1024;

/// What a file is said to be.
#[derive(Debug, Clone, Default)]
pub struct Named {
    pub file_name: Option<String>,
    pub mime_type: Option<String>,
}

impl Named {
    /// Of a file whose form was changed: the old ending would be a lie.
    fn without_extension(&self) -> Self {
        let stem = self.file_name.as_deref().map(|name| name.rsplit_once('.').map_or(name, |(stem, _)| stem));
        Self { file_name: stem.map(str::to_owned), mime_type: None }
    }
}

/// What can be shown of a file before it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub duration_ms: Option<i32>,
    pub peaks: Vec<u8>,
    /// There is a small picture of it.
    pub thumbnail: bool,
}

/// A file that was looked at.
#[derive(Debug)]
pub(super) struct Looked {
    pub file_name: String,
    pub mime_type: String,
    pub size: i64,
    pub sha256: Vec<u8>,
    pub picture: Picture,
    pub thumbnail: Option<Vec<u8>>,
    /// At its beginning; not the one that was given where that was changed.
    pub file: File,
}

/// A file as a colleague uploads it: a picture without its metadata, a recording in a form that platforms take.
pub(super) fn uploaded(file: File, named: &Named, scratch: &Path) -> Result<Looked> {
    let mime_type = sniff(&file, named)?;
    let mut changed = tempfile::tempfile_in(scratch).map_err(failed)?;
    let file = match mime_type {
        "image/jpeg" | "image/png" | "image/webp" => {
            match media::strip(&file, mime_type, &mut changed).map_err(refused)? {
                media::Strip::Stripped => changed,
                media::Strip::Unchanged => file,
            }
        }
        "audio/webm" => match media::voice_note(&file, mime_type, &mut changed).map_err(refused)? {
            media::VoiceNote::Remuxed { .. } => return look(changed, &named.without_extension()),
            media::VoiceNote::Ready | media::VoiceNote::OtherCodec => file,
        },
        _ => file,
    };
    look(file, named)
}

/// A file as it came.
pub(super) fn fetched(file: File, named: &Named) -> Result<Looked> {
    look(file, named)
}

/// What a file is by its first bytes.
fn sniff(mut file: &File, named: &Named) -> Result<&'static str> {
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut head = Vec::new();
    file.take(media::HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok(media::sniff(&head, named.file_name.as_deref(), named.mime_type.as_deref()))
}

fn look(file: File, named: &Named) -> Result<Looked> {
    let mime_type = sniff(&file, named)?;
    let look = media::look(&file, mime_type);
    let (size, sha256) = sum(&file)?;
    let number = |value: Option<u32>| value.and_then(|value| i32::try_from(value).ok());
    Ok(Looked {
        file_name: media::safe_file_name(named.file_name.as_deref().unwrap_or_default(), mime_type),
        mime_type: mime_type.to_owned(),
        size,
        sha256,
        picture: Picture {
            width: number(look.width),
            height: number(look.height),
            duration_ms: look.duration_ms.and_then(|ms| i32::try_from(ms).ok()),
            peaks: look.peaks,
            thumbnail: look.thumbnail.is_some(),
        },
        thumbnail: look.thumbnail.map(|thumbnail| thumbnail.bytes),
        file,
    })
}

/// Size and hash; the file is at its beginning afterwards.
fn sum(mut file: &File) -> Result<(i64, Vec<u8>)> {
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; BUFFER]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        size += read;
    }
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok((i64::try_from(size).map_err(Error::internal)?, hash.finalize().to_vec()))
}

fn failed(error: std::io::Error) -> Error {
    Error::Unavailable(format!("files: {error}"))
}

/// A picture whose metadata can't be taken out is not taken in.
fn refused(error: media::Error) -> Error {
    match error {
        media::Error::Broken(problem) => {
            Error::invalid("file", "damaged", format!("The file is damaged: {problem}."))
        }
        media::Error::Io(error) => failed(error),
    }
}
