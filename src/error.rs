//! The one error of the product, as users see it: a stable code, a status and a sentence.
//!
//! Owns: the codes of the REST contract and their problem+json form (RFC 9457). Invariant: what goes out never holds
//! SQL, a secret or another library's text; the cause is logged under the request's id. Absent on purpose: errors of
//! single features; they choose one of these with a detail.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::Value;

pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the request itself is malformed.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// 401: nobody is signed in, or not validly.
    #[error("unauthenticated: {0}")]
    Unauthenticated(&'static str),
    /// 403: signed in, but not allowed.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// 403 with its own code.
    #[error("forbidden: {code}")]
    ForbiddenCode { code: &'static str, detail: &'static str },
    /// 404: does not exist, or belongs to another tenant.
    #[error("not found")]
    NotFound,
    /// 409: the record changed meanwhile; `current` is what it is now.
    #[error("version conflict")]
    VersionConflict { current: Value },
    /// 409 of another kind.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// 409 with its own code, and the record that stands in the way.
    #[error("conflict: {code}")]
    ConflictCode { code: &'static str, detail: &'static str, current: Value },
    /// 413
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// 415
    #[error("unsupported media type: {0}")]
    UnsupportedMediaType(&'static str),
    /// 422: well formed, but not acceptable; which field and why.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// 422: the platform's messaging window is closed; what can be done instead.
    #[error("outside of the window")]
    OutsideWindow { detail: &'static str, alternatives: &'static [&'static str] },
    /// 429, with the seconds to wait.
    #[error("rate limited for {retry_after} s")]
    RateLimited { retry_after: u64 },
    /// 503: a dependency is not there; try again.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// 503 with its own code: it needs somebody to act.
    #[error("unavailable: {code}")]
    UnavailableCode { code: &'static str, detail: &'static str },
    /// 500: a fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

/// One field of a refused body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    pub field: String,
    /// Stable word: `required`, `too_long`, `unknown`, …
    pub code: &'static str,
    pub detail: String,
}

/// The body of every error answer (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `about:blank`: the code says it all.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: &'static str,
    pub status: u16,
    pub detail: String,
    /// `bad_request`, `unauthenticated`, `forbidden`, `not_found`, `version_conflict`, …
    pub code: &'static str,
    pub request_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
    /// With `outside_window`: what can be done instead (`override`).
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub alternatives: &'static [&'static str],
}

impl Error {
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::BadRequest(detail.into())
    }

    /// 422 for one field.
    pub fn invalid(field: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), code, detail: detail.into() }])
    }

    /// 409 with its own code; `current` is what stands in the way.
    pub fn conflict<T: Serialize>(code: &'static str, detail: &'static str, current: &T) -> Result<Self> {
        Ok(Self::ConflictCode { code, detail, current: serde_json::to_value(current)? })
    }

    /// A fault of ours; `cause` goes to the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::ForbiddenCode { code, .. } => code,
            Self::NotFound => "not_found",
            Self::VersionConflict { .. } => "version_conflict",
            Self::Conflict(_) => "conflict",
            Self::ConflictCode { code, .. } => code,
            Self::TooLarge(_) => "too_large",
            Self::UnsupportedMediaType(_) => "unsupported_media_type",
            Self::Invalid(_) => "invalid",
            Self::OutsideWindow { .. } => "outside_window",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable(_) => "unavailable",
            Self::UnavailableCode { code, .. } => code,
            Self::Internal(_) => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "The request can't be read",
            Self::Unauthenticated(_) => "Sign in first",
            Self::Forbidden(_) | Self::ForbiddenCode { .. } => "Not allowed",
            Self::NotFound => "Not found",
            Self::VersionConflict { .. } => "Someone changed it meanwhile",
            Self::Conflict(_) | Self::ConflictCode { .. } => "That can't be done now",
            Self::TooLarge(_) => "Too large",
            Self::UnsupportedMediaType(_) => "That media type is not understood",
            Self::Invalid(_) => "Some values can't be accepted",
            Self::OutsideWindow { .. } => "The platform does not take that now",
            Self::RateLimited { .. } => "Too many requests",
            Self::Unavailable(_) | Self::UnavailableCode { .. } => "Not available right now",
            Self::Internal(_) => "Something went wrong on our side",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::BadRequest(detail) => detail.clone(),
            Self::Unauthenticated(detail)
            | Self::Forbidden(detail)
            | Self::ForbiddenCode { detail, .. }
            | Self::ConflictCode { detail, .. }
            | Self::UnavailableCode { detail, .. }
            | Self::OutsideWindow { detail, .. }
            | Self::Conflict(detail)
            | Self::TooLarge(detail)
            | Self::UnsupportedMediaType(detail) => (*detail).to_owned(),
            Self::NotFound => "There is no such thing here.".to_owned(),
            Self::VersionConflict { .. } => {
                "The record has a newer version; `current` holds it. Apply your change to that one."
                    .to_owned()
            }
            Self::Invalid(errors) => {
                errors.first().map_or_else(|| "Invalid values.".to_owned(), |error| error.detail.clone())
            }
            Self::RateLimited { retry_after } => format!("Try again in {retry_after} seconds."),
            Self::Unavailable(_) => {
                "A part of the system is not reachable. Try again in a moment.".to_owned()
            }
            Self::Internal(_) => "The fault was recorded under the request id.".to_owned(),
        }
    }

    /// The problem+json body.
    pub fn problem(&self, request_id: String) -> Problem {
        Problem {
            kind: "about:blank",
            title: self.title(),
            status: self.status_code().as_u16(),
            detail: self.detail(),
            code: self.code(),
            request_id,
            errors: match self {
                Self::Invalid(errors) => errors.clone(),
                Self::OutsideWindow { detail, .. } => vec![FieldError {
                    field: "text".to_owned(),
                    code: "outside_window",
                    detail: (*detail).to_owned(),
                }],
                _ => Vec::new(),
            },
            current: match self {
                Self::VersionConflict { current } | Self::ConflictCode { current, .. } => {
                    Some(current.clone())
                }
                _ => None,
            },
            alternatives: if let Self::OutsideWindow { alternatives, .. } = self {
                alternatives
            } else {
                &[]
            },
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::ForbiddenCode { .. } => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::VersionConflict { .. } | Self::Conflict(_) | Self::ConflictCode { .. } => {
                StatusCode::CONFLICT
            }
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) | Self::OutsideWindow { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) | Self::UnavailableCode { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let request_id = crate::ids::new().to_string();
        match self {
            Self::Internal(cause) => tracing::error!(%request_id, cause, "request failed"),
            Self::Unavailable(cause) => tracing::warn!(%request_id, cause, "dependency unavailable"),
            _ => {}
        }
        let mut response = HttpResponse::build(self.status_code());
        if let Self::RateLimited { retry_after } = self {
            response.insert_header((header::RETRY_AFTER, *retry_after));
        }
        if matches!(self, Self::Unauthenticated(_)) {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        response
            .insert_header(("x-request-id", request_id.clone()))
            .content_type("application/problem+json")
            .json(self.problem(request_id))
    }
}

/// Database errors: a dead connection or a full pool is a 503, the rest is ours.
impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(
                Kind::ClosedConnection
                | Kind::UnableToSendCommand
                | Kind::SerializationFailure
                | Kind::ReadOnlyTransaction,
                info,
            ) => Self::Unavailable(format!("database: {}", info.message())),
            // Two writers met in different orders; the loser may simply try again.
            Diesel::DatabaseError(_, info) if info.message() == "deadlock detected" => {
                Self::Unavailable("database: deadlock".to_owned())
            }
            // The server ends or the session was thrown out: diesel has no kind for SQLSTATE 57P01 to 57P03.
            Diesel::DatabaseError(_, info) if is_gone(info.message()) => {
                Self::Unavailable(format!("database: {}", info.message()))
            }
            Diesel::BrokenTransactionManager => Self::Unavailable("database: broken transaction".to_owned()),
            other => Self::Internal(format!("database: {other}")),
        }
    }
}

/// Whether PostgreSQL's words mean that it goes away, or this connection to it.
fn is_gone(message: &str) -> bool {
    message.starts_with("terminating connection") || message.starts_with("the database system is")
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("JSON of our own: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stay_inside() {
        let problem = Error::internal("select secret from t").problem("r".to_owned());
        assert_eq!(problem.code, "internal");
        assert!(!serde_json::to_string(&problem).unwrap_or_default().contains("secret"));
    }

    #[test]
    fn a_session_that_was_thrown_out_is_unavailable() {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        let of = |message: &str| {
            Error::from(Diesel::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned())))
                .code()
        };
        assert_eq!(of("terminating connection due to administrator command"), "unavailable");
        assert_eq!(of("the database system is shutting down"), "unavailable");
        assert_eq!(of("division by zero"), "internal");
    }

    #[test]
    fn a_conflict_carries_the_current_record() {
        let problem =
            Error::VersionConflict { current: serde_json::json!({"version": 2}) }.problem(String::new());
        assert_eq!((problem.status, problem.current), (409, Some(serde_json::json!({"version": 2}))));
    }
}
