//! Rule 1: imports point down the ranks, and there is no cycle.

use crate::paths::used;
use crate::sources::{Finding, Source, demand, server};
use std::collections::{BTreeMap, BTreeSet};

/// The ranks, lowest first. `main` and `lib` stand above all of them.
const RANKS: &[&[&str]] = &[
    &["error", "config", "clock", "fail_point", "ids", "page", "telemetry", "http"],
    &["db"],
    &["jobs", "log", "auth", "secrets", "tenants", "realtime"],
    &[
        "attachments",
        "channels",
        "customers",
        "drafts",
        "files",
        "inbox",
        "kanban",
        "notifications",
        "saved_replies",
        "templates",
        "timeline",
    ],
    &["ingest"],
    &["outbox"],
    &["frames", "health", "webapp", "router", "app"],
];

/// Who may import whom within the middle rank, and within the features.
const EDGES: &[(&str, &str, &str)] = &[
    ("auth", "log", "a changed user is an event"),
    ("auth", "tenants", "the first user needs the first tenant; sign-in goes to the only one"),
    ("realtime", "auth", "one function finds out who is asking, for REST and for sockets"),
    ("realtime", "log", "what is sent is what the log has"),
    ("secrets", "auth", "administrators change secrets"),
    ("secrets", "log", "who changed a secret is in the log"),
    ("secrets", "tenants", "each tenant has its own; without a slug those of the only one count"),
    ("attachments", "channels", "a file is asked for at its channel's platform"),
    ("attachments", "customers", "refusals are shared"),
    ("attachments", "files", "what is fetched is kept as a file"),
    ("attachments", "inbox", "who sees the conversation sees its files, and is told of them"),
    ("files", "customers", "refusals are shared"),
    ("drafts", "inbox", "a draft is begun in a conversation that its writer sees"),
    ("drafts", "customers", "lists, texts and edits are shared"),
    ("saved_replies", "customers", "lists, texts and edits are shared"),
    ("notifications", "customers", "people, lists and refusals are shared"),
    ("templates", "channels", "templates are a channel's business account's, and Graph has them"),
    ("templates", "customers", "lists, searches and refusals are shared"),
    ("inbox", "customers", "a conversation is somebody's; lists, texts and edits are shared"),
    ("kanban", "customers", "a card is somebody's; lists, texts and edits are shared"),
    ("timeline", "customers", "the viewer's snapshot stands above customers"),
    ("timeline", "inbox", "the viewer's snapshot shows conversations"),
    ("timeline", "kanban", "the viewer's snapshot shows cards"),
];

/// Plays the platform; nothing of the server but `main` may know it, and it knows nothing of the server.
const SIMULATOR: &str = "simulator";

fn rank(module: &str) -> Option<usize> {
    RANKS.iter().position(|rank| rank.contains(&module))
}

/// Ranks within which an edge must be on the list.
fn listed(rank: usize) -> bool {
    rank == 2 || rank == 3
}

/// Each import from one top-level module to another one, with its place.
fn edges(sources: &[Source]) -> Vec<(&Source, usize, Vec<String>)> {
    let mut edges = Vec::new();
    for source in sources {
        for path in used(source) {
            if path.segments.first().is_some_and(|first| first != source.top()) {
                edges.push((source, path.line, path.segments));
            }
        }
    }
    edges
}

fn down_the_ranks(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (source, line, path) in edges(sources) {
        let (from, to) = (source.top(), path[0].as_str());
        let problem = if from == SIMULATOR || to == SIMULATOR {
            Some("the simulator and the server share nothing".to_owned())
        } else {
            match (rank(from), rank(to)) {
                (None, _) => Some(format!("`{from}` has no rank in tests/architecture/imports.rs")),
                (_, None) => Some(format!("`{to}` has no rank in tests/architecture/imports.rs")),
                (Some(above), Some(below)) if above < below => Some(format!("`{from}` stands below `{to}`")),
                (Some(same), Some(other)) if same == other && listed(same) => {
                    let known = EDGES.iter().any(|(a, b, _)| *a == from && *b == to);
                    (!known)
                        .then(|| format!("{from} -> {to} is not in EDGES of tests/architecture/imports.rs"))
                }
                _ => None,
            }
        };
        findings.extend(
            problem.map(|problem| source.finding(line, format!("crate::{}: {problem}", path.join("::")))),
        );
    }
    findings
}

