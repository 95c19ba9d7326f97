//! The fail points, as `docs/ARCHITECTURE.md` lists them, and whether a binary knows them.

/// On the way of a webhook up to its 200, in order.
pub const INGEST: [&str; 7] = [
    "ingest.body_read",
    "ingest.verified",
    "journal.queued",
    "journal.taken",
    "journal.statement",
    "journal.committed",
    "journal.answered",
];

/// From the queue to the sockets, and of the jobs.
pub const WORKER: [&str; 14] = [
    "pump.taken",
    "pump.routed",
    "worker.claimed",
    "worker.loaded",
    "worker.decided",
    "worker.written",
    "log.committing",
    "log.committed",
    "relay.taken",
    "relay.told_here",
    "ws.before_send",
    "ws.sent_one",
    "job.claimed",
    "job.done",
];

/// From a written message to its platform.
pub const OUTBOX: [&str; 2] = ["outbox.before_http", "outbox.after_http_before_mark"];

/// Of `switchboard secrets rotate`, between two tenants.
pub const ROTATION: [&str; 1] = ["secret.rewrap_half"];

fn all() -> impl Iterator<Item = &'static &'static str> {
    INGEST.iter().chain(&WORKER).chain(&OUTBOX).chain(&ROTATION)
}

/// The names that are in a binary.
fn found(binary: &str) -> Vec<&'static str> {
    let bytes = std::fs::read(binary).unwrap_or_else(|error| panic!("{binary}: {error}"));
    let holds = |name: &&&str| bytes.windows(name.len()).any(|part| part == name.as_bytes());
    all().filter(holds).copied().collect()
}

/// A binary that was built without the feature holds no fail point.
pub fn absent(binary: &str) {
    let found = found(binary);
    assert!(found.is_empty(), "{binary} was built without `fail-points`, and holds {found:?}");
}

/// The one with the feature holds all of them: otherwise the other check would prove nothing.
pub fn present(binary: &str) {
    let found = found(binary);
    let lacking: Vec<_> = all().filter(|name| !found.contains(name)).collect();
    assert!(
        lacking.is_empty(),
        "{binary} lacks the fail points {lacking:?}: build it with `--features fail-points`"
    );
}
