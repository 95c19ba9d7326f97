//! Webhooks in: verification and reception, for each platform, with and without a tenant's slug.
//!
//! The order is the security: read the raw bytes (bounded in size and time), check the signature, make durable, answer.
//! Nothing reads the content before the 200.

use super::journal::Journal;
use crate::db::{Db, Tenant};
use crate::error::{Error, Result};
use crate::http::{Limits, Params};
use crate::secrets::{Platform, Secrets};
use crate::tenants;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// Bytes of a body. The platforms send up to 3 MB; a batch that is refused would be lost.
pub const MAX_BODY: usize = 8 * 1024 * 1024;
/// Time for a body to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The webhook addresses. They are not below `/api/v1` and have no signed-in user.
pub fn webhook_routes(config: &mut web::ServiceConfig) {
    for (path, platform) in [
        ("/api/meta/webhook", Platform::Meta),
        ("/api/instagram/webhook", Platform::Instagram),
        ("/api/whatsapp/webhook", Platform::Whatsapp),
    ] {
        for path in [path.to_owned(), format!("{path}/{{slug}}")] {
            config.service(
                web::resource(path)
                    .app_data(web::Data::new(platform))
                    .get(verify)
                    .post(receive)
                    .default_service(web::to(|| async {
                        HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, "GET, POST")).finish()
                    })),
            );
        }
    }
}

/// The platform asks whether the address is ours. Works without the database where there is no slug.
async fn verify(
    request: HttpRequest,
    platform: web::Data<Platform>,
    params: Params,
    secrets: web::Data<Secrets>,
    db: web::Data<Db>,
) -> Result<HttpResponse> {
    let tenant = tenant_of(&request, &db).await?;
    let tokens = secrets.verify_tokens(**platform, tenant)?;
    let tokens: Vec<&str> = tokens.iter().map(SecretString::expose_secret).collect();
    let one = |name: &str| match params.all(name).as_slice() {
        [value] => Some((*value).to_owned()),
        _ => None,
    };
    let (mode, token, challenge) = (one("hub.mode"), one("hub.verify_token"), one("hub.challenge"));
    match webhooks::verification::challenge(mode.as_deref(), token.as_deref(), challenge.as_deref(), &tokens)
    {
        Ok(challenge) => {
            Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(challenge.to_owned()))
        }
        Err(_) => Err(Error::Forbidden("The verify token is not ours, or the challenge is malformed.")),
    }
}

async fn receive(
    request: HttpRequest,
    platform: web::Data<Platform>,
    body: web::Payload,
    context: web::Data<Reception>,
    db: web::Data<Db>,
) -> Result<HttpResponse> {
    let tenant = tenant_of(&request, &db).await?;
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Error::UnsupportedMediaType(
            "A webhook's body is sent as it is, without Content-Encoding.",
        ));
    }
    let body = read(&request, body).await?;
    fail_point!("ingest.body_read");
    let secrets = context.secrets.app_secrets(**platform, tenant)?;
    let secrets: Vec<&[u8]> = secrets.iter().map(|secret| secret.expose_secret().as_bytes()).collect();
    let signatures = request.headers().get_all(webhooks::signature::HEADER);
    // A header that is no text can't be a signature either.
    let signatures = signatures.map(|value| value.to_str().unwrap_or_default());
    if let Err(error) = webhooks::signature::verify(signatures, &body, &secrets) {
        tracing::info!(platform = platform.as_str(), %error, "webhook refused");
        metrics::counter!("switchboard_webhooks_refused_total", "platform" => platform.as_str()).increment(1);
        context.limits.refused_webhook(context.limits.client(&request))?;
        return Err(Error::Unauthenticated("The signature is missing or wrong."));
    }
    fail_point!("ingest.verified");
    context.journal.append(**platform, tenant, body).await?;
    Ok(HttpResponse::Ok().finish())
}

/// What reception needs; one for the whole server.
pub struct Reception {
    pub journal: Journal,
    pub secrets: Secrets,
    pub limits: web::Data<Limits>,
}

/// The tenant of the slug at the end of the address; 404 when there is none of that name.
async fn tenant_of(request: &HttpRequest, db: &Db) -> Result<Option<Tenant>> {
    match request.match_info().get("slug") {
        None => Ok(None),
        Some(slug) => tenants::by_slug(db, slug).await?.map(Some).ok_or(Error::NotFound),
    }
}

/// The raw bytes, as they came: the signature is over these.
async fn read(request: &HttpRequest, mut body: web::Payload) -> Result<Bytes> {
    const TOO_LARGE: Error = Error::TooLarge("A webhook's body has at most 8 MiB.");
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(TOO_LARGE);
    }
    let reading = async {
        let mut bytes = BytesMut::with_capacity(announced.unwrap_or(0));
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| Error::bad_request("The body ended too early."))?;
            if bytes.len() + chunk.len() > MAX_BODY {
                return Err(TOO_LARGE);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    };
    tokio::time::timeout(BODY_TIME, reading)
        .await
        .map_err(|_| Error::bad_request("The body took longer than 10 seconds to arrive."))?
}
