//! The rows of the fault matrix, by what they break.

mod agents;
mod bus;
mod chaos;
mod clients;
mod clocks;
mod database;
mod disk;
mod folder;
mod kills;
mod limits;
mod network;
mod nodes;
mod outbox;
mod payloads;
mod secrets;

use crate::random::Random;
use futures_util::future::BoxFuture;

/// How a row ended, if it did not fail.
pub enum Outcome {
    /// With figures for people.
    Held(String),
    /// The machine does not grant the means.
    NotRun(String),
}

pub struct Row {
    pub name: &'static str,
    pub what: &'static str,
    pub run: fn(Random) -> BoxFuture<'static, Outcome>,
}

impl Row {
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A row of the table below.
macro_rules! row {
    ($name:literal, $what:literal, $run:expr) => {
        Row { name: $name, what: $what, run: |random| Box::pin($run(random)) }
    };
}

pub const ROWS: &[Row] = &[
    row!("F-01", "kill the server when a body is read", |random| kills::at(random, "ingest.body_read")),
    row!("F-02", "kill the server when a signature is verified", |random| kills::at(
        random,
        "ingest.verified"
    )),
    row!("F-03", "kill the server when a body is queued for the journal", |random| kills::at(
        random,
        "journal.queued"
    )),
    row!("F-04", "kill the server when the journal has taken a batch", |random| kills::at(
        random,
        "journal.taken"
    )),
    row!("F-05", "kill the server in the middle of the journal's statement", kills::in_statement),
    row!("F-06", "kill the server between commit and answers", |random| kills::at(
        random,
        "journal.committed"
    )),
    row!("F-07", "kill the server after the answers", |random| kills::at(random, "journal.answered")),
    row!("F-07b", "clients that vanish in the middle of a request", clients::vanish),
    row!("F-08", "kill the server at each step behind the journal", kills::behind_the_journal),
    row!("F-09", "kill the server at any point by chance", kills::by_chance),
    row!("F-10", "the same five times at once", payloads::duplicates),
    row!("F-11", "out of order", payloads::out_of_order),
    row!("F-12", "one new customer in twenty spellings at once", payloads::one_customer),
    row!("F-13", "repeated in other batches", payloads::batched_anew),
    row!("F-14", "two agents at one card", agents::one_card),
    row!("F-15", "kill the server around a call that sends", outbox::killed_around_the_call),
    row!("F-16", "kill PostgreSQL under load", database::killed),
    row!("F-17", "the disk is full", disk::full),
    row!("F-18", "poison among the webhooks", payloads::poison),
    row!("F-19", "Redis killed, emptied, cut off, asleep", bus::broken),
    row!("F-20", "one of two nodes cut off from Redis", network::without_redis),
    row!("F-21", "one of two nodes cut off from PostgreSQL", network::without_postgres),
    row!("F-22", "sockets that are not read", clients::slow),
    row!("F-23", "clients that vanish without a word", network::half_open),
    row!("F-26", "two nodes deployed one after the other", nodes::rolling),
    row!("F-27", "kill the rotation of the key of secrets ten times", secrets::rotation_killed),
    row!("F-28", "clocks that jump", clocks::jump),
    row!("F-32", "all sockets cut at once", clients::storm),
    row!("F-33", "loss, narrow lines, latency, slices, stalls", network::bad_lines),
    row!("F-34", "connections that are held", database::exhausted),
    row!("F-35", "little memory, little processor, few files", limits::little),
    row!("F-37", "deadlocks and serialization errors", database::conflicts),
    row!("F-39", "a backlog after an outage", database::backlog),
    row!("F-40", "three faults at a time, by chance", chaos::any),
    row!("killed", "kill the server at any moment under load", kills::any_moment),
    row!("both", "kill the server and PostgreSQL at once", kills::both),
    row!("folder", "the data directory stays private and has one server", folder::private),
    row!("crosses", "news cross from node to node, with a bus and without; one of them dies", nodes::crosses),
];
