//! The one function that finds out who is asking, for REST and for sockets.
//!
//! Owns: which proof counts (ticket on sockets, `Authorization: Bearer`, session cookie), the middleware that asks once
//! a request and counts it, and the refusal of forged writes. Invariants: a request that shows an access token is never
//! judged by its cookie; no answer tells why a token is not valid. Absent on purpose: what the user may do (`policy`).

use super::actor::Actor;
use super::context::Auth;
use super::model;
use super::service::cookie_hash;
use super::store::{self, Presented};
use crate::db::Tenant;
use crate::error::{Error, Result};
use crate::http::Params;
use crate::ids;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};

const BASE: &str = "/api/v1/";
/// Tokens of ours: 256 bits in base64url.
const TOKEN_LENGTH: usize = 43;

/// What the middleware found out, for the extractor.
#[derive(Clone)]
enum Outcome {
    Signed(Box<Actor>),
    /// Nobody, and why.
    Nobody(&'static str),
    /// Somebody, but another site sent the request.
    Forged,
}

impl Outcome {
    fn actor(self) -> Result<Actor> {
        match self {
            Self::Signed(actor) => Ok(*actor),
            Self::Nobody(why) => Err(Error::Unauthenticated(why)),
            Self::Forged => Err(Error::Forbidden("The request comes from another site.")),
        }
    }
}

/// The middleware of everything below `/api/v1`: no tokens in addresses, one look at the session, one count.
/// `App::wrap(from_fn(auth::guard))`, inside of `http::dress`.
pub async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<B>, actix_web::Error> {
    // The path as it is routed: `%61pi` is `api` there too.
    if request.match_info().as_str().starts_with(BASE)
        && let Some(auth) = request.app_data::<web::Data<Auth>>().cloned()
    {
        Params::parse(request.query_string())?;
        let outcome = look(&auth, request.request()).await?;
        match &outcome {
            Outcome::Signed(actor) => auth.limits.user(actor.user_id)?,
            Outcome::Nobody(_) | Outcome::Forged => {
                auth.limits.anonymous(auth.limits.client(request.request()))?;
            }
        }
        request.extensions_mut().insert(outcome);
    }
    next.call(request).await
}

/// The user of a REST request: 401 for nobody, 403 for a write that another site sent.
pub(super) async fn of_request(request: &HttpRequest) -> Result<Actor> {
    let known = request.extensions().get::<Outcome>().cloned();
    match known {
        Some(outcome) => outcome.actor(),
        None => look(context(request)?, request).await?.actor(),
    }
}

/// The user of a socket: a one-time `?ticket=`, else an access token, else the session cookie from an allowed page.
/// 401 for nobody, 403 for a cookie without an allowed `Origin`.
pub async fn authenticate_socket(request: &HttpRequest) -> Result<Actor> {
    let auth = context(request)?;
    let params = Params::parse(request.query_string())?;
    if let Some(ticket) = params.one("ticket") {
        return find(auth, Presented::Ticket(ids::token_hash(ticket))).await?.actor();
    }
    if !request.headers().contains_key(header::AUTHORIZATION)
        && auth.cookies.session_of(request).is_some()
        && !auth.origins.allows_request(request.headers())
    {
        return Err(Error::Forbidden("A socket is opened by the app's own page."));
    }
    of_request(request).await
}

pub(super) fn context(request: &HttpRequest) -> Result<&web::Data<Auth>> {
    request.app_data::<web::Data<Auth>>().ok_or_else(|| Error::internal("no Auth in the app"))
}

/// By access token or cookie.
async fn look(auth: &Auth, request: &HttpRequest) -> Result<Outcome> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return match bearer(request) {
            Some(token) => find(auth, Presented::Bearer(ids::token_hash(token))).await,
            None => Ok(Outcome::Nobody("`Authorization` is `Bearer` and an access token.")),
        };
    }
    let Some(token) = auth.cookies.session_of(request).filter(|token| token.len() == TOKEN_LENGTH) else {
        return Ok(Outcome::Nobody("Nobody is signed in."));
    };
    let outcome = find(auth, presented_cookie(&token)).await?;
    let forged = !request.method().is_safe() && auth.origins.check_write(request.headers()).is_err();
    Ok(if forged && matches!(outcome, Outcome::Signed(_)) { Outcome::Forged } else { outcome })
}

pub(super) fn presented_cookie(token: &str) -> Presented {
    Presented::Cookie { first: ids::token_hash(token), extra: cookie_hash(token) }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.len() == TOKEN_LENGTH).then_some(token)
}

async fn find(auth: &Auth, presented: Presented) -> Result<Outcome> {
    let ticket = matches!(presented, Presented::Ticket(_));
    let tx = auth.db().system().await?;
    let session = match store::of_token(&tx, &presented).await? {
        Some(id) => store::find(&tx, id).await?,
        None => None,
    };
    if let Some(session) = session.as_ref().filter(|session| session.stale) {
        store::touch(&tx, session.id).await?;
    }
    // A ticket is used up by asking; else there is something to write only now and then.
    if ticket || session.as_ref().is_some_and(|session| session.stale) {
        tx.commit().await?;
    }
    let Some(session) = session else {
        return Ok(Outcome::Nobody("The sign-in is not valid (any more)."));
    };
    Ok(Outcome::Signed(Box::new(Actor {
        tenant: Tenant::proven(session.tenant_id),
        user_id: session.user_id,
        session_id: session.id,
        role: model::role(&session.role)?,
        email: session.email,
        name: session.name,
        signed_in_at: session.signed_in_at,
    })))
}
