//! The tests: every step in order, with its duration, and a summary.
//!
//! Invariants: a failed step doesn't hide the later ones; the end is a failure if any step was one.

use crate::processes::{cargo, exit_code, interrupted, now, status};
use crate::services::Services;
use anyhow::{Context, Result, bail};
use std::process::{Command, ExitCode};
use std::time::Duration;

struct Step {
    name: &'static str,
    headline: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    /// Whether it needs PostgreSQL and Redis.
    services: bool,
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        headline: "Format",
        arguments: &["fmt", "--check"],
        environment: &[],
        services: false,
    },
    Step {
        name: "clippy",
        headline: "Lints",
        arguments: &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        environment: &[],
        services: false,
    },
    Step {
        name: "doc",
        headline: "Documentation",
        arguments: &["doc", "--no-deps", "--workspace", "--document-private-items"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        services: false,
    },
    Step {
        name: "rust",
        headline: "Rust tests",
        arguments: &["test", "--workspace"],
        // Many tests wait more than they work.
        environment: &[("RUST_TEST_THREADS", "8")],
        services: true,
    },
];

pub(crate) fn all() -> Result<ExitCode> {
    // First, so that what is missing shows at once and not after the long steps.
    let services = Services::start()?;
    let mut results = Vec::new();
    for step in STEPS {
        if interrupted() {
            break;
        }
        let (code, took) = run(step, &[], Some(&services))?;
        results.push((step, code == ExitCode::SUCCESS, took));
    }
    drop(services);
    println!("\n== Summary");
    for (step, passed, took) in &results {
        println!("{} {:<14} {}", if *passed { "ok    " } else { "FAILED" }, step.headline, seconds(*took));
    }
    for step in STEPS.get(results.len()..).unwrap_or_default() {
        println!("not run {}", step.headline);
    }
    let passed = results.len() == STEPS.len() && results.iter().all(|(_, passed, _)| *passed);
    println!("{}", if passed { "All tests passed." } else { "There are failures." });
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One step, for developers.
pub(crate) fn only(name: &str, rest: &[String]) -> Result<ExitCode> {
    let Some(step) = STEPS.iter().find(|step| step.name == name) else {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step `{name}`; there are {}", names.join(", "));
    };
    let services = if step.services { Some(Services::start()?) } else { None };
    Ok(run(step, rest, services.as_ref())?.0)
}

/// Any command with the services.
pub(crate) fn with_services(words: &[String]) -> Result<ExitCode> {
    let (program, arguments) = words.split_first().context("which command?")?;
    let services = Services::start()?;
    Ok(exit_code(status(Command::new(program).args(arguments).envs(services.environment()))?))
}

fn run(step: &Step, rest: &[String], services: Option<&Services>) -> Result<(ExitCode, Duration)> {
    let mut command = cargo();
    command.args(step.arguments).args(rest).envs(step.environment.iter().copied());
    if let Some(services) = services.filter(|_| step.services) {
        command.envs(services.environment());
    }
    println!("\n== {}: cargo {}", step.headline, step.arguments.join(" "));
    let start = now();
    let code = exit_code(status(&mut command)?);
    let took = start.elapsed();
    println!(
        "== {}: {} in {}",
        step.headline,
        if code == ExitCode::SUCCESS { "ok" } else { "FAILED" },
        seconds(took)
    );
    Ok((code, took))
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
