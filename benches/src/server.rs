//! The processes that are measured: Switchboard with its own PostgreSQL, and the programs beside it.

use crate::http::{self, Connection};
use crate::machine::{self, Cpu};
use crate::traffic::SECRET;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const EMAIL: &str = "bench@example.test";
const PASSWORD: &str = "a-long-password-for-benches";
const STOP_PATIENCE: Duration = Duration::from_secs(40);

/// Where everything is.
#[derive(Args, Clone)]
pub struct Place {
    /// The release binary.
    #[arg(long, env = "SWITCHBOARD_BIN")]
    binary: PathBuf,
    /// A folder for the measured database, on the disk that is meant. It is made, and removed at the end.
    #[arg(long, env = "DATA_DIR", default_value = "./data")]
    data_dir: PathBuf,
}

impl Place {
    /// A folder of this run's own.
    pub fn folder(&self) -> Result<Folder> {
        std::fs::create_dir_all(&self.data_dir)?;
        let path = self.data_dir.canonicalize()?.join(format!("bench-{}", std::process::id()));
        std::fs::create_dir(&path)?;
        let kind = std::process::Command::new("stat").args(["-f", "-c", "%T"]).arg(&path).output()?;
        if matches!(String::from_utf8_lossy(&kind.stdout).trim(), "tmpfs" | "ramfs") {
            bail!("{} is memory; DATA_DIR must be a folder of a disk", path.display());
        }
        Ok(Folder(path))
    }
}

/// Removed with everything in it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A process that ends with us.
pub struct Program {
    child: Child,
    id: u32,
    /// Host and port.
    pub address: String,
}

impl Program {
    fn id(child: &Child) -> Result<u32> {
        child.id().context("the program has ended")
    }

    /// One of this binary's own, beside which it is measured.
    pub async fn beside(name: &str, arguments: &[String]) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(name).args(arguments).env("BIND_ADDR", &address).kill_on_drop(true);
        let child = command.spawn()?;
        http::wait_for(&address).await?;
        Ok(Self { id: Self::id(&child)?, child, address })
    }

    pub fn cpu(&self) -> Result<Cpu> {
        machine::cpu(self.id)
    }

    pub fn memory_kib(&self) -> Result<u64> {
        machine::memory_kib(self.id)
    }

    /// Open files, sockets among them.
    pub fn files(&self) -> Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.id))?.count())
    }

    /// Without a word.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    pub async fn stop(mut self) -> Result<()> {
        let id = self.id.to_string();
        Command::new("kill").args(["-TERM", &id]).status().await?;
        if tokio::time::timeout(STOP_PATIENCE, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }
}

/// Switchboard, ready, with an administrator signed in.
pub struct Server {
    pub program: Program,
    pub token: String,
    /// Of its own PostgreSQL, in libpq's words.
    pub database: String,
    /// From the start of the process until it was ready.
    pub started_in: Duration,
}

impl Server {
    /// Whose platform is nobody: profiles stay unknown, nothing is sent.
    pub async fn start(place: &Place, folder: &Path) -> Result<Self> {
        Self::with_graph(place, folder, "http://127.0.0.1:9").await
    }

    pub async fn with_graph(place: &Place, folder: &Path, graph: &str) -> Result<Self> {
        let begun = Instant::now();
        let address = free_address()?;
        let mut command = Command::new(place.binary.canonicalize().context("SWITCHBOARD_BIN is not there")?);
        command.arg("serve").current_dir(folder).kill_on_drop(true).stdout(Stdio::piped());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs([
            ("BIND_ADDR", address.as_str()),
            ("ADMIN_EMAIL", EMAIL),
            ("ADMIN_PASSWORD", PASSWORD),
            ("META_APP_SECRET", SECRET),
            ("META_VERIFY_TOKEN", "bench"),
            ("RATE_LIMITS", "off"),
            ("DEFAULT_REGION", "TR"),
            ("RUST_LOG", "warn"),
            ("WHATSAPP_ACCESS_TOKEN", "bench-token"),
            ("GRAPH_API_URL", graph),
            ("INSTAGRAM_API_URL", graph),
        ]);
        command.env("DATA_DIR", folder.join("data"));
        let mut child = command.spawn().context("the server can't be started")?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        while let Some(line) = lines.next_line().await? {
            if line.starts_with("listening on ") {
                break;
            }
        }
        let started_in = begun.elapsed();
        // What else it says must go somewhere.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let program = Program { id: Program::id(&child)?, child, address };
        let token = sign_in(&program.address, EMAIL).await?;
        let database = database(&folder.join("data"))?;
        Ok(Self { program, token, database, started_in })
    }

    pub async fn connection(&self) -> Result<Connection> {
        Connection::open(&self.program.address).await
    }

    pub async fn postgres(&self) -> Result<tokio_postgres::Client> {
        connect(&self.database).await
    }
}

/// Sockets of one user: fewer than allowed, so that who comes back need not wait until its old ones are noticed to be
/// gone.
const SOCKETS_OF_A_USER: usize = 10;

/// Signs in as many colleagues as so many sockets need; the token of each socket.
pub async fn tokens(server: &Server, sockets: usize) -> Result<Vec<String>> {
    let colleagues = sockets.div_ceil(SOCKETS_OF_A_USER);
    let number = i64::try_from(colleagues)?;
    let postgres = server.postgres().await?;
    postgres
        .execute(
            "with made as (
                 insert into app_user (tenant_id, id, email, name, role)
                 select tenant_id, gen_random_uuid(), 'bench-' || n || '@example.test', 'Colleague ' || n, 'manager'
                 from app_user, generate_series(1, $1::bigint) n where email = $2
                 on conflict (tenant_id, email) do nothing returning tenant_id, id, email)
             insert into credential (email, tenant_id, user_id, password_hash)
             select made.email, made.tenant_id, made.id, c.password_hash from made, credential c where c.email = $2",
            &[&number, &EMAIL],
        )
        .await?;
    let mut tokens = Vec::with_capacity(sockets);
    for colleague in 1..=colleagues {
        let token = sign_in(&server.program.address, &format!("bench-{colleague}@example.test")).await?;
        tokens.resize((tokens.len() + SOCKETS_OF_A_USER).min(sockets), token);
    }
    Ok(tokens)
}

/// A session of the database.
pub async fn connect(database: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(database, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn sign_in(address: &str, email: &str) -> Result<String> {
    let body = serde_json::json!({ "email": email, "password": PASSWORD }).to_string();
    let answer = Connection::open(address).await?.json("POST", "/api/v1/auth/login", None, &body).await?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.body)?;
    Ok(answer.get("access_token").and_then(|token| token.as_str()).context("nobody signs in")?.to_owned())
}

/// The fifth line of PostgreSQL's own pid file names the folder of its socket.
fn database(data: &Path) -> Result<String> {
    for entry in data.read_dir()?.flatten() {
        let file = entry.path().join("postmaster.pid");
        let inner = entry.path().join("cluster/postmaster.pid");
        if let Ok(text) = std::fs::read_to_string(file).or_else(|_| std::fs::read_to_string(inner)) {
            let folder = text.lines().nth(4).context("no folder of the socket")?;
            return Ok(format!("host={folder} port=5432 user=switchboard dbname=switchboard"));
        }
    }
    bail!("no PostgreSQL runs below {}", data.display())
}

fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
