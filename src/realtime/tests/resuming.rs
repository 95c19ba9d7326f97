//! A model of one tenant on one node: a log that forgets, a bus that loses, repeats and reorders, sockets that come, go,
//! join, leave and lag. Whatever happens, a client is sent each event of its rooms once and in order, or told that it
//! can't be.

use super::{event, room};
use crate::models;
use crate::realtime::encoded::Encoded;
use crate::realtime::room::Room;
use crate::realtime::session::Cursor;
use crate::realtime::stream::{Bounds, Stream, Taken};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const ROOMS: usize = 3;
const CLIENTS: usize = 3;
/// Events of a read of the log.
const PAGE: usize = 5;
const BOUNDS: Bounds = Bounds { events: 8, bytes: 2_000, early: 4 };
const EPOCH: i64 = 7;

/// The log: all that is ever committed, of which the newest part is kept.
#[derive(Debug, Clone, Default)]
struct Log {
    rooms: Vec<Vec<usize>>,
    /// The first `seq` that is kept, less one.
    forgotten: usize,
}

#[derive(Debug, Clone)]
enum Step {
    Commit(Vec<Vec<usize>>),
    /// A publication of the entry so far below the newest one.
    Publish(usize),
    /// The ticker tells where the log stands.
    Tell,
    /// The filler asks the log, …
    Ask,
    /// … and gets its answer.
    Fill,
    /// Retention.
    Forget(usize),
    Connect {
        client: usize,
        same_life: bool,
    },
    Cut(usize),
    Join(usize, usize),
    Leave(usize, usize),
    Pump {
        client: usize,
        limit: usize,
    },
    Beat(usize),
    Count(usize),
    /// The node starts anew.
    Restart,
}

struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Log;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Log> {
        Just(Log::default()).boxed()
    }

    fn transitions(_: &Log) -> BoxedStrategy<Step> {
        let entry = prop::collection::vec(0..ROOMS, 0..3);
        prop_oneof![
            6 => prop::collection::vec(entry, 1..4).prop_map(Step::Commit),
            12 => (0_usize..12).prop_map(Step::Publish),
            2 => Just(Step::Tell),
            4 => Just(Step::Ask),
            4 => Just(Step::Fill),
            2 => (1_usize..4).prop_map(Step::Forget),
            4 => (0..CLIENTS, prop::bool::weighted(0.95))
                .prop_map(|(client, same_life)| Step::Connect { client, same_life }),
            2 => (0..CLIENTS).prop_map(Step::Cut),
            3 => (0..CLIENTS, 0..ROOMS).prop_map(|(client, room)| Step::Join(client, room)),
            2 => (0..CLIENTS, 0..ROOMS).prop_map(|(client, room)| Step::Leave(client, room)),
            10 => (0..CLIENTS, 1_usize..5).prop_map(|(client, limit)| Step::Pump { client, limit }),
            2 => (0..CLIENTS).prop_map(Step::Beat),
            2 => (0..CLIENTS).prop_map(Step::Count),
            1 => Just(Step::Restart),
        ]
        .boxed()
    }

    fn apply(mut log: Log, step: &Step) -> Log {
        match step {
            Step::Commit(entries) => log.rooms.extend(entries.iter().cloned()),
            Step::Forget(entries) => log.forgotten = (log.forgotten + entries).min(log.rooms.len()),
            _ => {}
        }
        log
    }
}

impl Log {
    fn stands(&self) -> i64 {
        i64::try_from(self.rooms.len()).expect("small")
    }

    fn oldest(&self) -> i64 {
        i64::try_from(self.forgotten).expect("small") + 1
    }

    fn entry(&self, seq: i64) -> Arc<Encoded> {
        event(seq, &self.rooms[usize::try_from(seq).expect("a place") - 1])
    }

    fn page(&self, after: i64) -> Vec<Arc<Encoded>> {
        (self.oldest().max(after + 1)..=self.stands()).take(PAGE).map(|seq| self.entry(seq)).collect()
    }
}

