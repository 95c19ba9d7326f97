//! The sub-command.
//!
//! Owns: time: when the next event is due, when a burst comes, when to report and to end. Invariants: nothing is sent
//! before the server listens; at the end, what is under way gets some seconds to be answered. Deliberately absent:
//! what is sent.

use super::SimulatorError;
use super::courier;
use super::handle::Simulator;
use super::ledger::Totals;
use super::options::{Config, Options};
use std::io::Write;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

const REPORT_EVERY: Duration = Duration::from_secs(10);
const BURST_EVERY: Duration = Duration::from_secs(20);
const GRACE: Duration = Duration::from_secs(10);
/// A finer clock than this is not worth its wake-ups; several events then come in one tick.
const SHORTEST_TICK: Duration = Duration::from_millis(20);

/// Plays until ^C, or for the wanted duration.
pub async fn run(options: Options) -> Result<(), SimulatorError> {
    if !(options.rate > 0.0 && options.rate <= 10_000.0) {
        return Err(SimulatorError::Rate);
    }
    let config = Config::from_options(&options)?;
    let (seed, server) = (config.seed, config.server.clone());
    let simulator = Simulator::start(config).await?;
    // Nobody may read it; that is no reason to end.
    drop(writeln!(std::io::stdout(), "graph api on {}", simulator.graph_url()));
    tracing::info!(seed, server, graph = simulator.graph_url(), "simulator started");
    let end = async {
        match options.duration {
            Some(seconds) => sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = play(&simulator, &options, &server) => {}
        () = report(&simulator) => {}
        () = end => {}
        () = interrupted() => {}
    }
    tokio::select! {
        _ = simulator.settle(GRACE) => {}
        () = interrupted() => {}
    }
    line(&simulator.ledger().totals(), "simulator ended");
    simulator.stop().await;
    Ok(())
}

/// ^C or the wish of a supervisor.
async fn interrupted() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

async fn play(simulator: &Simulator, options: &Options, server: &str) {
    wait_for(server).await;
    if options.demo {
        simulator.past(options.past).await;
        tracing::info!(conversations = options.past, "the past is queued");
    }
    let tick = Duration::from_secs_f64(1.0 / options.rate).max(SHORTEST_TICK);
    let mut ticks = interval(tick);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut due = 0.0;
    let mut burst_at = Instant::now();
    loop {
        ticks.tick().await;
        due += options.rate * tick.as_secs_f64();
        while due >= 1.0 {
            due -= 1.0;
            simulator.step().await;
        }
        if burst_at.elapsed() >= BURST_EVERY {
            burst_at = Instant::now();
            for _ in 0..simulator.behaviour().burst {
                simulator.step().await;
            }
        }
    }
}

/// Asks until somebody answers, whatever it is.
async fn wait_for(server: &str) {
    let Ok(client) = courier::client(Duration::from_secs(2)) else {
        return;
    };
    let address = format!("{server}/health/live");
    let mut said = false;
    while client.get(&address).send().await.is_err() {
        if !said {
            tracing::info!(server, "waiting for the server");
            said = true;
        }
        sleep(Duration::from_millis(300)).await;
    }
}

async fn report(simulator: &Simulator) {
    let mut ticks = interval(REPORT_EVERY);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        line(&simulator.ledger().totals(), "simulator");
    }
}

fn line(totals: &Totals, message: &str) {
    tracing::info!(
        events = totals.events,
        posts = totals.posts,
        acked = totals.acked,
        open = totals.open(),
        retried = totals.retried,
        refused = totals.refused,
        copies = totals.copies,
        graph_calls = totals.graph_calls,
        sends = totals.sends,
        "{message}"
    );
}
