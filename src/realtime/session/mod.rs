//! One socket: a task with a cursor into its tenant's log.
//!
//! Invariants:
//! - Every event up to the cursor was matched against the rooms as they were; every event above it will be matched
//!   against the rooms as they are. The task does one thing at a time, so a join between two events needs no lock:
//!   `joined` tells the cursor, and what follows above it is complete.
//! - Each `event` and `beat` has the `seq` of the one before as `prev` (`cursor`).
//! - Nothing waits for this socket but its own task, which owns the connection: 32 KiB and a frame wait to be written,
//!   and behind them only the cursor grows old.

mod connection;
mod cursor;
mod frames;
mod goodbye;
mod guard;
mod hello;
mod inbound;
mod pump;

pub(super) use cursor::Cursor;
pub use goodbye::Goodbye;

use super::hub::Seat;
use super::protocol;
use super::room::Room;
use crate::clock;
use actix_web::rt::net::TcpStream;
use bytes::BytesMut;
use bytestring::ByteString;
use connection::Connection;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Between two beats; below `protocol::HEARTBEAT_S`.
const BEAT: Duration = Duration::from_secs(20);
/// Between two pings.
const PING: Duration = Duration::from_secs(25);
/// A peer from which nothing came for this long, not even a pong, is gone.
const SILENCE: Duration = Duration::from_secs(60);

/// The state of one socket.
struct Socket {
    seat: Seat,
    peer: Connection,
    /// Few, and looked into for each event: cheaper than to hash.
    rooms: BTreeSet<Room>,
    cursor: Cursor,
    counts: Counts,
    times: Times,
}

/// What is known of the user's counts.
#[derive(Default)]
struct Counts {
    /// To be sent as soon as there is a place in the log for it.
    pending: Option<ByteString>,
    /// As last sent.
    last: Option<ByteString>,
    /// When to make a place.
    nudge_at: Option<Instant>,
}

/// When what is due.
struct Times {
    beat_at: Instant,
    ping_at: Instant,
    heard: Instant,
    /// When this socket had last been sent everything.
    abreast: Instant,
}

/// Runs a socket to its end. `read` is what the peer sent before the connection was handed over.
pub async fn run(seat: Seat, stream: TcpStream, read: BytesMut) {
    let now = clock::monotonic();
    let mut socket = Socket {
        peer: Connection::new(stream, Arc::clone(&seat.mailbox)),
        seat,
        rooms: BTreeSet::new(),
        cursor: Cursor::new(0, 0),
        counts: Counts::default(),
        times: Times { beat_at: now + BEAT, ping_at: now + PING, heard: now, abreast: now },
    };
    let goodbye = match socket.live(read).await {
        Ok(never) => match never {},
        Err(goodbye) => goodbye,
    };
    metrics::counter!("switchboard_sockets_closed_total", "reason" => goodbye.label()).increment(1);
    let Socket { seat, peer, .. } = socket;
    // Out of its rooms at once; saying goodbye may take long.
    drop(seat);
    peer.close(goodbye).await;
}

impl Socket {
    async fn live(&mut self, read: BytesMut) -> Result<Infallible, Goodbye> {
        self.peer.take(&read)?;
        drop(read);
        let hello = self.hear_hello().await?;
        let mut head = self.seat.local.stream.head();
        Box::pin(self.welcome(hello)).await?;
        // Both outlive a turn: most turns end by neither.
        let mailbox = Arc::clone(&self.seat.mailbox);
        let mut dismissed = pin!(mailbox.dismissed());
        let mut alarm = pin!(tokio::time::sleep_until(self.due().into()));
        loop {
            self.deliver_mail().await?;
            head.mark_unchanged();
            let more = self.pump().await?;
            self.peer.flush().await?;
            // Set anew only when it would be late: most turns put off what is due, and to wake in vain costs less.
            let due = self.due().into();
            if due < alarm.deadline() || alarm.is_elapsed() {
                alarm.as_mut().reset(due);
            }
            tokio::select! {
                biased;
                goodbye = dismissed.as_mut() => return Err(goodbye),
                message = self.peer.next() => Box::pin(self.hear(message?)).await?,
                () = std::future::ready(()), if more => {}
                _ = head.changed() => {}
                () = self.seat.mailbox.bell() => {}
                () = alarm.as_mut() => self.on_time().await?,
            }
        }
    }

    /// When something is to be done though nothing comes.
    fn due(&self) -> Instant {
        let times = &self.times;
        let due = times.beat_at.min(times.ping_at).min(times.heard + SILENCE);
        self.counts.nudge_at.map_or(due, |nudge| due.min(nudge))
    }

    async fn on_time(&mut self) -> Result<(), Goodbye> {
        let now = clock::monotonic();
        if now >= self.times.heard + SILENCE {
            return Err(Goodbye::Gone);
        }
        if now >= self.times.ping_at {
            self.times.ping_at = now + PING;
            self.peer.ping().await?;
        }
        if now >= self.times.beat_at {
            self.beat().await?;
        }
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), Goodbye> {
        self.times.beat_at = clock::monotonic() + BEAT;
        let link = self.cursor.beat();
        self.peer.text(protocol::beat(link.seq, link.prev)).await
    }

    /// What is not in the log. Frames of rooms that were left meanwhile are dropped.
    async fn deliver_mail(&mut self) -> Result<(), Goodbye> {
        let mail = self.seat.mailbox.take();
        for (room, frame) in mail.frames {
            if self.rooms.contains(&room) {
                self.peer.text(frame).await?;
            }
        }
        if let Some(counts) = mail.counts {
            self.counts.pending = (self.counts.last.as_ref() != Some(&counts)).then_some(counts);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::run;

    /// What is needed only now and then (a page of the log, a look at the database) is boxed where it is needed.
    #[test]
    fn a_task_that_waits_is_small() {
        fn size<A, B, C, F>(_: impl FnOnce(A, B, C) -> F) -> usize {
            size_of::<F>()
        }
        let size = size(run);
        assert!(size <= 3_072, "{size} bytes");
    }
}
