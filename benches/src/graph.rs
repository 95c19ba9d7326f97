//! A platform that takes messages at once and remembers when each came.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Default)]
struct Seen {
    at: HashMap<u64, Instant>,
    doubled: u64,
}

pub struct Graph {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Graph {
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, seen) = (listener.local_addr()?, Arc::new(Mutex::new(Seen::default())));
        let kept = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&kept)));
            }
        });
        Ok(Self { address, seen })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the message of a number says.
    pub fn text(number: u64) -> String {
        format!("Your order {number} is ready")
    }

    fn with<T>(&self, work: impl FnOnce(&mut Seen) -> T) -> T {
        work(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn count(&self) -> u64 {
        self.with(|seen| seen.at.len() as u64)
    }

    pub fn at(&self, number: u64) -> Option<Instant> {
        self.with(|seen| seen.at.get(&number).copied())
    }

    pub fn doubled(&self) -> u64 {
        self.with(|seen| seen.doubled)
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Seen>>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    loop {
        let body = loop {
            if let Some((body, end)) = whole(&buffer)? {
                buffer.drain(..end);
                break body;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let now = Instant::now();
        let message: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = message.pointer("/text/body").and_then(Value::as_str).unwrap_or_default();
        let number = text.split(' ').nth(2).and_then(|number| number.parse::<u64>().ok());
        if let Some(number) = number {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.at.insert(number, now).is_some() {
                seen.doubled += 1;
            }
        }
        let answer = format!(r#"{{"messages":[{{"id":"wamid.out.{}"}}]}}"#, number.unwrap_or_default());
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
        stream.write_all(format!("{head}{}\r\n\r\n{answer}", answer.len()).as_bytes()).await?;
    }
}

/// The body of a request that is all there, and where the request ends.
fn whole(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>> {
    let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default()).context("a head")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse::<usize>().ok() } else { None }
    });
    let all = end + 4 + length.unwrap_or(0);
    Ok(bytes.get(end + 4..all).map(|body| (body.to_vec(), all)))
}
