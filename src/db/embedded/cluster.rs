//! PostgreSQL's files below `DATA_DIR/postgres`: the cluster, its socket directory, its log.
//!
//! Invariants: `cluster` is complete or absent (made as `cluster.new`, then renamed); `postmaster.pid` is removed only
//! when its process is no live PostgreSQL of this folder, and never while one may still write; every directory with
//! the socket has mode 0700 and belongs to PostgreSQL's user. Absent on purpose: upgrades of a cluster, and its backup.

use super::binaries::Binaries;
use super::child::command;
use super::identity::Identity;
use super::{EmbeddedError, supervisor::SETTINGS};
use crate::clock;
use nix::unistd::geteuid;
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// Bytes of a socket's path that every kernel takes (107 on Linux), less some room.
const SOCKET_PATH_MAX: usize = 100;
/// The socket's file name; its number is ours alone, because no other server uses the directory.
const SOCKET_FILE: &str = "/.s.PGSQL.5432";
/// The log is set aside at a start when it is larger than this many bytes.
const LOG_MAX: u64 = 10 * 1024 * 1024;
/// How long a former life may take to shut down.
const STOPPING_PATIENCE: Duration = Duration::from_secs(60);
/// How long a live server may take to notice that its parent died, before it counts as somebody else's.
const ALIVE_PATIENCE: Duration = Duration::from_secs(5);

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
        let files = Self { data_dir, home };
        if files.log_path().symlink_metadata().is_ok_and(|log| log.len() > LOG_MAX) {
            let old = files.home.join("log.old");
            std::fs::rename(files.log_path(), &old)
                .map_err(EmbeddedError::file("set aside the log as", &old))?;
        }
        Ok(files)
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    fn log_path(&self) -> PathBuf {
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

    /// The live PostgreSQL of this cluster; a pid file that doesn't lead to one is removed.
    ///
    /// PostgreSQL does that itself for a pid that is gone, but not for a zombie or a number that another process has
    /// by now, which is usual in containers. Its own check for backends that are left goes by shared memory and holds.
    fn live(&self) -> Result<Option<Postmaster>, EmbeddedError> {
        let path = self.cluster().join("postmaster.pid");
        match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(EmbeddedError::file("read", &path)(error)),
            Ok(text) => {
                if let Some(postmaster) = parse_postmaster(&text)
                    && is_postgres_in(postmaster.pid, &self.cluster())
                {
                    return Ok(Some(postmaster));
                }
            }
        }
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(EmbeddedError::file("remove", &path)(error))
            }
            _ => Ok(None),
        }
    }

    /// Waits for a PostgreSQL whose server was killed and that is still shutting down.
    pub(super) fn wait_for_former_life(&self) -> Result<(), EmbeddedError> {
        let start = clock::monotonic();
        while let Some(postmaster) = self.live()? {
            let patience = if postmaster.status == "stopping" { STOPPING_PATIENCE } else { ALIVE_PATIENCE };
            if start.elapsed() > patience {
                return Err(EmbeddedError::OtherServer { pid: postmaster.pid, cluster: self.cluster() });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

/// A cluster with what it takes to run it.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) files: Files,
    pub(super) binaries: Binaries,
    pub(super) identity: Identity,
}

impl Cluster {
    /// Makes the cluster if there is none; else it is given to PostgreSQL's user, who may have changed.
    pub(super) fn make_ready(&self) -> Result<(), EmbeddedError> {
        let cluster = self.files.cluster();
        let unfinished = self.files.home.join("cluster.new");
        remove_tree(&unfinished)?;
        if self.files.owner().is_some() {
            return self.identity.take_over(&cluster);
        }
        tracing::info!(folder = %cluster.display(), version = self.binaries.version, "making the database");
        self.run(
            "initdb",
            &["--no-instructions", "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "switchboard"],
            "",
        )?;
        // Not `createdb` at the first start: it isn't everywhere, and the cluster would be there without its database.
        let single = ["--single", "-c", "exit_on_error=on"];
        self.run("postgres", &single, "CREATE DATABASE switchboard\n")?;
        std::fs::rename(&unfinished, &cluster).map_err(EmbeddedError::file("put in place", &cluster))?;
        File::open(&self.files.home)
            .and_then(|home| home.sync_all())
            .map_err(EmbeddedError::file("write to disk", &self.files.home))
    }

    /// One step of making the cluster, in `cluster.new`.
    fn run(&self, program: &str, args: &[&str], input: &str) -> Result<(), EmbeddedError> {
        let path = self.binaries.bin.join(program);
        let log_start = self.files.log_end();
        let mut command = command(self.identity, &self.files.home, &path);
        command.args(args).arg("-D").arg(self.files.home.join("cluster.new"));
        if program == "postgres" {
            command.arg("postgres");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(self.files.log()?)
            .stderr(self.files.log()?)
            .spawn()
            .map_err(EmbeddedError::file("run", &path))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ended early closes the pipe; its status says why.
            let _ = stdin.write_all(input.as_bytes());
        }
        let status = child.wait().map_err(EmbeddedError::file("wait for", &path))?;
        if status.success() {
            return Ok(());
        }
        let (tail, log) = (self.files.log_since(log_start), self.files.log_path());
        Err(EmbeddedError::Make { program: program.to_owned(), status: status.to_string(), tail, log })
    }

    /// The directory of the socket, with a name that is short and needs no quotes anywhere.
    pub(super) fn socket_dir(&self) -> Result<PathBuf, EmbeddedError> {
        let run = self.files.home.join("run");
        if is_socket_dir(&run) {
            self.own_socket_dir(&run)?;
            return Ok(run);
        }
        // Named after the folder's identity on this machine: the same at each start, different for each installation.
        let home = self.files.home.metadata().map_err(EmbeddedError::file("look at", &self.files.home))?;
        let name = format!("switchboard-{:x}-{:x}", home.dev(), home.ino());
        let runtime = if geteuid().is_root() {
            Some(PathBuf::from("/run"))
        } else {
            std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from)
        };
        let first = runtime.map(|parent| parent.join(&name)).filter(|path| is_socket_dir(path));
        if let Some(path) = first
            && self.own_socket_dir(&path).is_ok()
        {
            return Ok(path);
        }
        let path = Path::new("/tmp").join(&name);
        self.own_socket_dir(&path)?;
        Ok(path)
    }

    /// Makes the directory if need be; it is PostgreSQL's alone afterwards.
    pub(super) fn own_socket_dir(&self, path: &Path) -> Result<(), EmbeddedError> {
        let (uid, gid) = self.identity.owner();
        let own = || -> std::io::Result<()> {
            match DirBuilder::new().mode(0o700).create(path) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            let found = path.symlink_metadata()?;
            let ours = found.uid() == uid || found.uid() == geteuid().as_raw();
            let open = path
                .parent()
                .is_none_or(|parent| parent.metadata().is_ok_and(|metadata| metadata.mode() & 0o002 != 0));
            // In a directory for everybody, the name may have been taken by somebody else.
            if !found.is_dir() || (open && !ours) {
                return Err(std::io::Error::new(ErrorKind::PermissionDenied, "it belongs to somebody else"));
            }
            std::fs::set_permissions(path, Permissions::from_mode(0o700))?;
            lchown(path, Some(uid), Some(gid))
        };
        own().map_err(EmbeddedError::file("prepare the socket's folder", path))
    }

    /// PostgreSQL's own arguments.
    pub(super) fn arguments(&self, socket_dir: &Path) -> Vec<std::ffi::OsString> {
        let mut arguments = vec!["-D".into(), self.files.cluster().into_os_string()];
        for setting in SETTINGS {
            arguments.extend(["-c".into(), (*setting).into()]);
        }
        arguments.push("-c".into());
        arguments.push(format!("unix_socket_directories={}", socket_dir.display()).into());
        arguments
    }
}

/// Short enough for a socket, and made of characters that no connection string or setting has to quote.
fn is_socket_dir(path: &Path) -> bool {
    path.to_str().is_some_and(|text| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
        text.starts_with('/') && text.chars().all(plain) && text.len() + SOCKET_FILE.len() <= SOCKET_PATH_MAX
    })
}

/// Removes a folder that a dying process may still be filling.
fn remove_tree(path: &Path) -> Result<(), EmbeddedError> {
    let start = clock::monotonic();
    loop {
        match std::fs::remove_dir_all(path) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound && !path.exists() => return Ok(()),
            Err(error) if start.elapsed() > ALIVE_PATIENCE => {
                return Err(EmbeddedError::file("remove the unfinished", path)(error));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

fn parse_postmaster(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok().filter(|pid| *pid > 0)?;
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
        for text in ["", "\n", "x", "-1", "0"] {
            assert_eq!(parse_postmaster(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_a_live_postgres_counts() {
        let own = i32::try_from(std::process::id()).expect("a pid");
        assert!(!is_postgres_in(own, Path::new("/")));
        assert!(!is_postgres_in(i32::MAX, Path::new("/")));
    }

    #[test]
    fn socket_paths_at_the_limit() {
        let at = |length: usize| is_socket_dir(Path::new(&format!("/{}", "x".repeat(length - 1))));
        assert!(at(SOCKET_PATH_MAX - SOCKET_FILE.len()));
        assert!(!at(SOCKET_PATH_MAX - SOCKET_FILE.len() + 1));
        for path in ["relative", "/with space", "/a,b", "/it's", "/ü"] {
            assert!(!is_socket_dir(Path::new(path)), "{path}");
        }
    }
}
