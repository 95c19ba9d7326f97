//! Rule 6: `.env.example` lists every setting.

use crate::sources::{Finding, demand, read};
use switchboard::config::KEYS;

const FILE: &str = ".env.example";

/// Compares the file with the settings: every one, in order, commented out, with its default and a comment above.
fn differences(text: &str, keys: &[(&str, &str)]) -> Vec<Finding> {
    let finding = |line: usize, text: String| Finding { path: FILE.to_owned(), line, text };
    let mut findings = Vec::new();
    let mut found = Vec::new();
    let mut explained = false;
    for (at, line) in text.lines().enumerate() {
        let setting = line.strip_prefix("# ").unwrap_or(line).split_once('=');
        let setting = setting
            .filter(|(key, _)| !key.is_empty() && key.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
        match setting {
            Some((key, value)) => {
                if !line.starts_with("# ") {
                    findings.push(finding(at + 1, format!("{key} is not commented out")));
                }
                if !explained {
                    findings.push(finding(at + 1, format!("{key} has no comment above it that explains it")));
                }
                found.push((key, value, at + 1));
                explained = false;
            }
            None => explained = line.starts_with("# ") && line.len() > 12,
        }
    }
    for (at, (key, default)) in keys.iter().enumerate() {
        match found.get(at) {
            Some((name, value, _)) if name == key && value == default => {}
            Some((name, value, line)) => {
                findings.push(finding(*line, format!("`{name}={value}` where `{key}={default}` belongs")));
            }
            None => findings.push(finding(text.lines().count(), format!("{key} is missing"))),
        }
    }
    let more = found.iter().skip(keys.len());
    findings
        .extend(more.map(|(key, _, line)| finding(*line, format!("{key} is no setting, or is repeated"))));
    findings
}

#[test]
fn the_example_lists_every_setting() {
    demand(
        "`.env.example` has exactly the keys of config::KEYS, in order, as `# KEY=default` below a comment",
        "an operator finds every setting in one place, and copies nothing that is not the default already",
        differences(&read(FILE), KEYS),
    );
}

#[test]
fn bad_examples_are_found() {
    let keys = [("A", "1"), ("B_C", "")];
    let good = "# What A is for.\n# A=1\n\n# What B is for.\n# B_C=\n";
    assert_eq!(differences(good, &keys), []);
    for (from, to) in [
        ("# A=1", "# A=2"),
        ("# A=1", "A=1"),
        ("# What B is for.\n", ""),
        ("# B_C=\n", ""),
        ("# B_C=\n", "# B_C=\n# What D is for.\n# D=\n"),
    ] {
        assert_eq!(differences(&good.replace(from, to), &keys).len(), 1, "{to}");
    }
}
