//! Runs scenarios at the same time in one program, and tells what became of each.

use crate::random::Random;
use crate::scenarios::{Kind, Scenario};
use crate::stage::{Ground, Stage};
use futures_util::FutureExt;
use parking_lot::Mutex;
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use switchboard::clock;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Scenarios at a time that work; those that mostly wait come on top.
const AT_ONCE: usize = 8;
/// How long one may take.
const LIMIT: Duration = Duration::from_secs(55);

/// What became of one.
pub struct Outcome {
    pub name: &'static str,
    pub took: Duration,
    /// Why it is red.
    pub failure: Option<String>,
}

thread_local! {
    /// The last panic of this thread, with its place.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the texts of panics instead of printing them. Those of side tasks come back through their scenario.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.to_string().replace('\n', " ");
        PANIC.with(|panic| *panic.borrow_mut() = Some(text));
    }));
}

/// Runs the scenarios, then those that look at the whole process.
pub async fn run(scenarios: Vec<Scenario>, seed: u64) -> Vec<Outcome> {
    let ground = Arc::new(Ground::create().await);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let (last, mut others): (Vec<_>, Vec<_>) = scenarios.into_iter().partition(|it| it.kind == Kind::Last);
    // The longest first: the others run meanwhile.
    others.sort_by_key(|scenario| scenario.kind != Kind::Waiting);
    let base = crate::scenarios::leaks::Process::look();
    let mut running = JoinSet::new();
    for scenario in others {
        let (ground, turns, outcomes) = (Arc::clone(&ground), Arc::clone(&turns), Arc::clone(&outcomes));
        running.spawn_local(async move {
            let _turn = if scenario.kind == Kind::Waiting { None } else { Some(turns.acquire().await) };
            let outcome = one(scenario, ground, seed).await;
            tell(&outcome);
            outcomes.lock().push(outcome);
        });
    }
    running.join_all().await;
    for scenario in last {
        crate::scenarios::leaks::BASE.lock().replace(base);
        let outcome = one(scenario, Arc::clone(&ground), seed).await;
        tell(&outcome);
        outcomes.lock().push(outcome);
    }
    std::mem::take(&mut outcomes.lock())
}

async fn one(scenario: Scenario, ground: Arc<Ground>, seed: u64) -> Outcome {
    let begin = clock::monotonic();
    let random = Random::named(seed, scenario.name);
    let played = AssertUnwindSafe(async {
        let stage = Arc::new(Stage::new(ground, random).await);
        let played = AssertUnwindSafe((scenario.play)(Arc::clone(&stage))).catch_unwind().await;
        let failure = played.is_err().then(last_panic);
        stage.end(failure.is_none()).await;
        failure
    });
    let failure = match tokio::time::timeout(LIMIT, played.catch_unwind()).await {
        Ok(Ok(failure)) => failure,
        Ok(Err(_)) => Some(last_panic()),
        Err(_) => Some(format!("not done after {} s", LIMIT.as_secs())),
    };
    Outcome { name: scenario.name, took: begin.elapsed(), failure }
}

/// Called right after the panic was caught, on the same thread.
pub fn last_panic() -> String {
    PANIC.with(|panic| panic.borrow_mut().take()).unwrap_or_else(|| "a side task panicked".to_owned())
}

fn tell(outcome: &Outcome) {
    let Outcome { name, took, failure } = outcome;
    match failure {
        None => println!("scenario {name} ... ok ({:.1} s)", took.as_secs_f64()),
        Some(failure) => println!("scenario {name} ... FAILED ({:.1} s): {failure}", took.as_secs_f64()),
    }
}