/// What a client knows by the protocol alone.
#[derive(Debug, Default)]
struct Client {
    /// The `seq` of the last frame; none: it has to fetch anew.
    cursor: Option<i64>,
    received: Vec<i64>,
    /// The rooms that it is in, with the place above which their events come.
    rooms: BTreeMap<usize, i64>,
    /// Since it last fetched: rooms from a place up to a place.
    past: Vec<(usize, i64, i64)>,
}

struct Node {
    stream: Stream,
    head: i64,
    lost: i64,
    asked: Option<(i64, Vec<Arc<Encoded>>)>,
    sockets: [Option<Cursor>; CLIENTS],
    clients: [Client; CLIENTS],
}

impl Client {
    fn hear(&mut self, seq: i64, prev: i64) {
        assert_eq!(self.cursor, Some(prev), "the chain is broken");
        assert!(seq >= prev, "the chain goes back");
        self.cursor = Some(seq);
    }

    /// What it must have been sent by now, from the rooms it was in.
    fn due(&self, log: &Log, up_to: i64) -> Vec<i64> {
        let now = self.rooms.iter().map(|(room, from)| (*room, *from, up_to));
        let spans = self.past.iter().copied().chain(now);
        let due: BTreeSet<i64> = spans
            .flat_map(|(room, from, to)| {
                (from + 1..=to)
                    .filter(move |seq| log.rooms[usize::try_from(*seq).expect("a place") - 1].contains(&room))
            })
            .collect();
        due.into_iter().collect()
    }
}

impl Node {
    fn start(log: &Log) -> Stream {
        let stream = Stream::new(BOUNDS);
        stream.begin(log.stands());
        stream
    }

    fn connect(&mut self, log: &Log, at: usize, same_life: bool) {
        let (seq, client) = (log.stands(), &mut self.clients[at]);
        let epoch = if same_life { EPOCH } else { EPOCH - 1 };
        let oldest = log.oldest().max(self.lost + 1);
        let from = client.cursor.and_then(|from| Cursor::resume_place(from, Some(epoch), EPOCH, oldest, seq));
        self.stream.tell(seq);
        match from {
            // A room that was joined after the last frame comes from there too; its snapshot has that already.
            Some(from) => client.rooms.values_mut().for_each(|since| *since = from.min(*since)),
            None => {
                client.cursor = Some(seq);
                client.received.clear();
                client.past.clear();
                client.rooms.values_mut().for_each(|since| *since = seq);
            }
        }
        self.sockets[at] = Some(Cursor::new(from.unwrap_or(seq), seq));
    }

    fn pump(&mut self, log: &Log, at: usize, limit: usize) -> bool {
        let (Some(socket), client) = (&mut self.sockets[at], &mut self.clients[at]) else { return false };
        let (events, more) = match socket.take(&self.stream, limit) {
            Taken::Events(events) => {
                let more = events.len() == limit;
                (events, more)
            }
            Taken::Fallen => (log.page(socket.at()), true),
        };
        if more && let Some(lost) = socket.lost_in(&events) {
            assert!(log.oldest() > socket.at() + 1, "closed though the log has what comes next");
            self.lost = self.lost.max(lost);
            self.sockets[at] = None;
            return false;
        }
        for event in events {
            let is_in = |name: &Room| client.rooms.keys().any(|number| room(*number) == *name);
            if let Some(frame) = socket.pass(&event, is_in) {
                let frame: Value = serde_json::from_str(&frame).expect("JSON");
                let number = |key: &str| frame[key].as_i64().expect("a number");
                client.hear(number("seq"), number("prev"));
                client.received.push(number("seq"));
            }
        }
        more
    }

    /// An entry is kept for days: what is forgotten to the last was heard of long ago.
    fn live_on(&self, log: &Log) {
        if log.oldest() > log.stands() {
            self.stream.offer((1..=log.stands()).map(|seq| log.entry(seq)));
        }
    }

