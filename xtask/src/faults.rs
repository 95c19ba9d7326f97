//! The fault matrix: a binary with fail points, and the harness that breaks what it stands on.
//!
//! Invariant: the binary with fail points lies apart from the usual one, which is built again before the harness looks at
//! it. What only some rows need (namespaces, clocks) is installed if it can be; without it they say that they did not run.

use crate::packages;
use crate::processes::{cargo, exit_code, status, succeed};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;

/// Those of every run of the tests, a few minutes together.
pub(crate) const USUAL: [&str; 13] = [
    "F-03", "F-06", "F-07b", "F-08", "F-10", "F-12", "F-16", "F-19", "F-22", "F-26", "killed", "folder",
    "crosses",
];

/// For them: few kills, and of the points behind the journal one.
pub(crate) const SMALL: [(&str, &str); 2] = [("FAULTS_KILLS", "3"), ("FAULTS_POINT", "log.committed")];

/// All rows, or these.
pub(crate) fn faults(rows: &[&str]) -> Result<ExitCode> {
    for (program, package) in
        [("nft", "nftables"), ("ip", "iproute2"), ("tc", "iproute2"), ("faketime", "faketime")]
    {
        if let Err(error) = packages::program(program, package) {
            println!("{error:#}; the rows that need it will not run");
        }
    }
    run(rows, &[])
}

/// Builds the binary and runs rows with it.
pub(crate) fn run(rows: &[&str], environment: &[(&str, &str)]) -> Result<ExitCode> {
    let postgres = packages::postgres()?;
    packages::program("redis-server", "redis-server")?;
    packages::program("setpriv", "util-linux")?;
    let binary = binary()?;
    let mut command = cargo();
    command.args(["test", "--test", "faults", "--"]).args(rows).envs(environment.iter().copied());
    command.env("FAULTS_BIN", binary).env("SWITCHBOARD_PG_BIN", postgres);
    Ok(exit_code(status(&mut command)?))
}

/// The binary with fail points, apart from the one without.
fn binary() -> Result<PathBuf> {
    succeed(cargo().args(["build", "--bin", "switchboard", "--features", "fail-points"]))?;
    let folder = packages::target().join("faults");
    let binary = folder.join("switchboard");
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(packages::target().join("debug/switchboard"), &binary)
        .context("the binary can't be copied")?;
    Ok(binary)
}
