//! The planted faults: reads `mutations.txt`, plants all of them in a copy of the sources, and shows that each scenario
//! turns red under its own.
//!
//! All faults are in one build and asleep; the environment of a process wakes one (`STRESS_PLANTED`). The product's own
//! sources know nothing of it. Invariants: every scenario has one mutation of its name and every mutation a scenario;
//! the text that a mutation replaces is in its file exactly once.

use crate::scenarios::Scenario;
use crate::stage::Ground;
use futures_util::StreamExt;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;
use switchboard::clock;

const LIST: &str = include_str!("mutations.txt");
/// Processes at a time. They mostly wait for what does not come.
const AT_ONCE: usize = 10;
/// What a copy is made of. Not the web app, and no program: it would be built into the project's own place.
const COPIED: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "migrations",
    "src",
    "tests/faults",
    "tests/stress",
    "webhooks/Cargo.toml",
    "webhooks/src",
    "xtask/Cargo.toml",
    "xtask/src",
    "benches/Cargo.toml",
    "benches/src",
];
const PROGRAM: &str = "src/main.rs";
const ROOT: &str = "src/lib.rs";
const SWITCH: &str = r#"
/// Whether this planted fault is awake.
pub fn planted(name: &str) -> bool {
    static AWAKE: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| std::env::var("STRESS_PLANTED").ok());
    AWAKE.as_deref() == Some(name)
}
"#;

/// A fault.
#[derive(Debug, Default)]
struct Mutation {
    /// Of its scenario.
    name: String,
    file: String,
    what: String,
    /// Texts and what takes their place.
    edits: Vec<(String, String)>,
}

/// Reads the list.
fn parse() -> Result<Vec<Mutation>, String> {
    let mut mutations: Vec<Mutation> = Vec::new();
    for (line, number) in LIST.lines().zip(1..) {
        let bad = || format!("mutations.txt:{number}: {line}");
        if let Some(head) = line.strip_prefix('[') {
            let (name, file) = head.split_once("] ").ok_or_else(bad)?;
            mutations.push(Mutation { name: name.to_owned(), file: file.to_owned(), ..Mutation::default() });
            continue;
        }
        let Some(mutation) = mutations.last_mut() else { continue };
        let add = |text: &mut String, more: &str| {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(more);
        };
        match line.split_at_checked(2) {
            Some(("- ", old)) => match mutation.edits.last_mut().filter(|(_, new)| new.is_empty()) {
                Some((text, _)) => add(text, old),
                None => mutation.edits.push((old.to_owned(), String::new())),
            },
            Some(("+ ", new)) => {
                let new = new.replace("PLANTED", &format!("crate::planted(\"{}\")", mutation.name));
                add(&mut mutation.edits.last_mut().ok_or_else(bad)?.1, &new);
            }
            _ if line.is_empty() => {}
            _ => add(&mut mutation.what, line),
        }
    }
    Ok(mutations)
}

/// The files with all faults planted.
fn planted(mutations: &[Mutation]) -> Result<BTreeMap<String, String>, String> {
    let mut files: BTreeMap<String, (String, String)> = BTreeMap::new();
    for mutation in mutations {
        let Mutation { name, file, edits, .. } = mutation;
        if !files.contains_key(file) {
            let text =
                fs::read_to_string(root().join(file)).map_err(|error| format!("{name}: {file}: {error}"))?;
            files.insert(file.clone(), (text.clone(), text));
        }
        let Some((original, text)) = files.get_mut(file) else { continue };
        if edits.is_empty() || mutation.what.is_empty() {
            return Err(format!("{name}: says not what is planted where"));
        }
        for (old, new) in edits {
            // In the original too: a text that only another fault brought is none of the product's.
            for text in [&*original, &*text] {
                match text.matches(old.as_str()).count() {
                    1 => {}
                    0 => return Err(format!("{name}: {file} does not hold (any more): {old}")),
                    times => return Err(format!("{name}: {file} holds {times} times: {old}")),
                }
            }
            if !new.contains("crate::planted(") {
                return Err(format!("{name}: it would never sleep: {new}"));
            }
            *text = text.replacen(old.as_str(), new, 1);
        }
    }
    Ok(files.into_iter().map(|(file, (_, text))| (file, text)).collect())
}

/// Whether these sources are a copy with faults in it.
fn is_copy() -> bool {
    fs::read_to_string(root().join(ROOT)).is_ok_and(|text| text.contains("pub fn planted("))
}

/// Every scenario has its mutation, every mutation its scenario, and each fits the sources.
pub fn check(scenarios: &[Scenario]) -> Result<(), String> {
    let mutations = parse()?;
    let (here, there): (BTreeSet<&str>, BTreeSet<&str>) = (
        scenarios.iter().map(|scenario| scenario.name).collect(),
        mutations.iter().map(|mutation| mutation.name.as_str()).collect(),
    );
    if here != there || there.len() != mutations.len() || here.len() != scenarios.len() {
        let odd: Vec<_> = here.symmetric_difference(&there).collect();
        return Err(format!("mutations.txt and the scenarios are not one to one: {odd:?}"));
    }
    if is_copy() { Ok(()) } else { planted(&mutations).map(drop) }
}

