//! F-40: three faults at a time, drawn by chance, until the time is over.

use super::Outcome;
use crate::platform::CHANNELS;
use crate::points::{INGEST, WORKER};
use crate::proxy::{Proxy, Toxics};
use crate::random::Random;
use crate::scene::{LOAD, Scene};
use crate::viewer::Viewer;
use std::collections::BTreeMap;
use std::time::Duration;
use switchboard::clock;

/// `FAULTS_CHAOS` sets another number of seconds.
const TIME: u64 = 600;
/// How long three faults are on at the same time.
const ROUND: Duration = Duration::from_secs(6);

const FAULTS: [&str; 9] = [
    "kill a node",
    "kill a node at a point",
    "kill PostgreSQL",
    "kill Redis",
    "FLUSHALL",
    "Redis sleeps",
    "sockets are cut",
    "lines are slow",
    "sessions are ended",
];

pub async fn any(random: Random) -> Outcome {
    let time =
        std::env::var("FAULTS_CHAOS").map_or(TIME, |text| text.parse().expect("FAULTS_CHAOS is a number"));
    let mut scene = Scene::pair(&random).await;
    let urls: Vec<String> = scene.nodes.iter().map(|node| node.url.clone()).collect();
    let proxy = Proxy::start(&[&urls[0], &urls[1]]).await;
    let behind = scene.apis[0].at(&proxy.url);
    let client = Viewer::open(&behind);
    let mut random = scene.random.fork();
    let (begin, mut counts) = (clock::monotonic(), BTreeMap::<&str, u32>::new());
    while begin.elapsed() < Duration::from_secs(time) {
        scene.flows(LOAD).await;
        let mut faults = FAULTS.to_vec();
        random.shuffle(&mut faults);
        for fault in &faults[..3] {
            *counts.entry(fault).or_default() += 1;
            inflict(&mut scene, &proxy, fault, &mut random).await;
        }
        tokio::time::sleep(ROUND.mul_f64(rand::random::<f64>())).await;
        heal(&mut scene, &proxy).await;
        scene.clients_are_back().await;
        client.comes_back(|| scene.said()).await;
    }
    scene.flows(LOAD).await;
    let figures = scene.ends().await;
    client.converges(&behind, || scene.said()).await;
    let course = client.course.lock().unwrap();
    assert!(course.faults.is_empty(), "the client behind the balancer saw {:#?}", course.faults);
    Outcome::Held(format!("{counts:?} to {} channels; {figures}", CHANNELS.len()))
}

async fn inflict(scene: &mut Scene, proxy: &Proxy, fault: &str, random: &mut Random) {
    let node = random.below(scene.nodes.len());
    match fault {
        "kill a node" => {
            if scene.nodes[node].is_alive() {
                scene.nodes[node].kill9();
            }
        }
        "kill a node at a point" => {
            if scene.nodes[node].is_alive() {
                scene.nodes[node].kill9();
                let points: Vec<&str> = INGEST.iter().chain(&WORKER).copied().collect();
                let (point, passed) = (points[random.below(points.len())], random.below(200));
                scene.nodes[node].orders = Some(format!("{point}={passed}*off->1*return(kill)"));
                let _ = scene.nodes[node].begins_if_it_can().await;
            }
        }
        "kill PostgreSQL" => scene.postgres.as_mut().expect("a pair has one").kill9(),
        "kill Redis" => scene.redis.as_mut().expect("a pair has one").kill9(),
        "FLUSHALL" => drop(scene.redis.as_ref().expect("a pair has one").order(&["FLUSHALL"])),
        "Redis sleeps" => {
            drop(scene.redis.as_ref().expect("a pair has one").order_later(&["DEBUG", "SLEEP", "3"]))
        }
        "sockets are cut" => proxy.cut(),
        "lines are slow" => {
            proxy.poison(Toxics { latency: Duration::from_millis(200), slice: 100, stalled: false })
        }
        "sessions are ended" => {
            if let Ok(database) = scene.nodes[node].try_database().await {
                let end = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and random() < 0.5";
                let _ = database.query(end, &[]).await;
            }
        }
        other => unreachable!("{other} is no fault"),
    }
}

async fn heal(scene: &mut Scene, proxy: &Proxy) {
    proxy.poison(Toxics::default());
    let postgres = scene.postgres.as_mut().expect("a pair has one");
    if postgres.has_ended() {
        postgres.again().await;
    }
    let redis = scene.redis.as_mut().expect("a pair has one");
    if redis.has_ended() {
        redis.again().await;
    }
    for node in &mut scene.nodes {
        node.orders = None;
        if !node.is_alive() {
            node.reap();
            node.again().await;
        }
    }
}
