//! The step from our process to PostgreSQL: both ends of the hidden sub-command.
//!
//! The server spawns its own program again; that fresh process has one thread, so it can change its user, and tie its
//! life to ours, with safe calls before it turns into PostgreSQL (code between `fork` and `exec` would be `unsafe`).
//!
//! Invariants: the link to the parent is made after the change of user, which clears it, and the parent is looked at
//! once more after that; nothing of our environment (secrets, `PG…`) is passed on; the process has a group of its own,
//! so that ^C at a terminal reaches only the server, which stops PostgreSQL after its own work.

use super::EmbeddedError;
use super::identity::Identity;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::getppid;
use std::convert::Infallible;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Name of the hidden sub-command; `main` hands everything after it to [`become_postgres`] before it does anything else.
pub const CHILD_COMMAND: &str = "postgres-child";

/// A command that runs `program` as `identity` in the folder `directory`; add its arguments and streams.
///
/// It ends with the thread that spawns it.
pub(super) fn command(identity: Identity, directory: &Path, program: &Path) -> Command {
    // Not `current_exe`: that name is gone once an upgrade has replaced the file under a running server.
    let mut command = Command::new("/proc/self/exe");
    command
        .arg(CHILD_COMMAND)
        .arg(std::process::id().to_string())
        .arg(identity.text())
        .arg(directory)
        .arg(program)
        .env_clear()
        .stdin(Stdio::null())
        .process_group(0);
    command
}

/// Entry of the hidden sub-command: becomes PostgreSQL. Returns only when that failed.
pub fn become_postgres(args: impl IntoIterator<Item = OsString>) -> Result<Infallible, EmbeddedError> {
    let mut args = args.into_iter();
    let mut next = || args.next().ok_or_else(|| failed("read the arguments", "too few"));
    let parent = next()?.to_str().and_then(|text| text.parse::<i32>().ok());
    let identity = next()?.to_str().and_then(Identity::parse);
    let (directory, program) = (next()?, next()?);
    let (Some(parent), Some(identity)) = (parent, identity) else {
        return Err(failed("read the arguments", "not from the server"));
    };
    // Passed on by whoever holds signals back in the server; PostgreSQL's programs have to hear theirs.
    SigSet::empty().thread_set_mask().map_err(|errno| failed("hear signals", errno))?;
    identity.assume()?;
    // SIGINT is PostgreSQL's fast shutdown.
    set_pdeathsig(Signal::SIGINT).map_err(|errno| failed("link to the server", errno))?;
    if getppid().as_raw() != parent {
        return Err(failed("link to the server", "it is gone"));
    }
    // Our own folder may be closed to that user; PostgreSQL's programs stop when they can't read their folder's name.
    std::env::set_current_dir(&directory).map_err(|error| {
        failed("enter the folder", format!("{}: {error}", Path::new(&directory).display()))
    })?;
    let error = Command::new(&program)
        .args(args)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LANG", "C"), ("LC_ALL", "C"), ("TZ", "UTC")])
        .exec();
    Err(failed("run the program", format!("{}: {error}", Path::new(&program).display())))
}

fn failed(step: &'static str, problem: impl std::fmt::Display) -> EmbeddedError {
    EmbeddedError::Child { step, problem: problem.to_string() }
}

#[cfg(test)]
mod tests {
    use super::become_postgres;

    #[test]
    fn nonsense_is_refused_before_anything_happens() {
        for args in [&[][..], &["1"], &["x", "plain", "/", "/bin/true"], &["1", "root", "/", "/bin/true"]] {
            assert!(become_postgres(args.iter().map(Into::into)).is_err(), "{args:?}");
        }
    }
}
