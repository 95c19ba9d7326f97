//! The Graph API, as far as the server calls it.
//!
//! Owns: the listener, the token check, misbehaviour on demand, answers laid down by tests, and the choice of the
//! handler by path. Invariants: the version prefix is optional; nothing below `/_simulator` is recorded or spoiled;
//! what is not played here gets Graph's own error 100. Deliberately absent: rights and scopes of tokens (any
//! token will do), and paging of anything but templates.

mod control;
mod problem;
mod read;
mod send;
mod templates;
mod uploads;

use super::SimulatorError;
use super::engine::Engine;
use super::media::Media;
use super::random::Dice;
use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use parking_lot::Mutex;
use problem::Problem;
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
pub use uploads::Upload;
pub(super) use uploads::Uploads;

/// Uploads of media included.
const MAX_BODY: usize = 110 * 1024 * 1024;
const KEPT_CALLS: usize = 10_000;
/// Longer than anybody waits for an answer.
const HANG: Duration = Duration::from_secs(30);

/// One call of the server, as it came.
#[derive(Clone, Debug, Serialize)]
pub struct GraphCall {
    pub method: String,
    /// Without version and query.
    pub path: String,
    /// Without `access_token` and `appsecret_proof`.
    pub query: Vec<(String, String)>,
    /// Null for anything but JSON.
    pub body: Value,
}

/// Answers that a test lays down, and the calls that came.
#[derive(Default)]
pub(super) struct Scripts {
    answers: Mutex<HashMap<String, VecDeque<Value>>>,
    calls: Mutex<VecDeque<GraphCall>>,
}

impl Scripts {
    /// For `METHOD /path`: these answers in turn, the last one for ever. `_status` in one is its HTTP status.
    pub(super) fn lay_down(&self, call: &str, answers: Vec<Value>) {
        self.answers.lock().insert(call.to_owned(), answers.into());
    }

    pub(super) fn calls(&self) -> Vec<GraphCall> {
        self.calls.lock().iter().cloned().collect()
    }

    fn record(&self, call: GraphCall) {
        let mut calls = self.calls.lock();
        calls.push_back(call);
        while calls.len() > KEPT_CALLS {
            calls.pop_front();
        }
    }

    fn take(&self, call: &str) -> Option<Value> {
        let mut answers = self.answers.lock();
        let left = answers.get_mut(call)?;
        if left.len() > 1 { left.pop_front() } else { left.front().cloned() }
    }
}

/// What a handler gets.
struct Call<'a> {
    engine: &'a Arc<Engine>,
    /// Of this call alone.
    dice: Dice,
    method: Method,
    path: Vec<&'a str>,
    query: Vec<(String, String)>,
    body: Value,
    headers: &'a HeaderMap,
    raw: &'a [u8],
}

impl Call<'_> {
    fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Binds before the rest is started: the address is part of the webhooks.
pub(super) fn bind(address: SocketAddr) -> Result<(TcpListener, String), SimulatorError> {
    if !address.ip().is_loopback() {
        return Err(SimulatorError::NotLoopback(address));
    }
    let listener = TcpListener::bind(address).map_err(|error| SimulatorError::Listen(address, error))?;
    let address = listener.local_addr().map_err(|error| SimulatorError::Listen(address, error))?;
    Ok((listener, format!("http://{address}")))
}

pub(super) fn serve(engine: Arc<Engine>, listener: TcpListener) -> Result<ServerHandle, SimulatorError> {
    let data = web::Data::new(engine);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::clone(&data))
            .app_data(web::PayloadConfig::new(MAX_BODY))
            .default_service(web::to(handle))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)
    .map_err(SimulatorError::Serve)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

