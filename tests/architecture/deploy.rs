//! The files of `deploy/`: what they name is there.
//!
//! Owns: which names count in which file. Nobody compiles a dashboard or a manifest, so a metric or a setting that gets
//! another name would break them without a word. Absent on purpose: whether Docker, Kubernetes and Prometheus take the
//! files; `deploy/README.md` has the commands for that.

use crate::sources::{Finding, Source, demand, read, root, server};
use crate::tokens::{Token, stands};
use std::collections::BTreeMap;
use std::path::Path;
use switchboard::config::KEYS;

const FOLDER: &str = "deploy";
const DOCKERFILE: &str = "deploy/Dockerfile";
/// Files that name metrics.
const METRICS: [&str; 3] =
    ["deploy/grafana/switchboard.json", "deploy/prometheus/alerts.yaml", "deploy/prometheus/tests.yaml"];
/// Files with a map of settings, and the keys that lead to it.
const SETTINGS: [(&str, &[&str]); 3] = [
    ("deploy/compose.yaml", &["services", "switchboard", "environment"]),
    ("deploy/kubernetes/configmap.yaml", &["data"]),
    ("deploy/kubernetes/secret.example.yaml", &["stringData"]),
];
/// What a histogram is told as; its bare name is no series.
const PARTS: [&str; 3] = ["_bucket", "_count", "_sum"];

/// Every metric that the sources export, and whether it is a histogram.
fn exported(sources: &[Source]) -> BTreeMap<String, bool> {
    let mut metrics = BTreeMap::new();
    for source in sources {
        let code = source.code();
        for (at, token) in code.iter().enumerate() {
            let kind = ["counter", "gauge", "histogram"].into_iter().find(|kind| token.is(kind));
            let Some(kind) = kind.filter(|_| stands(code, at + 1, &["!", "("])) else { continue };
            if let Some(name) = code.get(at + 3).and_then(Token::string) {
                metrics.insert(name, kind == "histogram");
            }
        }
    }
    metrics
}

/// The metrics that a text names, with their lines.
fn named(text: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        names.extend(words.filter(|word| word.starts_with("switchboard_")).map(|word| (at + 1, word)));
    }
    names
}

fn unknown_metrics(path: &str, text: &str, metrics: &BTreeMap<String, bool>) -> Vec<Finding> {
    let known = |name: &str| {
        let whole = PARTS.iter().find_map(|part| name.strip_suffix(*part));
        metrics.get(name) == Some(&false) || whole.is_some_and(|whole| metrics.get(whole) == Some(&true))
    };
    named(text)
        .into_iter()
        .filter(|(_, name)| !known(name))
        .map(|(line, name)| Finding {
            path: path.to_owned(),
            line,
            text: format!("`{name}` is not exported"),
        })
        .collect()
}

/// The keys of a YAML map, found by the keys that lead to it; two spaces a step, as all files here have it.
fn keys<'a>(text: &'a str, way: &[&str]) -> Vec<(usize, &'a str)> {
    let mut keys = Vec::new();
    // Steps of the way that lead to where we are.
    let mut taken = 0_usize;
    for (at, line) in text.lines().enumerate() {
        let inside = line.trim_start();
        if inside.starts_with('#') || inside.starts_with('-') {
            continue;
        }
        let Some((key, _)) = inside.split_once(':') else { continue };
        let depth = (line.len() - inside.len()) / 2;
        taken = taken.min(depth);
        if taken < depth {
            continue;
        }
        match way.get(taken) {
            Some(step) if *step == key => taken += 1,
            Some(_) => {}
            None => keys.push((at + 1, key)),
        }
    }
    keys
}

/// The settings that an image brings along.
fn of_image(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate();
    let named = lines.filter_map(|(at, line)| Some((at + 1, line.strip_prefix("ENV ")?.split_once('=')?.0)));
    named.collect()
}

fn unknown_settings(path: &str, named: &[(usize, &str)]) -> Vec<Finding> {
    named
        .iter()
        .filter(|(_, key)| KEYS.iter().all(|(known, _)| known != key))
        .map(|(line, key)| Finding {
            path: path.to_owned(),
            line: *line,
            text: format!("`{key}` is no setting"),
        })
        .collect()
}

