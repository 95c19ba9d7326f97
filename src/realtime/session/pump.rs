//! From the log to the socket.
//!
//! Events come from the tail of the tenant's stream, or from the log itself when resuming and when the socket has
//! fallen behind the tail. Many are written per turn, so that the connection puts them into one write.
//!
//! Counts (`inbox.counted`) are not in the log, yet share the chain of `seq` and `prev`. They take the place of an entry
//! that the socket has passed without being sent it; is there none, an entry is made in the log that nobody is sent
//! ([`Hub::nudge`](crate::realtime::Hub)). So no `seq` is told twice, and every one told is a place in the log.

use super::goodbye::Goodbye;
use super::{Socket, protocol};
use crate::clock;
use crate::realtime::encoded::Encoded;
use crate::realtime::room::Room;
use crate::realtime::stream::Taken;
use std::sync::Arc;
use std::time::Duration;

/// Events per turn; between turns the client is heard.
const BATCH: usize = 64;
/// A beat is sent when this many were passed over in silence.
const MUCH: i64 = 256;
/// A socket that has not been abreast for this long is too slow, however steadily it reads.
const ABREAST: Duration = Duration::from_secs(60);
/// Between two attempts to make a place for counts.
const NUDGE: Duration = Duration::from_millis(500);

impl Socket {
    /// Sends the next events. True: there are more.
    pub(super) async fn pump(&mut self) -> Result<bool, Goodbye> {
        let more = match self.cursor.take(&self.seat.local.stream, BATCH) {
            Taken::Fallen => {
                // What was said before shall not wait for the database.
                self.peer.flush().await?;
                Box::pin(self.replay()).await?;
                true
            }
            Taken::Events(events) => {
                let full = events.len() == BATCH;
                self.send(&events).await?;
                full
            }
        };
        self.count(more).await?;
        if self.cursor.silence() >= MUCH {
            self.beat().await?;
        }
        let now = clock::monotonic();
        if !more {
            self.times.abreast = now;
        } else if now.saturating_duration_since(self.times.abreast) > ABREAST {
            return Err(Goodbye::Slow);
        }
        Ok(more)
    }

    /// Sends a page of the log.
    async fn replay(&mut self) -> Result<(), Goodbye> {
        let local = Arc::clone(&self.seat.local);
        let hub = Arc::clone(&self.seat.hub);
        let at = self.cursor.at();
        let read = async |start| hub.page(local.tenant, start).await;
        let page = self.seat.unless_dismissed(local.pages.above(at, self.cursor.replay_to(), read)).await?;
        let events = page.above(at);
        if let Some(lost) = self.cursor.lost_in(events) {
            // The log no longer has what comes next. Coming back, it is told to fetch anew.
            local.lose_up_to(lost);
            return Err(Goodbye::Slow);
        }
        self.send(events).await
    }

    async fn send(&mut self, events: &[Arc<Encoded>]) -> Result<(), Goodbye> {
        let mut sent = 0;
        for event in events {
            fail_point!("ws.before_send");
            if let Some(frame) = self.cursor.pass(event, |room| self.rooms.contains(room)) {
                self.peer.text(frame).await?;
                sent += 1;
                fail_point!("ws.sent_one");
            }
        }
        self.seat.hub.sent.increment(sent);
        Ok(())
    }

    /// Sends pending counts if there is a place for them.
    async fn count(&mut self, more: bool) -> Result<(), Goodbye> {
        self.counts.nudge_at = None;
        let Some(counts) = self.counts.pending.take() else { return Ok(()) };
        if let Some(link) = self.cursor.place() {
            let own = Room::User(self.seat.user.user_id);
            let frame = protocol::counted(link.seq, link.prev, clock::now(), &own, &counts);
            self.peer.text(frame).await?;
            self.counts.last = Some(counts);
            return Ok(());
        }
        self.counts.pending = Some(counts);
        if !more {
            self.seat.hub.nudge(&self.seat.local);
            self.counts.nudge_at = Some(clock::monotonic() + NUDGE);
        }
        Ok(())
    }
}