    fn fill(&mut self) {
        if let Some((cursor, page)) = self.asked.take()
            && let Some(lost) = self.stream.fill(cursor, page)
        {
            self.lost = self.lost.max(lost);
        }
    }

    fn join(&mut self, at: usize, room: usize) {
        if let Some(socket) = &self.sockets[at] {
            self.clients[at].rooms.entry(room).or_insert(socket.at());
        }
    }

    fn leave(&mut self, at: usize, room: usize) {
        if let Some(socket) = &self.sockets[at]
            && let Some(from) = self.clients[at].rooms.remove(&room)
        {
            self.clients[at].past.push((room, from, socket.at()));
        }
    }

    fn check(&self, log: &Log) {
        for (socket, client) in self.sockets.iter().zip(&self.clients) {
            if let Some(socket) = socket {
                assert!(client.cursor.is_some_and(|told| told <= socket.at()));
                assert_eq!(client.received, client.due(log, socket.at()));
            }
        }
        if let Taken::Events(events) = self.stream.after(self.head - 3, 8) {
            assert!(events.iter().zip(self.head - 2..).all(|(event, seq)| event.seq == seq), "a hole");
        }
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Node;
    type Reference = Self;

    fn init_test(log: &Log) -> Node {
        let stream = Node::start(log);
        Node {
            stream,
            head: 0,
            lost: 0,
            asked: None,
            sockets: Default::default(),
            clients: Default::default(),
        }
    }

    fn apply(mut node: Node, log: &Log, step: Step) -> Node {
        match step {
            Step::Commit(_) => {}
            Step::Forget(_) => node.live_on(log),
            Step::Publish(below) => {
                let seq = log.stands() - i64::try_from(below).expect("small");
                if seq > 0 {
                    node.stream.offer([log.entry(seq)]);
                }
            }
            Step::Tell => node.stream.tell(log.stands()),
            Step::Ask => node.asked = node.stream.behind().map(|cursor| (cursor, log.page(cursor))),
            Step::Fill => node.fill(),
            Step::Connect { client, same_life } => node.connect(log, client, same_life),
            Step::Cut(client) => node.sockets[client] = None,
            Step::Join(client, room) => node.join(client, room),
            Step::Leave(client, room) => node.leave(client, room),
            Step::Pump { client, limit } => {
                node.pump(log, client, limit);
            }
            Step::Beat(client) => {
                if let Some(socket) = &mut node.sockets[client] {
                    let link = socket.beat();
                    node.clients[client].hear(link.seq, link.prev);
                }
            }
            Step::Count(client) => {
                if let Some(link) = node.sockets[client].as_mut().and_then(Cursor::place) {
                    assert!(link.seq > link.prev, "a place is told twice");
                    node.clients[client].hear(link.seq, link.prev);
                }
            }
            Step::Restart => {
                let clients = std::mem::take(&mut node.clients);
                node = Node { clients, ..Self::init_test(log) };
            }
        }
        let head = *node.stream.head().borrow();
        assert!(head >= node.head && head <= log.stands(), "{head} after {}", node.head);
        node.head = head;
        node
    }

    fn check_invariants(node: &Node, log: &Log) {
        node.check(log);
    }

    /// The ticker tells, the filler fills, the sockets pull: everybody has everything.
    fn teardown(mut node: Node, log: Log) {
        node.fill();
        node.stream.tell(log.stands());
        for _ in 0..log.rooms.len() + 2 {
            node.asked = node.stream.behind().map(|cursor| (cursor, log.page(cursor)));
            node.fill();
        }
        assert_eq!(node.stream.behind(), None, "the filler has no end");
        for client in 0..CLIENTS {
            while node.pump(&log, client, 3) {}
        }
        node.check(&log);
        for socket in node.sockets.iter().flatten() {
            assert_eq!(socket.at(), log.stands());
        }
    }
}

#[test]
fn every_client_is_sent_each_event_of_its_rooms_once_or_told_to_fetch_anew() {
    models::run::<Machine>("resume", 1, 100);
}
