//! Benchmarks: the release binary measured, by the programs of `benches/` and, in a browser, of `web/bench/`.
//!
//! Invariant: a duration is never a failure.

use crate::packages;
use crate::processes::{cargo, exit_code, status, succeed};
use crate::run;
use crate::services::Services;
use crate::web::Web;
use anyhow::{Result, bail};
use std::process::{Command, ExitCode};

/// Programs of `benches/`, each with a PostgreSQL of its own on the disk under `DATA_DIR`.
const SERVER: [&str; 8] =
    ["ingest", "end-to-end", "fanout", "idle", "reconnect", "lists", "soak-server", "start"];
/// Of `web/bench/`: what a person sees, so the tests' database will do.
const BROWSER: [&str; 2] = ["latency", "soak"];

pub(crate) fn bench(name: &str, rest: &[String]) -> Result<ExitCode> {
    let in_browser = BROWSER.contains(&name);
    if !in_browser && !SERVER.contains(&name) {
        bail!("no benchmark `{name}`; there are {}", [SERVER.as_slice(), &BROWSER].concat().join(", "));
    }
    run::build()?;
    let binary = packages::target().join("release/switchboard");
    if in_browser {
        packages::browser()?;
        let services = Services::start()?;
        let mut command = Web::ready()?.command(&["node", &format!("bench/{name}.mjs")]);
        command.args(rest).envs(services.environment()).env("SWITCHBOARD_BIN", binary);
        return Ok(exit_code(status(&mut command)?));
    }
    packages::postgres()?;
    succeed(cargo().args(["build", "--release", "--package", "switchboard-benches"]))?;
    let mut command = Command::new(packages::target().join("release/benches"));
    command.arg(name).args(rest).env("SWITCHBOARD_BIN", binary);
    Ok(exit_code(status(&mut command)?))
}
