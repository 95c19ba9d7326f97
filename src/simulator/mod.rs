//! The platform played for demos and tests.
//!
//! Owns: the sub-command `simulate` and the library face [`Simulator`]: made-up customers who write on WhatsApp,
//! Messenger and Instagram, fill in lead forms and answer what agents write; signed webhooks, delivered at least
//! once; and the part of the Graph API that the server calls. Invariants: it uses nothing else of the server, so that
//! it can't agree with it by mistake; it listens on loopback only; the same seed gives the same course; its ledger
//! tells what the server has acknowledged. Deliberately absent: anything that `serve` runs; groups, calls, history,
//! video and account events, which the webhook samples cover.

mod clock;
mod courier;
mod engine;
mod event;
mod follow;
mod graph;
mod handle;
mod leads;
mod ledger;
mod media;
mod messenger;
mod options;
mod people;
mod phrases;
mod random;
mod run;
mod saying;
mod whatsapp;
mod wire;
mod world;

#[cfg(test)]
mod tests;

pub use clock::Clock;
pub use engine::Customer;
pub use event::{Platform, Told};
pub use graph::{GraphCall, Upload};
pub use handle::Simulator;
pub use ledger::{Entry, Ledger, Send, State, Totals};
pub use options::{Accounts, Behaviour, Config, Hidden, Options};
pub use run::run;

use std::net::SocketAddr;

/// Why the simulator did not start or a setting was refused.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    #[error("no app secret: give --secret or META_APP_SECRET, the same as the server's")]
    NoSecret,
    #[error("{0} is not a loopback address; the Graph part is played on loopback only")]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] std::io::Error),
    #[error("cannot serve the Graph part")]
    Serve(#[source] std::io::Error),
    #[error("cannot make an HTTP client")]
    Client(#[source] reqwest::Error),
    #[error("behaviour: {0}")]
    Behaviour(String),
    #[error("the rate must be above 0 and at most 10000")]
    Rate,
}
