//! `/system-config`: which secrets there are, setting one, taking one out.

use super::model::{Definitions, Key, NewValue, SecretView};
use super::service::Secrets;
use crate::auth::{Actor, Allowed, Idempotency, Permission};
use crate::error::{Error, Problem, Result};
use crate::http::{self, Body};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, put, web};
use futures_util::future::{FutureExt, LocalBoxFuture};
use utoipa_actix_web::service_config::ServiceConfig;

const MANAGE: u8 = Permission::SecretsManage as u8;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_definitions).service(set_secret).service(delete_secret);
}

/// Who may write the secret that the path names: an administrator who has signed in a moment ago. Before the body, so
/// that a wrong one tells nothing.
struct Writing {
    actor: Actor,
    key: Key,
}

impl FromRequest for Writing {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let allowed = Allowed::<MANAGE>::from_request(request, payload);
        let key = Key::parse(request.match_info().query("key"));
        async move {
            let actor = allowed.await?.actor;
            let key = key.ok_or(Error::NotFound)?;
            actor.require_step_up()?;
            Ok(Self { actor, key })
        }
        .boxed_local()
    }
}

/// Every secret: what it is for, how to get it, whether it is set. Never its value. Needs `secrets.manage`.
#[utoipa::path(
    tag = "system-config",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, body = Definitions),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "unavailable"),
    ),
)]
#[get("/system-config/definitions")]
async fn list_definitions(allowed: Allowed<MANAGE>, secrets: web::Data<Secrets>) -> Result<HttpResponse> {
    let (seq, definitions) = secrets.definitions(allowed.actor.tenant).await?;
    Ok(http::shown(seq, &definitions))
}

/// Sets a secret, on every node within two seconds. The app secret or verify token before it is accepted for 48 hours
/// more. Needs `secrets.manage` and a sign-in of the last five minutes.
#[utoipa::path(
    tag = "system-config",
    security(("session" = []), ("bearer" = [])),
    params(
        ("key" = String, Path, description = "as `meta_app_secret`"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = NewValue,
    responses(
        (status = 200, body = SecretView),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "forbidden, step_up_required"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found: no such key"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "too_large"),
        (status = 415, body = Problem, content_type = "application/problem+json", description = "unsupported_media_type"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
        (status = 503, body = Problem, content_type = "application/problem+json",
            description = "unavailable, secrets_locked, no_encryption_key, secret_damaged, data_key_exhausted"),
    ),
)]
#[put("/system-config/{key}")]
async fn set_secret(
    writing: Writing,
    secrets: web::Data<Secrets>,
    idempotency: Idempotency,
    body: Body<NewValue>,
) -> Result<HttpResponse> {
    let Writing { actor, key } = writing;
    http::detached(async move {
        let mut write = secrets.begin(&actor).await?;
        // What is kept of the request must not tell the value.
        let hash = secrets.fingerprint(&body.hash)?;
        if let Some(answer) = idempotency.replay(&write, &actor, &hash).await? {
            return Ok(answer);
        }
        let view = secrets.set(&mut write, &actor, key, &body.value.value).await?;
        let answer = idempotency.finish(write, &actor, StatusCode::OK, &view).await?;
        secrets.catch_up().await;
        Ok(answer)
    })
    .await
}

/// Takes a secret out, with its former values, at once; the environment's counts again. Needs `secrets.manage` and a
/// sign-in of the last five minutes.
#[utoipa::path(
    tag = "system-config",
    security(("session" = []), ("bearer" = [])),
    params(
        ("key" = String, Path, description = "as `meta_app_secret`"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = SecretView),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "forbidden, step_up_required"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found: no such key"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
        (status = 503, body = Problem, content_type = "application/problem+json",
            description = "unavailable, secrets_locked, no_encryption_key, secret_damaged, data_key_exhausted"),
    ),
)]
#[delete("/system-config/{key}")]
async fn delete_secret(
    writing: Writing,
    secrets: web::Data<Secrets>,
    idempotency: Idempotency,
) -> Result<HttpResponse> {
    let Writing { actor, key } = writing;
    http::detached(async move {
        let mut write = secrets.begin(&actor).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, key.name().as_bytes()).await? {
            return Ok(answer);
        }
        let view = secrets.remove(&mut write, &actor, key).await?;
        let answer = idempotency.finish(write, &actor, StatusCode::OK, &view).await?;
        secrets.catch_up().await;
        Ok(answer)
    })
    .await
}
