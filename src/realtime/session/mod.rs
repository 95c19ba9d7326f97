//! One socket: a task with a cursor into its tenant's log.
//!
//! Invariants:
//! - Every event up to the cursor was matched against the rooms as they were; every event above it will be matched
//!   against the rooms as they are. The task does one thing at a time, so a join between two events needs no lock:
//!   `joined` tells the cursor, and what follows above it is complete.
//! - Each `event` and `beat` has the `seq` of the one before as `prev` (`cursor`).
//! - Nothing waits for this socket but its own task: the queue to the connection holds 32 frames, and behind it only
//!   the cursor grows old.

mod cursor;
mod frames;
mod goodbye;
mod guard;
mod hello;
mod inbound;
mod pump;
mod writer;

pub(super) use cursor::Cursor;
pub use goodbye::Goodbye;
pub use guard::Guard;
pub use inbound::Inbound;
pub use writer::Hangup;

use super::hub::Seat;
use super::protocol;
use super::room::Room;
use crate::clock;
use actix_ws::Session;
use bytestring::ByteString;
use std::collections::HashSet;
use std::convert::Infallible;
use std::time::{Duration, Instant};
use writer::Writer;

/// Between two beats; below `protocol::HEARTBEAT_S`.
const BEAT: Duration = Duration::from_secs(20);
/// Between two pings.
const PING: Duration = Duration::from_secs(25);
/// A peer from which nothing came for this long, not even a pong, is gone.
const SILENCE: Duration = Duration::from_secs(60);

/// The state of one socket.
struct Socket {
    seat: Seat,
    out: Writer,
    rooms: HashSet<Room>,
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

/// Runs a socket to its end.
pub async fn run(seat: Seat, session: Session, mut inbound: Inbound, hangup: Option<Hangup>) {
    let mailbox = std::sync::Arc::clone(&seat.mailbox);
    let now = clock::monotonic();
    let mut socket = Socket {
        seat,
        out: Writer::new(session, mailbox, hangup),
        rooms: HashSet::new(),
        cursor: Cursor::new(0, 0),
        counts: Counts::default(),
        times: Times { beat_at: now + BEAT, ping_at: now + PING, heard: now, abreast: now },
    };
    let goodbye = match socket.live(&mut inbound).await {
        Ok(never) => match never {},
        Err(goodbye) => goodbye,
    };
    metrics::counter!("switchboard_sockets_closed_total", "reason" => goodbye.label()).increment(1);
    let Socket { seat, out, .. } = socket;
    // Out of its rooms at once; saying goodbye may take long.
    drop(seat);
    out.close(goodbye).await;
}

impl Socket {
    async fn live(&mut self, inbound: &mut Inbound) -> Result<Infallible, Goodbye> {
        let hello = self.hear_hello(inbound).await?;
        let mut head = self.seat.local.stream.head();
        self.welcome(hello).await?;
        loop {
            self.deliver_mail().await?;
            head.mark_unchanged();
            let more = self.pump().await?;
            let due = self.due();
            tokio::select! {
                biased;
                goodbye = self.seat.mailbox.dismissed() => return Err(goodbye),
                message = inbound.next() => self.hear(message?).await?,
                () = std::future::ready(()), if more => {}
                _ = head.changed() => {}
                () = self.seat.mailbox.bell() => {}
                () = tokio::time::sleep_until(due.into()) => self.on_time().await?,
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
            self.out.ping().await?;
        }
        if now >= self.times.beat_at {
            self.beat().await?;
        }
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), Goodbye> {
        self.times.beat_at = clock::monotonic() + BEAT;
        let link = self.cursor.beat();
        self.out.text(protocol::beat(link.seq, link.prev)).await
    }

    /// What is not in the log. Frames of rooms that were left meanwhile are dropped.
    async fn deliver_mail(&mut self) -> Result<(), Goodbye> {
        let mail = self.seat.mailbox.take();
        for (room, frame) in mail.frames {
            if self.rooms.contains(&room) {
                self.out.text(frame).await?;
            }
        }
        if let Some(counts) = mail.counts {
            self.counts.pending = (self.counts.last.as_ref() != Some(&counts)).then_some(counts);
        }
        Ok(())
    }
}
