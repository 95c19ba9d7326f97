//! Sign-in and users over HTTP.
//!
//! Owns: the shapes of requests and answers, and the cookies. Invariant: a session's or refresh token's value is in a
//! cookie and never in a body. Writes run detached.

use super::actor::{Actor, Allowed};
use super::authenticate;
use super::context::Auth;
use super::idempotency::Idempotency;
use super::model::{ACCESS_SECONDS, TICKET_SECONDS, UserView, secret};
use super::policy::{Permission, Role};
use super::service::{self, Change, Cookie, NewAccount, Signed};
use crate::error::{Error, Problem, Result};
use crate::http::{Body, Params, PathId, detached, shown};
use crate::page::{self, List};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_actix_web::service_config::ServiceConfig;

const MANAGE: u8 = Permission::UsersManage as u8;

/// How one signs in, for the document: the schemes that the routes name.
pub fn describe(document: &mut OpenApi) {
    let cookie = |name: &str| SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(name)));
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme("session", cookie("session"));
    components.add_security_scheme("refresh", cookie("refresh"));
    components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
}

/// The routes, relative to `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(login)
        .service(refresh)
        .service(logout)
        .service(me)
        .service(ticket)
        .service(setup_state)
        .service(setup)
        .service(list_users)
        .service(create_user)
        .service(change_user);
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub email: String,
    #[schema(value_type = String, format = Password)]
    #[serde(deserialize_with = "secret")]
    pub password: SecretString,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The one-time token that the server printed.
    pub token: String,
    pub email: String,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    #[serde(deserialize_with = "secret")]
    pub password: SecretString,
    pub name: String,
}

/// A signed-in user with an access token; the browser gets two cookies besides.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    pub access_token: String,
    /// `Bearer`
    pub token_type: &'static str,
    /// In seconds.
    pub expires_in: i64,
    pub user: UserView,
}

/// A one-time ticket for `GET /realtime?ticket=`.
#[derive(Serialize, ToSchema)]
pub struct Ticket {
    pub ticket: String,
    /// In seconds.
    pub expires_in: i64,
}

/// Whether the installation waits for its first administrator.
#[derive(Serialize, ToSchema)]
pub struct SetupState {
    pub needed: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    #[serde(deserialize_with = "secret")]
    pub password: SecretString,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub disabled: Option<bool>,
    pub version: Option<i32>,
}

/// Signs in by e-mail and password.
#[utoipa::path(tag = "auth", request_body = Login, security(()), responses(
    (status = 200, body = SignedIn, description = "Signed in; cookies `session` and `refresh` are set"),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: another site"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "too_large"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "unsupported_media_type"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[post("/auth/login")]
pub(crate) async fn login(
    request: HttpRequest,
    auth: web::Data<Auth>,
    body: Body<Login>,
) -> Result<HttpResponse> {
    auth.origins.check_sign_in(request.headers())?;
    let address = auth.limits.client(&request);
    detached(async move {
        let Login { email, password } = body.value;
        signed(&auth, service::sign_in(&auth, &email, password, address).await?, None)
    })
    .await
}

