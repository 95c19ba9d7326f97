//! The sources of the workspace, parsed, and how a rule tells what breaks it.

use crate::tokens::{Kind, Token, flatten, stands};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One file.
pub struct Source {
    /// From the workspace's folder, as `src/inbox/store/list.rs`.
    pub path: String,
    pub text: String,
    pub syntax: syn::File,
    pub tokens: Vec<Token>,
    /// As `inbox`, `store`, `list`.
    pub module: Vec<String>,
    /// The whole file is compiled for tests only.
    pub test: bool,
}

impl Source {
    /// A source with a path, parsed.
    pub fn of(path: &str, text: &str) -> Self {
        let problem = |what: &dyn std::fmt::Display| -> ! { panic!("{path} is no Rust: {what}") };
        let syntax = syn::parse_file(text).unwrap_or_else(|error| problem(&error));
        let stream = text.parse().unwrap_or_else(|error| problem(&error));
        let tokens = flatten(stream);
        let module = module_of(path);
        Self { path: path.to_owned(), text: text.to_owned(), syntax, tokens, module, test: false }
    }

    /// The folder or file directly below `src`: a module of `lib.rs`.
    pub fn top(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    /// Whether it is part of the server (not of another crate of the workspace).
    pub fn of_server(&self) -> bool {
        self.path.starts_with("src/")
    }

    /// The tokens outside of attributes and tests; comments are attributes.
    pub fn code(&self) -> Vec<Token> {
        let all = if self.test { &[] } else { self.tokens.as_slice() };
        all.iter().filter(|token| !token.attribute && !token.test).cloned().collect()
    }

    pub fn finding(&self, line: usize, text: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, text: text.into() }
    }
}

fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once("src/").map_or(path, |(_, inside)| inside).trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || (parts.len() == 1 && last == "lib")) {
        parts.pop();
    }
    parts
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub text: String,
}

/// Fails with all findings, and with why the rule is there.
pub fn demand(rule: &str, reason: &str, mut findings: Vec<Finding>) {
    findings.sort();
    findings.dedup();
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| format!("  {}:{}: {}", finding.path, finding.line, finding.text))
        .collect();
    assert!(
        lines.is_empty(),
        "\nRule: {rule}\nWhy: {reason}\n{} broken:\n{}\n",
        lines.len(),
        lines.join("\n")
    );
}

/// The workspace's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the workspace.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} can't be read: {error}"))
}

/// Every source of the server, of the webhooks crate and of xtask.
pub fn production() -> Vec<Source> {
    below(&["src", "webhooks/src", "xtask/src"])
}

/// Those and all tests.
pub fn everything() -> Vec<Source> {
    below(&["src", "webhooks/src", "webhooks/tests", "xtask/src", "tests", "benches"])
}

/// The server's own sources, without the command line and the list of modules.
pub fn server() -> Vec<Source> {
    let mut sources = below(&["src"]);
    sources.retain(|source| !matches!(source.path.as_str(), "src/main.rs" | "src/lib.rs"));
    sources
}

fn below(folders: &[&str]) -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in folders {
        files(&root().join(folder), &mut paths);
    }
    paths.sort();
    let mut sources: Vec<Source> = paths
        .iter()
        .map(|path| {
            let short = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
            Source::of(&short, &std::fs::read_to_string(path).expect("readable"))
        })
        .collect();
    mark_tests(&mut sources);
    sources
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// Files that only `#[cfg(test)] mod name;` brings in, and all of `tests/`.
fn mark_tests(sources: &mut [Source]) {
    let mut folders = BTreeSet::new();
    for source in sources.iter() {
        let tokens = &source.tokens;
        for at in (0..tokens.len()).filter(|at| tokens[*at].test && tokens[*at].is("mod")) {
            if stands(tokens, at + 2, &[";"]) && tokens[at + 1].kind == Kind::Word {
                let whole = source.path.trim_end_matches("mod.rs").trim_end_matches(".rs").trim_end_matches('/');
                folders.insert(format!("{whole}/{}", tokens[at + 1].text));
            }
        }
    }
    for source in sources {
        let inside =
            |folder: &String| source.path == format!("{folder}.rs") || source.path.starts_with(&format!("{folder}/"));
        let in_tests = source.path.starts_with("tests/") || source.path.contains("/tests/");
        source.test = in_tests || folders.iter().any(inside);
    }
}

#[test]
fn files_of_tests_are_known() {
    let mut sources = vec![
        Source::of("src/a/mod.rs", "#[cfg(test)] mod cases; mod real;"),
        Source::of("src/a/cases/mod.rs", ""),
        Source::of("src/a/real.rs", ""),
    ];
    mark_tests(&mut sources);
    assert_eq!(sources.iter().map(|source| source.test).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(sources[2].module, ["a", "real"]);
    assert_eq!(sources[0].module, ["a"]);
}