async fn handle(request: HttpRequest, body: web::Bytes, engine: web::Data<Arc<Engine>>) -> HttpResponse {
    let engine = engine.get_ref();
    let path: Vec<&str> = segments(request.path());
    match path.split_first() {
        Some((&"_simulator", rest)) => return control::answer(engine, &request, rest, &body).await,
        Some((&"_cdn", rest)) => return file(rest.first().copied().unwrap_or_default()),
        _ => {}
    }
    let number = engine.graph_calls.fetch_add(1, Ordering::SeqCst);
    engine.ledger.graph_call();
    let query: Vec<(String, String)> =
        web::Query::from_query(request.query_string()).map_or_else(|_| Vec::new(), web::Query::into_inner);
    let mut call = Call {
        engine,
        dice: Dice::new(engine.config.seed, &format!("graph {number}")),
        method: request.method().clone(),
        path,
        query,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        headers: request.headers(),
        raw: &body,
    };
    record(&call);
    match answer(&mut call, &request).await {
        Ok(response) => response,
        Err(problem) => problem.response(&mut call.dice),
    }
}

/// The path without its version.
fn segments(path: &str) -> Vec<&str> {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if parts.first().is_some_and(|part| is_version(part)) {
        parts.remove(0);
    }
    parts
}

fn record(call: &Call<'_>) {
    let secret = |name: &str| matches!(name, "access_token" | "appsecret_proof");
    call.engine.scripts.record(GraphCall {
        method: call.method.to_string(),
        path: format!("/{}", call.path.join("/")),
        query: call.query.iter().filter(|(name, _)| !secret(name)).cloned().collect(),
        body: call.body.clone(),
    });
}

async fn answer(call: &mut Call<'_>, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    spoil(call).await?;
    let bearer = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer ").or(value.strip_prefix("OAuth ")));
    let token = bearer.or_else(|| call.query("access_token")).unwrap_or_default().trim();
    if token.is_empty() {
        return Err(Problem::no_token());
    }
    let key = format!("{} /{}", call.method, call.path.join("/"));
    if let Some(mut answer) = call.engine.scripts.take(&key) {
        let status = answer.as_object_mut().and_then(|answer| answer.remove("_status"));
        let status = status.and_then(|status| status.as_u64()).and_then(|status| u16::try_from(status).ok());
        return Ok(problem::json(status.unwrap_or(200), &answer));
    }
    if call.method != Method::POST {
        return read::answer(call);
    }
    uploads::check(call).await?;
    let hang = call.dice.chance(call.engine.behaviour.read().graph_hang);
    let done_before = call.dice.chance(0.5);
    if hang && !done_before {
        call.engine.ledger.graph_spoiled();
        tokio::time::sleep(HANG).await;
        return Err(Problem::broken(0));
    }
    let answer = send::answer(call);
    if hang && done_before {
        call.engine.ledger.graph_spoiled();
        tokio::time::sleep(HANG).await;
    }
    answer
}

/// Misbehaves as it was told.
async fn spoil(call: &mut Call<'_>) -> Result<(), Problem> {
    let behaviour = call.engine.behaviour.read().clone();
    if behaviour.graph_hang_ms > 0 {
        tokio::time::sleep(Duration::from_millis(behaviour.graph_hang_ms)).await;
    }
    let limited = call.dice.chance(behaviour.graph_429);
    let broken = call.dice.chance(behaviour.graph_5xx);
    let variant = call.dice.between(0, 5);
    let problem = if behaviour.expired_token {
        Problem::expired()
    } else if limited {
        Problem::limited(variant)
    } else if broken {
        Problem::broken(variant)
    } else {
        return Ok(());
    };
    call.engine.ledger.graph_spoiled();
    Err(problem)
}

/// The bytes of a file, by its id with or without an ending.
fn file(name: &str) -> HttpResponse {
    let id = name.split('.').next().unwrap_or_default();
    Media::from_id(id).map_or_else(
        || HttpResponse::NotFound().finish(),
        |media| HttpResponse::Ok().insert_header((CONTENT_TYPE, media.mime_type())).body(media.bytes()),
    )
}
