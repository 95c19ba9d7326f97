//! The strings of the puppets: `/_simulator/…`.
//!
//! Owns: reading the ledger and changing the behaviour at run time, for people and for tests of the browser.
//! Invariant: writes take JSON only, so that a web page elsewhere cannot pull the strings. Deliberately absent:
//! sign-in; the address is loopback.

use super::super::engine::Engine;
use super::problem;
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use std::sync::Arc;

/// Events of one call.
const MAX_STEPS: u64 = 10_000;

pub(super) async fn answer(
    engine: &Arc<Engine>,
    request: &HttpRequest,
    path: &[&str],
    body: &[u8],
) -> HttpResponse {
    let (status, body) = if *request.method() == Method::GET {
        read(engine, path)
    } else if *request.method() == Method::POST {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        match serde_json::from_slice::<Value>(body) {
            _ if !kind.starts_with("application/json") => {
                (415, json!({"detail": "application/json is wanted"}))
            }
            Ok(body) => write(engine, path, &body).await,
            Err(error) => (400, json!({"detail": error.to_string()})),
        }
    } else {
        (405, json!({"detail": "GET or POST"}))
    };
    problem::json(status, &body)
}

fn read(engine: &Engine, path: &[&str]) -> (u16, Value) {
    let shown = match path {
        ["ledger"] => {
            let totals = engine.ledger.totals();
            let open = totals.open();
            return (200, json!({"totals": totals, "open": open, "busy": engine.courier.busy.count()}));
        }
        ["behaviour"] => serde_json::to_value(&*engine.behaviour.read()),
        ["posts"] => serde_json::to_value(engine.ledger.entries()),
        ["sends"] => serde_json::to_value(engine.ledger.sends()),
        ["uploads"] => serde_json::to_value(engine.uploads.all()),
        ["calls"] => serde_json::to_value(engine.scripts.calls()),
        ["customers"] => serde_json::to_value(engine.customers()),
        _ => return (404, json!({"detail": "ledger, behaviour, posts, sends, uploads, calls or customers"})),
    };
    shown.map_or_else(|error| (500, json!({"detail": error.to_string()})), |shown| (200, shown))
}

async fn write(engine: &Arc<Engine>, path: &[&str], body: &Value) -> (u16, Value) {
    let count = || body.get("count").and_then(Value::as_u64).unwrap_or(1).min(MAX_STEPS);
    match path {
        ["behaviour"] => {
            let patched = engine.behaviour.read().patched(body);
            match patched {
                Ok(behaviour) => {
                    *engine.behaviour.write() = behaviour;
                    read(engine, path)
                }
                Err(error) => (400, json!({"detail": error.to_string()})),
            }
        }
        ["step"] => {
            for _ in 0..count() {
                engine.step().await;
            }
            (200, json!({"totals": engine.ledger.totals()}))
        }
        ["past"] => {
            engine.past(usize::try_from(count()).unwrap_or(0)).await;
            (200, json!({"totals": engine.ledger.totals()}))
        }
        ["message"] => {
            let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
            match engine.customer_writes(text("customer"), text("text")).await {
                Some(id) => (200, json!({"external_id": id})),
                None => (404, json!({"detail": "no such customer"})),
            }
        }
        _ => (404, json!({"detail": "behaviour, step, past or message"})),
    }
}
