//! Every operation of the OpenAPI document, and how to make a valid request of it.
//!
//! Tests that must hold for all routes go over [`all`]: a new route is in them by itself. What a document can't tell
//! (a valid body, whose id a path wants) is said here; an operation that is missing stops the tests with its name.

use crate::records::Records;
use crate::support::TestApp;
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

pub const BASE: &str = "/api/v1/";

/// One method of one path.
#[derive(Debug)]
pub struct Operation {
    pub method: Method,
    pub path: String,
    pub document: Value,
    body: Value,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(switchboard::router::openapi()).unwrap())
}

/// Follows a reference within the document.
fn resolved(schema: &Value) -> Value {
    match schema["$ref"].as_str() {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap().clone(),
        None => schema.clone(),
    }
}

/// Every operation, below `/api/v1` and outside of it.
pub fn all() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let body = resolved(&operation["requestBody"]["content"]["application/json"]["schema"]);
            let method = method.to_uppercase().parse().unwrap();
            all.push(Operation { method, path: path.clone(), document: operation.clone(), body });
        }
    }
    all
}

/// Those below `/api/v1`.
pub fn of_api() -> Vec<Operation> {
    all().into_iter().filter(|operation| operation.path.starts_with(BASE)).collect()
}

impl Operation {
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether nobody needs to be signed in: `security: []`, or `[{}]` for what signs in.
    pub fn is_public(&self) -> bool {
        self.document["security"].as_array().is_some_and(|all| all.iter().all(|one| one == &json!({})))
    }

    pub fn is_sign_in(&self) -> bool {
        self.path.starts_with("/api/v1/auth/")
    }

    /// Whether it is JSON about the tenant's records: not a page, not a socket, not sign-in, not a file's bytes, and not
    /// one user's own upload (`files`, `attachments` have tests of their own).
    pub fn is_record(&self) -> bool {
        let own = self.path.starts_with("/api/v1/files/");
        let bytes = self.is_get() && self.path.starts_with("/api/v1/attachments/");
        !self.is_public() && !self.is_sign_in() && !self.path.ends_with("/realtime") && !own && !bytes
    }

    pub fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    pub fn takes_body(&self) -> bool {
        !self.body.is_null()
    }

    /// The body's properties with their schemas.
    pub fn properties(&self) -> Map<String, Value> {
        self.body["properties"].as_object().cloned().unwrap_or_default()
    }

    pub fn parameters(&self, place: &str) -> Vec<(String, bool)> {
        let all = self.document["parameters"].as_array().into_iter().flatten();
        let all = all.filter(|parameter| parameter["in"] == place);
        all.map(|one| (one["name"].as_str().unwrap().to_owned(), one["required"] == true)).collect()
    }

    pub fn has_ids(&self) -> bool {
        self.path.replace("{key}", "").contains('{')
    }

    pub fn takes(&self, query: &str) -> bool {
        self.parameters("query").iter().any(|(name, _)| name == query)
    }

    /// The path with ids, and the query that is required.
    pub fn address(&self, records: &Records) -> String {
        self.address_with(|kind| records.id(kind).to_string(), records)
    }

