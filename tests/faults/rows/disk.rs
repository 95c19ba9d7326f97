//! F-17: no room for the data, then none for the write-ahead log; healed by more room.

use super::Outcome;
use crate::judge;
use crate::random::Random;
use crate::scene::Scene;
use crate::service::{Postgres, done, give};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use switchboard::clock;
use tempfile::TempDir;

/// A file system in memory, of its own size.
struct Mount {
    folder: Option<TempDir>,
}

impl Mount {
    fn of(size: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        order(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], folder.path())?;
        Ok(Self { folder: Some(folder) })
    }

    fn path(&self) -> &Path {
        self.folder.as_ref().expect("it is mounted").path()
    }

    fn resize(&self, size: &str) {
        order(&["-o", &format!("remount,size={size}")], self.path())
            .unwrap_or_else(|problem| panic!("{problem}"));
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if let Some(folder) = self.folder.take() {
            // Lazily: what is open in it ends by itself.
            let _ = Command::new("umount").arg("-l").arg(folder.path()).status();
        }
    }
}

fn order(words: &[&str], path: &Path) -> Result<(), String> {
    let answer = done(Command::new("mount").args(words).arg(path));
    if answer.status.success() {
        Ok(())
    } else {
        Err(format!("mount: {}", String::from_utf8_lossy(&answer.stderr).trim()))
    }
}

pub async fn full(random: Random) -> Outcome {
    let mounts = Mount::of("600m").and_then(|data| Ok((data, Mount::of("200m")?)));
    let (data, log) = match mounts {
        Ok(mounts) => mounts,
        Err(problem) => return Outcome::NotRun(problem),
    };
    // A folder in it, as PostgreSQL wants its own.
    std::fs::set_permissions(data.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::set_permissions(log.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let home = tempfile::tempdir_in(data.path()).unwrap();
    let waldir = log.path().join("wal");
    std::fs::create_dir(&waldir).unwrap();
    give(&waldir);
    let postgres = Postgres::start_in(home, None, Some(&waldir)).await;
    let mut scene = Scene::on(postgres, &random).await;
    let mut figures = Vec::new();
    for (mount, name) in [(&data, "data"), (&log, "log")] {
        scene.under_load().await;
        let before = refused(&scene);
        // All the room but what PostgreSQL has by now.
        let filler = mount.path().join("filler");
        let _ =
            done(Command::new("dd").args(["if=/dev/zero", "bs=64k"]).arg(format!("of={}", filler.display())));
        let refusals = refusals(&scene, before).await;
        assert!(scene.node().is_alive(), "the server ended on a full disk\n{}", scene.said());
        mount.resize("2g");
        let begin = clock::monotonic();
        restart_if_it_died(&mut scene).await;
        scene.flows(20).await;
        let healed = begin.elapsed();
        assert!(healed < Duration::from_secs(10), "it took {healed:?} to go on after {name} had room again");
        figures.push(format!("{name}: {refusals} refused, on again after {healed:.1?}"));
    }
    let figures = format!("{}; {}", figures.join(", "), scene.end().await);
    Outcome::Held(figures)
}

/// Webhooks that were answered 503 so far.
fn refused(scene: &Scene) -> u32 {
    scene.sender.ledger.answers().0.get("503").copied().unwrap_or(0)
}

/// Loads until webhooks are refused: each 200 has a row, which the judgement looks at.
async fn refusals(scene: &Scene, before: u32) -> u32 {
    let begin = clock::monotonic();
    loop {
        let refused = refused(scene) - before;
        if refused > 20 {
            return refused;
        }
        assert!(
            begin.elapsed() < Duration::from_secs(90),
            "only {refused} webhooks were refused: the disk was not full\n{}",
            scene.said()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Without room for its log PostgreSQL ends by a panic; a supervisor starts it again.
async fn restart_if_it_died(scene: &mut Scene) {
    let postgres = scene.postgres.as_mut().expect("a PostgreSQL of ours");
    if postgres.has_ended() {
        postgres.again().await;
    }
    let database = scene.nodes[0].database().await;
    judge::bring_forward(&database).await;
}
