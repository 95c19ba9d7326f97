//! F-01 to F-09: SIGKILL to the server, at a step that is named, at a step by chance, at any moment.

use super::Outcome;
use crate::points::{INGEST, WORKER};
use crate::random::Random;
use crate::scene::Scene;
use crate::service::Postgres;
use std::time::Duration;
use switchboard::clock;

/// Kills at each point; `FAULTS_KILLS` sets another number.
const KILLS: usize = 20;
/// Until the next order is reached under load.
const REACHED: Duration = Duration::from_secs(20);
/// How long chance rules (F-09).
const CHANCE: Duration = Duration::from_secs(60);

pub fn kills() -> usize {
    std::env::var("FAULTS_KILLS").map_or(KILLS, |kills| kills.parse().expect("FAULTS_KILLS is a number"))
}

/// Kills at one point, again and again.
pub async fn at(random: Random, point: &str) -> Outcome {
    let mut scene = Scene::alone(&random).await;
    let figures = kill_at(&mut scene, point, kills()).await;
    Outcome::Held(format!("{figures}; {}", scene.end().await))
}

/// The server dies when the point was passed some times in its life; the next life does so again.
async fn kill_at(scene: &mut Scene, point: &str, kills: usize) -> String {
    // Not the first time: only then is something under way, and other clients have seen the life.
    // What is sent in one go is also cut in the middle: some milliseconds later.
    let in_the_middle = matches!(point, "worker.decided" | "log.committing");
    let order = |random: &mut Random| {
        let (passed, ms) = (random.below(30), random.below(8));
        let kill = if in_the_middle && ms > 0 { format!("kill in {ms}") } else { "kill".to_owned() };
        format!("{point}={passed}*off->1*return({kill})")
    };
    scene.flows(1).await;
    if point.starts_with("job.") {
        return kill_jobs(scene, point, kills).await;
    }
    scene.node().kill9();
    let (mut early, mut slowest) = (0, Duration::ZERO);
    for _ in 0..kills {
        scene.nodes[0].orders = Some(order(&mut scene.random));
        let begin = clock::monotonic();
        if scene.node().begins().await {
            slowest = slowest.max(begin.elapsed());
            assert!(
                scene.node().dies(REACHED).await,
                "{point} was not reached in {REACHED:?}\n{}",
                scene.said()
            );
        } else {
            early += 1;
            assert!(scene.node().dies(REACHED).await, "a life ended without dying\n{}", scene.said());
        }
    }
    scene.node().orders = None;
    scene.node().again().await;
    scene.clients_are_back().await;
    format!(
        "{kills} kills at {point} ({early} before it listened), listening again after {slowest:.1?} at the most"
    )
}

/// Jobs are few, so each life gets one of its own; what is claimed when it dies waits for the end of its lease.
async fn kill_jobs(scene: &mut Scene, point: &str, kills: usize) -> String {
    scene.leases = true;
    scene.node().kill9();
    let mut newcomers = Vec::new();
    for n in 0..kills {
        scene.nodes[0].orders = Some(format!("{point}=1*return(kill)"));
        // A job that a former life has left may kill this one before it takes the newcomer; the next one does.
        newcomers.push(scene.newcomer(n));
        let _ = scene.node().begins().await;
        assert!(scene.node().dies(REACHED).await, "{point} was not reached in {REACHED:?}\n{}", scene.said());
    }
    scene.node().orders = None;
    scene.node().again().await;
    let taken = tokio::time::timeout(REACHED, futures_util::future::join_all(newcomers)).await;
    assert!(taken.is_ok(), "newcomers were never taken\n{}", scene.said());
    scene.clients_are_back().await;
    format!("{kills} kills at {point}")
}

