//! Child processes and signals.
//!
//! Invariants: a signal that would end us is passed on to the running children instead, and noted, so that the caller
//! comes back and tidies up; a child's number is signalled only while it is in [`RUNNING`], under the lock that also
//! covers its reaping. ^C at a terminal reaches the children by itself and is not sent twice.

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io::IsTerminal;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on the signals that end a program only end its children.
pub(crate) fn catch_signals() -> Result<()> {
    // Handlers, not a blocked mask: children inherit a mask, and then could not be ended either.
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals can't be caught")?;
    std::thread::spawn(move || {
        for number in signals.forever() {
            let running = running();
            INTERRUPTED.store(true, Ordering::SeqCst);
            if number == SIGINT && std::io::stdin().is_terminal() {
                continue;
            }
            for pid in running.iter() {
                // It may have ended already; it is reaped only after it left the list.
                let _ = kill(*pid, Signal::try_from(number).ok());
            }
        }
    });
    Ok(())
}

/// Whether somebody asked us to end.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A child that gets our signals.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut list = running();
        if interrupted() {
            bail!("interrupted");
        }
        let child = command.spawn().with_context(|| format!("{} can't be started", name(command)))?;
        list.push(pid(&child)?);
        Ok(Self(child))
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        let pid = pid(&self.0)?;
        // Waits without reaping, so that the number can't be somebody else's while it is in the list.
        while waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)
            == Err(nix::errno::Errno::EINTR)
        {}
        let mut list = running();
        list.retain(|other| *other != pid);
        Ok(self.0.wait()?)
    }

    /// Asks the child to end, and waits.
    pub(crate) fn stop(self) -> Result<ExitStatus> {
        // An error means that it has ended.
        let _ = kill(pid(&self.0)?, Signal::SIGTERM);
        self.wait()
    }
}

/// Asks every running child to end.
pub(crate) fn end_all() {
    for pid in running().iter() {
        // It may have ended already; it is reaped only after it left the list.
        let _ = kill(*pid, Signal::SIGTERM);
    }
}

/// Runs a command to its end, with our own streams.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    Running::start(command)?.wait()
}

/// Runs a command that has to succeed.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` failed ({status})", name(command));
    }
    Ok(())
}

/// Ends a child that doesn't get our signals: asks, then insists.
pub(crate) fn end(child: &mut Child, signal: Signal, patience: Duration) {
    if let Ok(pid) = pid(child) {
        let _ = kill(pid, signal);
    }
    let start = now();
    while start.elapsed() < patience {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Our exit code for a child's end; 128 and the signal's number as shells have it.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the rule is for the server, which takes time from its own clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn running() -> MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pid(child: &Child) -> Result<Pid> {
    Ok(Pid::from_raw(i32::try_from(child.id())?))
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
