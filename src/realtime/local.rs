//! The sockets of one tenant on this node: who they are, which rooms they are in, and their mailboxes.
//!
//! Events don't pass through here: sockets pull them from the tenant's [`Stream`]. Mailboxes carry what is not stored
//! (signals, presence, counts) and the order to close; they are bounded, and nothing here ever waits for a socket.
//! Locks are taken in the order presence, sockets, mailbox, and never across an await.

use super::broker::wire::News;
use super::pages::Pages;
use super::presence::{Change, Presence, Step};
use super::protocol::{self, Person};
use super::room::Room;
use super::session::Goodbye;
use super::stream::{Bounds, Stream};
use super::sync::Mutex;
use crate::auth::Role;
use crate::clock;
use crate::db::Tenant;
use bytestring::ByteString;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::{Notify, OnceCell, SetOnce};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Sockets that this process ever opened. Never counted anew, so that a user who was away does not seem to have stayed.
static OPENED: AtomicU64 = AtomicU64::new(0);
/// Tenants that this process ever began with, each time anew (see [`Presence::of_life`]).
static LIVES: AtomicU64 = AtomicU64::new(0);
/// Frames that may wait in a mailbox.
const MAX_MAIL: usize = 256;

/// The sockets of a tenant on this node, and what they share.
pub struct Local {
    pub tenant: Tenant,
    pub stream: Stream,
    /// For those who are not in it.
    pub pages: Pages,
    /// Set when the stream has begun.
    pub opened: OnceCell<()>,
    /// From below this place nobody can resume: the log has lost something there.
    lost: AtomicI64,
    /// Cancelled when the tenant has no sockets here any more.
    pub end: CancellationToken,
    pub(super) presence: Mutex<Presence>,
    sockets: Mutex<Sockets>,
    /// Tells other nodes; gets what they must know in the order in which it happened.
    say: Box<dyn Fn(News) + Send + Sync>,
}

struct Sockets {
    by_id: HashMap<Uuid, Entry>,
    in_room: HashMap<Room, HashSet<Uuid>>,
    /// Since when there is none.
    idle: Option<Instant>,
    nudged: Option<Instant>,
}

struct Entry {
    user: Person,
    role: Role,
    session_id: Uuid,
    rooms: HashSet<Room>,
    mailbox: Arc<Mailbox>,
    /// Its number among all sockets of this process.
    opened: u64,
}

/// A user with sockets on this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalUser {
    pub tenant: Tenant,
    pub user_id: Uuid,
    pub role: Role,
    /// Where the tenant's log stands, as far as this node knows.
    pub seq: i64,
    /// The number of the user's newest socket: another one, also after the user was away, has another number.
    pub opened: u64,
}

/// What waits for one socket besides events.
#[derive(Default)]
pub struct Mailbox {
    mail: Mutex<Mail>,
    bell: Notify,
    dismissed: SetOnce<Goodbye>,
}

/// The contents of a mailbox.
#[derive(Default)]
pub struct Mail {
    /// Frames of rooms, in order.
    pub frames: VecDeque<(Room, ByteString)>,
    /// The newest counts, as JSON.
    pub counts: Option<ByteString>,
}

impl Local {
    pub fn new(tenant: Tenant, say: Box<dyn Fn(News) + Send + Sync>) -> Self {
        let sockets = Sockets {
            by_id: HashMap::new(),
            in_room: HashMap::new(),
            idle: Some(clock::monotonic()),
            nudged: None,
        };
        Self {
            tenant,
            stream: Stream::new(Bounds::default()),
            pages: Pages::default(),
            opened: OnceCell::new(),
            lost: AtomicI64::new(0),
            end: CancellationToken::new(),
            presence: Mutex::new(Presence::of_life(LIVES.fetch_add(1, Ordering::Relaxed))),
            sockets: Mutex::new(sockets),
            say,
        }
    }

    /// Someone found that events up to here are no longer all there.
    pub fn lose_up_to(&self, seq: i64) {
        self.lost.fetch_max(seq, Ordering::Relaxed);
    }

