//! The tests' own PostgreSQL and Redis, for one run.
//!
//! Invariants: both are reachable only through Unix sockets in a folder of random name, so that runs never meet; they
//! end with us even after SIGKILL (the kernel signals them when our main thread ends); nothing of them is durable, and
//! the folder goes with them. What a killed run left is removed by the next one.

use crate::packages;
use crate::processes::{end, interrupted, now};
use anyhow::{Context, Result, bail};
use nix::fcntl::{Flock, FlockArg};
use nix::sys::signal::Signal;
use nix::sys::statvfs::statvfs;
use nix::unistd::{User, geteuid, mkdtemp};
use std::fs::{DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PREFIX: &str = "switchboard-test-";
/// Room that a run may need.
const ROOM: u64 = 1 << 30;
/// A folder younger than this is never taken for a left one.
const LEFT_AFTER: Duration = Duration::from_secs(60);
const START_PATIENCE: Duration = Duration::from_secs(60);
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// Fast rather than safe: the data is gone after the run anyway.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=300",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    "jit=off",
];

/// Running services; dropping them stops both and removes their folder.
pub(crate) struct Services {
    folder: PathBuf,
    children: Vec<(Child, Signal)>,
    lock: Option<Flock<File>>,
}

impl Services {
    /// From the main thread only, whose end is the services' end.
    pub(crate) fn start() -> Result<Self> {
        let bin = packages::postgres()?;
        packages::program("redis-server", "redis-server")?;
        packages::program("setpriv", "util-linux")?;
        let parent = parent();
        remove_left(&parent);
        let folder = mkdtemp(&parent.join(format!("{PREFIX}XXXXXX")))
            .with_context(|| format!("no folder can be made in {}", parent.display()))?;
        let mut services = Self { folder, children: Vec::new(), lock: None };
        services.take_lock()?;
        services.start_postgres(&bin)?;
        services.start_redis()?;
        Ok(services)
    }

    /// For the environment of what runs with the services.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        let folder = self.folder.display();
        [
            ("TEST_DATABASE_URL", format!("host={folder}/postgres user=postgres dbname=postgres")),
            ("TEST_REDIS_URL", format!("unix://{folder}/redis/socket")),
        ]
    }

    /// Locked under another name first, so that nobody ever sees the lock file unlocked while we live.
    fn take_lock(&mut self) -> Result<()> {
        let (new, path) = (self.folder.join("lock.new"), self.folder.join("lock"));
        let file = File::create(&new)?;
        let lock = Flock::lock(file, FlockArg::LockExclusiveNonblock);
        self.lock = Some(lock.map_err(|(_, errno)| errno).context("the run's folder can't be locked")?);
        std::fs::rename(new, path)?;
        Ok(())
    }

    fn start_postgres(&mut self, bin: &Path) -> Result<()> {
        let home = self.own_folder("postgres")?;
        let mut arguments = Vec::new();
        if geteuid().is_root() {
            // PostgreSQL refuses root; its user must get through to the folder.
            let user = User::from_name("postgres")?.context("there is no user `postgres`")?;
            chown(&home, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
            std::fs::set_permissions(&self.folder, std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
            arguments.extend(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        let command = |program: &str| {
            let mut command = Command::new("setpriv");
            command.args(&arguments).args(["--pdeathsig", "INT"]).arg(bin.join(program));
            // The folder of the project may be closed to that user.
            command
                .current_dir(&home)
                .env_clear()
                .env("PATH", "/usr/bin:/bin")
                .env("LC_ALL", "C")
                .env("TZ", "UTC");
            command.stdin(Stdio::null());
            command
        };
        let cluster = home.join("cluster");
        let made = command("initdb")
            .args([
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-U",
                "postgres",
                "--no-instructions",
                "--no-sync",
                "-D",
            ])
            .arg(&cluster)
            .output()
            .context("initdb can't be run")?;
        if !made.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim());
        }
        let mut server = command("postgres");
        server.arg("-D").arg(&cluster).arg("-k").arg(&home);
        server.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        let pid_file = cluster.join("postmaster.pid");
        self.start_server(&mut server, "postgres", Signal::SIGINT, || {
            std::fs::read_to_string(&pid_file)
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|it| it.trim() == "ready"))
        })
    }

    fn start_redis(&mut self) -> Result<()> {
        let home = self.own_folder("redis")?;
        let socket = home.join("socket");
        let mut command = Command::new("setpriv");
        command.args([
            "--pdeathsig",
            "TERM",
            "redis-server",
            "--port",
            "0",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        command.arg("--dir").arg(&home).arg("--unixsocket").arg(&socket).stdin(Stdio::null());
        self.start_server(&mut command, "redis", Signal::SIGTERM, || socket.exists())
    }

    fn own_folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }

    /// Starts a server, its output in a log, and waits until it is ready.
    fn start_server(
        &mut self,
        command: &mut Command,
        name: &str,
        stop: Signal,
        ready: impl Fn() -> bool,
    ) -> Result<()> {
        let log = self.folder.join(format!("{name}.log"));
        let output = File::create(&log)?;
        // A group of its own: ^C ends what uses the services first.
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("{name} can't be started"))?;
        self.children.push((child, stop));
        let start = now();
        while !ready() {
            let ended =
                self.children.last_mut().is_none_or(|(child, _)| !matches!(child.try_wait(), Ok(None)));
            if ended || start.elapsed() > START_PATIENCE {
                bail!("{name} did not start: {}", std::fs::read_to_string(&log).unwrap_or_default().trim());
            }
            if interrupted() {
                bail!("interrupted");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        for (child, signal) in &mut self.children {
            end(child, *signal, STOP_PATIENCE);
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            println!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

/// Memory when there is enough of it, else the folder for temporary files.
fn parent() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let room = statvfs(memory)
        .is_ok_and(|found| found.blocks_available().saturating_mul(found.fragment_size()) >= ROOM);
    if room { memory.to_owned() } else { std::env::temp_dir() }
}

/// Removes the folders of runs that were killed: nobody holds their lock.
fn remove_left(parent: &Path) {
    for entry in parent.read_dir().into_iter().flatten().flatten() {
        let lock = entry.path().join("lock");
        let old = lock
            .metadata()
            .and_then(|found| found.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT_AFTER));
        if entry.file_name().to_string_lossy().starts_with(PREFIX)
            && old
            && let Ok(file) = File::open(&lock)
            && let Ok(_lock) = Flock::lock(file, FlockArg::LockExclusiveNonblock)
        {
            // Somebody else's folder stays.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
