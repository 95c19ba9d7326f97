//! The operating system user that PostgreSQL runs as; it refuses root.
//!
//! Invariants: a way is taken only after a trial run as that user, with the real folder and program, succeeded, so that
//! modes, access lists and container limits are all judged by the kernel; the user exists in the password file, which
//! `initdb` insists on. As root the order is: whom an existing cluster belongs to, `postgres`, `nobody`, a user
//! namespace (PostgreSQL believes to be `nobody`, its files stay root's; for a folder in a home of mode 0700).

use super::EmbeddedError;
use super::binaries::Binaries;
use super::child::command;
use super::files::Files;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{Gid, Uid, User, getegid, geteuid, setgid, setgroups, setuid};
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::Path;

/// `nobody` on every Linux in use.
const NOBODY: u32 = 65534;

/// How the child gets from our user to PostgreSQL's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// Our own user.
    Plain,
    /// Another user, for good.
    User { uid: u32, gid: u32 },
    /// Our own user, under the name of `nobody`.
    Namespace,
}

impl Identity {
    /// Finds the way that works for these folders; `files.home` belongs to that user afterwards.
    pub(super) fn choose(files: &Files, binaries: &Binaries) -> Result<Self, EmbeddedError> {
        let uid = geteuid();
        let owner = files.owner();
        if !uid.is_root() {
            if let Some(owner) = owner.filter(|owner| *owner != uid.as_raw()) {
                return Err(EmbeddedError::Owner { path: files.cluster(), owner, uid: uid.as_raw() });
            }
            if known(User::from_uid(uid)).is_some() {
                return Ok(Self::Plain);
            }
        }
        let mut ways = Vec::new();
        if uid.is_root() {
            let before =
                owner.filter(|owner| *owner != 0).and_then(|uid| known(User::from_uid(Uid::from_raw(uid))));
            ways.extend(before);
            ways.extend(["postgres", "nobody"].into_iter().filter_map(|name| known(User::from_name(name))));
        }
        let users = ways.iter().map(|user| (Self::user(user), user.name.as_str()));
        let mut problems = Vec::new();
        for (way, name) in users.chain([(Self::Namespace, "a user namespace")]) {
            match way.trial(files, binaries) {
                Ok(()) => return Ok(way),
                Err(problem) => problems.push(format!("{name}: {problem}")),
            }
        }
        Err(EmbeddedError::NoIdentity { data_dir: files.data_dir.clone(), problems: problems.join("; ") })
    }

    fn user(user: &User) -> Self {
        Self::User { uid: user.uid.as_raw(), gid: user.gid.as_raw() }
    }

    /// Who owns PostgreSQL's files, as seen from here.
    pub(super) fn owner(self) -> (u32, u32) {
        match self {
            Self::User { uid, gid } => (uid, gid),
            Self::Plain | Self::Namespace => (geteuid().as_raw(), getegid().as_raw()),
        }
    }

    fn trial(self, files: &Files, binaries: &Binaries) -> Result<(), String> {
        let (uid, gid) = self.owner();
        lchown(&files.home, Some(uid), Some(gid)).map_err(|error| error.to_string())?;
        let output = command(self, &files.home, &binaries.bin.join("postgres"))
            .arg("--version")
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        Err(text.lines().last().map_or_else(|| output.status.to_string(), |line| line.trim().to_owned()))
    }

    /// Gives everything below `path` to PostgreSQL's user, the top last, so that an interrupted run is repeated.
    pub(super) fn take_over(self, path: &Path) -> Result<(), EmbeddedError> {
        let (uid, gid) = self.owner();
        let owned = path.symlink_metadata().is_ok_and(|metadata| metadata.uid() == uid);
        if owned {
            Ok(())
        } else {
            give(path, uid, gid).map_err(EmbeddedError::file("change the owner of", path))
        }
    }

    /// Becomes that user; in the child only, which has a single thread.
    pub(super) fn assume(self) -> Result<(), EmbeddedError> {
        let failed =
            |step| move |errno: nix::errno::Errno| EmbeddedError::Child { step, problem: errno.to_string() };
        match self {
            Self::Plain => Ok(()),
            Self::User { uid, gid } => {
                setgroups(&[Gid::from_raw(gid)]).map_err(failed("leave root's groups"))?;
                setgid(Gid::from_raw(gid)).map_err(failed("change the group"))?;
                setuid(Uid::from_raw(uid)).map_err(failed("change the user"))
            }
            Self::Namespace => {
                let (uid, gid) = (geteuid(), getegid());
                unshare(CloneFlags::CLONE_NEWUSER).map_err(failed("make a user namespace"))?;
                // The kernel wants `setgroups` given up before it takes a group map.
                for (path, text) in [
                    ("/proc/self/setgroups", "deny".to_owned()),
                    ("/proc/self/uid_map", format!("{NOBODY} {uid} 1")),
                    ("/proc/self/gid_map", format!("{NOBODY} {gid} 1")),
                ] {
                    std::fs::write(path, text).map_err(EmbeddedError::file("write", Path::new(path)))?;
                }
                Ok(())
            }
        }
    }

    /// For the child's command line; [`Identity::parse`] reads it.
    pub(super) fn text(self) -> String {
        match self {
            Self::Plain => "plain".to_owned(),
            Self::User { uid, gid } => format!("setuid:{uid}:{gid}"),
            Self::Namespace => "userns".to_owned(),
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "plain" => Some(Self::Plain),
            "userns" => Some(Self::Namespace),
            _ => {
                let (uid, gid) = text.strip_prefix("setuid:")?.split_once(':')?;
                Some(Self::User { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
            }
        }
    }
}

/// A password file that can't be read knows nobody.
fn known(user: nix::Result<Option<User>>) -> Option<User> {
    user.ok().flatten()
}

fn give(path: &Path, uid: u32, gid: u32) -> std::io::Result<()> {
    if path.symlink_metadata()?.is_dir() {
        for entry in path.read_dir()? {
            give(&entry?.path(), uid, gid)?;
        }
    }
    lchown(path, Some(uid), Some(gid))
}

#[cfg(test)]
mod tests {
    use super::Identity;

    #[test]
    fn text_and_back() {
        for identity in [Identity::Plain, Identity::Namespace, Identity::User { uid: 101, gid: 104 }] {
            assert_eq!(Identity::parse(&identity.text()), Some(identity));
        }
        for text in ["", "root", "setuid:", "setuid:1", "setuid:a:b", "setuid:1:2:3", "setuid:-1:0"] {
            assert_eq!(Identity::parse(text), None, "{text}");
        }
    }
}
