//! The private PostgreSQL under `DATA_DIR`, for an installation without `DATABASE_URL`.
//!
//! Owns: finding PostgreSQL's binaries ([`binaries`]), the operating system user it runs as ([`identity`]), its files
//! ([`files`], [`cluster`]), the step from our process to PostgreSQL ([`child`]), and watching over it ([`supervisor`]).
//!
//! Invariants:
//! - One server per data directory: an exclusive lock on `DATA_DIR/server.lock` is held for the life of [`Embedded`].
//! - PostgreSQL never outlives us: the kernel sends it a fast shutdown when the thread that spawned it ends, also by
//!   SIGKILL. We outlive PostgreSQL: it is started again when it ends unasked.
//! - It can be reached only through a Unix socket in a directory of mode 0700, so `trust` is authentication enough.
//! - A cluster appears complete, with its database, by one rename, or not at all.
//! - `fsync` and `synchronous_commit` stay on: an acknowledged webhook survives a power cut.
//!
//! Absent on purpose: downloads of PostgreSQL, upgrades between its major versions, tuning beyond a fixed set of
//! settings, and connections; a larger installation sets `DATABASE_URL`.

mod binaries;
mod child;
mod cluster;
mod files;
mod identity;
mod supervisor;

pub use child::{CHILD_COMMAND, become_postgres};

use binaries::Binaries;
use cluster::Cluster;
use files::Files;
use identity::Identity;
use nix::fcntl::{Flock, FlockArg};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use supervisor::Supervisor;

/// Oldest PostgreSQL that the schema runs on.
pub const OLDEST_VERSION: u32 = 15;

/// A running PostgreSQL; dropping it is a fast shutdown that waits.
#[derive(Debug)]
pub struct Embedded {
    // Fields drop in this order: PostgreSQL is down before another server can take the lock.
    supervisor: Supervisor,
    socket_dir: PathBuf,
    _lock: Flock<File>,
}

impl Embedded {
    /// Starts the PostgreSQL of `data_dir`, made on the first start. Blocks until it takes connections.
    pub fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let files = Files::prepare(data_dir)?;
        let lock = lock(&files.data_dir.join("server.lock"), &files.data_dir)?;
        files.set_aside_log()?;
        let binaries = Binaries::find(&files.data_dir, files.version()?)?;
        files.wait_for_former_life(None)?;
        let identity = Identity::choose(&files, &binaries)?;
        let cluster = Cluster { files, binaries, identity };
        cluster.make_ready()?;
        let socket_dir = cluster.socket_dir()?;
        let supervisor = Supervisor::start(cluster, socket_dir.clone())?;
        Ok(Self { supervisor, socket_dir, _lock: lock })
    }

    /// Connection string in keyword form, over the Unix socket. Stays the same over restarts of PostgreSQL.
    pub fn url(&self) -> String {
        // The socket directory holds only characters that need no quotes (`Cluster::socket_dir`).
        format!("host={} port=5432 user=switchboard dbname=switchboard", self.socket_dir.display())
    }

    /// Fast shutdown: open transactions are rolled back. Waits up to 60 s; a second call finds nothing to do.
    pub fn shutdown(&self) {
        self.supervisor.shutdown();
    }

    /// Process id of the postmaster, while one runs.
    pub fn pid(&self) -> Option<i32> {
        self.supervisor.pid()
    }
}

/// Why there is no PostgreSQL; each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "PostgreSQL {OLDEST_VERSION} or newer was not found (looked at: {looked_at}). Install it (Debian and Ubuntu: \
         `apt-get install postgresql`), or set SWITCHBOARD_PG_BIN to the folder that has `postgres` and `initdb`, or \
         set DATABASE_URL to a PostgreSQL of your own"
    )]
    NoBinaries { looked_at: String },
    #[error(
        "SWITCHBOARD_PG_BIN is {path}, but no usable PostgreSQL is there ({problem}). Correct it, or unset it so that \
         PostgreSQL is searched in the usual places"
    )]
    Override { path: PathBuf, problem: String },
    #[error(
        "the database in {cluster} was made by PostgreSQL {needed}, which is not installed (found: {found}). Install \
         that version (Debian and Ubuntu: `apt-get install postgresql-{needed}`); another version can't read it"
    )]
    VersionMissing { cluster: PathBuf, needed: u32, found: String },
    #[error(
        "{cluster} is there, but it is no PostgreSQL cluster (no readable PG_VERSION). Restore the folder from a \
         backup, or move it away to start with an empty database"
    )]
    NoCluster { cluster: PathBuf },
    #[error(
        "another Switchboard ({holder}) uses the data directory {data_dir}. Stop it first, or give this one a \
         directory of its own with DATA_DIR"
    )]
    Locked { data_dir: PathBuf, holder: String },
    #[error(
        "a PostgreSQL that this server did not start (process {pid}) is running on {cluster}. Stop it with \
         `kill -INT {pid}` and start again"
    )]
    OtherServer { pid: i32, cluster: PathBuf },
    #[error(
        "the path of the data directory, {path}, has characters that are not supported (control characters, or not \
         UTF-8). Choose another DATA_DIR"
    )]
    Path { path: PathBuf },
    #[error(
        "{path} belongs to user id {owner}, but the server runs as user id {uid}. Run it as the same user as before, \
         or give the folder over: `chown -R {uid} {path}`"
    )]
    Owner { path: PathBuf, owner: u32, uid: u32 },
    #[error(
        "PostgreSQL does not run as root, and no other way was found for {data_dir} ({problems}). Put DATA_DIR where \
         the user `postgres` can reach it, for example below /var/lib, or start the server as another user, or set \
         DATABASE_URL"
    )]
    NoIdentity { data_dir: PathBuf, problems: String },
    #[error("the database could not be made by {program} ({status}): {tail}. The whole story is in {log}")]
    Make { program: String, status: String, tail: String, log: PathBuf },
    #[error("PostgreSQL did not start ({problem}): {tail}. The whole story is in {log}")]
    Start { problem: String, tail: String, log: PathBuf },
    #[error("could not {action} {path}: {source}. Check its permissions and the free space of its disk")]
    File { action: &'static str, path: PathBuf, source: std::io::Error },
    #[error("could not become PostgreSQL, at the step `{step}`: {problem}")]
    Child { step: &'static str, problem: String },
}

impl EmbeddedError {
    /// For `map_err` on file operations.
    fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { action, path: path.to_owned(), source }
    }
}

/// Takes the lock or says who has it. The kernel frees it with the last of our process, whatever ends us.
fn lock(path: &Path, data_dir: &Path) -> Result<Flock<File>, EmbeddedError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(EmbeddedError::file("open the lock file", path))?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(mut lock) => {
            lock.set_len(0)
                .and_then(|()| lock.rewind())
                .and_then(|()| writeln!(lock, "{}", std::process::id()))
                .map_err(EmbeddedError::file("write the lock file", path))?;
            Ok(lock)
        }
        Err((mut file, nix::errno::Errno::EWOULDBLOCK)) => {
            let mut pid = String::new();
            // The number only helps a person; another server may be between taking the lock and writing it.
            let _ = file.read_to_string(&mut pid);
            let holder = match pid.trim() {
                "" => "just starting".to_owned(),
                pid => format!("process {pid}"),
            };
            Err(EmbeddedError::Locked { data_dir: data_dir.to_owned(), holder })
        }
        Err((_, errno)) => Err(EmbeddedError::file("lock", path)(errno.into())),
    }
}
