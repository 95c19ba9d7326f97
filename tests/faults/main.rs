//! The fault harness: rows of the fault matrix by name, each with real processes that are broken on purpose.
//!
//! Owns: being the parent of nodes, PostgreSQL and Redis; a platform that keeps a ledger of what it sent and what was
//! acked, and repeats the rest; clients that build their view from one snapshot and events; the judgement over all of it.
//!
//! Invariants: nothing that was acked is lost or doubled; every client shows what a fresh one shows, 10 s after healing;
//! what the machine does not grant is `NOT RUN` with the reason, never `ok`. Each row prints its seed.
//!
//! Absent on purpose: rows of what is not built (backups), and limits of time but those of the matrix.
//! Without rows to run (`cargo test`) only the binary is looked at: it must not know the names of the fail points.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod api;
#[path = "../api/support/graph.rs"]
#[expect(dead_code, reason = "shared with tests/api, which uses all of it")]
mod graph;
mod judge;
mod leaks;
mod net;
mod platform;
mod points;
mod probe;
mod proxy;
mod random;
mod rows;
mod scene;
mod sender;
mod server;
mod service;
mod view;
mod viewer;
mod watcher;

use random::Random;
use rows::{Outcome, ROWS, Row};
use std::process::ExitCode;
use switchboard::clock;

fn main() -> ExitCode {
    if std::env::var_os("FAULTS_BIN").is_none() {
        // As one of the tests of `cargo test`, whose words are filters of names.
        points::absent(env!("CARGO_BIN_EXE_switchboard"));
        println!("faults: no fail point in the binary; the rows are run by `cargo xtask faults`");
        return ExitCode::SUCCESS;
    }
    points::present(&server::program());
    let names: Vec<String> = std::env::args().skip(1).collect();
    let unknown = names.iter().find(|name| !ROWS.iter().any(|row| row.is_called(name)));
    if let Some(unknown) = unknown {
        println!("no row `{unknown}`; there are:");
        ROWS.iter().for_each(|row| println!("  {:<12} {}", row.name, row.what));
        return ExitCode::FAILURE;
    }
    let chosen = |row: &&Row| names.is_empty() || names.iter().any(|name| row.is_called(name));
    let mut failed = Vec::new();
    for row in ROWS.iter().filter(chosen) {
        if !run(row) {
            failed.push(row.name);
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("FAILED: {}", failed.join(", "));
    ExitCode::FAILURE
}

/// One row on a runtime of its own; false: it failed.
fn run(row: &Row) -> bool {
    let seed = random::seed();
    println!("{:<8} {} (FAULTS_SEED={seed})", row.name, row.what);
    let begin = clock::monotonic();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    // A task of its own: its panic is a failure of the row, not of us.
    let outcome = runtime.block_on(async { tokio::spawn((row.run)(Random::of(seed))).await });
    let took = begin.elapsed().as_secs_f64();
    match outcome {
        Ok(Outcome::Held(figures)) => println!("{:<8} ok ({took:.1} s): {figures}", row.name),
        Ok(Outcome::NotRun(reason)) => println!("{:<8} NOT RUN: {reason}", row.name),
        Err(_) => {
            println!(
                "{:<8} FAILED ({took:.1} s): FAULTS_SEED={seed} cargo xtask faults {}",
                row.name, row.name
            );
            return false;
        }
    }
    true
}