    pub fn lost(&self) -> i64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Adds a socket unless its user has `most` already. Returns whether it was added.
    pub fn add(
        &self,
        id: Uuid,
        user: Person,
        role: Role,
        session_id: Uuid,
        mailbox: Arc<Mailbox>,
        most: usize,
    ) -> bool {
        let mut sockets = self.sockets.lock();
        if sockets.by_id.values().filter(|entry| entry.user == user).count() >= most {
            return false;
        }
        let opened = OPENED.fetch_add(1, Ordering::Relaxed) + 1;
        sockets.idle = None;
        sockets.by_id.insert(id, Entry { user, role, session_id, rooms: HashSet::new(), mailbox, opened });
        true
    }

    /// Takes a socket out of everything.
    pub fn remove(&self, id: Uuid) {
        let rooms: Vec<Room> = {
            let sockets = self.sockets.lock();
            sockets.by_id.get(&id).map(|entry| entry.rooms.iter().copied().collect()).unwrap_or_default()
        };
        for room in rooms {
            self.leave(id, room);
        }
        let mut sockets = self.sockets.lock();
        sockets.by_id.remove(&id);
        if sockets.by_id.is_empty() {
            sockets.idle = Some(clock::monotonic());
        }
    }

    /// Puts a socket into a room; returns who is there, itself included.
    pub fn enter(&self, id: Uuid, room: Room) -> Vec<Person> {
        let mut presence = self.presence.lock();
        let user = {
            let mut sockets = self.sockets.lock();
            let Some(entry) = sockets.by_id.get_mut(&id) else { return Vec::new() };
            let fresh = entry.rooms.insert(room);
            let user = entry.user.clone();
            sockets.in_room.entry(room).or_default().insert(id);
            fresh.then_some(user)
        };
        if !room.has_presence() {
            return Vec::new();
        }
        if let Some(user) = user {
            let step = presence.enter(room, &user);
            self.act(step, room, user, true, Some(id));
        }
        presence.people(room)
    }

    /// Takes a socket out of a room.
    pub fn leave(&self, id: Uuid, room: Room) {
        let mut presence = self.presence.lock();
        let user = {
            let mut sockets = self.sockets.lock();
            let Some(entry) = sockets.by_id.get_mut(&id) else { return };
            if !entry.rooms.remove(&room) {
                return;
            }
            let user = entry.user.clone();
            if let Some(ids) = sockets.in_room.get_mut(&room) {
                ids.remove(&id);
                if ids.is_empty() {
                    sockets.in_room.remove(&room);
                }
            }
            user
        };
        if room.has_presence() {
            let step = presence.leave(room, &user);
            self.act(step, room, user, false, None);
        }
    }

    /// Tells the room and the other nodes. Called under the presence lock, so that all hear it in the same order.
    fn act(&self, step: Step, room: Room, person: Person, joined: bool, but: Option<Uuid>) {
        if let Some(version) = step.tell {
            (self.say)(News::Step { version, room, person, joined });
        }
        if let Some(change) = step.change {
            self.show(&[change], but);
        }
    }

    /// What another node said about presence; what it changes is shown. The bool: answer with everyone here.
    pub fn hear_presence(&self, hear: impl FnOnce(&mut Presence) -> Vec<Change>) {
        let mut presence = self.presence.lock();
        let changes = hear(&mut presence);
        self.show(&changes, None);
    }

    /// Tells the other nodes everyone who is here.
    pub fn tell_presence(&self) {
        let presence = self.presence.lock();
        let (version, rooms) = presence.whole();
        (self.say)(News::Presence { version, rooms });
    }

    fn show(&self, changes: &[Change], but: Option<Uuid>) {
        let mut rooms: HashMap<Room, (Vec<Person>, Vec<Person>)> = HashMap::new();
        for change in changes {
            let (joined, left) = rooms.entry(change.room).or_default();
            if change.joined { joined } else { left }.push(change.person.clone());
        }
        for (room, (joined, left)) in rooms {
            let frame = protocol::presence(&room, &joined, &left);
            self.deliver(room, &frame, but, true);
        }
    }

