//! The connection itself: reads, writes, with an end to every wait.
//!
//! Frames gather until `flush`, so that those of a turn go out with one write. Bytes are held only while they are on
//! their way: what a quiet socket keeps is no buffer at all, whatever went through it before.

use super::goodbye::Goodbye;
use super::inbound::{Inbound, Message};
use crate::http;
use crate::realtime::local::Mailbox;
use actix_http::ws::{Codec, Message as Frame};
use actix_web::rt::net::TcpStream;
use bytes::{Buf, Bytes, BytesMut};
use bytestring::ByteString;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::codec::Encoder;

/// How long the connection may take to make room for what is flushed.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a goodbye may wait for room.
const FAREWELL: Duration = Duration::from_secs(20);
/// The same for a session that ended: what is still queued shall not trickle out.
const DISMISSAL: Duration = Duration::from_secs(1);
/// Bytes that gather before they are flushed within a turn.
const MUCH: usize = 32 * 1_024;
/// Bytes of one read.
const READ: usize = 4 * 1_024;

pub struct Connection {
    stream: TcpStream,
    inbound: Inbound,
    /// Encoded, and not yet written.
    out: BytesMut,
    codec: Codec,
    mailbox: Arc<Mailbox>,
}

impl Connection {
    pub fn new(stream: TcpStream, mailbox: Arc<Mailbox>) -> Self {
        // A lone frame shall not wait until an earlier one is acknowledged. Where this fails it does.
        let _ = stream.set_nodelay(true);
        Self { stream, inbound: Inbound::new(), out: BytesMut::new(), codec: Codec::new(), mailbox }
    }

