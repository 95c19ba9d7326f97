//! A raw client of the protocol that checks the chain of everything it is sent.

use crate::stage::{User, WAIT};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// A socket.
pub struct Client {
    pub ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The last `seq` of an event or beat.
    pub seq: i64,
    pub welcome: Value,
}

impl Client {
    /// Tries to open a socket; the status when it is refused.
    pub async fn open(
        address: SocketAddr,
        query: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let url = format!("ws://{address}/api/v1/realtime{query}");
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().expect("a value"));
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((ws, _)) => Ok(Self { ws, seq: 0, welcome: Value::Null }),
            Err(WsError::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub async fn send_text(&mut self, frame: &str) {
        self.ws.send(Message::text(frame)).await.expect("sends");
    }

    /// Writes bytes past the WebSocket library.
    pub async fn raw(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let MaybeTlsStream::Plain(stream) = self.ws.get_mut() else { panic!("plain expected") };
        stream.write_all(bytes).await
    }

    /// Says hello; the chain begins where the contract says.
    pub async fn hello(&mut self, hello: Value) {
        self.send(hello.clone()).await;
        self.welcome = self.next().await;
        assert_eq!(self.welcome["type"], "welcome", "{}", self.welcome);
        let start =
            if self.welcome["resumed"] == true { &hello["resume_from"] } else { &self.welcome["seq"] };
        self.seq = start.as_i64().expect("a place");
    }

    /// The next frame.
    pub async fn next(&mut self) -> Value {
        self.try_next().await.unwrap_or_else(|code| panic!("closed with {code}"))
    }

    /// The next frame or the code of the close: 1005 without a code, 1006 without a close frame.
    pub async fn try_next(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(WAIT, self.ws.next()).await.expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).expect("JSON");
                    self.check(&frame);
                    return Ok(frame);
                }
                Some(Ok(Message::Close(close))) => return Err(close.map_or(1005, |close| close.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    fn check(&mut self, frame: &Value) {
        if frame["type"] == "event" || frame["type"] == "beat" {
            assert_eq!(frame["prev"], self.seq, "the chain is unbroken: {frame}");
            let seq = frame["seq"].as_i64().expect("seq");
            assert!(seq > self.seq || (frame["type"] == "beat" && seq == self.seq), "seq rises: {frame}");
            self.seq = seq;
        }
    }

    /// The next frame of a type; others are passed over.
    pub async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// `data.n` of the next event.
    pub async fn number(&mut self) -> i64 {
        self.next_of("event").await["data"]["n"].as_i64().expect("a number")
    }

    /// `data.n` of the events up to the place `until`.
    pub async fn follow(&mut self, until: i64) -> Vec<i64> {
        let mut numbers = Vec::new();
        while self.seq < until {
            let frame = self.next().await;
            if frame["type"] == "event" {
                numbers.push(frame["data"]["n"].as_i64().expect("a number"));
            }
        }
        numbers
    }

    /// Waits for the close.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.try_next().await {
                return code;
            }
        }
    }

    /// The answer to a frame that is sent with that `ref`.
    pub async fn ask(&mut self, mut frame: Value, reference: Value) -> Value {
        frame["ref"] = reference.clone();
        self.send(frame).await;
        loop {
            let frame = self.next().await;
            if frame.get("ref") == Some(&reference) {
                return frame;
            }
        }
    }

    pub async fn join(&mut self, room: &str) -> Value {
        self.ask(json!({"type": "join", "room": room}), json!(7)).await
    }

    pub async fn leave(&mut self, room: &str) -> Value {
        self.ask(json!({"type": "leave", "room": room}), json!(8)).await
    }

    pub async fn signal(&mut self, room: &str, data: Value) {
        self.send(json!({"type": "signal", "room": room, "name": "viewing", "data": data})).await;
    }
}

/// What a `resume` says.
pub fn resume(rooms: &[&str], from: i64) -> Value {
    json!({"type": "hello", "rooms": rooms, "resume_from": from})
}

/// `Authorization` of a user.
pub fn bearer(user: &User) -> String {
    format!("Bearer {}", user.token)
}
