//! A watcher: a WebSocket read with little work, so that a thousand of them fit beside what they watch.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;
const LARGE: usize = 16 << 20;

pub struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Of the frame given out last; gone with the next one.
    given: usize,
}

impl Socket {
    /// Signed in, with `hello` said and `welcome` heard.
    pub async fn open(
        address: &str,
        token: &str,
        rooms: &[&str],
        resume: Option<(u64, &Value)>,
    ) -> Result<(Self, Welcome)> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET /api/v1/realtime HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut socket = Self::plain(stream);
        socket.upgrade().await?;
        let (from, epoch) = match resume {
            Some((seq, epoch)) => (Value::from(seq), epoch.clone()),
            None => (Value::Null, Value::Null),
        };
        let hello =
            serde_json::json!({ "type": "hello", "rooms": rooms, "resume_from": from, "epoch": epoch });
        socket.send(TEXT, hello.to_string().as_bytes()).await?;
        let frame = socket.next().await?;
        let welcome: Value = serde_json::from_slice(frame)?;
        let seq = welcome.get("seq").and_then(Value::as_u64).context("no welcome")?;
        let resumed = welcome.get("resumed").and_then(Value::as_bool).unwrap_or(false);
        Ok((socket, Welcome { seq, epoch: welcome.get("epoch").cloned().unwrap_or_default(), resumed }))
    }

    /// Frames without a word before.
    pub fn plain(stream: TcpStream) -> Self {
        Self { stream, buffer: Vec::new(), given: 0 }
    }

    async fn upgrade(&mut self) -> Result<()> {
        loop {
            if let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                if !self.buffer.starts_with(b"HTTP/1.1 101") {
                    bail!("no socket: {}", String::from_utf8_lossy(&self.buffer));
                }
                self.buffer.drain(..end + 4);
                return Ok(());
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<()> {
        self.buffer.reserve(1024);
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the socket was closed");
        }
        Ok(())
    }

    /// The next text; answers pings on the way.
    pub async fn next(&mut self) -> Result<&[u8]> {
        self.buffer.drain(..self.given);
        self.given = 0;
        loop {
            let Some(frame) = head(&self.buffer)? else {
                self.read().await?;
                continue;
            };
            match frame.kind {
                TEXT => {
                    self.given = frame.end;
                    return Ok(self.buffer.get(frame.start..frame.end).unwrap_or_default());
                }
                CLOSE => bail!("the server closed the socket"),
                PING => {
                    let bytes = self.buffer.get(frame.start..frame.end).unwrap_or_default().to_vec();
                    self.send(PONG, &bytes).await?;
                }
                _ => {}
            }
            self.buffer.drain(..frame.end);
        }
    }

    /// Masked with zeros: the rule wants a mask, and this one costs nothing.
    async fn send(&mut self, kind: u8, bytes: &[u8]) -> Result<()> {
        let mut frame = vec![0x80 | kind];
        match u8::try_from(bytes.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | length),
            _ => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&u16::try_from(bytes.len())?.to_be_bytes());
            }
        }
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(bytes);
        self.stream.write_all(&frame).await?;
        Ok(())
    }
}

/// What a server says first.
pub struct Welcome {
    pub seq: u64,
    pub epoch: Value,
    pub resumed: bool,
}

struct Frame {
    kind: u8,
    start: usize,
    end: usize,
}

/// Of the first frame, if all of it is there.
fn head(bytes: &[u8]) -> Result<Option<Frame>> {
    let (Some(first), Some(second)) = (bytes.first(), bytes.get(1)) else { return Ok(None) };
    let (start, length) = match second & 0x7f {
        126 => match bytes.get(2..4) {
            Some([a, b]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
            _ => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|it| <[u8; 8]>::try_from(it).ok()) {
            Some(length) => (10, usize::try_from(u64::from_be_bytes(length))?),
            None => return Ok(None),
        },
        short => (2, usize::from(short)),
    };
    if length > LARGE {
        bail!("a frame of {length} bytes");
    }
    let end = start + length;
    Ok((bytes.len() >= end).then_some(Frame { kind: first & 0x0f, start, end }))
}
