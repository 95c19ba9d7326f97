//! One `switchboard serve` as a process, alone with the PostgreSQL it runs, or on one of ours: started, killed, started
//! again, watched.
//!
//! Only ever signals the process that it spawned itself and the processes of the PostgreSQL below its own folder.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions, Permissions, read_to_string};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use switchboard::clock;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_postgres::{Client, NoTls};

use crate::api::{PASSWORD, USERS};
use crate::platform::SECRET;

/// Until a server that was started says that it listens.
const START: Duration = Duration::from_secs(20);
/// Until a process that was killed, or whose parent was, is gone.
const END: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(10);

/// Below the range that outgoing connections take their ports from, so that none sits on ours while the server is down.
static NEXT_PORT: AtomicU16 = AtomicU16::new(0);

pub struct Server {
    pub url: String,
    /// `DATA_DIR`; the server makes it, unless the test did.
    pub data: PathBuf,
    /// Around it, and with standard error of all lives.
    folder: TempDir,
    settings: Vec<(String, String)>,
    /// Words before the program: what makes its surroundings.
    before: Vec<String>,
    /// What the fail points of the next life do (`FAILPOINTS`).
    pub orders: Option<String>,
    child: Option<Child>,
    pub lives: u32,
}

/// How a server differs from the usual one.
#[derive(Default)]
pub struct Setup {
    pub settings: Vec<(&'static str, String)>,
    /// Words before the program, as `ip netns exec …`.
    pub before: Vec<String>,
    /// Where it listens; none: 127.0.0.1.
    pub address: Option<Ipv4Addr>,
}

impl Server {
    /// A server on a data directory of its own, listening.
    pub async fn start(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // As `/var/lib` is: PostgreSQL's user may pass, if the server is root.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        Self::start_in(folder, setup).await
    }

    /// As [`Self::start`], on the folder `data` in `folder`.
    pub async fn start_in(folder: TempDir, setup: Setup) -> Self {
        let data = folder.path().join("data");
        let address = setup.address.unwrap_or(Ipv4Addr::LOCALHOST);
        let bind = format!("{address}:{}", free_port());
        let mut settings: Vec<(String, String)> = [
            ("BIND_ADDR", bind.clone()),
            ("DATA_DIR", data.display().to_string()),
            ("META_APP_SECRET", SECRET.to_owned()),
            ("META_VERIFY_TOKEN", "switchboard-sample-verify-token".to_owned()),
            ("META_ACCESS_TOKEN", "test-access-token".to_owned()),
            ("ADMIN_EMAIL", USERS[0].to_owned()),
            ("ADMIN_PASSWORD", PASSWORD.to_owned()),
            ("RATE_LIMITS", "off".to_owned()),
            ("RUST_LOG", "warn".to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        settings.extend(setup.settings.into_iter().map(|(key, value)| (key.to_owned(), value)));
        let (url, before) = (format!("http://{bind}"), setup.before);
        let mut server = Self { url, data, folder, settings, before, orders: None, child: None, lives: 0 };
        server.again().await;
        server
    }

    /// A life that has to come to listening. Returns how long it took.
    pub async fn again(&mut self) -> Duration {
        let begin = clock::monotonic();
        assert!(self.begins().await, "life {} never said `listening on`:\n{}", self.lives, self.said());
        begin.elapsed()
    }

    /// The next life, on the same folder and address. False: it died before it listened.
    pub async fn begins(&mut self) -> bool {
        assert!(self.child.is_none(), "the former life was ended");
        let mut child = self.command().spawn().expect("the server's program runs");
        self.lives += 1;
        let output = child.stdout.take().expect("its output is piped");
        self.child = Some(child);
        let (tell, mut said) = mpsc::unbounded_channel();
        // Reads on for the whole life: a full pipe would stop the server, a closed one would fail it.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        let listening = async {
            while let Some(line) = said.recv().await {
                if let Some(url) = line.strip_prefix("listening on ") {
                    assert_eq!(url, self.url, "the address that was asked for");
                    return true;
                }
            }
            false
        };
        let listens = tokio::time::timeout(START, listening).await;
        listens.unwrap_or_else(|_| panic!("life {} does not come to listening:\n{}", self.lives, self.said()))
    }

    /// Waits until a fail point has killed it; false: it did not within the time.
    pub async fn dies(&mut self, patience: Duration) -> bool {
        use std::os::unix::process::ExitStatusExt;
        let mut child = self.child.take().expect("a server runs");
        let Some(status) = ended(&mut child, patience).await else {
            self.child = Some(child);
            return false;
        };
        assert_eq!(status.signal(), Some(9), "the server ended by itself: {status}\n{}", self.said());
        true
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.as_ref().expect("a server runs").id()).unwrap()
    }

