//! The web app's tools: its packages, its build, and commands in its folder.
//!
//! Invariants: packages are those of the lock file; nothing is fetched or built again that has not changed. Stamps say
//! so: hashes in `node_modules` and `dist`, which go with what they speak of. Absent on purpose: putting the app into
//! the binary (`build.rs`).

use crate::packages;
use crate::processes::succeed;
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER: &str = "web";
/// Parts of the folder that the built app doesn't come from.
const NO_SOURCES: [&str; 3] = ["dist", "e2e", "node_modules"];
const STAMP: &str = ".stamp";

/// The app's folder, with its packages and a Node that can run them.
pub(crate) struct Web {
    /// The `PATH` with that Node.
    path: OsString,
}

impl Web {
    pub(crate) fn ready() -> Result<Self> {
        let web = Self { path: packages::node()? };
        web.fetch(Path::new(FOLDER))?;
        Ok(web)
    }

    /// Also what makes TypeScript of the interface's description.
    pub(crate) fn ready_to_check() -> Result<Self> {
        let web = Self::ready()?;
        web.fetch(&Path::new(FOLDER).join("tools/apigen"))?;
        Ok(web)
    }

    /// Builds the app unless its sources are those of the last time. Their hash.
    pub(crate) fn build(&self) -> Result<String> {
        let mut sources = Vec::new();
        files(Path::new(FOLDER), &mut sources)?;
        let hash = hash(&mut sources)?;
        let stamp = Path::new(FOLDER).join("dist").join(STAMP);
        if !says(&stamp, &hash) {
            succeed(&mut self.command(&["npm", "run", "build"]))?;
            std::fs::write(stamp, &hash)?;
        }
        Ok(hash)
    }

    /// A command in the folder.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let (program, arguments) = words.split_first().unwrap_or((&"npm", &[]));
        let mut command = Command::new(program);
        command.args(arguments).current_dir(FOLDER).env("PATH", &self.path);
        // It becomes the one command of a script; the usual one stays above it and swallows signals.
        command.env("npm_config_script_shell", "bash");
        command
    }

    /// The packages of a folder, as its lock file names them.
    fn fetch(&self, folder: &Path) -> Result<()> {
        let hash = hash(&mut [folder.join("package-lock.json")])?;
        let stamp = folder.join("node_modules").join(STAMP);
        if !says(&stamp, &hash) {
            succeed(self.command(&["npm", "ci"]).current_dir(folder))?;
            std::fs::write(stamp, hash)?;
        }
        Ok(())
    }
}

fn says(stamp: &Path, hash: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|text| text == hash)
}

/// The files that the app is built from.
fn files(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        if NO_SOURCES.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            files(&entry.path(), into)?;
        } else {
            into.push(entry.path());
        }
    }
    Ok(())
}

/// Of names and contents. Not for secrets, and not the same in every version of Rust.
fn hash(files: &mut [PathBuf]) -> Result<String> {
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let bytes = std::fs::read(&*file).with_context(|| format!("{} can't be read", file.display()))?;
        (&*file, bytes).hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
