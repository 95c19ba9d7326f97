//! The tests: every step in order, with its duration, and a summary.
//!
//! Invariants: a failed step doesn't hide the later ones; the end is a failure if any step was one.

use crate::processes::{cargo, exit_code, interrupted, now, status};
use crate::services::Services;
use crate::web::Web;
use crate::{faults, packages};
use anyhow::{Context, Result, bail};
use std::process::{Command, ExitCode};
use std::time::Duration;

struct Step {
    name: &'static str,
    headline: &'static str,
    /// One after the other; the first that fails ends the step.
    work: &'static [Work],
    environment: &'static [(&'static str, &'static str)],
    /// Whether it needs PostgreSQL and Redis.
    services: bool,
}

enum Work {
    Cargo(&'static [&'static str]),
    /// A command in the web app's folder.
    Web(&'static [&'static str]),
    /// Builds the web app, if its sources have changed.
    App,
    /// The usual rows of the fault matrix.
    Faults,
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        headline: "Format",
        work: &[Work::Cargo(&["fmt", "--check"])],
        environment: &[],
        services: false,
    },
    Step {
        name: "clippy",
        headline: "Lints",
        work: &[Work::Cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])],
        environment: &[],
        services: false,
    },
    Step {
        name: "doc",
        headline: "Documentation",
        work: &[Work::Cargo(&["doc", "--no-deps", "--workspace", "--document-private-items"])],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        services: false,
    },
    Step {
        name: "web",
        headline: "Web checks",
        work: &[
            Work::Web(&["npm", "run", "check"]),
            Work::Web(&["npm", "run", "lint"]),
            Work::Web(&["node", "tools/apigen/generate.mjs", "--check"]),
            Work::Web(&["npm", "test"]),
        ],
        environment: &[],
        services: false,
    },
    Step {
        name: "app",
        headline: "Web app",
        work: &[Work::App, Work::Web(&["npm", "run", "budget"])],
        environment: &[],
        services: false,
    },
    Step {
        name: "rust",
        headline: "Rust tests",
        work: &[Work::Cargo(&["test", "--workspace"])],
        // Many tests wait more than they work.
        environment: &[("RUST_TEST_THREADS", "8")],
        services: true,
    },
    Step { name: "faults", headline: "Faults", work: &[Work::Faults], environment: &[], services: false },
    Step {
        name: "browser",
        headline: "Browser tests",
        work: &[
            Work::App,
            // The binary of the Rust tests: `build` would compile the dependencies again, with other features.
            Work::Cargo(&["test", "--workspace", "--no-run"]),
            Work::Web(&["npm", "run", "e2e"]),
        ],
        environment: &[],
        services: true,
    },
];

pub(crate) fn all() -> Result<ExitCode> {
    // First, so that what is missing shows at once and not after the long steps.
    let services = Services::start()?;
    let web = Web::ready_to_check()?;
    packages::browser()?;
    let mut results = Vec::new();
    for step in STEPS {
        if interrupted() {
            break;
        }
        let (code, took) = run(step, &[], Some(&services), Some(&web))?;
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
    let rust_only = step.work.iter().all(|work| matches!(work, Work::Cargo(_) | Work::Faults));
    let web = if rust_only { None } else { Some(Web::ready_to_check()?) };
    if step.name == "browser" {
        packages::browser()?;
    }
    Ok(run(step, rest, services.as_ref(), web.as_ref())?.0)
}

/// Any command with the services.
pub(crate) fn with_services(words: &[String]) -> Result<ExitCode> {
    let (program, arguments) = words.split_first().context("which command?")?;
    let services = Services::start()?;
    Ok(exit_code(status(Command::new(program).args(arguments).envs(services.environment()))?))
}

fn run(
    step: &Step,
    rest: &[String],
    services: Option<&Services>,
    web: Option<&Web>,
) -> Result<(ExitCode, Duration)> {
    let start = now();
    let mut code = ExitCode::SUCCESS;
    for (at, work) in step.work.iter().enumerate() {
        let rest = if at + 1 == step.work.len() { rest } else { &[] };
        code = carry_out(step, work, rest, services, web)?;
        if code != ExitCode::SUCCESS {
            break;
        }
    }
    let took = start.elapsed();
    println!(
        "== {}: {} in {}",
        step.headline,
        if code == ExitCode::SUCCESS { "ok" } else { "FAILED" },
        seconds(took)
    );
    Ok((code, took))
}

fn carry_out(
    step: &Step,
    work: &Work,
    rest: &[String],
    services: Option<&Services>,
    web: Option<&Web>,
) -> Result<ExitCode> {
    let in_web = || web.context("the web app's tools are not there");
    let (mut command, words) = match work {
        Work::Cargo(words) => {
            let mut command = cargo();
            command.args(*words);
            (command, format!("cargo {}", words.join(" ")))
        }
        Work::Web(words) => (in_web()?.command(words), words.join(" ")),
        Work::App => {
            println!("\n== {}: building the web app, if it has changed", step.headline);
            let built = in_web()?.build();
            if let Err(error) = &built {
                println!("{error:#}");
            }
            return Ok(if built.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Work::Faults => {
            println!("\n== {}: {}", step.headline, faults::USUAL.join(", "));
            return faults::run(&faults::USUAL, &faults::SMALL);
        }
    };
    if matches!(work, Work::Web(_)) && !rest.is_empty() {
        command.arg("--");
    }
    command.args(rest).envs(step.environment.iter().copied());
    if let Some(services) = services.filter(|_| step.services) {
        command.envs(services.environment());
        command.env("SWITCHBOARD_BIN", packages::target().join("debug/switchboard"));
    }
    println!("\n== {}: {words}", step.headline);
    Ok(exit_code(status(&mut command)?))
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