/// F-05: the statement has gone out, its commit happens or not; the server never learns it.
pub async fn in_statement(random: Random) -> Outcome {
    let scene = &mut Scene::on(Postgres::start(None).await, &random).await;
    let database = scene.nodes[0].database().await;
    database
        .batch_execute(
            "create function linger() returns trigger language plpgsql as
                 $$ begin perform pg_sleep(0.03); return null; end $$;
             create trigger linger after insert on webhook_delivery for each statement execute function linger();",
        )
        .await
        .unwrap();
    let kills = kills();
    scene.flows(1).await;
    scene.node().kill9();
    for _ in 0..kills {
        let (passed, ms) = (scene.random.below(6), 1 + scene.random.below(40));
        scene.nodes[0].orders = Some(format!("journal.statement={passed}*off->1*return(kill in {ms})"));
        scene.node().again().await;
        assert!(scene.node().dies(REACHED).await, "the statement was not reached\n{}", scene.said());
    }
    scene.node().orders = None;
    scene.node().again().await;
    scene.clients_are_back().await;
    scene.flows(1).await;
    Outcome::Held(format!("{kills} kills while the statement ran; {}", scene.ends().await))
}

/// F-08.
pub async fn behind_the_journal(random: Random) -> Outcome {
    let only = std::env::var("FAULTS_POINT").ok();
    let points = WORKER.iter().filter(|point| only.as_deref().is_none_or(|only| only == **point));
    let mut count = 0;
    for point in points {
        let mut scene = Scene::alone(&random).await;
        let killed = kill_at(&mut scene, point, kills()).await;
        count += 1;
        // At once: all of them take many minutes.
        println!("{:<8} {killed}; {}", "", scene.end().await);
    }
    assert!(count > 0, "FAULTS_POINT names none of {WORKER:?}");
    Outcome::Held(format!("{count} points"))
}

/// F-09: every point fires with a chance of one in a hundred. The chance is ours and not the process's, so that the seed
/// brings it back: a life is told how often each point is passed before it kills.
pub async fn by_chance(random: Random) -> Outcome {
    let mut scene = Scene::alone(&random).await;
    let (begin, mut lives) = (clock::monotonic(), 0);
    scene.flows(1).await;
    scene.node().kill9();
    while begin.elapsed() < CHANCE {
        let orders: Vec<String> = INGEST
            .iter()
            .chain(&WORKER)
            .map(|point| format!("{point}={}*off->1*return(kill)", until(&mut scene.random, 1)))
            .collect();
        scene.nodes[0].orders = Some(orders.join(";"));
        // Whether it comes to listening or not, it dies.
        let _ = scene.node().begins().await;
        assert!(scene.node().dies(REACHED).await, "no point killed\n{}", scene.said());
        lives += 1;
    }
    scene.node().orders = None;
    scene.node().again().await;
    scene.clients_are_back().await;
    Outcome::Held(format!("{lives} lives; {}", scene.end().await))
}

/// How often something with this chance in a hundred does not happen before it does.
fn until(random: &mut Random, percent: usize) -> usize {
    (0..2_000).take_while(|_| !random.percent(percent)).count()
}

/// At no step in particular.
pub async fn any_moment(random: Random) -> Outcome {
    let mut scene = Scene::alone(&random).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..kills() {
        scene.under_load().await;
        scene.node().kill9();
        slowest = slowest.max(scene.node().again().await);
    }
    Outcome::Held(format!("listening again after {slowest:.1?} at the most; {}", scene.end().await))
}

/// Server and PostgreSQL at the same moment, in both orders.
pub async fn both(random: Random) -> Outcome {
    let mut scene = Scene::alone(&random).await;
    for kill in 0..kills().min(6) {
        scene.under_load().await;
        if kill % 2 == 0 {
            scene.node().kill9();
            if scene.node().postmaster().is_some() {
                scene.node().kill9_postgres(true).await;
            }
        } else {
            scene.node().kill9_postgres(false).await;
            scene.node().kill9();
        }
        scene.node().again().await;
    }
    scene.under_load().await;
    Outcome::Held(scene.end().await)
}
