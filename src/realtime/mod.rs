//! Live updates: every open browser follows its tenant's event log over a WebSocket.
//!
//! Owns: the protocol of contract section 6, the sockets of this node, the tail of each tenant's log in memory, who is
//! in which room, the bus between nodes.
//!
//! A socket **pulls**: its task has a cursor and takes what is above it, from memory or from the log. Nothing is pushed
//! into queues of sockets, so a slow one costs 32 KiB and its own time, and what a node did not hear of is found in
//! the log.
//!
//! ```text
//! commit ─► relay ─► stream (tail in order) ─► socket task ─► client
//!             │  ▲            ▲ holes                ▲ resume, fallen behind
//!             ▼  │            └────────── log ───────┘
//!            bus (other nodes)
//! ```
//!
//! Invariants:
//! - A socket is sent each event of its rooms above its cursor once, in the order of `seq`; `prev` chains what it is
//!   sent, so that a client can prove that nothing is missing.
//! - The bus may lose, repeat and reorder: `seq` shows it, the log fills it in, at the latest after a second.
//! - What a user may not read is neither joined nor delivered; a session's end closes its sockets on every node within
//!   two seconds.
//! - No task ever waits for a socket but the socket's own; every wait on a peer has an end.
//!
//! Public surface: [`Hub`] (start, revoke, counts, who is here, drain, close), [`Parts`], [`broker`], [`routes`].
//!
//! Absent on purpose: what the events are about (features emit them), sign-in (`auth`), compression of frames, and
//! permissions narrower than a room: whoever is in a room is sent all of it, so a role that may read only a part
//! can't join.

pub mod broker;
mod encoded;
mod hub;
mod local;
mod locals;
mod pages;
mod presence;
mod protocol;
mod relay;
mod room;
pub mod routes;
mod session;
mod store;
mod stream;
mod sync;

#[cfg(test)]
mod tests;

pub use hub::{Hub, MAX_SOCKETS};
pub use local::LocalUser;
pub use relay::Parts;
