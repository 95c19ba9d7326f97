//! The dependencies against `deny.toml`: licences, banned crates, sources.
//!
//! Absent on purpose: advisories, whose database is a download of its own; `cargo deny check advisories` does it.

use crate::processes::{cargo, exit_code, status, succeed};
use anyhow::{Context, Result};
use std::process::{ExitCode, Stdio};

pub(crate) fn audit() -> Result<ExitCode> {
    let there = cargo()
        .args(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        println!("cargo-deny is missing; installing it takes some minutes");
        succeed(cargo().args(["install", "--locked", "cargo-deny", "--version", "^0.20"]))
            .context("install it by hand: `cargo install --locked cargo-deny`")?;
    }
    Ok(exit_code(status(cargo().args(["deny", "--all-features", "check", "bans", "licenses", "sources"]))?))
}
