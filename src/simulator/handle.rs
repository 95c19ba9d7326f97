//! The library face.
//!
//! Owns: start and end of a simulator. Invariants: dropping it stops everything it started; what was still open is
//! then in the ledger as abandoned. Deliberately absent: the live stream; a test steps by itself, `run` keeps time.

use super::SimulatorError;
use super::engine::{Customer, Engine};
use super::event::{Platform, Told};
use super::graph::{self, GraphCall, Upload};
use super::ledger::Ledger;
use super::options::{Behaviour, Config};
use super::wire;
use actix_web::dev::ServerHandle;
use bytes::Bytes;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A running platform. Needs a tokio runtime that lives as long as it.
pub struct Simulator {
    engine: Arc<Engine>,
    server: ServerHandle,
    graph_url: String,
}

impl Simulator {
    /// Serves the Graph part and is ready to send.
    pub async fn start(config: Config) -> Result<Self, SimulatorError> {
        let (listener, graph_url) = graph::bind(config.graph_addr)?;
        let engine = Arc::new(Engine::new(config, graph_url.clone())?);
        let server = graph::serve(Arc::clone(&engine), listener)?;
        Ok(Self { engine, server, graph_url })
    }

    /// For `GRAPH_API_URL` and `INSTAGRAM_API_URL`.
    pub fn graph_url(&self) -> &str {
        &self.graph_url
    }

    /// The book of this run; it outlives the simulator.
    pub fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.engine.ledger)
    }

    pub fn behaviour(&self) -> Behaviour {
        self.engine.behaviour.read().clone()
    }

    pub fn behave(&self, behaviour: Behaviour) -> Result<(), SimulatorError> {
        *self.engine.behaviour.write() = behaviour.checked()?;
        Ok(())
    }

    /// Files that the server handed over.
    pub fn uploads(&self) -> Vec<Upload> {
        self.engine.uploads.all()
    }

    /// The crowd; customers of one platform by filtering.
    pub fn customers(&self) -> Vec<Customer> {
        self.engine.customers()
    }

    /// The next thing of the live stream, queued.
    pub async fn step(&self) {
        self.engine.step().await;
    }

    /// Conversations of the last days, queued.
    pub async fn past(&self, conversations: usize) {
        self.engine.past(conversations).await;
    }

    /// This customer writes this text; the id of the message, or nothing for a stranger.
    pub async fn customer_writes(&self, customer: &str, text: &str) -> Option<String> {
        self.engine.customer_writes(customer, text).await
    }

    /// Queues this body in the wire form of the platform, signed; answers the id of its ledger entry.
    pub async fn post(&self, platform: Platform, told: Vec<Told>, body: &Value) -> u64 {
        self.post_bytes(platform, told, wire::escaped(body).into()).await
    }

    /// Queues exactly these bytes, signed.
    pub async fn post_bytes(&self, platform: Platform, told: Vec<Told>, body: Bytes) -> u64 {
        self.engine.post(platform, 0, told, body).await
    }

    /// Lays down what a Graph call answers: `"GET /1290847362510012"`; several answers in turn, the last one for
    /// ever. `_status` in an answer is its HTTP status.
    pub fn graph_answers(&self, call: &str, answers: Vec<Value>) {
        self.engine.scripts.lay_down(call, answers);
    }

    /// The Graph calls so far (the last 10,000).
    pub fn graph_calls(&self) -> Vec<GraphCall> {
        self.engine.scripts.calls()
    }

    /// Waits until every POST is answered and everything that follows sends has happened; false when it takes
    /// longer than `limit`.
    pub async fn settle(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        while self.engine.courier.busy.count() > 0 {
            if Instant::now() >= until {
                return false;
            }
            sleep(Duration::from_millis(5)).await;
        }
        true
    }

    /// Ends it, and waits for the Graph part to be gone.
    pub async fn stop(self) {
        self.engine.courier.token.cancel();
        self.engine.ledger.abandon_open();
        self.server.stop(false).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.engine.courier.token.cancel();
        self.engine.ledger.abandon_open();
        // The request to stop goes out with the call; only its answer would have to be waited for.
        drop(self.server.stop(false));
    }
}
