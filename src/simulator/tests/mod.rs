//! The simulator against a stub of the server.

mod delivery;
mod graph;

use super::*;
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

const SECRET: &str = "switchboard-sample-app-secret-0001";
const LONG: Duration = Duration::from_secs(30);

/// What the stub got.
#[derive(Clone)]
struct Got {
    path: String,
    body: Value,
    signed: bool,
    acked: bool,
}

#[derive(Default)]
struct Stub {
    got: Mutex<Vec<Got>>,
    /// Statuses of the first answers, last one first; then 200.
    answers: Mutex<Vec<u16>>,
}

impl Stub {
    fn external_ids(&self) -> HashMap<String, usize> {
        let mut ids = HashMap::new();
        for got in self.got.lock().iter().filter(|got| got.acked) {
            for id in message_ids(&got.body) {
                *ids.entry(id).or_default() += 1;
            }
        }
        ids
    }
}

/// Ids of everything below `messages` and `messaging` that is a new message.
fn message_ids(body: &Value) -> Vec<String> {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut ids = Vec::new();
    for entry in list(body.get("entry")) {
        for item in list(entry.get("messaging")) {
            let mid = item.pointer("/message/mid").or_else(|| item.pointer("/postback/mid"));
            ids.extend(mid.and_then(Value::as_str).map(str::to_owned));
        }
        for change in list(entry.get("changes")) {
            for message in list(change.pointer("/value/messages")) {
                ids.extend(message.get("id").and_then(Value::as_str).map(str::to_owned));
            }
        }
    }
    ids
}

async fn receive(request: HttpRequest, body: web::Bytes, stub: web::Data<Stub>) -> HttpResponse {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&body);
    let wanted = format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()));
    let signature =
        request.headers().get("X-Hub-Signature-256").map(|value| value.to_str().unwrap().to_owned());
    let status = stub.answers.lock().pop().unwrap_or(200);
    stub.got.lock().push(Got {
        path: request.path().to_owned(),
        body: serde_json::from_slice(&body).unwrap(),
        signed: signature.as_deref() == Some(wanted.as_str()),
        acked: status == 200,
    });
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap()).finish()
}

fn serve(listener: std::net::TcpListener, answers: Vec<u16>) -> (web::Data<Stub>, ServerHandle) {
    let stub = web::Data::new(Stub { answers: Mutex::new(answers), ..Stub::default() });
    let data = stub.clone();
    let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(receive)))
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
    let handle = server.handle();
    tokio::spawn(server);
    (stub, handle)
}

async fn stage(answers: Vec<u16>, change: impl FnOnce(&mut Config)) -> (web::Data<Stub>, Simulator) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stub, _) = serve(listener, answers);
    let mut config = Config::new(&url, SECRET);
    change(&mut config);
    (stub, Simulator::start(config).await.unwrap())
}

fn somebody(simulator: &Simulator, platform: Platform) -> Customer {
    simulator.customers().into_iter().find(|customer| customer.platform == platform).unwrap()
}
