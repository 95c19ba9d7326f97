//! Measures the release binary, as a process of its own, against bare programs on the same machine.
//!
//! Owns: the load, the programs beside which it is measured, and the report. Invariants: what is measured is a real
//! server with its own PostgreSQL in a folder of a real disk, fsync on; a figure is printed beside that of a program that
//! does the least possible; nothing here fails because of a duration. `README.md` says how to read the figures. Absent
//! on purpose: statistics over several runs (repeat it), other machines than this one.

mod bare;
mod end_to_end;
mod fanout;
mod graph;
mod http;
mod idle;
mod ingest;
mod lists;
mod machine;
mod reconnect;
mod report;
mod seed;
mod sends;
mod server;
mod single_commits;
mod soak;
mod socket;
mod start;
mod traffic;
mod writer;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Benchmarks of Switchboard. `cargo xtask bench` builds what they need and sets SWITCHBOARD_BIN.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Webhooks acked and messages with all their effects per second.
    Ingest(ingest::Options),
    /// From the webhook's POST to the frame at a hundred watchers.
    EndToEnd(end_to_end::Options),
    /// One event to thousands of sockets.
    Fanout(fanout::Options),
    /// What a socket costs that hears nothing.
    Idle(idle::Options),
    /// All watchers cut at once, while messages go on.
    Reconnect(reconnect::Options),
    /// Lists over many conversations.
    Lists(lists::Options),
    /// The same load for hours.
    #[command(name = "soak-server")]
    Soak(soak::Options),
    /// From a colleague's POST to the platform; a queue that drains.
    Sends(sends::Options),
    /// From the start of the process until it is ready.
    Start(start::Options),
    /// Beside: reads the POST, checks the signature, answers.
    #[command(hide = true)]
    Bare,
    /// Beside: one insert and one commit per request.
    #[command(hide = true)]
    SingleCommits(single_commits::Options),
    /// Beside: writes the same frame to all who have connected.
    #[command(hide = true)]
    Writer(writer::Options),
}

#[expect(clippy::print_stderr, reason = "a command's errors belong there")]
fn main() -> ExitCode {
    let done = machine::allow_many_files().and_then(|()| command(Cli::parse().command));
    // Not main's own printing, which adds a backtrace that helps nobody.
    done.map_or_else(
        |error| {
            eprintln!("benches: {error:#}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn command(command: Command) -> Result<()> {
    match command {
        Command::Bare => bare::run(),
        Command::SingleCommits(options) => single_commits::run(options),
        Command::Writer(options) => here(writer::run(options)),
        Command::Ingest(options) => here(ingest::run(options)),
        Command::EndToEnd(options) => here(end_to_end::run(options)),
        Command::Fanout(options) => here(fanout::run(options)),
        Command::Idle(options) => here(idle::run(options)),
        Command::Reconnect(options) => here(reconnect::run(options)),
        Command::Lists(options) => here(lists::run(options)),
        Command::Soak(options) => here(soak::run(options)),
        Command::Sends(options) => here(sends::run(options)),
        Command::Start(options) => here(start::run(options)),
    }
}

/// On one thread: the load must not take the cores of what is measured.
fn here(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
