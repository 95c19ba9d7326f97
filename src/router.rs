//! The whole URL map.

use crate::error::Error;
use crate::{
    attachments, auth, channels, customers, drafts, files, frames, health, http, inbox, ingest, kanban,
    notifications, outbox, realtime, saved_replies, secrets, templates, timeline,
};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{App, HttpResponse, web};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

/// What the routes don't say themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Switchboard",
        description = "Self-hosted inbox and pipeline for WhatsApp, Messenger and Instagram."
    ),
    paths(
        ingest::routes::take,
        files::routes::linked,
        health::live,
        health::ready,
        health::metrics,
        document,
        docs
    ),
    components(schemas(frames::ClientFrame, frames::ServerFrame))
)]
struct Base;

/// Below `/api/v1`, with sign-in.
pub fn api(config: &mut ServiceConfig) {
    auth::routes::routes(config);
    channels::routes::routes(config);
    customers::routes::routes(config);
    inbox::routes::routes(config);
    drafts::routes::routes(config);
    saved_replies::routes::routes(config);
    notifications::routes::routes(config);
    templates::routes::routes(config);
    outbox::routes::routes(config);
    files::routes::routes(config);
    attachments::routes::routes(config);
    kanban::routes::routes(config);
    timeline::routes::routes(config);
    realtime::routes::routes(config);
    secrets::routes::routes(config);
}

/// The description of the interface. Registered before the scope `/api/v1`, which would take its addresses for unknown.
pub fn description(config: &mut web::ServiceConfig) {
    config.route("/api/v1/openapi.json", web::get().to(document));
    #[cfg(feature = "docs-ui")]
    {
        let page = utoipa_swagger_ui::Config::new(["/api/v1/openapi.json"]).use_base_layout();
        config
            .service(web::redirect("/api/v1/docs", "/api/v1/docs/"))
            .service(utoipa_swagger_ui::SwaggerUi::new("/api/v1/docs/{_:.*}").config(page));
    }
}

/// Outside of it: webhooks, website leads, health, and what fits nowhere.
pub fn outside(config: &mut web::ServiceConfig) {
    channels::webhook_routes(config);
    ingest::routes::public_routes(config);
    files::routes::public_routes(config);
    health::routes(config);
    config.default_service(web::to(http::fallback));
}

/// The OpenAPI document, made from the routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .service(utoipa_actix_web::scope("/api/v1").configure(api))
        .split_for_parts();
    auth::routes::describe(&mut document);
    document
}

/// The description of this interface (OpenAPI 3.1).
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description", responses((status = 200)), security())]
async fn document(document: web::Data<utoipa::openapi::OpenApi>) -> HttpResponse {
    HttpResponse::Ok().json(document.as_ref())
}

/// A page to read and try the interface.
#[utoipa::path(get, path = "/api/v1/docs", tag = "description", responses((status = 200)), security())]
#[expect(dead_code, reason = "stands in the document for the page that a library serves")]
async fn docs() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}

/// The documentation's page brings its own styles; it is the one page outside of the app's policy.
pub async fn docs_policy<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let docs = request.path().starts_with("/api/v1/docs");
    let mut response = next.call(request).await?;
    if docs {
        let policy = HeaderValue::from_static(
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
        );
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}