/// Every file below a folder, from the workspace's folder on.
fn files(folder: &Path, into: &mut Vec<String>) {
    for entry in folder.read_dir().expect("deploy is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files(&path, into);
        } else {
            let short = path.strip_prefix(root()).expect("below the root");
            into.push(short.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// What no reader of the file would take.
fn broken(path: &str, text: &str) -> Vec<Finding> {
    let finding = |line: usize, text: String| Finding { path: path.to_owned(), line, text };
    if text.trim().is_empty() {
        return vec![finding(0, "is empty".to_owned())];
    }
    if path.ends_with(".json") {
        let parsed = serde_json::from_str::<serde_json::Value>(text);
        return parsed.err().map(|error| finding(error.line(), error.to_string())).into_iter().collect();
    }
    if path.ends_with(".yaml") || path.ends_with(".yml") {
        let tabs = text.lines().enumerate().filter(|(_, line)| line.contains('\t'));
        return tabs.map(|(at, _)| finding(at + 1, "a tab, which YAML refuses".to_owned())).collect();
    }
    Vec::new()
}

#[test]
fn dashboard_and_alerts_name_metrics_that_are_exported() {
    let metrics = exported(&server());
    let mut findings = Vec::new();
    for path in METRICS {
        let text = read(path);
        assert!(!named(&text).is_empty(), "{path} names no metric: look whether this test still finds them");
        findings.extend(unknown_metrics(path, &text, &metrics));
    }
    demand(
        "every `switchboard_…` in the dashboard and the alerts is a metric of the sources",
        "a panel stays empty and an alert stays silent when their metric has another name",
        findings,
    );
}

#[test]
fn manifests_name_settings_that_exist() {
    let mut findings = Vec::new();
    for (path, way) in SETTINGS {
        let text = read(path);
        let named = keys(&text, way);
        assert!(!named.is_empty(), "{path} names no setting: look whether this test still finds them");
        findings.extend(unknown_settings(path, &named));
    }
    findings.extend(unknown_settings(DOCKERFILE, &of_image(&read(DOCKERFILE))));
    demand(
        "every setting in the manifests is one of config::KEYS, as `.env.example` lists them",
        "the server passes over a variable that it does not know",
        findings,
    );
}

#[test]
fn files_are_whole() {
    let mut paths = Vec::new();
    files(&root().join(FOLDER), &mut paths);
    demand(
        "no file of deploy/ is empty, JSON parses, YAML has no tabs",
        "nothing of the product reads them, so nothing else would notice",
        paths.iter().flat_map(|path| broken(path, &read(path))).collect(),
    );
}

#[test]
fn wrong_names_and_broken_files_are_found() {
    let text = "fn f() { metrics::counter!(\"switchboard_a_total\", \"x\" => y).increment(1);
                metrics::histogram!(\"switchboard_b_seconds\").record(1.0); }";
    let metrics = exported(&[Source::of("src/a.rs", text)]);
    let unknown = |text: &str| unknown_metrics("x.json", text, &metrics);
    assert_eq!(unknown("rate(switchboard_a_total[5m]) > switchboard_b_seconds_bucket{le=\"1\"}"), []);
    for wrong in
        ["switchboard_a", "switchboard_a_total_sum", "sum(switchboard_b_seconds)", "switchboard_c_bucket"]
    {
        assert_eq!(unknown(wrong).len(), 1, "{wrong}");
    }
    let text = "a:\n  x:\n    environment:\n      NO: 1\n  b:\n    # NO: 1\n    environment:\n      DATA_DIR: 1\n      \
                # NO: 2\n      DATA_DIRS: |\n        deep: 1\n    after: 2\n";
    let named = keys(text, &["a", "b", "environment"]);
    assert_eq!(named, [(8, "DATA_DIR"), (10, "DATA_DIRS")]);
    assert_eq!(unknown_settings("x.yaml", &named).len(), 1);
    assert_eq!(of_image("FROM x\nENV DATA_DIR=/data\nENVY a=b\n"), [(2, "DATA_DIR")]);
    assert_eq!(broken("x.json", "{}"), []);
    for (path, text) in [("x.json", "{"), ("x.yaml", "a:\n\tb: 1\n"), ("x.service", " \n")] {
        assert_eq!(broken(path, text).len(), 1, "{path}");
    }
}
