//! Named places at which a test lets the process die or stall; `docs/ARCHITECTURE.md` lists them by step.
//!
//! They exist only with the feature `fail-points`, which no release has: without it `fail_point!` is nothing at all, so
//! that not even the names are in the binary (`tests/faults` looks).

/// A place where the process may be told to die.
#[cfg(feature = "fail-points")]
macro_rules! fail_point {
    ($name:literal) => {
        $crate::fail_point::reach($name)
    };
}

#[cfg(not(feature = "fail-points"))]
macro_rules! fail_point {
    ($name:literal) => {};
}

/// Takes the orders of the environment (`FAILPOINTS`, as the crate `fail` describes it). Beyond its own actions there are
/// `return(kill)`, and `return(kill in MS)`, which lets the work go on for some milliseconds.
#[cfg(feature = "fail-points")]
pub fn arm() {
    // For the whole life of the process: its end would disarm them.
    std::mem::forget(fail::FailScenario::setup());
}

#[cfg(feature = "fail-points")]
pub fn reach(name: &str) {
    fail::fail_point!(name, |order| obey(order.as_deref()));
}

#[cfg(feature = "fail-points")]
fn obey(order: Option<&str>) {
    match order.map(|order| (order, order.strip_prefix("kill in ").and_then(|ms| ms.parse().ok()))) {
        Some((_, Some(ms))) => {
            std::thread::spawn(move || {
                std::thread::sleep(std::time::Duration::from_millis(ms));
                die();
            });
        }
        Some(("kill", None)) => die(),
        // Written wrongly: the test sees that nobody dies.
        _ => tracing::error!(order, "a fail point's order is unknown"),
    }
}

/// As `kill -9` does it: nothing is flushed, dropped or said.
#[cfg(feature = "fail-points")]
fn die() {
    let _ = nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::Signal::SIGKILL);
}
