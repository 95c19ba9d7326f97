//! All samples in one tenant, in seeded shuffles: nothing is lost or doubled, and what browsers build from a snapshot
//! and the events is what a fresh load shows.

use crate::samples;
use crate::support::view::View;
use crate::support::{TestApp, address_of, sample, sample_index};
use futures_util::StreamExt;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use switchboard::log;

const SHUFFLES: u64 = 20;
/// Shuffles at work at a time.
const PARALLEL: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_samples_together_in_any_order_end_the_same() {
    let only: Option<u64> = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let failed: Vec<u64> =
        futures_util::stream::iter((1..=SHUFFLES).filter(|seed| only.is_none_or(|only| only == *seed)))
            .map(|seed| {
                let work = tokio::spawn(shuffle(seed));
                async move { (seed, work.await.is_ok()) }
            })
            .buffer_unordered(PARALLEL)
            .filter_map(|(seed, ok)| async move { (!ok).then_some(seed) })
            .collect()
            .await;
    assert!(failed.is_empty(), "shuffles that failed, by seed: {failed:?}");
}

async fn shuffle(seed: u64) {
    let app = TestApp::start().await;
    let index = sample_index();
    let files = index["files"].as_object().unwrap();
    for entry in files.values() {
        samples::set_graph(&app, entry);
        for given in entry["given"].as_array().unwrap().iter().filter(|given| given["sent"].is_object()) {
            samples::sent(&app, &given["sent"]).await;
        }
    }
    let before = View::load(&app).await;
    for path in order(files, seed) {
        assert_eq!(app.deliver(address_of(&path), &sample(&path)).await, 200, "{path}");
    }
    app.settle().await;
    let state = samples::state(&app).await;
    samples::check_tables(&app, &state).await;
    final_states(&state, files);
    let mut view = before;
    for event in log::since(&app.app.db, app.tenant, 0, 100_000).await.unwrap().1 {
        view.apply(&event.name, &serde_json::from_str(&event.data).unwrap());
    }
    view.assert_same(&View::load(&app).await);
    app.end().await;
}

/// Every sample after what it needs, else in random order; what several need comes several times.
fn order(files: &serde_json::Map<String, Value>, seed: u64) -> Vec<String> {
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let mut queues: Vec<VecDeque<String>> = files.keys().map(|path| needs(files, path)).collect();
    let mut order = Vec::new();
    while !queues.is_empty() {
        let place = random.random_range(0..queues.len());
        order.extend(queues[place].pop_front());
        if queues[place].is_empty() {
            queues.swap_remove(place);
        }
    }
    order
}

fn needs(files: &serde_json::Map<String, Value>, path: &str) -> VecDeque<String> {
    let given = files[path]["given"].as_array().unwrap().iter().filter_map(|given| given["file"].as_str());
    let mut queue: VecDeque<String> = given.flat_map(|given| needs(files, given)).collect();
    queue.push_back(path.to_owned());
    queue
}

/// Every message once; statuses not below what any sample says; edits and deletions hold.
fn final_states(state: &Value, files: &serde_json::Map<String, Value>) {
    let messages = state["messages"].as_array().unwrap();
    let by_id: BTreeMap<&str, &Value> =
        messages.iter().filter_map(|message| Some((message["external_id"].as_str()?, message))).collect();
    assert_eq!(by_id.len(), messages.len(), "a message without id, or one twice");
    let rank = |status: &Value| {
        ["sent", "failed", "delivered", "read", "played"].iter().position(|word| status == word).unwrap_or(0)
    };
    let expected: Vec<&Value> =
        files.values().flat_map(|entry| entry["expected"].as_array().unwrap()).collect();
    let target = |effect: &Value| effect["message"].as_str().map(str::to_owned);
    let deleted: BTreeSet<String> = expected
        .iter()
        .filter(|effect| effect["effect"] == "deleted")
        .filter_map(|effect| target(effect))
        .collect();
    for effect in expected {
        match effect["effect"].as_str().unwrap() {
            "message" if effect["external_id"].is_string() => {
                let id = effect["external_id"].as_str().unwrap();
                assert!(by_id.contains_key(id), "message {id} is lost");
            }
            "status" => {
                let message = by_id[target(effect).unwrap().as_str()];
                assert!(rank(&message["status"]) >= rank(&effect["status"]), "{effect} {message:#}");
            }
            "deleted" => assert!(by_id[target(effect).unwrap().as_str()]["text"].is_null()),
            "edited" => {
                let id = target(effect).unwrap();
                let message = by_id[id.as_str()];
                if deleted.contains(&id) {
                    assert!(message["deleted_at"].is_string());
                } else {
                    assert_eq!(message["text"], effect["text"]);
                }
            }
            _ => {}
        }
    }
}
