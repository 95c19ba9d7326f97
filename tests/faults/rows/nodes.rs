//! F-26 and what crosses from node to node.

use super::Outcome;
use crate::api::Api;
use crate::judge;
use crate::platform::{CHANNELS, WORDS};
use crate::proxy::Proxy;
use crate::random::Random;
use crate::scene::{Scene, crew};
use crate::sender::FIRST_AT;
use crate::viewer::Viewer;
use crate::watcher::{Reading, Watchers};
use std::time::Duration;
use switchboard::clock;

/// Without a bus the other node looks at the log every second.
const BY_POLLING: Duration = Duration::from_secs(3);
/// With a bus.
const BY_BUS: Duration = Duration::from_secs(1);

/// F-26: each node is told to stop, drains, and is replaced, behind a balancer that knows of it.
pub async fn rolling(random: Random) -> Outcome {
    let count: usize = std::env::var("FAULTS_SOCKETS").map_or(40, |text| text.parse().expect("a number"));
    let mut scene = Scene::pair(&random).await;
    let urls: Vec<String> = scene.nodes.iter().map(|node| node.url.clone()).collect();
    let proxy = Proxy::start(&[&urls[0], &urls[1]]).await;
    let users = crew(&scene, &proxy.url, count.div_ceil(18)).await;
    let watchers = Watchers::open(&users, &vec![Reading::AsItComes; count]).await;
    watchers.live(count, Duration::from_secs(30), || scene.said()).await;
    let behind = scene.apis[0].at(&proxy.url);
    let client = Viewer::open(&behind);
    client.comes_back(|| scene.said()).await;
    let mut figures = Vec::new();
    for node in [1, 0] {
        scene.flows(60).await;
        let other = urls[1 - node].clone();
        // As a balancer does: away from it first, then the order to stop.
        proxy.lead_to(&[&other]);
        scene.doors.set(&[&other]);
        let begin = clock::monotonic();
        let status = scene.nodes[node].stop().await;
        assert!(status.success(), "an orderly end is {status}\n{}", scene.said());
        let back = watchers.live(count, Duration::from_secs(15), || scene.said()).await;
        figures
            .push(format!("node {node} ended in {:.1?}, all sockets open {back:.1?} later", begin.elapsed()));
        scene.flows(30).await;
        scene.nodes[node].again().await;
        proxy.lead_to(&[&urls[0], &urls[1]]);
        scene.doors.set(&[&urls[0], &urls[1]]);
    }
    scene.flows(30).await;
    let (answers, _) = scene.sender.ledger.answers();
    scene.prompt();
    let broken: Vec<_> = answers.keys().filter(|answer| answer.as_str() != "200").collect();
    assert!(broken.is_empty(), "a deployment is not to be noticed: {answers:?}\n{}", scene.said());
    let ended = scene.ends().await;
    let seq = scene.last_told().await;
    watchers.arrive(seq, Duration::from_secs(10), || scene.said()).await;
    client.converges(&behind, || scene.said()).await;
    let course = client.course.lock().unwrap();
    assert!(course.faults.is_empty(), "a client behind the balancer saw {:#?}", course.faults);
    assert_eq!(course.loads, 1, "it never loaded again");
    Outcome::Held(format!("{}; {ended}", figures.join(", ")))
}

/// Each node takes in messages that a client of the other one shows in time; then one node is killed.
pub async fn crosses(random: Random) -> Outcome {
    let mut figures = Vec::new();
    for (bus, limit) in [(true, BY_BUS), (false, BY_POLLING)] {
        let mut scene = Scene::pair(&random).await;
        if !bus {
            scene.redis.as_mut().unwrap().kill9();
        }
        let apis: Vec<Api> = scene.nodes.iter().map(|node| scene.apis[0].at(&node.url)).collect();
        let clients: Vec<Viewer> = apis.iter().map(Viewer::open).collect();
        for client in &clients {
            client.comes_back(|| scene.said()).await;
        }
        let mut slowest = Duration::ZERO;
        for n in 0..8 {
            let id = write_at(&scene, n, n % 2).await;
            slowest = slowest.max(shows(&clients[1 - n % 2], &id, limit, || scene.said()).await);
        }
        // The log of a killed node's messages goes on at the other one.
        let id = write_at(&scene, 8, 1).await;
        scene.nodes[1].kill9();
        scene.doors.set(&[&scene.nodes[0].url]);
        // What it had not worked off waits for the sweep, whose time is brought forward.
        tokio::time::sleep(Duration::from_millis(200)).await;
        judge::bring_forward(&scene.nodes[0].database().await).await;
        shows(&clients[0], &id, BY_POLLING, || scene.said()).await;
        scene.nodes[1].again().await;
        for client in &clients {
            client.comes_back(|| scene.said()).await;
            let course = client.course.lock().unwrap();
            assert!(course.faults.is_empty(), "a client saw {:#?}", course.faults);
        }
        figures.push(format!(
            "{} after {slowest:.1?} at the most",
            if bus { "by the bus" } else { "by the log" }
        ));
        figures.push(scene.end().await);
    }
    Outcome::Held(figures.join("; "))
}

async fn write_at(scene: &Scene, n: usize, node: usize) -> String {
    let (id, person) = (format!("wamid.nodes{n}"), "905327700001");
    let text = format!("crosses {n} {}", WORDS[0]);
    let item = CHANNELS[0].text(&id, person, FIRST_AT, &text);
    let body = serde_json::to_vec(&CHANNELS[0].body(&[item])).unwrap();
    let (answer, _) = scene.doors.post(&scene.nodes[node].url, "whatsapp", &body).await;
    assert_eq!(answer, "200", "a webhook is taken");
    scene.sender.ledger.acked_elsewhere(0, person, &id, &text);
    id
}

/// Waits until the client shows the message; how long that took.
async fn shows(viewer: &Viewer, id: &str, limit: Duration, said: impl Fn() -> String) -> Duration {
    let begin = clock::monotonic();
    loop {
        let shown =
            viewer.course.lock().unwrap().view.messages.values().any(|message| message["external_id"] == id);
        if shown {
            return begin.elapsed();
        }
        assert!(begin.elapsed() < limit, "{id} was not shown by the other node within {limit:?}\n{}", said());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
