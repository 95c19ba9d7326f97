//! Packages of the operating system: found, or installed through apt.
//!
//! Invariants: apt leaves no service and no database cluster of its own behind; what can't be installed is named with
//! the exact command for a person. Absent on purpose: other package managers (but npm, for a Node that apt has not).

use crate::processes::succeed;
use anyhow::{Context, Result, bail};
use nix::unistd::geteuid;
use std::cmp::Reverse;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Oldest PostgreSQL that the server takes.
const OLDEST_POSTGRES: u32 = 15;
/// Oldest Node, as major and minor version, that the web app's tools take.
const OLDEST_NODE: (u32, u32) = (20, 19);
/// The Node that npm brings where the system's is older.
const NODE: &str = "22.23.3";
/// What the browser tests need: the browser, and letters of all the languages in them.
const BROWSER: [&str; 4] = ["chromium", "fonts-liberation", "fonts-noto-core", "fonts-noto-color-emoji"];

/// Runs as root. The policy keeps the packages' services from starting (101: forbidden), for as long as apt works.
const INSTALL: &str = r#"
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi
clusters=/etc/postgresql-common/createcluster.conf
mkdir -p "${clusters%/*}"
if ! grep -qs '^[[:space:]]*create_main_cluster' "$clusters"; then
    printf '%s\n' '# Switchboard runs a PostgreSQL of its own.' 'create_main_cluster = false' >> "$clusters"
fi
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install --yes --no-install-recommends --option Dpkg::Options::=--force-confold "$@"; }
install "$@" || { apt-get update; install "$@"; }
"#;

/// The folder with PostgreSQL's programs, after an installation if need be.
pub(crate) fn postgres() -> Result<PathBuf> {
    if let Some(bin) = find_postgres() {
        return Ok(bin);
    }
    install(&["postgresql"], "PostgreSQL 15 or newer")?;
    find_postgres().context(
        "apt installed a PostgreSQL older than 15. Install a newer one (packages at https://www.postgresql.org/download), \
         or set DATABASE_URL to a PostgreSQL of your own",
    )
}

/// Makes sure that a program is there.
pub(crate) fn program(program: &str, package: &str) -> Result<()> {
    if in_path(program).is_none() {
        install(&[package], program)?;
    }
    Ok(())
}

/// A `PATH` in which `node` is new enough and `npm` is there.
pub(crate) fn node() -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if in_path("npm").is_none() {
        install(&["nodejs", "npm"], "npm")?;
    }
    if node_fits(&path) {
        return Ok(path);
    }
    let tools = target().join(format!("tools/node-{NODE}"));
    let bin = tools.join("node_modules/node/bin");
    let path = std::env::join_paths(std::iter::once(bin.clone()).chain(std::env::split_paths(&path)))?;
    if !node_fits(&path) {
        println!("Node.js 20.19 or newer is missing; npm brings {NODE}");
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&tools);
        succeed(npm.arg(format!("node@{NODE}"))).context(
            "install Node.js 20.19 or newer by hand (https://nodejs.org), then run this command again",
        )?;
    }
    Ok(path)
}

/// Chromium with fonts.
pub(crate) fn browser() -> Result<()> {
    if std::env::var_os("CHROMIUM").is_none() && in_path("chromium").is_none() {
        install(&BROWSER, "Chromium")?;
    }
    Ok(())
}

/// Cargo's folder for what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| std::env::current_dir().unwrap_or_default().join("target"), PathBuf::from)
}

fn node_fits(path: &OsStr) -> bool {
    let Ok(output) = Command::new("node").arg("--version").env("PATH", path).output() else { return false };
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= OLDEST_NODE
}

fn find_postgres() -> Option<PathBuf> {
    // As the server looks: override, unpacked copy, the system's versions from the newest, PATH.
    let mut places: Vec<PathBuf> =
        std::env::var_os("SWITCHBOARD_PG_BIN").into_iter().map(Into::into).collect();
    let data = std::env::var_os("DATA_DIR").unwrap_or("data".into());
    places.push(Path::new(&data).join("pgsql/bin"));
    let mut numbered = versions("/usr/lib/postgresql", "");
    numbered.extend(versions("/usr", "pgsql-"));
    numbered.sort_by_key(|(version, _)| Reverse(*version));
    places.extend(numbered.into_iter().map(|(_, path)| path.join("bin")));
    places.extend(in_path("postgres").and_then(|path| path.parent().map(Path::to_owned)));
    places.into_iter().find(|bin| bin.join("initdb").is_file() && new_enough(bin))
}

fn versions(parent: &str, prefix: &str) -> Vec<(u32, PathBuf)> {
    let entries = Path::new(parent).read_dir().into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?, entry.path()))
        })
        .collect()
}

fn new_enough(bin: &Path) -> bool {
    let Ok(output) = Command::new(bin.join("postgres")).arg("--version").output() else { return false };
    let text = String::from_utf8_lossy(&output.stdout);
    let number = text.split_once("(PostgreSQL)").map_or("", |(_, number)| number.trim_start());
    let major = number.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    major.parse::<u32>().is_ok_and(|major| major >= OLDEST_POSTGRES)
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|place| place.join(program)).find(|file| file.is_file())
}

fn install(packages: &[&str], what: &str) -> Result<()> {
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    if in_path("apt-get").is_none() {
        bail!(
            "{what} is missing. Install it with your system's package manager (Debian, Ubuntu: `{by_hand}`)"
        );
    }
    let mut command = if geteuid().is_root() {
        Command::new("sh")
    } else if Command::new("sudo")
        .args(["-n", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
    {
        let mut command = Command::new("sudo");
        command.args(["-n", "sh"]);
        command
    } else {
        bail!("{what} is missing, and sudo asks for a password. Run `{by_hand}`, then this command again");
    };
    println!("{what} is missing; installing {}", packages.join(" "));
    succeed(command.args(["-c", INSTALL, "install"]).args(packages).stdin(Stdio::null()))
        .with_context(|| format!("{what} could not be installed. Try `{by_hand}`, then this command again"))
}
