//! The platform's side: accounts of both tenants, signed bodies, and how one is posted.

use crate::random::Random;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard::channels::{Account, ChannelKind};
use switchboard::clock;

pub const SECRET: &str = "switchboard-sample-app-secret-0001";
/// After it an answer counts as none.
const PATIENCE: Duration = Duration::from_secs(8);

/// An account of a tenant.
#[derive(Debug)]
pub struct Channel {
    /// 0: the first tenant, 1: the second.
    pub tenant: usize,
    pub whatsapp: bool,
    account: &'static str,
    waba: &'static str,
}

/// Two of the first tenant, one of the second. The same people write to both tenants.
pub const CHANNELS: [Channel; 3] = [
    Channel { tenant: 0, whatsapp: true, account: "418206994710335", waba: "329471260257418" },
    Channel { tenant: 0, whatsapp: false, account: "107845920384756", waba: "" },
    Channel { tenant: 1, whatsapp: true, account: "418206994710999", waba: "329471260257999" },
];

/// The word that every text to a tenant carries, and no byte to the other one may.
pub const WORDS: [&str; 2] = ["canary-of-the-first", "canary-of-the-second"];

impl Channel {
    pub fn account(&self) -> Account<'_> {
        let kind = if self.whatsapp { ChannelKind::Whatsapp } else { ChannelKind::Messenger };
        let waba_id = self.whatsapp.then_some(self.waba);
        Account { kind, account_id: self.account, waba_id, name: self.account }
    }

    pub fn address(&self) -> &'static str {
        if self.whatsapp { "whatsapp" } else { "meta" }
    }

    /// One text, as an item of [`Self::body`].
    pub fn text(&self, id: &str, person: &str, at: u64, text: &str) -> Value {
        if self.whatsapp {
            return self.change(
                "messages",
                json!({
                    "contacts": [{ "profile": { "name": format!("Person {person}") }, "wa_id": person }],
                    "messages": [{ "from": person, "id": id, "timestamp": at.to_string(), "type": "text",
                                   "text": { "body": text } }],
                }),
            );
        }
        json!({ "sender": { "id": person }, "recipient": { "id": self.account }, "timestamp": at * 1000,
                "message": { "mid": id, "text": text } })
    }

    /// Any change of a WhatsApp number.
    pub fn change(&self, field: &str, mut value: Value) -> Value {
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] =
            json!({ "display_phone_number": "908502223344", "phone_number_id": self.account });
        json!({ "field": field, "value": value })
    }

    /// The body that tells of these items.
    pub fn body(&self, items: &[Value]) -> Value {
        if self.whatsapp {
            let entry = json!([{ "id": self.waba, "changes": items }]);
            return json!({ "object": "whatsapp_business_account", "entry": entry });
        }
        let entry = json!([{ "time": 1_763_600_000_000_u64, "id": self.account, "messaging": items }]);
        json!({ "object": "page", "entry": entry })
    }
}

/// The addresses that a balancer would send to; changed while it runs.
#[derive(Clone)]
pub struct Doors {
    urls: Arc<Mutex<Vec<String>>>,
    http: reqwest::Client,
}

impl Doors {
    pub fn new(urls: &[&str]) -> Self {
        let urls = urls.iter().map(|url| (*url).to_owned()).collect();
        Self {
            urls: Arc::new(Mutex::new(urls)),
            http: reqwest::Client::builder().timeout(PATIENCE).build().unwrap(),
        }
    }

    pub fn set(&self, urls: &[&str]) {
        *self.urls.lock().unwrap() = urls.iter().map(|url| (*url).to_owned()).collect();
    }

    pub fn any(&self, random: &mut Random) -> String {
        let urls = self.urls.lock().unwrap();
        urls[random.below(urls.len())].clone()
    }

    /// What was answered (a status, or an error in words), and how long it took.
    pub async fn post(&self, url: &str, address: &str, body: &[u8]) -> (String, Duration) {
        let begin = clock::monotonic();
        let sent = self
            .http
            .post(format!("{url}/api/{address}/webhook"))
            .header("content-type", "application/json")
            .header("x-hub-signature-256", webhooks::signature::sign(body, SECRET.as_bytes()))
            .body(body.to_vec())
            .send()
            .await;
        let answer = match sent {
            Ok(answer) => answer.status().as_u16().to_string(),
            Err(error) if error.is_timeout() => "no answer in time".to_owned(),
            Err(error) if error.is_connect() => "nobody listens".to_owned(),
            Err(_) => "the connection broke".to_owned(),
        };
        (answer, begin.elapsed())
    }
}
