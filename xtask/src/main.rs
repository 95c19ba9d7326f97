//! The project's commands, as `cargo xtask …`.
//!
//! Owns: what a newcomer, a developer and the CI type; each command installs what it lacks. Invariants: whatever a
//! command starts, it stops, also on ^C and on failure; nothing of a run collides with another one at the same time.
//! Absent on purpose: anything that the server needs at run time.

mod audit;
mod bench;
mod faults;
mod mutate;
mod packages;
mod processes;
mod run;
mod services;
mod test;
mod web;

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
The commands of Switchboard:

  cargo xtask run [--demo] [-- ARGS]       build and start the server, with made-up customers on --demo
  cargo xtask build                        build the web app, and the release binary with it inside
  cargo xtask dev [--demo] [-- ARGS]       a debug server, and the web app with hot reload before it
  cargo xtask test                         install what the tests need, and run all of them
  cargo xtask test --only STEP [-- ARGS]   one step, with further arguments: fmt, clippy, doc, web, app, rust,
                                           faults, browser
  cargo xtask mutate [NAME…]               socket stress: each scenario under its planted fault, which it must see
  cargo xtask bench NAME [-- ARGS]         measure: ingest, end-to-end, fanout, idle, reconnect, lists, soak-server, start; latency, soak
  cargo xtask faults [ROW…]                break what the server stands on: all rows of the fault matrix, or these
  cargo xtask services -- COMMAND…         run a command with the tests' PostgreSQL and Redis
  cargo xtask audit                        licences, bans and sources of all dependencies";

#[expect(clippy::print_stderr, reason = "a command's errors belong there")]
fn main() -> ExitCode {
    // Not main's own printing, which adds a backtrace that helps nobody who lacks a package.
    command().unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}

fn command() -> Result<ExitCode> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let rest = match words.iter().position(|word| word == "--") {
        Some(at) => words.split_off(at).into_iter().skip(1).collect(),
        None => Vec::new(),
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    processes::catch_signals()?;
    std::env::set_current_dir(root()?).context("the project's folder can't be entered")?;
    match words.as_slice() {
        ["run"] => run::run(false, &rest),
        ["run", "--demo"] => run::run(true, &rest),
        ["build"] => run::build().map(|()| ExitCode::SUCCESS),
        ["dev"] => run::dev(false, &rest),
        ["dev", "--demo"] => run::dev(true, &rest),
        ["test"] if rest.is_empty() => test::all(),
        ["test", "--only", step] => test::only(step, &rest),
        ["mutate", names @ ..] if rest.is_empty() => mutate::mutate(names),
        ["bench", name] => bench::bench(name, &rest),
        ["faults", rows @ ..] if rest.is_empty() => faults::faults(rows),
        ["services"] if !rest.is_empty() => test::with_services(&rest),
        ["audit"] => audit::audit(),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("not a command of xtask: {}\n\n{HELP}", words.join(" ")),
    }
}

/// The workspace's folder.
fn root() -> Result<PathBuf> {
    let own =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into()));
    Ok(own.parent().context("xtask lies in no folder")?.to_owned())
}
