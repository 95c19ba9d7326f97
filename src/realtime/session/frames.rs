//! What a client may ask for after `hello`: rooms and signals.

use super::goodbye::Goodbye;
use super::hello::MAX_ROOMS;
use super::inbound::Message;
use super::{Socket, protocol};
use crate::auth::{Actor, Permission, Scope};
use crate::clock;
use crate::db::Tx;
use crate::error::Result as ProductResult;
use crate::realtime::broker::wire::News;
use crate::realtime::hub::Seat;
use crate::realtime::protocol::{ClientFrame, Refusal, Signal};
use crate::realtime::room::Room;
use crate::realtime::store;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;

const FORBIDDEN: &str = "There is no such room, or it is not yours to read.";

impl Socket {
    /// Anything the peer sent.
    pub(super) async fn hear(&mut self, message: Message) -> Result<(), Goodbye> {
        self.times.heard = clock::monotonic();
        let Message::Text(text) = message else { return self.hear_other(message).await };
        match ClientFrame::parse(&text) {
            Ok(ClientFrame::Join { room, reference }) => self.join(&room, &reference).await,
            Ok(ClientFrame::Leave { room, reference }) => self.leave(&room, &reference).await,
            Ok(ClientFrame::Signal { room, name, data, reference }) => {
                self.signal(&room, name, &data, &reference).await
            }
            Ok(ClientFrame::Hello { .. }) => {
                self.refuse(&Value::Null, Refusal::BadFrame, "Hello was said.").await
            }
            Err(bad) => self.refuse(&bad.reference, Refusal::BadFrame, bad.detail).await,
        }
    }

    /// What is no text.
    pub(super) async fn hear_other(&mut self, message: Message) -> Result<(), Goodbye> {
        match message {
            Message::Ping(bytes) => self.peer.pong(bytes).await,
            Message::Close => Err(Goodbye::Bye),
            Message::Binary => self.refuse(&Value::Null, Refusal::BadFrame, "Frames are text.").await,
            Message::Text(_) | Message::Pong => Ok(()),
        }
    }

    pub(super) async fn refuse(
        &mut self,
        reference: &Value,
        refusal: Refusal,
        detail: &str,
    ) -> Result<(), Goodbye> {
        self.peer.text(protocol::error(reference, refusal, detail)).await
    }

    async fn join(&mut self, name: &str, reference: &Value) -> Result<(), Goodbye> {
        let own = Room::User(self.seat.user.user_id);
        let mut allowed = Room::parse(name).filter(|room| *room == own || self.rooms.contains(room));
        if allowed.is_none() {
            if self.rooms.iter().filter(|room| **room != own).count() >= MAX_ROOMS {
                return self
                    .refuse(reference, Refusal::TooManyRooms, "A socket is in at most 128 rooms.")
                    .await;
            }
            let asked = Asked::sort(vec![name.to_owned()], 1, &self.seat.actor);
            allowed = match asked.is_empty() {
                true => None,
                false => self.seat.unless_dismissed(self.seat.look_up(asked)).await?.pop(),
            };
        }
        let Some(room) = allowed else {
            return self.refuse(reference, Refusal::Forbidden, FORBIDDEN).await;
        };
        // No await between these two and the cursor that is told: everything up to it was matched without the room,
        // everything above it will be matched with it.
        let there = self.seat.local.enter(self.seat.id, room);
        self.rooms.insert(room);
        self.peer.text(protocol::joined(&room, reference, self.cursor.at(), &there)).await
    }

    async fn leave(&mut self, name: &str, reference: &Value) -> Result<(), Goodbye> {
        let own = Room::User(self.seat.user.user_id);
        if let Some(room) = Room::parse(name).filter(|room| *room != own && self.rooms.remove(room)) {
            self.seat.local.leave(self.seat.id, room);
        }
        self.peer.text(protocol::left(name, reference)).await
    }

    async fn signal(
        &mut self,
        name: &str,
        signal: Signal,
        data: &Value,
        reference: &Value,
    ) -> Result<(), Goodbye> {
        let Some(room) = Room::parse(name).filter(|room| self.rooms.contains(room)) else {
            return self.refuse(reference, Refusal::Forbidden, "Signals go to rooms that one is in.").await;
        };
        let frame = protocol::signal(&room, signal, &self.seat.user, data);
        let local = &self.seat.local;
        local.deliver(room, &frame, Some(self.seat.id), false);
        if let Ok(frame) = RawValue::from_string(frame.to_string()) {
            self.seat.hub.say(local.tenant, News::Signal { room, frame });
        }
        Ok(())
    }
}

impl Seat {
    /// Those of the rooms that there are.
    async fn look_up(&self, asked: Asked) -> ProductResult<Vec<Room>> {
        let view = self.hub.read(self.local.tenant).await?;
        Ok(asked.look_up(&view.tx).await?.0)
    }

    /// Waits for the database only as long as the socket shall live.
    pub(super) async fn unless_dismissed<T>(
        &self,
        work: impl Future<Output = ProductResult<T>>,
    ) -> Result<T, Goodbye> {
        tokio::select! {
            biased;
            goodbye = self.mailbox.dismissed() => Err(goodbye),
            done = work => done.map_err(Goodbye::from),
        }
    }
}

/// Rooms that a client asked for, before the database was asked.
pub(super) struct Asked {
    /// In the order asked, each once; none: refused without a look. The text is the client's.
    rooms: Vec<(String, Option<Room>)>,
}

impl Asked {
    /// Sorts out what is no room, or not for this user; of more than `most` the later ones are refused.
    pub(super) fn sort(names: Vec<String>, most: usize, actor: &Actor) -> Self {
        let mut seen = HashSet::new();
        let rooms = names.into_iter().enumerate().filter(|(_, name)| seen.insert(name.clone())).map(
            |(place, name)| {
                let room = Room::parse(&name).filter(|room| place < most && may_read(actor, *room));
                (name, room)
            },
        );
        Self { rooms: rooms.collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rooms.iter().all(|(_, room)| room.is_none())
    }

    /// Those that exist, and the names of the others.
    pub(super) async fn look_up(self, tx: &Tx) -> ProductResult<(Vec<Room>, Vec<String>)> {
        let candidates: Vec<Room> = self.rooms.iter().filter_map(|(_, room)| *room).collect();
        let existing = store::existing(tx, &candidates).await?;
        let (mut allowed, mut denied) = (Vec::new(), Vec::new());
        for (name, room) in self.rooms {
            match room.filter(|room| matches!(room, Room::User(_)) || existing.contains(room)) {
                Some(room) => allowed.push(room),
                None => denied.push(name),
            }
        }
        Ok((allowed, denied))
    }
}

/// Whether the user's role may read all that comes in a room. A narrower scope is refused: a room is read whole or not.
fn may_read(actor: &Actor, room: Room) -> bool {
    let all = |permission| actor.role.scope(permission) == Some(Scope::All);
    match room {
        Room::Inbox | Room::Conversation(_) => all(Permission::InboxRead),
        // It tells of messages too.
        Room::Customer(_) => all(Permission::CustomersRead) && all(Permission::InboxRead),
        Room::Board(_) => all(Permission::KanbanRead),
        Room::User(id) => id == actor.user_id,
    }
}