/// Makes or renews the copy. What has not changed keeps its time, so that little is built anew.
pub fn plant(folder: &Path) -> Result<(), String> {
    let faults = planted(&parse()?)?;
    let mut paths = BTreeSet::new();
    for part in COPIED {
        walk(&root().join(part), &mut paths);
    }
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut kept = BTreeSet::new();
    for path in paths {
        let short = path.strip_prefix(root()).map_err(|error| error.to_string())?;
        let name = short.to_string_lossy().into_owned();
        if name == PROGRAM {
            continue;
        }
        let mut bytes = fs::read(&path).map_err(wrong)?;
        if let Some(text) = faults.get(&name) {
            bytes = text.clone().into_bytes();
        }
        if name == ROOT {
            bytes.extend(SWITCH.as_bytes());
        }
        if name == "Cargo.toml" {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            bytes = text.replace("default-run = \"switchboard\"\n", "").into_bytes();
        }
        let target = folder.join(short);
        if fs::read(&target).ok().as_deref() != Some(&bytes) {
            fs::create_dir_all(target.parent().unwrap_or(folder)).map_err(wrong)?;
            fs::write(&target, bytes).map_err(wrong)?;
        }
        kept.insert(target);
    }
    let mut there = BTreeSet::new();
    for part in ["src", "tests", "migrations"] {
        walk(&folder.join(part), &mut there);
    }
    for path in there.difference(&kept) {
        fs::remove_file(path).map_err(wrong)?;
    }
    println!("{} faults are planted in {}", parse()?.len(), folder.display());
    Ok(())
}

fn walk(path: &Path, into: &mut BTreeSet<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| walk(&entry.path(), into)),
        Err(_) if path.is_file() => drop(into.insert(path.to_owned())),
        Err(_) => {}
    }
}

/// The workspace's folder, or the copy's.
fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// Runs the scenarios without any fault, then each under its own, and prints the table.
pub async fn run(scenarios: &[Scenario]) -> Result<(), String> {
    if !is_copy() {
        return Err("no faults are planted in these sources: run `cargo xtask mutate`".to_owned());
    }
    let mutations = parse()?;
    // Migrated once; each process gets a clone.
    Ground::create().await.leave();
    println!("all of them, the faults asleep:");
    let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name).collect();
    let asleep = process(&names, None).await?;
    print!("{}", String::from_utf8_lossy(&asleep.stdout));
    if !asleep.status.success() {
        return Err("they must be green while the faults sleep".to_owned());
    }
    println!("\neach under its own fault:");
    let runs = scenarios.iter().map(|scenario| async {
        let begin = clock::monotonic();
        let output = process(&[scenario.name], Some(scenario.name)).await?;
        let what =
            mutations.iter().find(|mutation| mutation.name == scenario.name).map(|it| it.what.as_str());
        Ok::<_, String>(tell(scenario.name, what.unwrap_or_default(), &output, begin.elapsed()))
    });
    let results: Vec<_> = futures_util::stream::iter(runs).buffer_unordered(AT_ONCE).collect().await;
    let results: Vec<bool> = results.into_iter().collect::<Result<_, _>>()?;
    let survived = results.iter().filter(|red| !**red).count();
    println!(
        "{} faults: {} turned their scenario red, {survived} did not",
        results.len(),
        results.len() - survived
    );
    if survived == 0 { Ok(()) } else { Err("a fault that nobody sees".to_owned()) }
}

async fn process(names: &[&str], fault: Option<&str>) -> Result<Output, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = tokio::process::Command::new(program);
    command.args(names).arg("--exact").env("STRESS_TEMPLATE", Ground::name()).kill_on_drop(true);
    if let Some(fault) = fault {
        command.env("STRESS_PLANTED", fault);
    }
    let limit = Duration::from_secs(120);
    let output =
        tokio::time::timeout(limit, command.output()).await.map_err(|_| "a process hangs".to_owned())?;
    output.map_err(|error| error.to_string())
}

/// One line of the table. True: red, by the scenario's own doing.
fn tell(name: &str, what: &str, output: &Output, took: Duration) -> bool {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with(&format!("scenario {name} ... FAILED")));
    let why = match line.and_then(|line| line.split_once("): ")) {
        Some((_, why)) => why.chars().take(150).collect(),
        None => format!("stays green: {}", String::from_utf8_lossy(&output.stderr)),
    };
    let verdict = if line.is_some() { "red  " } else { "GREEN" };
    println!("{verdict} {name} ({:.0} s)\n      fault: {what}\n      seen:  {why}", took.as_secs_f64());
    line.is_some()
}
