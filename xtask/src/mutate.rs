//! Planted faults: shows that each scenario of the socket stress sees its own.
//!
//! Invariants: the project's own sources stay as they are; all faults are in one build of a copy, which shares what is
//! built of the dependencies. What is planted where is said by `tests/stress/mutations.txt`.

use crate::packages;
use crate::processes::{cargo, exit_code, status, succeed};
use crate::services::Services;
use anyhow::Result;
use std::process::ExitCode;

/// The scenarios whose names contain one of the texts, or all.
pub(crate) fn mutate(names: &[&str]) -> Result<ExitCode> {
    let services = Services::start()?;
    let copy = packages::target().join("mutants");
    succeed(cargo().args(["test", "--test", "stress", "--", "--plant"]).arg(&copy))?;
    let mut command = cargo();
    command.args(["test", "--test", "stress", "--manifest-path"]).arg(copy.join("Cargo.toml"));
    command.args(["--", "--mutants"]).args(names);
    command.env("CARGO_TARGET_DIR", packages::target()).envs(services.environment());
    Ok(exit_code(status(&mut command)?))
}
