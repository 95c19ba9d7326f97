//! Socket stress: self-checking scenarios against nodes in this process, all at the same time, each with a planted fault
//! under which it must turn red.
//!
//! ```text
//! cargo xtask services -- cargo test --test stress                          all of them
//! cargo xtask services -- cargo test --test stress -- resume:: --seed 7     some, with the choices of seed 7
//! cargo xtask mutate [NAME]                                                 each under its planted fault
//! ```
//!
//! Owns: its own clients, its own bus that misbehaves on demand, the list of planted faults ([`mutants`]). Invariants:
//! counts, orders and close codes are exact; a choice comes from the printed seed; nothing asserts how fast the machine
//! is. Absent on purpose: the test harness of Rust, whose threads would run the waiting scenarios one after the other.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a scenario that is not as expected fails, and a program prints"
)]

mod bus;
mod client;
mod mutants;
mod random;
mod runner;
mod scenarios;
mod stage;

use std::process::ExitCode;
use switchboard::clock;
use tokio::task::LocalSet;

const HELP: &str = "\
stress [NAME…] [--seed N] [--list]     scenarios whose names contain one of the texts, or all
stress --plant FOLDER                  a copy of the sources with all faults planted, asleep
stress --mutants [NAME…]               in such a copy: each scenario under its own fault";

/// What the command line asks for.
#[derive(Default)]
struct Wish {
    names: Vec<String>,
    seed: Option<u64>,
    list: bool,
    none: bool,
    /// Names are whole names.
    exact: bool,
    mutants: bool,
    plant: Option<String>,
}

fn main() -> ExitCode {
    let Some(wish) = wish() else {
        eprintln!("{HELP}");
        return ExitCode::FAILURE;
    };
    if let Some(folder) = &wish.plant {
        return code(mutants::plant(folder.as_ref()));
    }
    let all = scenarios::all();
    let named = |name: &str| {
        wish.names.is_empty()
            || wish.names.iter().any(|part| if wish.exact { name == part } else { name.contains(part) })
    };
    let mut chosen = all.clone();
    chosen.retain(|scenario| named(scenario.name) && !wish.none);
    if wish.list {
        // As Rust's own harness says it, for the tools that ask.
        chosen.iter().for_each(|scenario| println!("{}: test", scenario.name));
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if wish.mutants {
        return code(runtime.block_on(mutants::run(&chosen)));
    }
    if let Err(error) = mutants::check(&all) {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    if chosen.is_empty() {
        println!("no scenario has such a name");
        return ExitCode::SUCCESS;
    }
    let seed = wish.seed.unwrap_or_else(|| {
        u64::from_be_bytes(switchboard::ids::new().as_bytes()[8..].try_into().expect("8"))
    });
    println!("running {} scenarios, seed {seed}", chosen.len());
    runner::catch_panics();
    switchboard::telemetry::metrics();
    let begin = clock::monotonic();
    // The scenarios take turns on this thread; nodes and busy clients run beside it.
    let run = || runtime.block_on(LocalSet::new().run_until(runner::run(chosen, seed)));
    let Ok(outcomes) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) else {
        eprintln!("{}", runner::last_panic());
        return ExitCode::FAILURE;
    };
    let red: Vec<_> = outcomes.iter().filter(|outcome| outcome.failure.is_some()).collect();
    let result = if red.is_empty() { "ok" } else { "FAILED" };
    let (green, seconds) = (outcomes.len() - red.len(), begin.elapsed().as_secs_f64());
    println!("stress result: {result}. {green} passed; {} failed; in {seconds:.1} s; seed {seed}", red.len());
    for outcome in &red {
        println!("again: cargo xtask services -- cargo test --test stress -- {} --seed {seed}", outcome.name);
    }
    if red.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn wish() -> Option<Wish> {
    let mut wish = Wish {
        seed: std::env::var("STRESS_SEED").ok().and_then(|seed| seed.parse().ok()),
        ..Wish::default()
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seed" => wish.seed = Some(words.next()?.parse().ok()?),
            "--plant" => wish.plant = Some(words.next()?),
            "--mutants" => wish.mutants = true,
            "--list" => wish.list = true,
            "--exact" => wish.exact = true,
            // What Rust's own harness is told by `cargo test --workspace -- …`. There is nothing ignored here.
            "--ignored" => wish.none = true,
            "--nocapture" | "--no-capture" | "--show-output" | "--include-ignored" | "--quiet" | "-q" => {}
            "--test-threads" | "--format" | "--color" | "--skip" => drop(words.next()),
            option if option.starts_with("--test-threads=") => {}
            option if option.starts_with('-') => return None,
            name => wish.names.push(name.to_owned()),
        }
    }
    Some(wish)
}

fn code(done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
