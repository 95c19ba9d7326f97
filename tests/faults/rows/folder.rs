//! The data directory: private in every life, and of one server at a time.

use super::Outcome;
use crate::api::Api;
use crate::random::Random;
use crate::server::{Server, Setup, ended};
use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

pub async fn private(_random: Random) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    DirBuilder::new().mode(0o700).create(folder.path().join("data")).unwrap();
    let mut server = Server::start_in(folder, Setup::default()).await;
    assert_private(&server);
    let mut second = server.command();
    second.env("BIND_ADDR", "127.0.0.1:0").stderr(Stdio::piped());
    let mut second = second.spawn().unwrap();
    let Some(status) = ended(&mut second, Duration::from_secs(15)).await else {
        second.kill().unwrap();
        panic!("a second server on the same DATA_DIR runs");
    };
    let refused = second.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!status.success(), "the second server ended with {status}");
    let data = server.data.display().to_string();
    for part in ["another Switchboard", data.as_str(), "DATA_DIR"] {
        assert!(text.contains(part), "the refusal does not name {part:?}: {text}");
    }
    assert!(!String::from_utf8_lossy(&refused.stdout).contains("listening"), "the second server listened");
    assert!(server.is_alive(), "the first server goes on");
    let (ready, ..) = Api::sign_in(&server.url, 0).await.get("/health/ready").await.unwrap();
    assert_eq!(ready, 200, "the first server's PostgreSQL goes on");
    server.kill9();
    server.postgres_ends().await;
    server.again().await;
    assert_private(&server);
    let status = server.stop().await;
    assert!(status.success(), "an orderly end is {status}");
    assert_eq!(server.postmaster(), None, "PostgreSQL is down before the server ends");
    server.again().await;
    assert_private(&server);
    Outcome::Held(format!("{} lives", server.lives))
}

/// The folder keeps its mode, and nothing in it is anybody else's to read.
fn assert_private(server: &Server) {
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&server.data), 0o700, "DATA_DIR");
    for entry in server.data.read_dir().unwrap().flatten() {
        let mode = mode(&entry.path());
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", entry.path().display());
    }
}