fn stores_of_others(sources: &[Source]) -> Vec<Finding> {
    let others =
        edges(sources).into_iter().filter(|(_, _, path)| path.get(1).is_some_and(|word| word == "store"));
    others
        .map(|(source, line, path)| {
            source.finding(line, format!("crate::{} is a store of another folder", path.join("::")))
        })
        .collect()
}

/// The edges between top-level modules that lie on a cycle.
fn cycles(sources: &[Source]) -> Vec<Finding> {
    let edges = edges(sources);
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (source, _, path) in &edges {
        graph.entry(source.top()).or_default().insert(path[0].as_str());
    }
    let reaches = |from: &str, to: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            if module == to {
                return true;
            }
            if seen.insert(module) {
                open.extend(graph.get(module).into_iter().flatten());
            }
        }
        false
    };
    // One place of each edge says enough.
    let mut told = BTreeSet::new();
    edges
        .iter()
        .filter(|(source, _, path)| reaches(&path[0], source.top()))
        .filter(|(source, _, path)| told.insert((source.top(), path[0].as_str())))
        .map(|(source, line, path)| {
            source.finding(*line, format!("{} -> {} -> … is a circle", source.top(), path[0]))
        })
        .collect()
}

#[test]
fn imports_point_down_the_ranks() {
    demand(
        "a module imports only modules of lower ranks, and of its own rank only those on the list",
        "who reads a module needs to know only what is below it; what is above may change freely",
        down_the_ranks(&server()),
    );
}

#[test]
fn no_store_is_imported_from_outside_its_folder() {
    demand(
        "a folder's `store` is its own; others use what its mod.rs gives out",
        "a feature's tables have one owner, whose rules can't be gone around",
        stores_of_others(&server()),
    );
}

#[test]
fn modules_form_no_circle() {
    demand(
        "no top-level module reaches itself",
        "modules on a circle can only be read, tested and changed together",
        cycles(&server()),
    );
}

#[test]
fn the_list_of_edges_has_no_circle_and_names_only_what_is_there() {
    let real = server();
    let there: BTreeSet<(String, String)> = edges(&real)
        .into_iter()
        .map(|(source, _, path)| (source.top().to_owned(), path[0].clone()))
        .collect();
    for (from, to, reason) in EDGES {
        assert!(!reason.is_empty());
        assert!(
            there.contains(&((*from).to_owned(), (*to).to_owned())),
            "{from} -> {to} is not used: take it off EDGES"
        );
    }
    let listed: Vec<Source> = EDGES
        .iter()
        .map(|(from, to, _)| Source::of(&format!("src/{from}/mod.rs"), &format!("use crate::{to}::x;")))
        .collect();
    assert_eq!(cycles(&listed), []);
    for source in real.iter().filter(|source| !source.test) {
        let known = rank(source.top()).is_some() || source.top() == SIMULATOR;
        assert!(known, "{}: `{}` has no rank", source.path, source.top());
    }
}

#[test]
fn bad_imports_are_found() {
    let lines = |findings: Vec<Finding>| findings.into_iter().map(|f| (f.path, f.line)).collect::<Vec<_>>();
    let one = |path: &str, text: &str| vec![Source::of(path, text)];
    for (path, text) in [
        ("src/db/pool.rs", "use crate::log::Log;"),
        ("src/page.rs", "fn f() { crate::db::sql(\"\"); }"),
        ("src/log/read.rs", "use crate::{db, realtime::Hub};"),
        ("src/customers/service.rs", "use crate::inbox;"),
        ("src/inbox/service.rs", "use super::super::ingest::Pump;"),
        ("src/simulator/run.rs", "use crate::error::Error;"),
        ("src/app.rs", "use crate::simulator;"),
        ("src/app.rs", "use crate::unknown::X;"),
        ("src/ingest/pump.rs", "fn f() { tracing::info!(x = crate::router::y()); }"),
    ] {
        assert_eq!(lines(down_the_ranks(&one(path, text))), [(path.to_owned(), 1)], "{text}");
    }
    assert_eq!(down_the_ranks(&one("src/ingest/pump.rs", "use crate::{channels, db, log::Log};")), []);
    let store = one("src/app.rs", "use crate::auth;\nfn f() { auth::store::clean(); }");
    assert_eq!(lines(stores_of_others(&store)), [("src/app.rs".to_owned(), 2)]);
    assert_eq!(stores_of_others(&one("src/auth/routes.rs", "use crate::auth::store;")), []);
    let circle =
        [Source::of("src/http/mod.rs", "use crate::page::X;"), Source::of("src/page.rs", "use crate::http;")];
    assert_eq!(cycles(&circle).len(), 2);
}
