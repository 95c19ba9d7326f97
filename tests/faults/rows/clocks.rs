//! F-28: the clock of a node jumps, of the only one and of one of two.

use super::Outcome;
use crate::judge;
use crate::random::Random;
use crate::scene::{Scene, graph, setup};
use crate::server::Server;
use crate::service::{Postgres, Redis, done};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// A day ahead, two hours back, ten times as fast, and right again.
const JUMPS: [&str; 4] = ["+1d", "-2h", "+0 x10", "+0"];
/// A row of sessions for each signing in.
const SIGNED_IN: &str = "select id from session";

/// libfaketime, if it is installed.
fn library() -> Option<PathBuf> {
    let places =
        done(Command::new("sh").args(["-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null"]));
    let places = String::from_utf8_lossy(&places.stdout).into_owned();
    places.lines().next().map(PathBuf::from)
}

pub async fn jump(random: Random) -> Outcome {
    let Some(library) = library() else {
        return Outcome::NotRun("libfaketime is not installed (package `faketime`)".to_owned());
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("time");
    std::fs::write(&file, "+0").unwrap();
    let (postgres, redis) = tokio::join!(Postgres::start(None), Redis::start(None));
    let graph = graph().await;
    let mut nodes = Vec::new();
    for shifted in [true, false] {
        let mut setup = setup(&graph);
        setup.settings.extend([("DATABASE_URL", postgres.url()), ("REDIS_URL", redis.url())]);
        if shifted {
            setup.before = ["env".to_owned(), format!("LD_PRELOAD={}", library.display())].into();
            setup.before.push(format!("FAKETIME_TIMESTAMP_FILE={}", file.display()));
            // What waits, waits by the real clock, as it does when a person sets the time.
            setup.before.extend(["FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"].map(str::to_owned));
        }
        nodes.push(Server::start(setup).await);
    }
    let mut scene = Scene::of(nodes, Some(postgres), Some(redis), graph, &random).await;
    let database = scene.nodes[0].database().await;
    let signed_in = judge::count(&database, SIGNED_IN).await;
    let mut jumps = Vec::new();
    for jump in JUMPS.iter().cycle().take(8) {
        scene.under_load().await;
        std::fs::write(&file, jump).unwrap();
        // Nobody is signed out, sockets stay or come back, webhooks are taken by both.
        for _ in 0..5 {
            scene.flows(20).await;
            let me = scene.apis[0].get("/api/v1/auth/me").await.map(|answer| answer.0);
            assert_eq!(me, Ok(200), "after {jump}\n{}", scene.said());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        jumps.push(*jump);
    }
    std::fs::write(&file, "+0").unwrap();
    assert_eq!(judge::count(&database, SIGNED_IN).await, signed_in, "nobody had to sign in anew");
    for side in ["> now() + interval '20 hours'", "< now() - interval '1 hour'"] {
        let moved = format!("select id from webhook_delivery where received_at {side}");
        assert!(judge::count(&database, &moved).await > 0, "the clock never went {side}");
    }
    scene.prompt();
    Outcome::Held(format!("jumps {jumps:?}; {}", scene.end().await))
}
