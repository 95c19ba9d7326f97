//! The beginning of a socket: `hello`, and what it is answered.

use super::frames::Asked;
use super::goodbye::Goodbye;
use super::inbound::Message;
use super::{Cursor, Socket, protocol};
use crate::clock;
use crate::error::Result as ProductResult;
use crate::log;
use crate::realtime::hub::Seat;
use crate::realtime::protocol::{ClientFrame, HEARTBEAT_S, Refusal, Welcome, people};
use crate::realtime::room::Room;
use serde_json::{Map, Value};
use std::time::Duration;

/// How long a client may take to say hello.
const HELLO: Duration = Duration::from_secs(10);
/// Rooms of one socket, besides the user's own.
pub(super) const MAX_ROOMS: usize = 128;

/// What the client asked for.
pub(super) struct Hello {
    rooms: Vec<String>,
    resume_from: Option<i64>,
    epoch: Option<i64>,
}

/// Where and with what a socket starts.
struct Start {
    rooms: Vec<Room>,
    denied: Vec<String>,
    /// Where the log stands.
    seq: i64,
    /// Where to resume.
    from: Option<i64>,
}

impl Seat {
    /// One moment for all: which rooms there are, what the log still has, where it stands.
    async fn start(&self, hello: Hello) -> ProductResult<Start> {
        self.hub.open(&self.local).await?;
        let view = self.hub.read(self.local.tenant).await?;
        let asked = Asked::sort(hello.rooms, MAX_ROOMS, &self.actor);
        let (rooms, denied) = asked.look_up(&view.tx).await?;
        let seq = view.tx.seq();
        let from = match hello.resume_from {
            None => None,
            Some(from) => {
                let oldest = log::oldest(&view.tx).await?.max(self.local.lost() + 1);
                Cursor::resume_place(from, hello.epoch, self.hub.epoch, oldest, seq)
            }
        };
        Ok(Start { rooms, denied, seq, from })
    }
}

impl Socket {
    /// Waits for `hello`; what comes before it is refused.
    pub(super) async fn hear_hello(&mut self) -> Result<Hello, Goodbye> {
        let end = clock::monotonic() + HELLO;
        loop {
            self.peer.flush().await?;
            let message = tokio::select! {
                biased;
                goodbye = self.seat.mailbox.dismissed() => return Err(goodbye),
                message = self.peer.next() => message?,
                () = tokio::time::sleep_until(end.into()) => return Err(Goodbye::NoHello),
            };
            self.times.heard = clock::monotonic();
            let parsed = match &message {
                Message::Text(text) => ClientFrame::parse(text),
                _ => {
                    self.hear_other(message).await?;
                    continue;
                }
            };
            match parsed {
                Ok(ClientFrame::Hello { rooms, resume_from, epoch }) => {
                    return Ok(Hello { rooms, resume_from, epoch });
                }
                Ok(_) => self.refuse(&Value::Null, Refusal::BadFrame, "Say hello first.").await?,
                Err(bad) => self.refuse(&bad.reference, Refusal::BadFrame, bad.detail).await?,
            }
        }
    }

    /// Joins the rooms, finds out where to go on, and says so.
    pub(super) async fn welcome(&mut self, hello: Hello) -> Result<(), Goodbye> {
        let (hub, local) = (self.seat.hub.clone(), self.seat.local.clone());
        let too_many = hello.rooms.len() > MAX_ROOMS;
        let start = self.seat.unless_dismissed(self.seat.start(hello)).await?;
        let Start { rooms: mut allowed, denied, seq, from } = start;
        // This node may not have heard of all that yet.
        local.stream.tell(seq);
        self.cursor = Cursor::new(from.unwrap_or(seq), seq);
        let own = Room::User(self.seat.user.user_id);
        allowed.retain(|room| *room != own);
        allowed.push(own);
        let mut presence = Map::new();
        for room in &allowed {
            self.rooms.insert(*room);
            let there = local.enter(self.seat.id, *room);
            if room.has_presence() {
                presence.insert(room.to_string(), people(&there));
            }
        }
        let resumed = from.is_some();
        metrics::counter!("switchboard_socket_welcomes_total", "resumed" => if resumed { "yes" } else { "no" })
            .increment(1);
        let welcome = Welcome {
            kind: "welcome",
            tenant_id: local.tenant.id(),
            user_id: self.seat.user.user_id,
            connection_id: self.seat.id,
            epoch: hub.epoch,
            build: &hub.build,
            seq,
            resumed,
            rooms: allowed.iter().map(Room::to_string).collect(),
            denied,
            presence,
            heartbeat_s: HEARTBEAT_S,
        };
        self.peer.text(welcome.frame()).await?;
        self.times.abreast = clock::monotonic();
        hub.note_move();
        if too_many {
            let detail = "A socket is in at most 128 rooms; the others were denied.";
            self.peer.text(protocol::error(&Value::Null, Refusal::TooManyRooms, detail)).await?;
        }
        Ok(())
    }
}
