//! Who is here: a person, however many windows and nodes.

use crate::bus::{Bus, Faults};
use crate::client::Client;
use crate::stage::{Node, Stage, eventually, eventually_within};
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Names of those who are in the inbox, as the node shows them to a newcomer.
async fn people(node: &Node, stage: &Stage) -> BTreeSet<String> {
    let client = node.socket(&stage.bob, &["inbox"]).await;
    names(&client.welcome["presence"]["inbox"])
}

fn names(people: &Value) -> BTreeSet<String> {
    let people = people.as_array().expect("people");
    people.iter().map(|person| person["name"].as_str().expect("a name").to_owned()).collect()
}

async fn shows(node: &Node, stage: &Stage, limit: u64, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
    eventually_within(Duration::from_secs(limit), &format!("{expected:?} are shown"), async || {
        people(node, stage).await == expected
    })
    .await;
}

pub async fn a_person_comes_and_goes_once(stage: Arc<Stage>) {
    let (_bus, [one, two]) = stage.nodes::<2>().await;
    let mut watcher = one.socket(&stage.bob, &["inbox"]).await;
    let mut windows: Vec<Client> = Vec::new();
    for n in 0..6 {
        let node = if n % 2 == 0 { &one } else { &two };
        windows.push(node.socket(&stage.ada, &["inbox"]).await);
        // Both nodes know before the next one comes.
        shows(&one, &stage, 12, &["Ada", "Bob"]).await;
        shows(&two, &stage, 12, &["Ada", "Bob"]).await;
    }
    let mut last = windows.pop().expect("six");
    windows.clear();
    last.leave("inbox").await;
    drop(last);
    let person = json!([{"user_id": stage.ada.id, "name": "Ada"}]);
    let came = watcher.next_of("presence").await;
    assert_eq!((&came["joined"], &came["left"]), (&person, &json!([])));
    let went = watcher.next_of("presence").await;
    assert_eq!((&went["joined"], &went["left"]), (&json!([]), &person));
    shows(&one, &stage, 12, &["Bob"]).await;
    shows(&two, &stage, 12, &["Bob"]).await;
}

/// What one node says while Ada comes to it and goes, three times over.
async fn coming_and_going(stage: &Stage, node: &Node, other: &Node) {
    for _ in 0..3 {
        let client = node.socket(&stage.ada, &["inbox"]).await;
        shows(other, stage, 12, &["Ada", "Bob"]).await;
        drop(client);
        shows(other, stage, 12, &["Bob"]).await;
    }
}

/// Says to all nodes again what was said long ago, and waits until node two has heard it.
async fn repeat(
    stage: &Stage,
    bus: &Bus,
    [one, two]: [&Node; 2],
    frames: impl Iterator<Item = (Uuid, Bytes)>,
) {
    let mut caller = one.socket(&stage.bob, &["inbox"]).await;
    let mut listener = two.socket(&stage.bob, &["inbox"]).await;
    for (tenant, frame) in frames {
        bus.inject(tenant, &frame);
    }
    // Behind them in the same queue.
    caller.signal("inbox", Value::Null).await;
    listener.next_of("signal").await;
}

pub async fn what_comes_late_is_ignored(stage: Arc<Stage>) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    let _stays = two.socket(&stage.bob, &["inbox"]).await;
    coming_and_going(&stage, &one, &two).await;
    let steps = bus.said().into_iter().filter(|(_, frame)| contains(frame, b"\"step\""));
    // Backwards, so that the last one says that she came.
    repeat(&stage, &bus, [&one, &two], steps.rev()).await;
    assert_eq!(people(&two, &stage).await, BTreeSet::from(["Bob".to_owned()]));
}

pub async fn a_late_telling_is_ignored(stage: Arc<Stage>) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    let _stays = two.socket(&stage.bob, &["inbox"]).await;
    let client = one.socket(&stage.ada, &["inbox"]).await;
    shows(&two, &stage, 12, &["Ada", "Bob"]).await;
    // Coming back, the bus makes everybody tell everything.
    bus.set(Faults { down: true, ..Faults::default() });
    bus.set(Faults::default());
    let with_ada = || {
        bus.said()
            .into_iter()
            .filter(|(_, frame)| contains(frame, b"\"presence\"") && contains(frame, b"Ada"))
    };
    eventually("everyone was told, Ada too", async || with_ada().next().is_some()).await;
    let old = with_ada();
    drop(client);
    shows(&two, &stage, 12, &["Bob"]).await;
    repeat(&stage, &bus, [&one, &two], old).await;
    assert_eq!(people(&two, &stage).await, BTreeSet::from(["Bob".to_owned()]));
}

fn contains(frame: &[u8], part: &[u8]) -> bool {
    frame.windows(part.len()).any(|window| window == part)
}

pub async fn a_lossy_bus_converges(stage: Arc<Stage>) {
    let (bus, nodes) = stage.nodes::<3>().await;
    let users = stage.users(5).await;
    bus.set(Faults { lose: 60, double: 20, delay: 40, ..Faults::default() });
    // Keeps each node listening.
    let mut stay = Vec::new();
    for node in &nodes {
        stay.push(node.socket(&stage.bob, &["inbox"]).await);
    }
    let mut here: Vec<(usize, Client)> = Vec::new();
    for _ in 0..60 {
        if here.is_empty() || stage.random.percent(55) {
            let user = stage.random.index(4);
            here.push((user, nodes[stage.random.index(3)].socket(&users[user], &["inbox"]).await));
        } else {
            drop(here.swap_remove(stage.random.index(here.len())));
        }
    }
    // The last step is lost for certain, whatever was before.
    bus.set(Faults { lose: 100, ..Faults::default() });
    here.push((4, nodes[0].socket(&users[4], &["inbox"]).await));
    // Steps get lost for good; every ten seconds each node tells all.
    bus.set(Faults { lose: 0, double: 20, delay: 40, ..Faults::default() });
    let expected: BTreeSet<String> =
        here.iter().map(|(user, _)| format!("U{user}")).chain(["Bob".to_owned()]).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    for node in &nodes {
        shows(node, &stage, 25, &expected).await;
    }
}

pub async fn a_dead_nodes_people_go(stage: Arc<Stage>) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    let mut watcher = two.socket(&stage.bob, &["inbox"]).await;
    let ada = one.socket(&stage.ada, &["inbox"]).await;
    assert_eq!(watcher.next_of("presence").await["joined"][0]["name"], "Ada");
    // Dead for all that the other one hears; Ada's socket would say otherwise.
    bus.cut(0);
    shows(&two, &stage, 45, &["Bob"]).await;
    assert_eq!(watcher.next_of("presence").await["left"][0]["name"], "Ada");
    drop(ada);
}

/// A node forgets a tenant half a minute after its last socket. Its running number must go on from where it was: the
/// other nodes ignore what seems older than what they have heard.
pub async fn who_comes_back_after_a_while_is_seen(stage: Arc<Stage>) {
    let (_bus, [one, two]) = stage.nodes::<2>().await;
    let _stays = two.socket(&stage.bob, &["inbox"]).await;
    coming_and_going(&stage, &one, &two).await;
    tokio::time::sleep(Duration::from_millis(31_500)).await;
    let _back = one.socket(&stage.ada, &["inbox"]).await;
    shows(&two, &stage, 12, &["Ada", "Bob"]).await;
}
