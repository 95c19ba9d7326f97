//! The files below `DATA_DIR/postgres`: where they are, what they say about a running PostgreSQL, and the log.
//!
//! Invariant: a lock file of PostgreSQL is removed only when its process is no live PostgreSQL of this cluster. Absent
//! on purpose: making and running a cluster (`cluster`, `supervisor`).

use super::EmbeddedError;
use crate::clock;
use nix::unistd::geteuid;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Made by PostgreSQL beside its socket, whose name `cluster` settles.
const SOCKET_LOCK_FILE: &str = ".s.PGSQL.5432.lock";
/// The log is set aside at a start when it is larger than this many bytes.
const LOG_MAX: u64 = 10 * 1024 * 1024;
/// How long a former life may take to shut down.
const STOPPING_PATIENCE: Duration = Duration::from_secs(60);
/// How long a live server may take to notice that its parent died, before it counts as somebody else's.
pub(super) const ALIVE_PATIENCE: Duration = Duration::from_secs(5);

/// Where things are.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) data_dir: PathBuf,
    /// `DATA_DIR/postgres`
    pub(super) home: PathBuf,
}

/// What `postmaster.pid` says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub(super) pid: i32,
    /// Line 8: `starting`, `ready`, `stopping`; empty before it is written.
    pub(super) status: String,
}

