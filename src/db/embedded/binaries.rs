//! Where PostgreSQL's programs are.
//!
//! Invariants: the first place that fits wins, in the order override, `DATA_DIR/pgsql/bin`, the newest of the system's
//! version folders, `PATH`; an existing cluster is only ever given to its own major version; an override that doesn't
//! work is an error, never passed over in silence. Absent on purpose: downloads.

use super::{EmbeddedError, OLDEST_VERSION};
use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the folder with `postgres` and `initdb`, before all other places.
const OVERRIDE: &str = "SWITCHBOARD_PG_BIN";

/// A folder with PostgreSQL's programs.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    pub(super) bin: PathBuf,
    pub(super) version: u32,
}

impl Binaries {
    /// `cluster` is the existing cluster's folder and major version.
    pub(super) fn find(data_dir: &Path, cluster: Option<(PathBuf, u32)>) -> Result<Self, EmbeddedError> {
        let fits = |found: &Self| match &cluster {
            Some((_, needed)) => found.version == *needed,
            None => found.version >= OLDEST_VERSION,
        };
        if let Some(path) = std::env::var_os(OVERRIDE).filter(|path| !path.is_empty()).map(PathBuf::from) {
            let bad = |problem: String| EmbeddedError::Override { path: path.clone(), problem };
            let found = Self::at(&path).map_err(bad)?;
            return match &cluster {
                _ if fits(&found) => Ok(found),
                Some((cluster, needed)) => {
                    let (cluster, needed) = (cluster.clone(), *needed);
                    let found = format!("{} by {OVERRIDE}", found.version);
                    Err(EmbeddedError::VersionMissing { cluster, needed, found })
                }
                None => Err(bad(format!("version {} is older than {OLDEST_VERSION}", found.version))),
            };
        }
        let places = places(data_dir);
        let mut found: Vec<Self> = Vec::new();
        for place in &places {
            match Self::at(place) {
                Ok(binaries) if fits(&binaries) => return Ok(binaries),
                Ok(binaries) => found.push(binaries),
                Err(_) => {}
            }
        }
        match cluster {
            Some((cluster, needed)) => {
                let versions: Vec<_> = found.iter().map(|found| found.version.to_string()).collect();
                let found = if versions.is_empty() { "none".to_owned() } else { versions.join(", ") };
                Err(EmbeddedError::VersionMissing { cluster, needed, found })
            }
            None => {
                let looked_at: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
                Err(EmbeddedError::NoBinaries { looked_at: looked_at.join(", ") })
            }
        }
    }

    /// The programs in `bin`, or why they are of no use.
    fn at(bin: &Path) -> Result<Self, String> {
        // Absolute, because the programs are started from another folder.
        let bin = std::path::absolute(bin).map_err(|error| error.to_string())?;
        for program in ["postgres", "initdb"] {
            if !bin.join(program).is_file() {
                return Err(format!("there is no `{program}`"));
            }
        }
        let output = Command::new(bin.join("postgres"))
            .arg("--version")
            .env_clear()
            .output()
            .map_err(|error| format!("`postgres --version` did not run: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let version = major(&text).ok_or_else(|| format!("`postgres --version` said `{}`", text.trim()))?;
        Ok(Self { bin, version })
    }
}

/// All places but the override, in order.
fn places(data_dir: &Path) -> Vec<PathBuf> {
    let mut places = vec![data_dir.join("pgsql/bin")];
    let mut numbered = version_folders(Path::new("/usr/lib/postgresql"), "");
    numbered.extend(version_folders(Path::new("/usr"), "pgsql-"));
    numbered.sort_by_key(|(version, _)| Reverse(*version));
    places.extend(numbered.into_iter().map(|(_, path)| path.join("bin")));
    places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    places.retain(|place| place.is_dir() || place.starts_with(data_dir));
    places
}

/// Folders of `parent` named `prefix` and a number.
fn version_folders(parent: &Path, prefix: &str) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = parent.read_dir() else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path()))
        })
        .collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` and `… 19beta1` are 15 and 19.
fn major(text: &str) -> Option<u32> {
    let number = text.split_once("(PostgreSQL)")?.1.trim_start();
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions_are_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major("something else"), None);
        assert_eq!(major(""), None);
    }
}