/// New tokens for the refresh cookie. The same one again, later, ends the session.
#[utoipa::path(tag = "auth", security(("refresh" = [])), responses(
    (status = 200, body = SignedIn, description = "Signed in anew; cookies are set"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: another site"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[post("/auth/refresh")]
pub(crate) async fn refresh(request: HttpRequest, auth: web::Data<Auth>) -> Result<HttpResponse> {
    let Some(token) = auth.cookies.refresh_of(&request) else {
        return Err(Error::Unauthenticated("There is no refresh cookie."));
    };
    auth.origins.check_write(request.headers())?;
    let kept = auth.cookies.session_of(&request);
    let cookie = Cookie { session_token: kept.clone() };
    detached(async move { signed(&auth, service::refresh(&auth, &token, cookie).await?, kept) }).await
}

/// Ends the session, its tokens and its sockets.
#[utoipa::path(tag = "auth", security(("session" = []), ("bearer" = [])), responses(
    (status = 204, description = "Signed out; cookies and storage of the app are cleared"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: another site"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[post("/auth/logout")]
pub(crate) async fn logout(request: HttpRequest, auth: web::Data<Auth>) -> Result<HttpResponse> {
    let token = auth.cookies.refresh_of(&request);
    let by_cookie = token.is_some() || auth.cookies.session_of(&request).is_some();
    let actor = match authenticate::of_request(&request).await {
        Ok(actor) => Some(actor),
        // An ended session is left behind without complaint, if it is this browser's own wish.
        Err(Error::Unauthenticated(_)) if by_cookie => {
            auth.origins.check_write(request.headers())?;
            None
        }
        Err(error) => return Err(error),
    };
    let token = token.filter(|_| auth.origins.check_write(request.headers()).is_ok());
    detached(async move {
        service::logout(&auth, actor.as_ref(), token.as_deref()).await?;
        let mut response = HttpResponse::NoContent();
        for cookie in auth.cookies.cleared() {
            response.cookie(cookie);
        }
        Ok(response.insert_header(("clear-site-data", "\"cookies\", \"storage\"")).finish())
    })
    .await
}

/// Who is signed in.
#[utoipa::path(tag = "auth", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = UserView),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[get("/auth/me")]
pub(crate) async fn me(auth: web::Data<Auth>, actor: Actor) -> Result<HttpResponse> {
    let (seq, user) = service::me(&auth, &actor).await?;
    Ok(shown(seq, &user))
}

/// A one-time ticket that signs a socket in, for clients that can send neither cookie nor header.
#[utoipa::path(tag = "auth", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Ticket),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: another site"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[post("/auth/ticket")]
pub(crate) async fn ticket(auth: web::Data<Auth>, actor: Actor) -> Result<HttpResponse> {
    detached(async move {
        let ticket = service::ticket(&auth, &actor).await?;
        Ok(private().json(Ticket { ticket, expires_in: TICKET_SECONDS }))
    })
    .await
}

/// Whether there is no user yet, so that the app opens the set-up page.
#[utoipa::path(tag = "auth", security(()), responses(
    (status = 200, body = SetupState),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[get("/auth/setup")]
pub(crate) async fn setup_state(auth: web::Data<Auth>) -> Result<HttpResponse> {
    let needed = service::needs_setup(auth.db()).await?;
    // Of no tenant: the place before every event.
    Ok(shown(0, &SetupState { needed }))
}

/// Makes the first administrator, and signs in. Only while there is no user.
#[utoipa::path(tag = "auth", request_body = Setup, security(()), responses(
    (status = 200, body = SignedIn, description = "Set up and signed in; cookies are set"),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
    (status = 403, body = Problem, content_type = "application/problem+json",
     description = "forbidden: set up already, or not the printed token"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "too_large"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "unsupported_media_type"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[post("/auth/setup")]
pub(crate) async fn setup(
    request: HttpRequest,
    auth: web::Data<Auth>,
    body: Body<Setup>,
) -> Result<HttpResponse> {
    auth.origins.check_sign_in(request.headers())?;
    let address = auth.limits.client(&request);
    detached(async move {
        let Setup { token, email, password, name } = body.value;
        signed(&auth, service::setup(&auth, &token, &email, password, &name, address).await?, None)
    })
    .await
}

/// Everybody of the tenant, by name. E-mails and permissions are shown to managers and administrators.
#[utoipa::path(tag = "users", security(("session" = []), ("bearer" = [])), params(
    ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "Default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
), responses(
    (status = 200, body = List<UserView>),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[get("/users")]
pub(crate) async fn list_users(auth: web::Data<Auth>, actor: Actor, params: Params) -> Result<HttpResponse> {
    let limit = page::limit(params.number("limit")?)?;
    let (seq, users) = service::users(&auth, &actor, params.one("cursor"), limit).await?;
    Ok(shown(seq, &users))
}

/// Adds a user. Permission `users.manage`.
#[utoipa::path(tag = "users", request_body = CreateUser, security(("session" = []), ("bearer" = [])), params(
    ("Idempotency-Key" = Option<String>, Header, description = "The same key gets the first answer again"),
), responses(
    (status = 201, body = UserView),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "too_large"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "unsupported_media_type"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[post("/users")]
pub(crate) async fn create_user(
    auth: web::Data<Auth>,
    allowed: Allowed<MANAGE>,
    key: Idempotency,
    body: Body<CreateUser>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    detached(async move {
        let CreateUser { email, name, role, password } = body.value;
        let account = NewAccount { email, name, role, password };
        let user = service::prepare_user(&auth, account).await?;
        let write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = key.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let view = service::create_user(&write, &user).await?;
        key.finish(write, &actor, StatusCode::CREATED, &view).await
    })
    .await
}

/// Changes a user. Another role, or being disabled, ends that user's sessions. Permission `users.manage`.
#[utoipa::path(tag = "users", request_body = ChangeUser, security(("session" = []), ("bearer" = [])), params(
    ("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header),
), responses(
    (status = 200, body = UserView),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "version_conflict"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "too_large"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "unsupported_media_type"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited"),
))]
#[patch("/users/{id}")]
pub(crate) async fn change_user(
    auth: web::Data<Auth>,
    allowed: Allowed<MANAGE>,
    id: PathId,
    key: Idempotency,
    body: Body<ChangeUser>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    detached(async move {
        let write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = key.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let ChangeUser { name, role, disabled, version } = body.value;
        let change = Change { name, role, disabled, version };
        let (view, ended) = service::change_user(&write, id.0, change).await?;
        let response = key.finish(write, &actor, StatusCode::OK, &view).await?;
        auth.revocations.announce(&ended);
        Ok(response)
    })
    .await
}

/// The answer of every sign-in. `kept`: the session cookie that the browser has and keeps.
fn signed(auth: &Auth, signed: Signed, kept: Option<String>) -> Result<HttpResponse> {
    let mut response = private();
    if let Some(token) = signed.session_token.or(kept) {
        response.cookie(auth.cookies.session(token));
    }
    response.cookie(auth.cookies.refresh(signed.refresh_token));
    Ok(response.json(SignedIn {
        access_token: signed.access_token,
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        user: signed.user,
    }))
}

fn private() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}