    /// As [`Self::begins`], while other things are broken too: it may well not come to listening.
    pub async fn begins_if_it_can(&mut self) -> bool {
        let began = tokio::time::timeout(Duration::from_secs(5), self.begins()).await;
        began.unwrap_or(false)
    }

    /// Forgets a life that has ended.
    pub fn reap(&mut self) {
        self.child = None;
    }

    /// As [`Self::database`], without waiting for it.
    pub async fn try_database(&self) -> Result<Client, String> {
        self.connect().await
    }

    /// Another value of a setting, from the next life on.
    pub fn set(&mut self, key: &str, value: &str) {
        self.settings.retain(|(name, _)| name != key);
        self.settings.push((key.to_owned(), value.to_owned()));
    }

    /// The command of a life; not started.
    pub fn command(&self) -> Command {
        self.command_of(&["serve"])
    }

    /// A command of the program, with the settings of its lives; not started.
    pub fn command_of(&self, words: &[&str]) -> Command {
        let said = OpenOptions::new().append(true).create(true).open(self.log_path()).unwrap();
        // Whatever ends the harness ends its servers.
        let mut command = Command::new("setpriv");
        let parent = ["--pdeathsig", "KILL"].map(str::to_owned).into_iter();
        let program = parent.chain(self.before.iter().cloned()).chain([program()]);
        command
            .args(program)
            .args(words)
            .env_clear()
            .envs(self.orders.iter().map(|orders| ("FAILPOINTS", orders)))
            .env("NO_COLOR", "1")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.settings.iter().map(|(key, value)| (key, value)))
            // No `.env` of whoever runs the tests.
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(said));
        command
    }

    /// SIGKILL, and the process reaped.
    pub fn kill9(&mut self) {
        let mut child = self.child.take().expect("a server runs");
        assert!(child.try_wait().unwrap().is_none(), "the server ended by itself before:\n{}", self.said());
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// A stop as an operator asks for it.
    pub async fn stop(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("a server runs");
        kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGTERM).unwrap();
        ended(&mut child, Duration::from_secs(20)).await.unwrap_or_else(|| {
            child.kill().unwrap();
            panic!("the server did not end after SIGTERM:\n{}", self.said())
        })
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// The live postmaster below the data directory.
    pub fn postmaster(&self) -> Option<i32> {
        let pid = read_to_string(find_pid_file(&self.data, 3)?).ok()?.lines().next()?.trim().parse().ok()?;
        self.owns(pid).then_some(pid)
    }

    /// SIGKILL to the postmaster, with `whole` also to every process below it.
    pub async fn kill9_postgres(&self, whole: bool) {
        let postmaster = self.live_postmaster().await;
        let below = if whole { children(postmaster) } else { Vec::new() };
        for pid in std::iter::once(postmaster).chain(below) {
            if self.owns(pid) {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
        }
    }

    /// What an operator's `pg_ctl stop -m fast` sends: every session is told to end.
    pub async fn shut_postgres_down(&self) {
        let _ = kill(Pid::from_raw(self.live_postmaster().await), Signal::SIGINT);
    }

    async fn live_postmaster(&self) -> i32 {
        let begin = clock::monotonic();
        loop {
            match self.postmaster() {
                Some(pid) => return pid,
                None if begin.elapsed() > END => panic!("there is no postmaster to kill:\n{}", self.said()),
                None => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// Kills one backend: PostgreSQL then throws all connections out and recovers under the same postmaster.
    pub async fn kill9_backend(&self) {
        let own = self.database().await;
        let victim: Option<i32> = own
            .query_opt(
                "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
                 and application_name = 'switchboard' order by state = 'active' desc, state_change desc limit 1",
                &[],
            )
            .await
            .expect("the sessions are listed")
            .map(|row| row.get(0));
        if let Some(pid) = victim.filter(|pid| self.owns(*pid)) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }

    /// Waits until no PostgreSQL runs below the data directory.
    pub async fn postgres_ends(&self) {
        let begin = clock::monotonic();
        while let Some(pid) = self.postmaster() {
            assert!(
                begin.elapsed() < END,
                "PostgreSQL (process {pid}) outlived its server:\n{}",
                self.said()
            );
            tokio::time::sleep(POLL).await;
        }
    }

    /// A connection as the owner of the tables.
    pub async fn database(&self) -> Client {
        let begin = clock::monotonic();
        loop {
            match self.connect().await {
                Ok(client) => return client,
                Err(problem) => {
                    assert!(
                        begin.elapsed() < END,
                        "PostgreSQL takes no connection: {problem}\n{}",
                        self.said()
                    );
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    }

    /// Where its database is; none while a private one is down.
    pub fn database_url(&self) -> Option<String> {
        if let Some((_, url)) = self.settings.iter().find(|(key, _)| key == "DATABASE_URL") {
            return Some(url.clone());
        }
        let text = read_to_string(find_pid_file(&self.data, 3)?).ok()?;
        let socket = text.lines().nth(4).filter(|line| !line.is_empty())?;
        Some(format!("host={socket} port=5432 user=switchboard dbname=switchboard"))
    }

    async fn connect(&self) -> Result<Client, String> {
        let url = self.database_url().ok_or("there is no database")?;
        let (client, connection) =
            tokio_postgres::connect(&url, NoTls).await.map_err(|error| format!("{error:?}"))?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Whether the process is a live PostgreSQL at work below our folder.
    fn owns(&self, pid: i32) -> bool {
        let own = std::fs::canonicalize(&self.data).unwrap();
        state(pid).is_some_and(|(name, _)| name == "postgres")
            && std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder.starts_with(own))
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("stderr")
    }

    /// The last of what the server and its PostgreSQL said, for a failure's text.
    pub fn said(&self) -> String {
        let mut text = String::new();
        for (name, path) in [("server", self.log_path()), ("PostgreSQL", self.data.join("postgres/log"))] {
            let said = std::fs::read(&path).unwrap_or_default();
            let said = String::from_utf8_lossy(&said).into_owned();
            let lines: Vec<&str> = said.lines().collect();
            let errors: Vec<&str> = lines.iter().copied().filter(|line| line.contains(" ERROR ")).collect();
            let (worst, last) =
                (&errors[errors.len().saturating_sub(20)..], &lines[lines.len().saturating_sub(20)..]);
            let _ = writeln!(
                text,
                "--- {name}, last errors:\n{}\n--- last lines:\n{}",
                worst.join("\n"),
                last.join("\n")
            );
        }
        text
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        // It follows by itself; a test that fails because it does not shall still leave nothing behind.
        let begin = clock::monotonic();
        while let Some(pid) = self.postmaster() {
            if begin.elapsed() > Duration::from_secs(5) {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
            if begin.elapsed() > END {
                return;
            }
            std::thread::sleep(POLL);
        }
    }
}

/// Waits for the end of a process; none: it runs on.
pub async fn ended(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let begin = clock::monotonic();
    while begin.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        tokio::time::sleep(POLL).await;
    }
    None
}

/// The binary with the fail points.
pub fn program() -> String {
    std::env::var("FAULTS_BIN")
        .expect("FAULTS_BIN names the binary with fail points: use `cargo xtask faults`")
}

pub fn free_port() -> u16 {
    let start = 20_000 + u16::try_from(std::process::id() % 1_000).unwrap() * 10;
    for _ in 0..1_000 {
        let port = start.wrapping_add(NEXT_PORT.fetch_add(1, Ordering::Relaxed));
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port from {start} on");
}

/// `postmaster.pid`, wherever it is below the folder.
fn find_pid_file(folder: &Path, depth: u32) -> Option<PathBuf> {
    let file = folder.join("postmaster.pid");
    if File::open(&file).is_ok() {
        return Some(file);
    }
    let deeper = depth.checked_sub(1)?;
    let folders = folder.read_dir().ok()?.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    folders.filter_map(|path| find_pid_file(&path, deeper)).next()
}

/// Name and parent of a live process.
pub fn state(pid: i32) -> Option<(String, i32)> {
    let stat = read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (before, after) = stat.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let mut after = after.split_whitespace();
    let dead = matches!(after.next()?, "Z" | "X");
    let parent = after.next()?.parse().ok()?;
    (!dead).then(|| (name.to_owned(), parent))
}

pub fn children(parent: i32) -> Vec<i32> {
    let pids = Path::new("/proc").read_dir().unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| state(*pid).is_some_and(|(_, of)| of == parent)).collect()
}
