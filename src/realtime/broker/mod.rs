//! The bus between nodes.
//!
//! Owns: the trait, what nodes say to each other ([`wire`]), and two implementations. Invariant: nothing depends on
//! the bus for truth. It makes things fast; the log makes them complete.

pub mod memory;
pub mod redis;
pub mod wire;

#[cfg(test)]
mod conformance;

use crate::error::Result;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use uuid::Uuid;

/// Notices that may wait for the relay; what is beyond is dropped and counted, and read from the log.
pub const INBOX: usize = 4_096;

/// Carries frames between the nodes of one installation, one channel per tenant.
///
/// Guarantee: **at most once**. A frame reaches each subscribed node once or not at all; frames of one node arrive in
/// the order in which that node published them, frames of different nodes in any order; a publisher may or may not hear
/// itself. While [`Health::Down`] everything is lost. Whoever needs all events follows `seq` and reads the log.
pub trait Broker: Send + Sync + 'static {
    /// Hands a frame to the other nodes. An error means that it was lost, surely or perhaps; it is not repeated.
    fn publish(&self, tenant: Uuid, frame: Bytes) -> BoxFuture<'_, Result<()>>;

    /// Asks for the frames of a tenant; holds until [`Broker::unsubscribe`], over any outage. Takes effect when the
    /// future ends, or as soon as the bus is back.
    fn subscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()>;

    fn unsubscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()>;

    fn health(&self) -> Health;

    /// Ends it for good.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// What the bus is good for at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// There are no other nodes: nothing to publish.
    Alone,
    Up,
    Down,
}

/// What comes from the bus, through the channel that the implementation was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    Frame {
        tenant: Uuid,
        frame: Bytes,
    },
    /// The bus works again: frames were lost meanwhile.
    Up,
    Down,
}
