//! REST as a signed-in colleague of one of the two tenants.

use crate::random::Random;
use crate::view::{View, put};
use crate::viewer::Course;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The administrators of the two tenants.
pub const USERS: [&str; 2] = ["admin@example.test", "second@example.test"];
pub const PASSWORD: &str = "correct-horse-battery";
/// Until a request of the client is answered at all.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// A signed-in way to the server.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    pub url: String,
    /// Whose: 0 or 1.
    pub tenant: usize,
    email: String,
    token: Arc<Mutex<String>>,
}

impl Api {
    pub async fn sign_in(url: &str, tenant: usize) -> Self {
        Self::sign_in_as(url, tenant, USERS[tenant]).await
    }

    pub async fn sign_in_as(url: &str, tenant: usize, email: &str) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        let api = Self { http, url: url.to_owned(), tenant, email: email.to_owned(), token: Arc::default() };
        assert!(api.renew().await, "sign-in");
        api
    }

    /// The same colleague by another address.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub fn token(&self) -> String {
        self.token.lock().unwrap().clone()
    }

    /// Signs in anew: an access token lives ten minutes.
    pub async fn renew(&self) -> bool {
        let body = json!({ "email": self.email, "password": PASSWORD });
        let sent = self.http.post(format!("{}/api/v1/auth/login", self.url)).json(&body).send().await;
        let Ok(answer) = sent else { return false };
        let answer = answer.json::<Value>().await.unwrap_or_default();
        let Some(token) = answer["access_token"].as_str() else { return false };
        token.clone_into(&mut self.token.lock().unwrap());
        true
    }

    async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<reqwest::Response, String> {
        for again in [true, false] {
            let request =
                self.http.request(method.clone(), format!("{}{path}", self.url)).bearer_auth(self.token());
            let request = body.iter().fold(request, |request, body| request.json(body));
            let answer = request.send().await.map_err(|error| format!("{method} {path}: {error}"))?;
            if !(again && answer.status() == 401 && self.renew().await) {
                return Ok(answer);
            }
        }
        Err(format!("{method} {path}: signed in in vain"))
    }

    /// One of the figures of the node; none: it does not tell it, or does not answer.
    pub async fn figure(&self, name: &str) -> Option<usize> {
        let text = self.call(reqwest::Method::GET, "/metrics", None).await.ok()?.text().await.ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line?.parse().ok()
    }

    /// Status, `Switchboard-Seq` and body of a `GET`; an error when there is no answer.
    pub async fn get(&self, path: &str) -> Result<(u16, i64, Value), String> {
        let answer = self.call(reqwest::Method::GET, path, None).await?;
        let status = answer.status().as_u16();
        let seq = answer.headers().get("switchboard-seq").and_then(|seq| seq.to_str().ok()?.parse().ok());
        let body = answer.json().await.unwrap_or(Value::Null);
        Ok((status, seq.unwrap_or(-1), body))
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<u16, String> {
        Ok(self.call(reqwest::Method::POST, path, Some(body)).await?.status().as_u16())
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Result<(u16, Value), String> {
        let answer = self.call(reqwest::Method::PATCH, path, Some(body)).await?;
        Ok((answer.status().as_u16(), answer.json().await.unwrap_or_default()))
    }

    /// A file that is ready to be sent: its id. Of one part.
    pub async fn upload(&self, name: &str, kind: &str, bytes: &[u8]) -> Result<String, String> {
        let body = json!({ "file_name": name, "mime_type": kind, "size": bytes.len() });
        let begun = self.call(reqwest::Method::POST, "/api/v1/files", Some(&body)).await?;
        let file: Value = begun.json().await.map_err(|error| error.to_string())?;
        let id = file["id"].as_str().ok_or_else(|| format!("no upload: {file}"))?;
        let part = self
            .http
            .patch(format!("{}/api/v1/files/{id}", self.url))
            .bearer_auth(self.token())
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", "0")
            .body(bytes.to_vec());
        let file: Value =
            part.send().await.map_err(|error| error.to_string())?.json().await.unwrap_or_default();
        if file["state"] == "ready" { Ok(id.to_owned()) } else { Err(format!("not ready: {file}")) }
    }

    /// All pages of a list, and the lowest `seq` that one of them shows.
    pub async fn list(&self, path: &str) -> Result<(i64, Vec<Value>), String> {
        let (mut all, mut cursor, mut lowest) = (Vec::new(), String::new(), i64::MAX);
        for _ in 0..100 {
            let (status, seq, mut body) = self.get(&format!("/api/v1{path}&limit=200{cursor}")).await?;
            if status != 200 || seq < 0 {
                return Err(format!("GET {path}: {status}, seq {seq}: {body}"));
            }
            lowest = lowest.min(seq);
            all.append(body["items"].as_array_mut().ok_or("no items")?);
            match body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok((lowest, all)),
            }
        }
        Err(format!("GET {path}: more than 100 pages"))
    }

    /// What a client that has just been opened shows, and the `seq` up to which that is complete.
    pub async fn load(&self) -> Result<(i64, View), String> {
        let (mut lowest, conversations) = self.list("/conversations?status=all").await?;
        let mut view = View::default();
        for conversation in conversations {
            let id = conversation["id"].as_str().unwrap().to_owned();
            let (seq, messages) = self.list(&format!("/conversations/{id}/messages?")).await?;
            lowest = lowest.min(seq);
            messages.iter().for_each(|message| put(&mut view.messages, message));
            view.conversations.insert(id, conversation);
        }
        Ok((lowest, view))
    }

    /// Reads a conversation up to its last message, as an agent does. The answer may be anything while there is a crash.
    pub async fn read_some(&self, course: &Mutex<Course>, random: &mut Random) -> Option<u16> {
        let (path, body) = {
            let course = course.lock().unwrap();
            let place = random.below(course.view.conversations.len());
            let (id, conversation) = course.view.conversations.iter().nth(place)?;
            let message = conversation["last_message"]["id"].as_str()?;
            (format!("/api/v1/conversations/{id}/read"), json!({ "message_id": message }))
        };
        self.post(&path, &body).await.ok()
    }
}
