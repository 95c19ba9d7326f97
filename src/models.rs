//! How model tests run: random steps on the real thing and on a simple reference, compared after each.
//!
//! A failure names its seed and the shortest steps that show it. `MODEL_SEED` runs the same again, `MODEL_STEPS` runs
//! more or fewer. The database's models (`tests/api/models/`) share this file.

use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use std::str::FromStr;

/// Steps of a model that needs no database.
const STEPS: u32 = 40_000;

/// Runs a model: its share (one of so many parts) of all steps, in runs of `length`.
pub fn run<M: StateMachineTest>(name: &str, share: u32, length: u32) {
    let steps = setting("MODEL_STEPS").unwrap_or(STEPS) / share;
    let seed = setting("MODEL_SEED").unwrap_or_else(rand::random);
    let cases = steps.div_ceil(length).max(1);
    println!("{name}: {cases} runs of {length} steps, MODEL_SEED={seed}");
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 4 * length,
        ..Config::default()
    };
    let strategy = M::Reference::sequential_strategy(usize::try_from(length).expect("small"));
    let outcome = TestRunner::new(config.clone()).run(&strategy, |(state, steps, seen)| {
        M::test_sequential(config.clone(), state, steps, seen);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{name}, MODEL_SEED={seed}: {error}");
    }
}

/// A number of the environment.
pub fn setting<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
