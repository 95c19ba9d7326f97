//! Is it alive, is it ready, how is it doing: for supervisors, balancers and collectors.

use crate::auth::{Actor, Role};
use crate::db::{Db, sql};
use crate::error::{Error, Problem, Result};
use crate::realtime::Hub;
use crate::secrets::Secrets;
use crate::{channels, jobs, telemetry};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// An answer of the database that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// What readiness says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// At the root, without sign-in.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)), security())]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// The database answers too, the stored secrets can be read, and the process is not about to end.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    responses((status = 200, body = Health),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "unavailable, secrets_locked")),
    security())]
pub async fn ready(
    db: web::Data<Db>,
    hub: web::Data<Hub>,
    secrets: web::Data<Secrets>,
) -> Result<HttpResponse> {
    if hub.is_draining() {
        return Err(Error::Unavailable("the server is stopping".to_owned()));
    }
    secrets.check()?;
    match tokio::time::timeout(PATIENCE, ask(&db)).await {
        Ok(Ok(())) => Ok(HttpResponse::Ok().json(Health { status: "ok" })),
        Ok(Err(error)) => Err(Error::Unavailable(error.to_string())),
        Err(_) => Err(Error::Unavailable("the database does not answer".to_owned())),
    }
}

async fn ask(db: &Db) -> Result<()> {
    let tx = db.system().await?;
    sql("select 1").execute(&mut tx.conn()).await?;
    Ok(())
}

/// Prometheus metrics: for a peer on this machine that no proxy speaks for, else for an administrator's bearer token.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, body = String),
    (status = 401, body = Problem), (status = 403, body = Problem)), security((), ("bearer" = [])))]
pub async fn metrics(request: HttpRequest, db: web::Data<Db>, hub: web::Data<Hub>) -> Result<HttpResponse> {
    let local = request.peer_addr().is_some_and(|peer| peer.ip().is_loopback())
        && !request.headers().contains_key("x-forwarded-for");
    if !local {
        if !request.headers().contains_key("authorization") {
            return Err(Error::Unauthenticated("Metrics are for this machine, or for a bearer token."));
        }
        let actor = Actor::extract(&request).await?;
        if actor.role != Role::Administrator {
            return Err(Error::Forbidden("Metrics are for administrators."));
        }
    }
    let (used, open) = db.usage();
    metrics::gauge!("switchboard_db_connections_used").set(used as f64);
    metrics::gauge!("switchboard_db_connections_open").set(open as f64);
    metrics::gauge!("switchboard_sockets").set(hub.sockets() as f64);
    if let Ok(Ok(due)) = tokio::time::timeout(PATIENCE, jobs::waiting(&db, true)).await {
        metrics::gauge!("switchboard_jobs_due").set(due as f64);
    }
    if let Ok(Ok(waiting)) = tokio::time::timeout(PATIENCE, channels::waiting(&db)).await {
        metrics::gauge!("switchboard_deliveries_waiting").set(waiting.deliveries as f64);
        metrics::gauge!("switchboard_deliveries_oldest_seconds").set(waiting.seconds);
    }
    let text = telemetry::metrics().map(|handle| handle.render()).unwrap_or_default();
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}
