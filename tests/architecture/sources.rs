//! The sources of the workspace, parsed, and how a rule tells what breaks it.

use crate::tokens::{Kind, Token, flatten, stands};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// One file.
#[derive(Clone)]
pub struct Source {
    /// From the workspace's folder, as `src/inbox/store/list.rs`.
    pub path: String,
    pub text: Arc<str>,
    pub tokens: Arc<[Token]>,
    /// The tokens outside of attributes and tests; comments are attributes.
    code: Arc<[Token]>,
    /// As `inbox`, `store`, `list`.
    pub module: Vec<String>,
    /// The whole file is compiled for tests only.
    pub test: bool,
}

impl Source {
    /// A source with a path, read as Rust.
    pub fn of(path: &str, text: &str) -> Self {
        let stream = text.parse().unwrap_or_else(|error| panic!("{path} is no Rust: {error}"));
        let tokens = flatten(stream);
        let code = tokens.iter().filter(|token| !token.attribute && !token.test).cloned().collect();
        let module = module_of(path);
        Self { path: path.to_owned(), text: text.into(), tokens: tokens.into(), code, module, test: false }
    }

    /// The items of the file.
    pub fn syntax(&self) -> syn::File {
        syn::parse_file(&self.text).unwrap_or_else(|error| panic!("{} is no Rust: {error}", self.path))
    }

    /// The tokens outside of attributes and tests.
    pub fn code(&self) -> &[Token] {
        if self.test { &[] } else { &self.code }
    }

    /// The folder or file directly below `src`: a module of `lib.rs`.
    pub fn top(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
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
    /// Of a file, or what else breaks it: a table, a route.
    pub path: String,
    /// 0: there is none.
    pub line: usize,
    pub text: String,
}

/// Fails with all findings, and with why the rule is there.
pub fn demand(rule: &str, reason: &str, mut findings: Vec<Finding>) {
    findings.sort();
    findings.dedup();
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| match finding.line {
            0 => format!("  {}: {}", finding.path, finding.text),
            line => format!("  {}:{line}: {}", finding.path, finding.text),
        })
        .collect();
    assert!(
        lines.is_empty(),
        "\nRule: {rule}\nWhy: {reason}\n{} broken:\n{}\n",
        lines.len(),
        lines.join("\n")
    );
}

/// The workspace's folder: where cargo runs the test, which may be a copy of where it was built.
pub fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

/// A file of the workspace.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} can't be read: {error}"))
}

/// All sources of the workspace, read once.
static ALL: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let crates = ["webhooks", "fetcher", "media", "vault"]
        .map(|name| [format!("{name}/src"), format!("{name}/tests")]);
    let own = ["src", "xtask/src", "tests", "benches"].map(str::to_owned);
    below(&[own.to_vec(), crates.concat()].concat())
});

/// Every source of the server, of the leaf crates and of xtask.
pub fn production() -> Vec<Source> {
    ALL.iter().filter(|source| source.path.contains("src/")).cloned().collect()
}

/// Those and all tests.
pub fn everything() -> Vec<Source> {
    ALL.clone()
}

/// The server's own sources, without the command line and the list of modules.
pub fn server() -> Vec<Source> {
    let own = |source: &&Source| {
        source.path.starts_with("src/") && !["src/main.rs", "src/lib.rs"].contains(&source.path.as_str())
    };
    ALL.iter().filter(own).cloned().collect()
}

fn below(folders: &[String]) -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in folders {
        files(&root().join(folder), &mut paths);
    }
    paths.sort();
    let mut sources: Vec<Source> = paths
        .iter()
        .map(|path| {
            let short =
                path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
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
                let path = source.path.trim_end_matches("mod.rs").trim_end_matches("lib.rs");
                let whole = path.trim_end_matches(".rs").trim_end_matches('/');
                folders.insert(format!("{whole}/{}", tokens[at + 1].text));
            }
        }
    }
    for source in sources {
        let inside = |folder: &String| {
            source.path == format!("{folder}.rs") || source.path.starts_with(&format!("{folder}/"))
        };
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
        Source::of("src/lib.rs", "#[cfg(test)] mod b; mod a;"),
        Source::of("src/b.rs", ""),
    ];
    mark_tests(&mut sources);
    let marked: Vec<bool> = sources.iter().map(|source| source.test).collect();
    assert_eq!(marked, [false, true, false, false, true]);
    assert_eq!(sources[2].module, ["a", "real"]);
    assert_eq!(sources[0].module, ["a"]);
}
