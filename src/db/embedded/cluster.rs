//! The cluster: made, given to its user, and the way PostgreSQL is called on it.
//!
//! Invariants: `cluster` is complete, with its database, or absent (made under another name, then renamed); the
//! directory of the socket has mode 0700 and belongs to PostgreSQL's user. Absent on purpose: upgrades of a cluster,
//! and its backup.

use super::EmbeddedError;
use super::binaries::Binaries;
use super::child::command;
use super::files::{ALIVE_PATIENCE, Files};
use super::identity::Identity;
use crate::clock;
use nix::unistd::geteuid;
use std::ffi::OsString;
use std::fs::{DirBuilder, File, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// Settings by command line, so that they follow the program and not the cluster's age.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "cluster_name=switchboard",
    "logging_collector=off",
    "log_destination=stderr",
    "max_connections=100",
    "shared_buffers=256MB",
    "fsync=on",
    "synchronous_commit=on",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    // Not lz4, which some builds lack.
    "wal_compression=pglz",
    "random_page_cost=1.1",
    "jit=off",
];

/// Bytes of a socket's path that every kernel takes (107 on Linux), less some room.
const SOCKET_PATH_MAX: usize = 100;
/// The socket's file name; its number is ours alone, because no other server uses the directory.
const SOCKET_FILE: &str = "/.s.PGSQL.5432";
/// Start of the name of a folder that a cluster is made in.
const UNFINISHED: &str = "cluster.new-";

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
        self.remove_unfinished()?;
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
        std::fs::rename(self.unfinished(), &cluster)
            .map_err(EmbeddedError::file("put in place", &cluster))?;
        File::open(&self.files.home)
            .and_then(|home| home.sync_all())
            .map_err(EmbeddedError::file("write to disk", &self.files.home))
    }

    /// Where a cluster is made; the name is no other life's, whose `initdb` may still be tidying up after itself.
    fn unfinished(&self) -> PathBuf {
        self.files.home.join(format!("{UNFINISHED}{}", std::process::id()))
    }

    /// Removes what earlier lives left half-made.
    fn remove_unfinished(&self) -> Result<(), EmbeddedError> {
        let home = &self.files.home;
        for entry in home.read_dir().map_err(EmbeddedError::file("list", home))?.flatten() {
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED)) {
                remove_tree(&entry.path())?;
            }
        }
        Ok(())
    }

    /// One step of making the cluster.
    fn run(&self, program: &str, args: &[&str], input: &str) -> Result<(), EmbeddedError> {
        let path = self.binaries.bin.join(program);
        let log_start = self.files.log_end();
        let mut command = command(self.identity, &self.files.home, &path);
        command.args(args).arg("-D").arg(self.unfinished());
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
    pub(super) fn arguments(&self, socket_dir: &Path) -> Vec<OsString> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
