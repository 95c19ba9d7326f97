//! The way out: frames with an end to every wait.

use super::goodbye::Goodbye;
use crate::realtime::local::Mailbox;
use actix_web::dev::Extensions;
use actix_ws::Session;
use bytestring::ByteString;
use std::any::Any;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

/// How long the connection may take to make room for one frame.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a goodbye may wait for room.
const FAREWELL: Duration = Duration::from_secs(20);
/// The same for a session that ended: what is still queued shall not trickle out.
const DISMISSAL: Duration = Duration::from_secs(1);

pub struct Writer {
    session: Session,
    mailbox: Arc<Mailbox>,
    hangup: Option<Hangup>,
}

/// A second hold on a connection, to end it although it is stuck: actix keeps what could not be written for as long as
/// the peer's machine keeps the connection, and offers no way to give up.
#[derive(Clone)]
pub struct Hangup(Arc<TcpStream>);

impl Hangup {
    /// For `HttpServer::on_connect`. Without it stuck connections stay until the peer goes, with at most 32 frames each.
    pub fn on_connect(connection: &dyn Any, extensions: &mut Extensions) {
        if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
            && let Ok(held) = stream.as_fd().try_clone_to_owned()
        {
            extensions.insert(Self(Arc::new(held.into())));
        }
    }
}

impl Writer {
    pub fn new(session: Session, mailbox: Arc<Mailbox>, hangup: Option<Hangup>) -> Self {
        Self { session, mailbox, hangup }
    }

    /// Sends a frame, unless the socket is told to close meanwhile or is too slow.
    pub async fn text(&mut self, frame: ByteString) -> Result<(), Goodbye> {
        tokio::select! {
            biased;
            sent = self.session.text(frame) => sent.map_err(|_| Goodbye::Gone),
            goodbye = self.mailbox.dismissed() => Err(goodbye),
            () = tokio::time::sleep(PATIENCE) => Err(Goodbye::Slow),
        }
    }

    pub async fn ping(&mut self) -> Result<(), Goodbye> {
        tokio::select! {
            biased;
            sent = self.session.ping(b"") => sent.map_err(|_| Goodbye::Gone),
            goodbye = self.mailbox.dismissed() => Err(goodbye),
            () = tokio::time::sleep(PATIENCE) => Err(Goodbye::Slow),
        }
    }

    pub async fn pong(&mut self, bytes: &[u8]) -> Result<(), Goodbye> {
        tokio::select! {
            biased;
            sent = self.session.pong(bytes) => sent.map_err(|_| Goodbye::Gone),
            goodbye = self.mailbox.dismissed() => Err(goodbye),
            () = tokio::time::sleep(PATIENCE) => Err(Goodbye::Slow),
        }
    }

    /// Says why and ends it.
    pub async fn close(self, goodbye: Goodbye) {
        let patience = if goodbye == Goodbye::Revoked { DISMISSAL } else { FAREWELL };
        let said = match goodbye.reason() {
            Some(reason) => tokio::time::timeout(patience, self.session.close(Some(reason))).await.is_ok(),
            None => false,
        };
        if !said && let Some(hangup) = self.hangup {
            // It may be gone already.
            let _ = hangup.0.shutdown(Shutdown::Both);
        }
    }
}
