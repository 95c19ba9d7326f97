//! An attachment's file as an answer: ranges, and headers under which nothing runs.

use super::store::Shown;
use crate::db::Tenant;
use crate::error::{Error, Result};
use crate::files::{Files, content_path, thumbnail_path};
use actix_web::body::SizedStream;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, Header as _, Range,
};
use actix_web::http::{StatusCode, header::HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use bytes::BytesMut;
use futures_util::TryStreamExt;

/// What browsers show in place: nothing of it can hold a script.
const SHOWN: [&str; 20] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/3gpp",
    "video/quicktime",
    "video/webm",
    "video/ogg",
    "audio/aac",
    "audio/amr",
    "audio/mpeg",
    "audio/mp4",
    "audio/m4a",
    "audio/x-m4a",
    "audio/ogg",
    "audio/opus",
    "audio/wav",
    "audio/webm",
    "audio/flac",
];
/// An hour in this browser only; a colleague who may see it no more asks again.
const CACHE: &str = "private, max-age=3600";
/// Largest small picture.
const MAX_THUMBNAIL: usize = 1024 * 1024;

/// The file or a range of it. None: the store has lost it.
pub(super) async fn content(
    files: &Files,
    tenant: Tenant,
    shown: &Shown,
    request: &HttpRequest,
    download: bool,
) -> Result<Option<HttpResponse>> {
    let (Some(file), Some(size), "ready") = (shown.file_id, shown.size, shown.state.as_str()) else {
        return Err(Error::NotFound);
    };
    let size = size.unsigned_abs();
    let tag = format!("\"{file}\"");
    if is_known(request, &tag) {
        return Ok(Some(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish()));
    }
    let range = match asked(request, size) {
        Asked::All => None,
        Asked::Part(first, last) => Some(first..last + 1),
        Asked::Outside => {
            let range = (header::CONTENT_RANGE, format!("bytes */{size}"));
            return Ok(Some(HttpResponse::RangeNotSatisfiable().insert_header(range).finish()));
        }
    };
    let Some(stream) = files.objects.get(&content_path(tenant, file), range.clone()).await? else {
        return Ok(None);
    };
    let kind = shown.mime_type.as_deref().unwrap_or("application/octet-stream");
    let mut response =
        HttpResponse::build(if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK });
    dress(&mut response, &tag);
    let inline = SHOWN.contains(&kind) && !download;
    response
        .content_type(if SHOWN.contains(&kind) { kind } else { "application/octet-stream" })
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header(disposition(inline, shown.file_name.as_deref()));
    let length = match &range {
        Some(range) => {
            response.insert_header((
                header::CONTENT_RANGE,
                format!("bytes {}-{}/{size}", range.start, range.end - 1),
            ));
            range.end - range.start
        }
        None => size,
    };
    Ok(Some(response.body(SizedStream::new(length, stream))))
}

pub(super) async fn thumbnail(
    files: &Files,
    tenant: Tenant,
    shown: &Shown,
    request: &HttpRequest,
) -> Result<HttpResponse> {
    let (Some(file), true, "ready") = (shown.file_id, shown.thumbnail, shown.state.as_str()) else {
        return Err(Error::NotFound);
    };
    let tag = format!("\"{file}-thumbnail\"");
    if is_known(request, &tag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    let mut stream = files.objects.get(&thumbnail_path(tenant, file), None).await?.ok_or(Error::NotFound)?;
    let mut bytes = BytesMut::new();
    while let Some(chunk) = stream.try_next().await.map_err(|error| Error::Unavailable(error.to_string()))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_THUMBNAIL {
            return Err(Error::internal("a small picture that is large"));
        }
    }
    let mut response = HttpResponse::Ok();
    dress(&mut response, &tag);
    let kind = if bytes.starts_with(b"RIFF") { "image/webp" } else { "image/jpeg" };
    Ok(response.content_type(kind).body(bytes.freeze()))
}

fn dress(response: &mut HttpResponseBuilder, tag: &str) {
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, CACHE))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        // Also keeps the answer from being compressed, which would spoil its ranges.
        .insert_header(header::ContentEncoding::Identity);
}

fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let known = request.headers().get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
    known.is_some_and(|known| known == tag.as_bytes())
}

/// The part of a file that is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    All,
    /// The first and the last byte.
    Part(u64, u64),
    Outside,
}

/// What can't be read counts as not asked for (RFC 9110).
fn asked(request: &HttpRequest, size: u64) -> Asked {
    if !request.headers().contains_key(header::RANGE) || request.headers().contains_key(header::IF_RANGE) {
        return Asked::All;
    }
    let Ok(Range::Bytes(specs)) = Range::parse(request) else { return Asked::All };
    match specs.first().cloned() {
        None => Asked::All,
        Some(spec) => {
            spec.to_satisfiable_range(size).map_or(Asked::Outside, |(first, last)| Asked::Part(first, last))
        }
    }
}

fn disposition(inline: bool, name: Option<&str>) -> ContentDisposition {
    let name = name.unwrap_or("file");
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) { c } else { '_' }).collect();
    ContentDisposition {
        disposition: if inline { DispositionType::Inline } else { DispositionType::Attachment },
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn ranges_are_read_or_ignored() {
        let of = |range: &str| {
            asked(&TestRequest::default().insert_header((header::RANGE, range)).to_http_request(), 100)
        };
        assert_eq!(of("bytes=0-9"), Asked::Part(0, 9));
        assert_eq!(of("bytes=90-"), Asked::Part(90, 99));
        assert_eq!(of("bytes=-10"), Asked::Part(90, 99));
        assert_eq!(of("bytes=95-500"), Asked::Part(95, 99));
        assert_eq!(of("bytes=0-9,20-29"), Asked::Part(0, 9));
        assert_eq!(of("bytes=100-"), Asked::Outside);
        for odd in ["bytes=x", "lines=1-2", "bytes", "bytes=9-0"] {
            assert_eq!(of(odd), Asked::All, "{odd}");
        }
        assert_eq!(asked(&TestRequest::default().to_http_request(), 100), Asked::All);
    }

    #[test]
    fn a_name_can_not_leave_its_header() {
        let text = disposition(false, Some("ä\"; x=\r\n.pdf")).to_string();
        assert!(text.starts_with("attachment; filename=\"_"), "{text}");
        assert!(!text.contains('\r') && !text.contains('\n') && text.matches('"').count() == 2, "{text}");
    }
}