impl Files {
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let uid = geteuid();
        // As root PostgreSQL runs as another user, who must be able to pass through.
        let mode = if uid.is_root() { 0o711 } else { 0o700 };
        DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(data_dir)
            .map_err(EmbeddedError::file("make the folder", data_dir))?;
        let data_dir =
            data_dir.canonicalize().map_err(EmbeddedError::file("find the real name of", data_dir))?;
        if data_dir.to_str().is_none_or(|text| text.contains(char::is_control)) {
            return Err(EmbeddedError::Path { path: data_dir });
        }
        let home = data_dir.join("postgres");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&home)
            .map_err(EmbeddedError::file("make the folder", &home))?;
        let owner = home.symlink_metadata().map_err(EmbeddedError::file("look at", &home))?.uid();
        if !uid.is_root() && owner != uid.as_raw() {
            return Err(EmbeddedError::Owner { path: home, owner, uid: uid.as_raw() });
        }
        Ok(Self { data_dir, home })
    }

    /// Keeps the log from growing for ever; once the lock is ours, as another server may be writing it.
    pub(super) fn set_aside_log(&self) -> Result<(), EmbeddedError> {
        if self.log_end() <= LOG_MAX {
            return Ok(());
        }
        let old = self.home.join("log.old");
        std::fs::rename(self.log_path(), &old).map_err(EmbeddedError::file("set aside the log as", &old))
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    pub(super) fn log_path(&self) -> PathBuf {
        self.home.join("log")
    }

    /// The existing cluster and its major version.
    pub(super) fn version(&self) -> Result<Option<(PathBuf, u32)>, EmbeddedError> {
        let cluster = self.cluster();
        if matches!(cluster.try_exists(), Ok(false)) {
            return Ok(None);
        }
        let text = std::fs::read_to_string(cluster.join("PG_VERSION")).unwrap_or_default();
        match text.trim().parse() {
            Ok(version) => Ok(Some((cluster, version))),
            Err(_) => Err(EmbeddedError::NoCluster { cluster }),
        }
    }

    /// Whom the cluster belongs to.
    pub(super) fn owner(&self) -> Option<u32> {
        self.cluster().symlink_metadata().ok().map(|metadata| metadata.uid())
    }

    /// The log, open for PostgreSQL's output.
    pub(super) fn log(&self) -> Result<File, EmbeddedError> {
        let path = self.log_path();
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            // The folder is PostgreSQL's, so root must not be led elsewhere by it.
            .custom_flags(nix::libc::O_NOFOLLOW)
            .open(&path)
            .map_err(EmbeddedError::file("open the log", &path))
    }

    /// Where the log ends now, for [`Files::log_since`].
    pub(super) fn log_end(&self) -> u64 {
        self.log_path().symlink_metadata().map_or(0, |metadata| metadata.len())
    }

    /// The last lines written after `start`, for an error's text.
    pub(super) fn log_since(&self, start: u64) -> String {
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(self.log_path())?;
            let end = file.metadata()?.len();
            file.seek(SeekFrom::Start(start.max(end.saturating_sub(2000))))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(4)..).unwrap_or_default();
        if last.is_empty() { "it said nothing".to_owned() } else { last.join(" / ") }
    }

    pub(super) fn start_error(&self, problem: String, log_start: u64) -> EmbeddedError {
        EmbeddedError::Start { problem, tail: self.log_since(log_start), log: self.log_path() }
    }

    /// What `postmaster.pid` says, if it is there and readable.
    pub(super) fn postmaster(&self) -> Option<Postmaster> {
        parse_postmaster(&std::fs::read_to_string(self.cluster().join("postmaster.pid")).ok()?)
    }

    /// The live PostgreSQL that a lock file names; a file that leads to none is removed.
    ///
    /// PostgreSQL does that itself for a pid that is gone, but not for a zombie or a number that another process has
    /// by now, which is usual in containers. Its own check for backends that are left goes by shared memory and holds.
    fn live(&self, path: &Path) -> Result<Option<Postmaster>, EmbeddedError> {
        match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(EmbeddedError::file("read", path)(error)),
            Ok(text) => {
                if let Some(postmaster) = parse_postmaster(&text)
                    && is_postgres_in(postmaster.pid, &self.cluster())
                {
                    return Ok(Some(postmaster));
                }
            }
        }
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(EmbeddedError::file("remove", path)(error))
            }
            _ => Ok(None),
        }
    }

    /// Waits for a PostgreSQL whose server was killed and that is still shutting down.
    ///
    /// The socket's lock file goes a moment after the cluster's, so it counts too once the folder is known.
    pub(super) fn wait_for_former_life(&self, socket_dir: Option<&Path>) -> Result<(), EmbeddedError> {
        let start = clock::monotonic();
        let socket_lock = socket_dir.map(|path| path.join(SOCKET_LOCK_FILE));
        for path in [Some(self.cluster().join("postmaster.pid")), socket_lock].into_iter().flatten() {
            while let Some(postmaster) = self.live(&path)? {
                let patience = if postmaster.status == "ready" { ALIVE_PATIENCE } else { STOPPING_PATIENCE };
                if start.elapsed() > patience {
                    return Err(EmbeddedError::OtherServer { pid: postmaster.pid, cluster: self.cluster() });
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        Ok(())
    }

    /// Every process of PostgreSQL at work in the cluster.
    pub(super) fn processes(&self) -> Vec<i32> {
        let Ok(entries) = Path::new("/proc").read_dir() else { return Vec::new() };
        let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter(|pid| is_postgres_in(*pid, &self.cluster())).collect()
    }
}

fn parse_postmaster(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    // Negative for the single-user mode.
    let pid = lines.next()?.trim().parse().ok().and_then(i32::checked_abs).filter(|pid| *pid > 0)?;
    let status = lines.nth(6).unwrap_or_default().trim().to_owned();
    Some(Postmaster { pid, status })
}

/// Whether the process is a live PostgreSQL at work in the folder `cluster`.
fn is_postgres_in(pid: i32, cluster: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let Ok(stat) = std::fs::read_to_string(process.join("stat")) else { return false };
    // `pid (name) state …`; the name may hold anything.
    let Some((before, after)) = stat.rsplit_once(')') else { return false };
    let dead = after.trim_start().starts_with(['Z', 'X']);
    if dead || !before.ends_with("(postgres") {
        return false;
    }
    match (process.join("cwd").metadata(), cluster.metadata()) {
        (Ok(at), Ok(cluster)) => (at.dev(), at.ino()) == (cluster.dev(), cluster.ino()),
        // Another user's process hides its folder; then rather too careful than two servers on one cluster.
        (Err(error), _) => error.kind() == ErrorKind::PermissionDenied,
        (_, Err(_)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pid_file_is_read() {
        let text = "4711\n/data\n1700000000\n5432\n/run\n\n  123 456\nready   \n";
        assert_eq!(parse_postmaster(text), Some(Postmaster { pid: 4711, status: "ready".to_owned() }));
        assert_eq!(parse_postmaster("4711\n/data\n").map(|found| found.status), Some(String::new()));
        assert_eq!(parse_postmaster("-12\n").map(|found| found.pid), Some(12));
        for text in ["", "\n", "x", "0", "-2147483648"] {
            assert_eq!(parse_postmaster(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_a_live_postgres_counts() {
        let own = i32::try_from(std::process::id()).expect("a pid");
        assert!(!is_postgres_in(own, Path::new("/")));
        assert!(!is_postgres_in(i32::MAX, Path::new("/")));
    }
}
