//! The server on its embedded PostgreSQL, as processes: each is killed, together and apart, and comes back.
//!
//! Drives the real program by process id, so nothing here shares a database with the other tests.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(60);

struct Server {
    child: Child,
    /// Kept, as the server would fail to print into a closed pipe.
    output: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Server {
    async fn start(data_dir: &Path) -> Self {
        let mut child = command(data_dir).spawn().expect("the server's program");
        let mut output = BufReader::new(child.stdout.take().expect("piped")).lines();
        let listening = async {
            while let Some(line) = output.next_line().await.expect("text") {
                if let Some(url) = line.strip_prefix("listening on ") {
                    return url.trim().to_owned();
                }
            }
            panic!("the server ended before it listened");
        };
        let url = timeout(PATIENCE, listening).await.expect("listens in time");
        Self { child, output, url }
    }

    async fn readiness(&self) -> u16 {
        let answer = reqwest::get(format!("{}/health/ready", self.url)).await.expect("the server answers");
        answer.status().as_u16()
    }

    async fn becomes(&self, status: u16) {
        timeout(PATIENCE, async {
            while self.readiness().await != status {
                sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .unwrap_or_else(|_| panic!("/health/ready never became {status}"));
    }

    fn send(&self, signal: Signal) {
        let pid = self.child.id().expect("runs");
        send(i32::try_from(pid).expect("a pid"), signal);
    }

    async fn kill(mut self) {
        self.child.kill().await.expect("killed and reaped");
    }

    async fn stop(mut self) {
        self.send(Signal::SIGTERM);
        while let Ok(Some(_)) = self.output.next_line().await {}
        let status = timeout(PATIENCE, self.child.wait()).await.expect("ends in time").expect("a status");
        assert!(status.success(), "a stop that was asked for is no failure: {status}");
    }
}

fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command
        .arg("serve")
        // No `.env` and no settings of whoever runs the tests.
        .current_dir(data_dir.parent().expect("a parent"))
        .env("DATA_DIR", data_dir)
        .env("BIND_ADDR", "127.0.0.1:0")
        .env_remove("DATABASE_URL")
        .env_remove("REDIS_URL")
        .env_remove("PUBLIC_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// A data directory to be made, below a folder of that mode.
fn folder(mode: u32) -> (TempDir, PathBuf) {
    let parent = TempDir::new().expect("a folder");
    std::fs::set_permissions(parent.path(), std::fs::Permissions::from_mode(mode)).expect("its mode");
    let data_dir = parent.path().join("data");
    (parent, data_dir)
}

fn send(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).expect("the process is there");
}

fn postmaster(data_dir: &Path) -> Option<i32> {
    let text = std::fs::read_to_string(data_dir.join("postgres/cluster/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

fn log(data_dir: &Path) -> String {
    std::fs::read_to_string(data_dir.join("postgres/log")).expect("a log")
}

async fn wait_until_gone(data_dir: &Path) {
    timeout(PATIENCE, async {
        while postmaster(data_dir).is_some() {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("PostgreSQL goes");
}

/// All deaths in one life of a data directory.
async fn dies_and_comes_back(data_dir: &Path) {
    let server = Server::start(data_dir).await;
    server.becomes(200).await;

    // PostgreSQL dies: started again under a server that stays.
    let first = postmaster(data_dir).expect("runs");
    send(first, Signal::SIGKILL);
    timeout(PATIENCE, async {
        while postmaster(data_dir).is_none_or(|pid| pid == first) {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("started again");
    server.becomes(200).await;

    // The server dies: PostgreSQL shuts down cleanly by itself.
    let second = postmaster(data_dir).expect("runs");
    server.kill().await;
    wait_until_gone(data_dir).await;
    assert!(log(data_dir).contains(&format!("[{second}] LOG:  received fast shutdown request")));

    // Both die: the next start repairs.
    let server = Server::start(data_dir).await;
    server.becomes(200).await;
    send(postmaster(data_dir).expect("runs"), Signal::SIGKILL);
    server.kill().await;
    let server = Server::start(data_dir).await;
    server.becomes(200).await;

    server.stop().await;
    wait_until_gone(data_dir).await;
}

#[tokio::test]
async fn in_an_open_folder() {
    let (_parent, data_dir) = folder(0o755);
    dies_and_comes_back(&data_dir).await;
}

#[tokio::test]
async fn below_a_private_folder() {
    let (_parent, data_dir) = folder(0o700);
    dies_and_comes_back(&data_dir).await;
}

#[tokio::test]
async fn with_a_path_too_long_for_a_socket() {
    let (parent, _) = folder(0o755);
    let long = parent.path().join("a folder, it's long").join("x".repeat(120));
    std::fs::create_dir_all(&long).expect("made");
    dies_and_comes_back(&long.join("data")).await;
}

#[tokio::test]
async fn one_server_for_a_folder() {
    let (_parent, data_dir) = folder(0o755);
    let server = Server::start(&data_dir).await;
    let second = command(&data_dir).stderr(Stdio::piped()).output();
    let second = timeout(PATIENCE, second).await.expect("ends in time").expect("runs");
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("another Switchboard"), "{said}");
    server.becomes(200).await;
    server.stop().await;
}

#[tokio::test]
async fn killed_while_the_database_is_made() {
    for delay in [50, 150, 300, 600] {
        let (_parent, data_dir) = folder(0o755);
        let mut child = command(&data_dir).spawn().expect("the server's program");
        sleep(Duration::from_millis(delay)).await;
        child.kill().await.expect("killed and reaped");
        let server = Server::start(&data_dir).await;
        server.becomes(200).await;
        server.stop().await;
    }
}