    /// Takes bytes of the peer that were read elsewhere.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Goodbye> {
        self.inbound.feed(bytes)
    }

    /// The peer's next message. May be dropped and called again.
    pub async fn next(&mut self) -> Result<Message, Goodbye> {
        loop {
            if let Some(message) = self.inbound.next()? {
                return Ok(message);
            }
            poll_fn(|context| self.stream.poll_read_ready(context)).await.map_err(|_| Goodbye::Gone)?;
            self.read()?;
        }
    }

    fn read(&mut self) -> Result<(), Goodbye> {
        let mut bytes = [0; READ];
        match self.stream.try_read(&mut bytes) {
            Ok(0) => Err(Goodbye::Gone),
            Ok(size) => self.take(bytes.get(..size).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(_) => Err(Goodbye::Gone),
        }
    }

    /// Sends a text with the next flush, or sooner.
    pub async fn text(&mut self, text: ByteString) -> Result<(), Goodbye> {
        self.gather(Frame::Text(text)).await
    }

    pub async fn ping(&mut self) -> Result<(), Goodbye> {
        self.gather(Frame::Ping(Bytes::new())).await
    }

    pub async fn pong(&mut self, bytes: Bytes) -> Result<(), Goodbye> {
        self.gather(Frame::Pong(bytes)).await
    }

    async fn gather(&mut self, frame: Frame) -> Result<(), Goodbye> {
        self.encode(frame)?;
        if self.out.len() < MUCH { Ok(()) } else { self.flush().await }
    }

    fn encode(&mut self, frame: Frame) -> Result<(), Goodbye> {
        self.codec.encode(frame, &mut self.out).map_err(|_| Goodbye::Fault)
    }

    /// Sends what has gathered, unless the socket is told to close meanwhile or is too slow.
    pub async fn flush(&mut self) -> Result<(), Goodbye> {
        if self.write()? {
            return Ok(());
        }
        let mailbox = Arc::clone(&self.mailbox);
        tokio::select! {
            biased;
            sent = self.write_all() => sent,
            goodbye = mailbox.dismissed() => Err(goodbye),
            () = tokio::time::sleep(PATIENCE) => Err(Goodbye::Slow),
        }
    }

    /// Writes what there is room for. True: that was all.
    fn write(&mut self) -> Result<bool, Goodbye> {
        while !self.out.is_empty() {
            match self.stream.try_write(&self.out) {
                Ok(size) => self.out.advance(size),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(_) => return Err(Goodbye::Gone),
            }
        }
        self.out = BytesMut::new();
        Ok(true)
    }

    async fn write_all(&mut self) -> Result<(), Goodbye> {
        while !self.write()? {
            self.stream.writable().await.map_err(|_| Goodbye::Gone)?;
        }
        Ok(())
    }

    /// Says why and ends it.
    pub async fn close(mut self, goodbye: Goodbye) {
        let patience = if goodbye == Goodbye::Revoked { DISMISSAL } else { FAREWELL };
        let reason = goodbye.reason();
        if reason.is_some() && self.encode(Frame::Close(reason)).is_ok() {
            if let Ok(Ok(())) = tokio::time::timeout(patience, self.write_all()).await {
                return http::part(self.stream).await;
            }
            // Nor shall the kernel keep what could not be written.
            let _ = self.stream.set_zero_linger();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// A connection, and its peer.
    async fn pair() -> (Connection, TcpStream, Arc<Mailbox>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let peer = TcpStream::connect(listener.local_addr().expect("bound")).await.expect("connects");
        let (stream, _) = listener.accept().await.expect("accepts");
        let mailbox = Arc::new(Mailbox::default());
        (Connection::new(stream, Arc::clone(&mailbox)), peer, mailbox)
    }

    #[tokio::test]
    async fn frames_gather_and_go_out_together_and_no_buffer_stays() {
        let (mut connection, mut peer, _) = pair().await;
        for text in ["one", "two"] {
            connection.text(text.into()).await.expect("room");
        }
        assert_eq!(&connection.out[..], b"\x81\x03one\x81\x03two", "not a byte went out yet");
        connection.flush().await.expect("room");
        let mut heard = [0; 10];
        peer.read_exact(&mut heard).await.expect("reads");
        assert_eq!(&heard, b"\x81\x03one\x81\x03two");
        assert_eq!(connection.out.capacity(), 0);
    }

    #[tokio::test]
    async fn much_goes_out_before_the_turn_ends() {
        let (mut connection, _peer, _) = pair().await;
        connection.text("x".repeat(MUCH - 5).into()).await.expect("room");
        assert_eq!(connection.out.len(), MUCH - 1);
        connection.ping().await.expect("room");
        assert_eq!(connection.out.capacity(), 0);
    }

    #[tokio::test]
    async fn who_waits_for_room_hears_the_order_to_close_and_what_was_sent_is_whole() {
        let (mut connection, mut peer, mailbox) = pair().await;
        let text = ByteString::from("x".repeat(100_000));
        // As long as there is room nobody asks.
        mailbox.dismiss(Goodbye::Revoked);
        let mut sent = 0;
        let stuck = loop {
            match connection.text(text.clone()).await {
                Ok(()) => sent += 1,
                Err(goodbye) => break goodbye,
            }
        };
        assert_eq!(stuck, Goodbye::Revoked);
        // The close frame stands behind the frame that was on its way, not within it.
        let end = tokio::spawn(connection.close(Goodbye::Shutdown));
        let mut heard = Vec::new();
        peer.read_to_end(&mut heard).await.expect("reads");
        let mut frames = 0;
        while heard.starts_with(&[0x81, 127]) {
            heard.drain(..text.len() + 10);
            frames += 1;
        }
        assert_eq!(frames, sent + 1, "the last one had begun");
        assert!(heard.starts_with(&[0x88]) && heard.ends_with(b"shutting down, reconnect"));
        drop(peer);
        end.await.expect("ends");
    }

    #[tokio::test]
    async fn a_goodbye_arrives_though_much_of_the_peer_is_unread() {
        let (connection, mut peer, _) = pair().await;
        peer.write_all(&[0; 50_000]).await.expect("writes");
        tokio::spawn(connection.close(Goodbye::TooFast));
        let mut heard = Vec::new();
        peer.read_to_end(&mut heard).await.expect("no reset");
        assert!(heard.ends_with(b"too many frames"));
    }
}