    /// Puts a frame into the mailboxes of a room's sockets, except one. A socket that has no room for what it must not
    /// miss is too slow.
    pub fn deliver(&self, room: Room, frame: &ByteString, but: Option<Uuid>, must: bool) {
        let sockets = self.sockets.lock();
        for id in sockets.in_room.get(&room).into_iter().flatten().filter(|id| Some(**id) != but) {
            if let Some(entry) = sockets.by_id.get(id)
                && !entry.mailbox.put(room, frame.clone())
                && must
            {
                entry.mailbox.dismiss(Goodbye::Slow);
            }
        }
    }

    /// New counts for all sockets of a user.
    pub fn deliver_counts(&self, user_id: Uuid, counts: &ByteString) {
        let sockets = self.sockets.lock();
        for entry in sockets.by_id.values().filter(|entry| entry.user.user_id == user_id) {
            entry.mailbox.put_counts(counts.clone());
        }
    }

    /// Closes the sockets of a session.
    pub fn dismiss_session(&self, session_id: Uuid, reason: Goodbye) {
        let sockets = self.sockets.lock();
        for entry in sockets.by_id.values().filter(|entry| entry.session_id == session_id) {
            entry.mailbox.dismiss(reason);
        }
    }

    pub fn mailboxes(&self) -> Vec<Arc<Mailbox>> {
        self.sockets.lock().by_id.values().map(|entry| Arc::clone(&entry.mailbox)).collect()
    }

    pub fn sessions(&self) -> HashSet<Uuid> {
        self.sockets.lock().by_id.values().map(|entry| entry.session_id).collect()
    }

    pub fn users(&self) -> Vec<LocalUser> {
        let (tenant, seq) = (self.tenant, *self.stream.head().borrow());
        let sockets = self.sockets.lock();
        let mut users: HashMap<Uuid, LocalUser> = HashMap::new();
        for entry in sockets.by_id.values() {
            let (user_id, role) = (entry.user.user_id, entry.role);
            let user = users.entry(user_id).or_insert(LocalUser { tenant, user_id, role, seq, opened: 0 });
            user.opened = user.opened.max(entry.opened);
        }
        users.into_values().collect()
    }

    /// Whether there have been no sockets since `before`.
    pub fn idle_since(&self, before: Instant) -> bool {
        self.sockets.lock().idle.is_some_and(|since| since <= before)
    }

    pub fn is_empty(&self) -> bool {
        self.sockets.lock().by_id.is_empty()
    }

    /// Whether it is time for another nudge; if so, the time is noted.
    pub fn may_nudge(&self, pause: std::time::Duration) -> bool {
        let now = clock::monotonic();
        let mut sockets = self.sockets.lock();
        let may = sockets.nudged.is_none_or(|last| now.saturating_duration_since(last) >= pause);
        if may {
            sockets.nudged = Some(now);
        }
        may
    }
}

impl Mailbox {
    /// Puts a frame in; false if the box is full.
    fn put(&self, room: Room, frame: ByteString) -> bool {
        let mut mail = self.mail.lock();
        if mail.frames.len() >= MAX_MAIL {
            return false;
        }
        mail.frames.push_back((room, frame));
        drop(mail);
        self.bell.notify_one();
        true
    }

    fn put_counts(&self, counts: ByteString) {
        self.mail.lock().counts = Some(counts);
        self.bell.notify_one();
    }

    /// Asks the socket to close; the first reason counts.
    pub fn dismiss(&self, reason: Goodbye) {
        let _ = self.dismissed.set(reason);
    }

    /// Waits for the order to close.
    pub async fn dismissed(&self) -> Goodbye {
        *self.dismissed.wait().await
    }

    /// Waits for mail.
    pub async fn bell(&self) {
        self.bell.notified().await;
    }

    pub fn take(&self) -> Mail {
        std::mem::take(&mut *self.mail.lock())
    }
}
