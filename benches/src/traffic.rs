//! Webhooks of WhatsApp as Meta signs them, one message each.

use anyhow::Result;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::time::{SystemTime, UNIX_EPOCH};

pub const SECRET: &str = "bench-app-secret";
pub const PATH: &str = "/api/whatsapp/webhook";
/// People who write; as many conversations.
pub const PEOPLE: u64 = 5_000;

/// Makes messages that differ in their id, in turn of all people.
pub struct Traffic {
    mac: Hmac<Sha256>,
    /// Of this run: two never make the same message.
    run: String,
    next: u64,
    people: u64,
}

impl Traffic {
    pub fn new(people: u64) -> Result<Self> {
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?;
        Ok(Self { mac, run: uuid::Uuid::now_v7().simple().to_string(), next: 0, people })
    }

    /// Its number, and the request with headers.
    pub fn request(&mut self) -> (u64, Vec<u8>) {
        let number = self.next;
        self.next += 1;
        (number, self.write(number))
    }

    /// What the message with a number is called by the platform.
    pub fn id(&self, number: u64) -> String {
        format!("wamid.{}.{number:08}", self.run)
    }

    fn write(&self, number: u64) -> Vec<u8> {
        let person = number % self.people;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let body = format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"329471260257418","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"908502223344","phone_number_id":"418206994710335"}},"contacts":[{{"profile":{{"name":"Person {person}"}},"wa_id":"90532{person:07}"}}],"messages":[{{"from":"90532{person:07}","id":"{}","timestamp":"{now}","type":"text","text":{{"body":"Is the corner sofa from your shop window still there? I would come on Saturday. {number}"}}}}]}}}}]}}]}}"#,
            self.id(number),
        );
        let mut mac = self.mac.clone();
        mac.update(body.as_bytes());
        let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
        let mut request = format!(
            "POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nx-hub-signature-256: sha256={signature}\r\ncontent-length: {}\r\n\r\n",
            body.len(),
        )
        .into_bytes();
        request.extend_from_slice(body.as_bytes());
        request
    }
}

/// The number of a message in what a frame says, if it is of this run.
pub fn numbers<'frame>(frame: &'frame [u8], run: &'frame Traffic) -> impl Iterator<Item = u64> + use<'frame> {
    let key = format!("\"external_id\":\"wamid.{}.", run.run);
    let places: Vec<usize> =
        memchr::memmem::find_iter(frame, key.as_bytes()).map(|at| at + key.len()).collect();
    places.into_iter().filter_map(|at| std::str::from_utf8(frame.get(at..at + 8)?).ok()?.parse().ok())
}
