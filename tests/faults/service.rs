//! PostgreSQL and Redis as children of the harness: made, started, killed, started again, and gone with it.
//!
//! Reachable by Unix sockets in a folder of random name; a row with a network gives them an address of its own as well.
//! `fsync` is on; the data lies in memory, so that a row's time is not the disk's.

use crate::server::{children, free_port, state};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, chown, geteuid};
use std::fs::{File, OpenOptions, Permissions};
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use switchboard::clock;
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// Until a service takes connections.
const START: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(10);
const DATABASE: &str = "switchboard";

/// Where a network row reaches a service.
#[derive(Clone, Copy)]
pub struct Address {
    pub ip: Ipv4Addr,
    pub port: u16,
}

impl Address {
    pub fn on(ip: Ipv4Addr) -> Self {
        Self { ip, port: free_port() }
    }
}

pub struct Postgres {
    folder: TempDir,
    address: Option<Address>,
    /// As `name=value`.
    pub settings: Vec<String>,
    child: Option<Child>,
}

impl Postgres {
    /// A new cluster in a folder of its own, running.
    pub async fn start(address: Option<Address>) -> Self {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        Self::start_in(tempfile::tempdir_in(parent).unwrap(), address, None).await
    }

    /// As [`Self::start`], in that folder, with the write-ahead log elsewhere.
    pub async fn start_in(folder: TempDir, address: Option<Address>, log: Option<&Path>) -> Self {
        give(folder.path());
        let postgres = Self { folder, address, settings: Vec::new(), child: None };
        let mut command = postgres.command("initdb");
        command.args([
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-U",
            "postgres",
            "--no-instructions",
            "--no-sync",
        ]);
        command.args(log.iter().flat_map(|log| [Path::new("--waldir"), log]));
        let made = done(command.arg("-D").arg(postgres.cluster()));
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = postgres;
        if let Some(address) = address {
            let network = format!("host all all {}/24 trust\n", address.ip);
            let mut rules =
                OpenOptions::new().append(true).open(postgres.cluster().join("pg_hba.conf")).unwrap();
            std::io::Write::write_all(&mut rules, network.as_bytes()).unwrap();
        }
        postgres.again().await;
        let made = postgres.connect("postgres").await.expect("the new cluster takes connections");
        made.batch_execute(&format!("create database {DATABASE}")).await.unwrap();
        postgres
    }

    /// The next life; returns when it takes connections.
    pub async fn again(&mut self) {
        let said = OpenOptions::new().append(true).create(true).open(self.folder.path().join("log")).unwrap();
        let listen = self.address.map(|address| address.ip.to_string()).unwrap_or_default();
        let port = self.address.map_or(5432, |address| address.port);
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.cluster()).arg("-k").arg(self.folder.path());
        for setting in
            [format!("listen_addresses={listen}"), format!("port={port}"), "max_connections=150".to_owned()]
                .iter()
                .chain(&self.settings)
        {
            command.arg("-c").arg(setting);
        }
        command.stdout(said.try_clone().unwrap()).stderr(said);
        self.child = Some(command.spawn().expect("PostgreSQL runs"));
        let begin = clock::monotonic();
        while self.connect("postgres").await.is_err() {
            assert!(begin.elapsed() < START, "PostgreSQL does not start: {}", self.said());
            tokio::time::sleep(POLL).await;
        }
    }

    /// Whether it ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
    }

    /// For servers in the harness's own network.
    pub fn url(&self) -> String {
        let port = self.address.map_or(5432, |address| address.port);
        format!("host={} port={port} user=postgres dbname={DATABASE}", self.folder.path().display())
    }

    /// For servers in another one.
    pub fn network_url(&self) -> String {
        let address = self.address.expect("PostgreSQL has an address");
        format!("postgres://postgres@{}:{}/{DATABASE}", address.ip, address.port)
    }

    pub fn cluster(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }

    /// SIGKILL to all of its processes.
    pub fn kill9(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let pid = i32::try_from(child.id()).unwrap();
        for process in std::iter::once(pid).chain(children(pid)) {
            if state(process).is_some_and(|(name, _)| name == "postgres") {
                let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
            }
        }
        child.wait().unwrap();
    }

    async fn connect(&self, database: &str) -> Result<Client, tokio_postgres::Error> {
        let port = self.address.map_or(5432, |address| address.port);
        let url =
            format!("host={} port={port} user=postgres dbname={database}", self.folder.path().display());
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    pub fn said(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        format!("--- PostgreSQL, last lines:\n{}\n", lines[lines.len().saturating_sub(20)..].join("\n"))
    }

    /// A program of PostgreSQL, as its user where we are root, ending with us.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if geteuid().is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command.args(["--pdeathsig", "KILL"]).arg(programs().join(program));
        command.current_dir(self.folder.path()).env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command.env("TZ", "UTC").stdin(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill9();
        }
    }
}

pub struct Redis {
    folder: TempDir,
    address: Option<Address>,
    child: Option<Child>,
}

impl Redis {
    pub async fn start(address: Option<Address>) -> Self {
        let mut redis = Self { folder: tempfile::tempdir().unwrap(), address, child: None };
        redis.again().await;
        redis
    }

    /// The next life, empty.
    pub async fn again(&mut self) {
        let _ = std::fs::remove_file(self.socket());
        let said = File::create(self.folder.path().join("log")).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "redis-server", "--save", "", "--appendonly", "no"]);
        command.args(["--enable-debug-command", "yes", "--protected-mode", "no"]);
        command.arg("--unixsocket").arg(self.socket()).arg("--dir").arg(self.folder.path());
        match self.address {
            Some(address) => {
                command.args(["--bind", &address.ip.to_string(), "--port", &address.port.to_string()])
            }
            None => command.args(["--port", "0"]),
        };
        command.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
        self.child = Some(command.spawn().expect("Redis runs"));
        let begin = clock::monotonic();
        while !self.order(&["PING"]).status.success() {
            assert!(begin.elapsed() < START, "Redis does not start");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Whether it ended, or was killed.
    pub fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
    }

    pub fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    pub fn network_url(&self) -> String {
        let address = self.address.expect("Redis has an address");
        format!("redis://{}:{}", address.ip, address.port)
    }

    pub fn kill9(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // It may have ended already.
        let _ = child.kill();
        child.wait().unwrap();
    }

    /// A command of Redis; waits for its answer.
    pub fn order(&self, words: &[&str]) -> Output {
        done(Command::new("redis-cli").arg("-s").arg(self.socket()).args(words))
    }

    /// A command of Redis whose answer takes long.
    pub fn order_later(&self, words: &[&str]) -> Child {
        let mut command = Command::new("redis-cli");
        command.arg("-s").arg(self.socket()).args(words).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).spawn().expect("redis-cli runs")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill9();
        }
    }
}

/// Lets PostgreSQL's user work in a folder.
pub fn give(folder: &Path) {
    if geteuid().is_root() {
        let user = User::from_name("postgres").unwrap().expect("there is a user `postgres`");
        chown(folder, Some(user.uid), Some(user.gid)).unwrap();
    }
    std::fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
}

/// What a command said when it had ended.
pub fn done(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// The folder of PostgreSQL's programs.
fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os("SWITCHBOARD_PG_BIN") {
        return folder.into();
    }
    let versions =
        Path::new("/usr/lib/postgresql").read_dir().expect("SWITCHBOARD_PG_BIN, or Debian's PostgreSQL");
    versions.flatten().map(|entry| entry.path().join("bin")).max().expect("a version of PostgreSQL")
}
