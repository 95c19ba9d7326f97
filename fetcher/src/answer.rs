//! What the head of an answer means.

use crate::error::{FetchError, Refusal, Trouble};
use reqwest::header::{self, HeaderName};
use reqwest::{Response, StatusCode};
use std::str::FromStr;
use std::time::Duration;

/// A longer patience than this is not ours, whatever the server asks for.
const MAX_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);
/// Characters of a type, as RFC 6838 allows them with one more for each half.
const MAX_MIME_TYPE: usize = 255;

pub(crate) enum Answer {
    Body,
    Elsewhere(String),
}

pub(crate) fn judge(response: &Response) -> Result<Answer, FetchError> {
    match response.status() {
        StatusCode::OK => body(response),
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::SEE_OTHER
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => match text(response, header::LOCATION) {
            Some(location) => Ok(Answer::Elsewhere(location.to_owned())),
            None => Err(Refusal::Nowhere.into()),
        },
        StatusCode::UNAUTHORIZED => Err(FetchError::Unauthorized),
        // The platforms' stores answer 403 to a link whose signature has run out.
        status @ (StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE) => {
            Err(FetchError::Gone { status: status.as_u16() })
        }
        status if status.is_server_error() || passes(status) => Err(FetchError::Later {
            cause: Trouble::Status(status.as_u16()),
            after: text(response, header::RETRY_AFTER).and_then(patience),
        }),
        status => Err(Refusal::Status(status.as_u16()).into()),
    }
}

/// Errors of the client by their number, of the moment by their meaning.
fn passes(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}

/// Packed bytes would be stored as what they are not, and unpacking has no end that a length could tell.
fn body(response: &Response) -> Result<Answer, FetchError> {
    let plain = response.headers().get_all(header::CONTENT_ENCODING).iter().all(|one| one == "identity");
    if plain { Ok(Answer::Body) } else { Err(Refusal::Packed.into()) }
}

/// Seconds only. A date would need a clock; without it the caller's own patience counts.
fn patience(value: &str) -> Option<Duration> {
    Some(Duration::from_secs(value.parse().ok()?).min(MAX_PATIENCE))
}

pub(crate) fn mime_type(response: &Response) -> Option<String> {
    let claimed = mime::Mime::from_str(text(response, header::CONTENT_TYPE)?).ok()?;
    Some(claimed.essence_str().to_owned()).filter(|name| name.len() <= MAX_MIME_TYPE)
}

fn text(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}