    pub fn address_with(&self, mut id: impl FnMut(&'static str) -> String, records: &Records) -> String {
        let parts: Vec<&str> = self.path.split('/').collect();
        let filled = parts.iter().enumerate().map(|(place, part)| match part.strip_prefix('{') {
            // Only what the platform has named takes reactions.
            Some(_) if self.path.ends_with("/reaction") => id("message"),
            // No record: one of the names that secrets have.
            Some("key}") => "meta_verify_token".to_owned(),
            Some(_) => id(kind_of(parts[place - 1])),
            None => (*part).to_owned(),
        });
        let mut address = filled.collect::<Vec<_>>().join("/");
        for (name, _) in self.parameters("query").iter().filter(|(_, required)| *required) {
            address = with(&address, name, &records.id(kind_of(name)).to_string());
        }
        address
    }

    /// A valid body, with these ids where it names any; none when the operation takes none.
    pub fn valid_body(&self, records: &Records) -> Option<Value> {
        let id = |kind| records.id(kind);
        let email = format!("new-{}@example.test", switchboard::ids::new().simple());
        self.takes_body().then(|| match self.name().as_str() {
            "PATCH /api/v1/activities/{id}" => json!({ "status": "done" }),
            "PATCH /api/v1/cards/{id}" => json!({ "title": "New title" }),
            "PATCH /api/v1/channels/{id}" => json!({ "name": "New name" }),
            "PATCH /api/v1/conversations/{id}" => json!({ "priority": "high" }),
            "PATCH /api/v1/customers/{id}" | "PATCH /api/v1/users/{id}" => json!({ "name": "New name" }),
            "POST /api/v1/conversations/{id}/read" => json!({ "message_id": id("message") }),
            "POST /api/v1/conversations/{id}/messages" => {
                json!({ "client_id": email, "text": "New", "internal": true })
            }
            "PUT /api/v1/conversations/{id}/drafts/reply" | "PUT /api/v1/conversations/{id}/drafts/note" => {
                json!({ "text": email })
            }
            "PUT /api/v1/system-config/{key}" => json!({ "value": email }),
            "POST /api/v1/files" => json!({ "file_name": email, "mime_type": "text/plain", "size": 3 }),
            "POST /api/v1/saved-replies" => json!({ "shortcut": email.get(..30), "text": "New" }),
            "PATCH /api/v1/saved-replies/{id}" => json!({ "text": email }),
            "PUT /api/v1/messages/{id}/reaction" => json!({ "emoji": "👍" }),
            // Who writes there within the window: see `records`.
            "POST /api/v1/conversations" => json!({
                "channel_id": id("channel"), "recipient": format!("+{}", crate::records::PHONE),
                "message": { "client_id": email, "text": "New", "override_window": true },
            }),
            "POST /api/v1/notifications/read" => json!({ "ids": [id("notification")] }),
            "POST /api/v1/messages/{id}/retry" => json!({ "sure": true }),
            "POST /api/v1/users" => {
                json!({ "email": email, "name": "New", "role": "agent", "password": "a long enough one" })
            }
            "POST /api/v1/webhook-deliveries/replay" => json!({ "ids": [id("delivery")] }),
            "POST /api/v1/auth/login" => {
                json!({ "email": crate::support::EMAIL, "password": crate::support::PASSWORD })
            }
            "POST /api/v1/auth/setup" => {
                json!({ "token": "x", "email": email, "name": "New", "password": "a long enough one" })
            }
            "POST /api/public/leads" => json!({ "site_key": records.site_key, "email": email }),
            other => panic!("say in Operation::valid_body what {other} takes"),
        })
    }

    /// A valid request of nobody, about these records.
    pub fn request(&self, app: &TestApp, records: &Records) -> RequestBuilder {
        let request = self.to(app, &self.address(records));
        match self.valid_body(records) {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// A request without a body to any address.
    pub fn to(&self, app: &TestApp, address: &str) -> RequestBuilder {
        let request = app.http.request(self.method.clone(), format!("{}{address}", app.base));
        if self.path.ends_with("/realtime") {
            return request
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        }
        if self.name() == "PATCH /api/v1/files/{id}" {
            // The end of a whole upload, once more.
            return request
                .header("upload-offset", "3")
                .header("content-type", "application/offset+octet-stream");
        }
        request
    }
}

/// What kind of record an id after this segment, or of this name, is.
pub fn kind_of(name: &str) -> &'static str {
    match name {
        "activities" => "activity",
        "attachments" => "attachment",
        "boards" => "board",
        "cards" | "after_card_id" | "before_card_id" => "card",
        "channels" | "channel" | "channel_id" => "channel",
        "columns" | "column_id" => "column",
        "conversations" => "conversation",
        "customers" | "customer" => "customer",
        "files" => "file",
        // No record: a link's token, which nobody guesses.
        "media" => "file",
        "message_id" | "seen_message_id" => "message",
        "messages" => "own_message",
        "saved-replies" => "saved_reply",
        "users" | "assignee_id" | "assignee" | "mentions" => "user",
        "webhook-deliveries" => "delivery",
        other => panic!("say in operations::kind_of whose id `{other}` is"),
    }
}

/// The address with one more parameter.
pub fn with(address: &str, name: &str, value: &str) -> String {
    let pair = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    format!("{address}{}{pair}", if address.contains('?') { '&' } else { '?' })
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        // A socket's answer has no end.
        let text = if status == 101 {
            String::new()
        } else {
            answer.text().await.unwrap_or_else(|fault| panic!("{status} {headers:?} {fault:?}"))
        };
        Self { status, headers, text }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// Status and body, without what differs in every answer.
    pub fn shown(&self) -> (u16, Value) {
        let mut body = self.json();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        (self.status, body)
    }

    /// That it is a refusal of that status and code, in the shape that all have.
    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str, of: &str) {
        let body = self.json();
        assert_eq!((self.status, body["code"].as_str()), (status, Some(code)), "{of}: {}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{of}");
        assert_eq!(body["request_id"].as_str().map(str::len), Some(36), "{of}");
        assert_eq!(self.header("x-request-id"), body["request_id"], "{of}");
        assert_eq!((&body["type"], &body["status"]), (&json!("about:blank"), &json!(status)), "{of}");
        for text in ["title", "detail"] {
            assert!(body[text].as_str().is_some_and(|text| !text.is_empty()), "{of}: {}", self.text);
        }
        let errors = body["errors"].as_array().map_or(0, Vec::len);
        assert_eq!(errors > 0, status == 422, "{of}: {}", self.text);
        assert_eq!(body["current"].is_object(), code == "version_conflict", "{of}: {}", self.text);
    }
}
