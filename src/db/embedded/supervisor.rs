//! Starts PostgreSQL, watches over it, starts it again, and stops it.
//!
//! Invariants: one thread spawns PostgreSQL and lives as long as it should run, because the kernel's link between the
//! two is to the thread; a process id is signalled only under the lock that also covers its reaping, so never after
//! the number went to another process; after [`Supervisor::shutdown`] nothing is started again.

use super::EmbeddedError;
use super::child::command;
use super::cluster::Cluster;
use crate::clock;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;
use parking_lot::{Condvar, Mutex};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Until PostgreSQL reports that it is starting.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// Until it has repeated its log after a crash; stopping it earlier would only begin that work anew.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(600);
const STOP_TIMEOUT: Duration = Duration::from_secs(60);
const HARD_STOP_TIMEOUT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(2);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// After such a life the next pause is the first one again.
const GOOD_LIFE: Duration = Duration::from_secs(60);
/// In the log when backends of a killed postmaster still hold its memory.
const BACKENDS_LEFT: &str = "pre-existing shared memory block";

#[derive(Debug)]
pub(super) struct Supervisor {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Set from the spawn until the process is reaped.
    pid: Option<i32>,
    stopping: bool,
    ended: bool,
}

impl Supervisor {
    /// Blocks until PostgreSQL is ready, or can't be.
    pub(super) fn start(cluster: Cluster, socket_dir: PathBuf) -> Result<Self, EmbeddedError> {
        let shared = Arc::new(Shared::default());
        let (report, first) = mpsc::channel();
        let watcher = Watcher { cluster, socket_dir, shared: Arc::clone(&shared) };
        std::thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || watcher.run(&report))
            .map_err(EmbeddedError::file("start a thread for", Path::new("postgres")))?;
        let supervisor = Self { shared };
        match first.recv() {
            Ok(Ok(())) => Ok(supervisor),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(EmbeddedError::Child {
                step: "watch over PostgreSQL",
                problem: "its thread ended".to_owned(),
            }),
        }
    }

    pub(super) fn pid(&self) -> Option<i32> {
        self.shared.state.lock().pid
    }

    pub(super) fn shutdown(&self) {
        let mut state = self.shared.state.lock();
        // The second one is no loss of anything committed: the next start repeats the log.
        for (signal, patience) in [(Signal::SIGINT, STOP_TIMEOUT), (Signal::SIGQUIT, HARD_STOP_TIMEOUT)] {
            if state.ended {
                return;
            }
            state.stopping = true;
            state.signal(signal);
            self.shared.changed.notify_all();
            let deadline = clock::monotonic() + patience;
            while !state.ended {
                if self.shared.changed.wait_until(&mut state, deadline).timed_out() {
                    tracing::error!(%signal, "PostgreSQL did not end in {} s", patience.as_secs());
                    break;
                }
            }
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.shutdown();
    }
}

impl State {
    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid {
            // It may have ended a moment ago; it is not reaped yet, so the number is still its own.
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }
}

/// What the thread works with.
struct Watcher {
    cluster: Cluster,
    socket_dir: PathBuf,
    shared: Arc<Shared>,
}

