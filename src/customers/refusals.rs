//! What a route of the read and edit side may refuse, for the API description.

use crate::error::Problem;
use utoipa::IntoResponses;

/// Of every read.
#[derive(IntoResponses)]
pub enum OfReads {
    /// `bad_request`: an unknown filter or sort, a bad limit, cursor or page.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// `unauthenticated`
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `forbidden`
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `not_found`: no such record, or another tenant's.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// `rate_limited`
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
    /// `unavailable`
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// Of every write, on top of [`OfReads`].
#[derive(IntoResponses)]
pub enum OfWrites {
    /// `version_conflict`: `current` holds the record as it is now.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// `too_large`
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// `unsupported_media_type`
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Problem),
    /// `invalid`: `errors` names the fields; also a reused idempotency key.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}
