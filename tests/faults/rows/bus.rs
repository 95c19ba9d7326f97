//! F-19: what becomes of two nodes when Redis dies, forgets, hangs up or sleeps.

use super::Outcome;
use crate::random::Random;
use crate::scene::{LOAD, Scene};
use crate::viewer::Viewer;
use std::time::Duration;
use switchboard::clock;

/// Redis answers nothing for so many seconds.
const SLEEP: &str = "10";

pub async fn broken(random: Random) -> Outcome {
    let mut scene = Scene::pair(&random).await;
    // A client at the other node as well: it lives by what crosses.
    let at_other = scene.apis[0].at(&scene.nodes[1].url);
    let other = Viewer::open(&at_other);
    let mut figures = Vec::new();
    for fault in ["killed", "FLUSHALL", "CLIENT KILL TYPE pubsub", "CLIENT KILL TYPE normal", "DEBUG SLEEP"] {
        scene.under_load().await;
        other.comes_back(|| scene.said()).await;
        let redis = scene.redis.as_mut().expect("a pair has a Redis");
        match fault {
            "killed" => {
                redis.kill9();
                scene.flows(LOAD * 2).await;
                assert_eq!(
                    scene.apis[0].get("/api/v1/auth/me").await.map(|answer| answer.0),
                    Ok(200),
                    "sessions go on"
                );
                scene.redis.as_mut().unwrap().again().await;
            }
            "DEBUG SLEEP" => {
                let mut order = redis.order_later(&["DEBUG", "SLEEP", SLEEP]);
                scene.flows(LOAD * 2).await;
                while order.try_wait().unwrap().is_none() {
                    scene.flows(1).await;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            words => {
                let words: Vec<&str> = words.split(' ').collect();
                assert!(redis.order(&words).status.success(), "{words:?}");
            }
        }
        // Healed: what is told from now on is shown everywhere in time, without a reload.
        let begin = clock::monotonic();
        let told = scene.last_told().await;
        while other.course.lock().unwrap().cursor < told {
            assert!(
                begin.elapsed() < Duration::from_secs(10),
                "after {fault} the other node lags\n{}",
                scene.said()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        figures.push(format!("{fault}: abreast after {:.1?}", begin.elapsed()));
    }
    scene.prompt();
    scene.flows(LOAD).await;
    let ended = scene.ends().await;
    other.converges(&at_other, || scene.said()).await;
    let course = other.course.lock().unwrap();
    assert!(course.faults.is_empty(), "the other node's client saw {:#?}", course.faults);
    assert_eq!(course.loads, 1, "the other node's client never loaded again");
    Outcome::Held(format!("{}; {ended}", figures.join(", ")))
}
