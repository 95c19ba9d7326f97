//! A Graph that answers what a test tells it: one server a process, one path prefix a test.

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use data_encoding::BASE64;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

type Answers = Arc<Mutex<HashMap<String, State>>>;

#[derive(Default)]
struct State {
    /// By `METHOD /path`; several answers come in turn, the last one stays.
    answers: HashMap<String, Vec<Value>>,
    calls: Vec<String>,
    queries: Vec<String>,
    /// Of the calls that had one in JSON.
    bodies: Vec<Value>,
    /// Of the others: what was uploaded, as it came.
    uploads: Vec<Vec<u8>>,
}

static SERVER: OnceLock<(u16, Answers)> = OnceLock::new();

/// One test's part of it.
pub struct FakeGraph {
    pub url: String,
    key: String,
    all: Answers,
}

impl FakeGraph {
    pub async fn new() -> Self {
        let (port, all) = tokio::task::spawn_blocking(|| SERVER.get_or_init(serve)).await.unwrap();
        let key = switchboard::ids::new().simple().to_string();
        all.lock().unwrap().insert(key.clone(), State::default());
        Self { url: format!("http://127.0.0.1:{port}/{key}"), key, all: Arc::clone(all) }
    }

    /// What is answered to `METHOD /path` (without version and query): one value, or a list for answers in turn;
    /// `_status` is its status, `_after` its `Retry-After`, `_raw` a body as it stands, `_bytes` a file in base64 with its `_type`.
    pub fn answer(&self, call: &str, answer: &Value) {
        let answers = answer.as_array().cloned().unwrap_or_else(|| vec![answer.clone()]);
        self.all.lock().unwrap().get_mut(&self.key).unwrap().answers.insert(call.to_owned(), answers);
    }

    /// Answers nothing any more, and forgets the calls.
    pub fn reset(&self) {
        self.all.lock().unwrap().insert(self.key.clone(), State::default());
    }

    /// Calls so far, as `METHOD /path`.
    pub fn calls(&self) -> Vec<String> {
        self.all.lock().unwrap()[&self.key].calls.clone()
    }

    /// The queries of the calls so far.
    pub fn queries(&self) -> Vec<String> {
        self.all.lock().unwrap()[&self.key].queries.clone()
    }

    /// What was posted so far.
    pub fn bodies(&self) -> Vec<Value> {
        self.all.lock().unwrap()[&self.key].bodies.clone()
    }

    /// What was uploaded so far, as it came.
    pub fn uploads(&self) -> Vec<Vec<u8>> {
        self.all.lock().unwrap()[&self.key].uploads.clone()
    }
}

fn serve() -> (u16, Answers) {
    let all: Answers = Arc::default();
    let data = web::Data::new(Arc::clone(&all));
    let (tell, port) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server =
                HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(reply)))
                    .workers(1)
                    .disable_signals()
                    .bind(("127.0.0.1", 0))
                    .unwrap();
            tell.send(server.addrs()[0].port()).unwrap();
            server.run().await.unwrap();
        });
    });
    (port.recv().unwrap(), all)
}

async fn reply(request: HttpRequest, body: web::Bytes, all: web::Data<Answers>) -> HttpResponse {
    let mut parts = request.path().trim_start_matches('/').splitn(3, '/');
    let (key, _version, rest) = (parts.next().unwrap(), parts.next(), parts.next().unwrap_or_default());
    let call = format!("{} /{rest}", request.method());
    let mut all = all.lock().unwrap();
    let Some(state) = all.get_mut(key) else { return HttpResponse::NotFound().finish() };
    state.calls.push(call.clone());
    state.queries.push(request.query_string().to_owned());
    match serde_json::from_slice::<Value>(&body) {
        Ok(body) => state.bodies.push(body),
        Err(_) if !body.is_empty() => state.uploads.push(body.to_vec()),
        Err(_) => {}
    }
    let answer = match state.answers.get_mut(&call) {
        Some(answers) if answers.len() > 1 => answers.remove(0),
        Some(answers) => answers[0].clone(),
        None => {
            json!({ "_status": 400, "error": { "message": "no such object", "code": 100, "error_subcode": 33 } })
        }
    };
    if let Some(bytes) = answer["_bytes"].as_str() {
        let kind = answer["_type"].as_str().unwrap_or("application/octet-stream").to_owned();
        return HttpResponse::Ok().content_type(kind).body(BASE64.decode(bytes.as_bytes()).unwrap());
    }
    if let Some(raw) = answer["_raw"].as_str() {
        return HttpResponse::Ok().content_type("application/json").body(raw.to_owned());
    }
    let status = answer["_status"].as_u64().unwrap_or(200);
    let mut response = HttpResponse::build(StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap());
    if let Some(after) = answer["_after"].as_u64() {
        response.insert_header(("retry-after", after.to_string()));
    }
    response.json(answer)
}