impl Watcher {
    fn run(&self, report: &mpsc::Sender<Result<(), EmbeddedError>>) {
        let mut pause = FIRST_PAUSE;
        let mut first = true;
        loop {
            let born = clock::monotonic();
            match self.start() {
                Ok(child) => {
                    if first {
                        // Nobody is left to tell only if the caller's thread died.
                        let _ = report.send(Ok(()));
                        first = false;
                    } else {
                        tracing::info!(pid = child.id(), "PostgreSQL runs again");
                    }
                    let status = self.wait_for_end(child);
                    if !self.shared.state.lock().stopping {
                        tracing::error!(status, "PostgreSQL ended unexpectedly; it is started again");
                    }
                }
                Err(error) if first => {
                    self.end();
                    let _ = report.send(Err(error));
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "PostgreSQL could not be started again; it is tried further")
                }
            }
            if born.elapsed() > GOOD_LIFE {
                pause = FIRST_PAUSE;
            }
            if self.pause(pause) {
                self.end();
                return;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// True when PostgreSQL shall stay down.
    fn pause(&self, pause: Duration) -> bool {
        let deadline = clock::monotonic() + pause;
        let mut state = self.shared.state.lock();
        while !state.stopping {
            if self.shared.changed.wait_until(&mut state, deadline).timed_out() {
                break;
            }
        }
        state.stopping
    }

    fn end(&self) {
        if !self.socket_dir.starts_with(&self.cluster.files.home) {
            // Empty after a shutdown; if not, the next start takes it over.
            let _ = std::fs::remove_dir(&self.socket_dir);
        }
        self.shared.state.lock().ended = true;
        self.shared.changed.notify_all();
    }

    /// A PostgreSQL that takes connections.
    fn start(&self) -> Result<Child, EmbeddedError> {
        let start = clock::monotonic();
        loop {
            self.cluster.files.wait_for_former_life(Some(&self.socket_dir))?;
            self.cluster.own_socket_dir(&self.socket_dir)?;
            let log_start = self.cluster.files.log_end();
            let mut child = self.spawn()?;
            let Err(problem) = self.wait_until_ready(&mut child) else { return Ok(child) };
            self.stop(child);
            let stopping = self.shared.state.lock().stopping;
            let log = self.cluster.files.log_since(log_start);
            if stopping || !log.contains(BACKENDS_LEFT) || start.elapsed() > START_TIMEOUT {
                return Err(self.cluster.files.start_error(problem, log_start));
            }
            // They would end with their query, which may be hours; no postmaster leads them any more. SIGQUIT is what
            // a postmaster sends its backends for an immediate shutdown.
            for pid in self.cluster.files.processes() {
                let _ = kill(Pid::from_raw(pid), Signal::SIGQUIT);
            }
            std::thread::sleep(FIRST_PAUSE);
        }
    }

    fn spawn(&self) -> Result<Child, EmbeddedError> {
        let files = &self.cluster.files;
        let program = self.cluster.binaries.bin.join("postgres");
        let mut command = command(self.cluster.identity, &files.home, &program);
        command.args(self.cluster.arguments(&self.socket_dir)).stdout(files.log()?).stderr(files.log()?);
        let mut state = self.shared.state.lock();
        let child = command.spawn().map_err(EmbeddedError::file("run", &program))?;
        state.pid = i32::try_from(child.id()).ok();
        if state.stopping {
            state.signal(Signal::SIGINT);
        }
        Ok(child)
    }

    fn wait_until_ready(&self, child: &mut Child) -> Result<(), String> {
        let start = clock::monotonic();
        loop {
            let found = self.cluster.files.postmaster();
            let own = found.filter(|found| u32::try_from(found.pid) == Ok(child.id()));
            let status = own.map(|own| own.status).unwrap_or_default();
            if status == "ready" {
                return Ok(());
            }
            // Not `try_wait`, which would free the number while `State::pid` still has it.
            if has_ended(child) {
                return Err("it ended".to_owned());
            }
            let limit = if status.is_empty() { START_TIMEOUT } else { RECOVERY_TIMEOUT };
            if start.elapsed() > limit {
                return Err(format!("it was not ready after {} s", limit.as_secs()));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Ends a PostgreSQL that did not become ready.
    fn stop(&self, child: Child) {
        if !has_ended(&child) {
            self.shared.state.lock().signal(Signal::SIGQUIT);
        }
        self.wait_for_end(child);
    }

    /// Blocks until the process has ended, and reaps it.
    fn wait_for_end(&self, mut child: Child) -> String {
        if let Ok(pid) = i32::try_from(child.id()) {
            let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
            while waitid(Id::Pid(Pid::from_raw(pid)), flags) == Err(nix::errno::Errno::EINTR) {}
        }
        let mut state = self.shared.state.lock();
        let status = child.wait();
        state.pid = None;
        status.as_ref().map_or_else(ToString::to_string, ExitStatus::to_string)
    }
}

/// Whether the process has ended; it is not reaped.
fn has_ended(child: &Child) -> bool {
    let Ok(pid) = i32::try_from(child.id()) else { return false };
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
    !matches!(
        waitid(Id::Pid(Pid::from_raw(pid)), flags),
        Ok(nix::sys::wait::WaitStatus::StillAlive) | Err(nix::errno::Errno::EINTR)
    )
}
