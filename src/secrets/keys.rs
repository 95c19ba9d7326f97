//! Where the key-encryption keys come from: the setting, else a file of this node, made once.

use crate::config::Config;
use crate::error::{Error, Result};
use secrecy::ExposeSecret;
use std::io::{ErrorKind, Write};
use std::path::Path;
use vault::Keys;

/// In `DATA_DIR`; mode 0600.
const FILE: &str = "config.key";

/// The keys of the setting or of the file. None: there are none, and something is stored already, of which a new key would
/// open nothing; or the file can't be made, as in a container that may not write.
pub fn find(config: &Config, something_stored: bool) -> Result<Option<Keys>> {
    if let Some(text) = &config.encryption_key {
        return Keys::parse(text.expose_secret()).map(Some).map_err(Error::internal);
    }
    let path = config.data_dir.join(FILE);
    let failed = |error: std::io::Error| Error::Internal(format!("{}: {error}", path.display()));
    match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound && something_stored => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Err(error) = make(&config.data_dir, &path) {
                tracing::warn!(path = %path.display(), %error, "no key for stored secrets can be made: none can be stored");
                return Ok(None);
            }
            tracing::warn!(
                path = %path.display(),
                "made a key for stored secrets; keep a copy of it apart from the database's, without it they are lost"
            );
        }
        found => drop(found.map_err(failed)?),
    }
    // Read again: another process may have been first.
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(&path).map_err(failed)?);
    let keys = Keys::parse(text.trim());
    keys.map(Some).map_err(|error| Error::Internal(format!("{}: {error}", path.display())))
}

/// Whole or not there, and never over one that is there.
fn make(folder: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    // Temporary files have mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(Keys::generate().as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != ErrorKind::AlreadyExists => return Err(failed.error),
        _ => {}
    }
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::os::unix::fs::PermissionsExt;

    fn config(folder: &Path, key: &str) -> Config {
        let settings =
            [("DATA_DIR", folder.display().to_string()), ("APP_CONFIG_ENCRYPTION_KEY", key.to_owned())];
        let settings: HashMap<String, String> = settings.map(|(k, v)| (k.to_owned(), v)).into();
        Config::from_parts("", settings).expect("valid")
    }

    #[test]
    fn a_key_is_made_once_and_only_where_nothing_is_stored() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = config(&folder.path().join("data"), "");
        assert!(find(&config, true).expect("no fault").is_none());
        let made = find(&config, false).expect("made").expect("a key").first();
        assert_eq!(find(&config, true).expect("read").expect("a key").first(), made);
        assert_eq!(find(&config, false).expect("read").expect("a key").first(), made);
        let path = config.data_dir.join(FILE);
        let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "no key").expect("written");
        assert!(find(&config, false).is_err(), "a broken file is not written over");
    }

    #[test]
    fn without_a_folder_to_write_there_is_none() {
        // The kernel's own: not even root makes folders in it.
        let config = config(Path::new("/proc/switchboard"), "");
        assert!(find(&config, false).expect("no fault").is_none());
    }

    #[test]
    fn the_setting_wins_over_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = Keys::generate();
        let found = find(&config(folder.path(), &key), false).expect("read").expect("a key");
        assert_eq!(Some(found.first()), Keys::parse(&key).ok().map(|keys| keys.first()));
        assert!(!folder.path().join(FILE).exists());
    }
}
