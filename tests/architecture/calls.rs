//! Rule 5, content: nothing panics, nothing is unsafe, and time, ids and chance come from one place.

use crate::sources::{Finding, Source, demand, production};
use crate::tokens::{Kind, Token, stands};

/// Where time may be asked for.
const CLOCKS: &[(&str, &str)] = &[
    ("src/clock.rs", "the server's only clock"),
    ("src/ids.rs", "an id holds the time it was made"),
    ("fetcher/src/body.rs", "how fast a body comes; a leaf that knows nothing of the server"),
    ("src/simulator/", "shares no code with the server, nor its clock"),
    ("benches/src/", "time is what it is about; shares no code with the server"),
    ("xtask/src/processes.rs", "waits for processes; shares no code with the server"),
];

/// Where chance may come from.
const CHANCE: &[(&str, &str)] = &[
    ("src/ids.rs", "ids and tokens"),
    ("src/jobs/runner.rs", "spreads retries; no secret"),
    ("src/realtime/broker/redis.rs", "spreads reconnections; no secret"),
    ("src/simulator/", "its own generator: a seed gives the same course again"),
];

fn may(list: &[(&str, &str)], source: &Source) -> bool {
    list.iter().any(|(path, _)| source.path.starts_with(path))
}

fn panics(sources: &[Source]) -> Vec<Finding> {
    const METHODS: &[&str] = &["unwrap", "expect", "unwrap_err", "expect_err", "unwrap_unchecked"];
    const MACROS: &[&str] = &["panic", "todo", "unimplemented", "unreachable", "dbg"];
    let mut findings = Vec::new();
    for source in sources {
        let code = source.code();
        for (at, token) in code.iter().enumerate().skip(1) {
            let named = |names: &[&str]| names.iter().any(|name| token.is(name));
            let before = &code[at - 1];
            // `.unwrap()`, and `Option::unwrap` as a function.
            if named(METHODS) && (before.is(".") && stands(code, at + 1, &["("]) || before.is(":")) {
                findings.push(source.finding(token.line, format!("`{}`", token.text)));
            }
        }
        for (at, token) in code.iter().enumerate() {
            if MACROS.iter().any(|name| token.is(name)) && stands(code, at + 1, &["!"]) {
                findings.push(source.finding(token.line, format!("`{}!`", token.text)));
            }
        }
    }
    findings
}

/// `a[b]`: a bracket behind a name, a call or another index.
fn indexing(sources: &[Source]) -> Vec<Finding> {
    // Behind these a bracket opens an array or a pattern.
    const KEYWORDS: &[&str] = &[
        "in", "return", "mut", "else", "match", "let", "if", "while", "break", "dyn", "as", "const", "ref",
        "move", "box", "for", "where", "impl", "static", "type", "use", "yield",
    ];
    let mut findings = Vec::new();
    for source in sources {
        let code = source.code();
        for at in (1..code.len()).filter(|at| code[*at].is("[")) {
            let before = &code[at - 1];
            let name = before.kind == Kind::Word
                && !KEYWORDS.contains(&before.text.as_str())
                && !lifetime(code, at - 1);
            let end = before.is(")") || before.is("]") || before.is("?");
            // `a[..]` is all of it, and can't fail.
            let whole = stands(code, at + 1, &[".", ".", "]"]);
            if (name || end) && !whole {
                findings.push(source.finding(code[at].line, format!("`{}[…]`", before.text)));
            }
        }
    }
    findings
}

/// `&'a [T]`: the name is a lifetime's.
fn lifetime(code: &[Token], at: usize) -> bool {
    at > 0 && code[at - 1].is("'")
}

fn unsafe_code(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let bad = source.tokens.iter().filter(|token| token.is("unsafe"));
        findings.extend(bad.map(|token| source.finding(token.line, "`unsafe`")));
    }
    findings
}

fn clocks(sources: &[Source]) -> Vec<Finding> {
    const ASKED: &[(&[&str], &str)] = &[
        (&["SystemTime", ":", ":", "now"], "SystemTime::now"),
        (&["Instant", ":", ":", "now"], "Instant::now"),
        (&["Utc", ":", ":", "now"], "Utc::now"),
        (&["Local", ":", ":", "now"], "Local::now"),
        (&["now_v7"], "now_v7"),
        (&["new_v7"], "new_v7"),
        (&["new_v4"], "new_v4"),
        (&["UNIX_EPOCH", ".", "elapsed"], "UNIX_EPOCH.elapsed"),
    ];
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !may(CLOCKS, source)) {
        let code = source.code();
        for (at, token) in code.iter().enumerate() {
            let asked = ASKED.iter().find(|(texts, _)| stands(code, at, texts));
            findings.extend(asked.map(|(_, name)| source.finding(token.line, format!("`{name}`"))));
        }
    }
    findings
}

fn chance(sources: &[Source]) -> Vec<Finding> {
    const NAMES: &[&str] = &["rand", "getrandom", "fastrand", "OsRng", "SysRng", "thread_rng"];
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !may(CHANCE, source)) {
        let code = source.code();
        for (at, token) in code.iter().enumerate() {
            let field = at > 0 && code[at - 1].is(".");
            if NAMES.iter().any(|name| token.is(name)) && !field {
                findings.push(source.finding(token.line, format!("`{}`", token.text)));
            }
        }
    }
    findings
}

#[test]
fn nothing_panics() {
    demand(
        "no unwrap, expect, panic!, todo!, unimplemented!, unreachable! or dbg! outside of tests",
        "a request must end in an answer, and a worker must go on; what can't be is an error like others",
        panics(&production()),
    );
}

#[test]
fn nothing_is_indexed() {
    demand(
        "no `a[b]` outside of tests: use get, first, split_at_checked, patterns",
        "an index out of bounds is a panic that no type shows",
        indexing(&production()),
    );
}

#[test]
fn nothing_is_unsafe() {
    demand("no `unsafe`", "memory safety is the compiler's work", unsafe_code(&production()));
}

#[test]
fn time_comes_from_the_clock() {
    demand(
        "only clock.rs and ids.rs ask what time it is",
        "a reader knows where time comes in, and all of it has the database's precision",
        clocks(&production()),
    );
}

#[test]
fn chance_comes_from_ids() {
    demand(
        "random numbers come from ids.rs, or the file is in CHANCE",
        "secrets are all made by one generator, and what repeats in a test repeats",
        chance(&production()),
    );
}

#[test]
fn the_lists_of_calls_name_only_what_is_there() {
    let sources = production();
    for (path, reason) in CLOCKS.iter().chain(CHANCE) {
        assert!(!reason.is_empty());
        assert!(
            sources.iter().any(|source| source.path.starts_with(path)),
            "{path} is not there: take it off"
        );
    }
}

#[test]
fn bad_calls_are_found() {
    let count = |rule: fn(&[Source]) -> Vec<Finding>, text: &str| {
        rule(&[Source::of("src/inbox/service.rs", text)]).len()
    };
    for text in [
        "x.unwrap()",
        "x.expect(\"y\")",
        "a.map(Option::unwrap)",
        "panic!()",
        "todo!()",
        "unimplemented!()",
        "dbg!(x)",
        "format!(\"{}\", x.unwrap())",
        "tokio::select! { x = y => z.expect(\"a\") }",
    ] {
        assert_eq!(count(panics, &format!("fn f() {{ {text}; }}")), 1, "{text}");
    }
    assert_eq!(count(panics, "fn f() { x.unwrap_or(1); } #[test] fn t() { x.unwrap(); panic!() }"), 0);
    for text in ["a[0]", "f()[0]", "a.b[1..]", "&a[..n]", "format!(\"{}\", a[0])", "x?[0]", "*self.a[b]"] {
        assert_eq!(count(indexing, &format!("fn f() {{ {text}; }}")), 1, "{text}");
    }
    let fine = "#[derive(X)] struct S<'a>(&'a [u8], [u8; 2]); fn f(a: &mut [u8]) { vec![1]; for x in [1] {} let [b] = c;
                match d { [e] => [e], _ => [f] } #[cfg(x)] g(&[1], &h[..]); }";
    assert_eq!(count(indexing, fine), 0);
    assert_eq!(count(unsafe_code, "fn f() { unsafe { g() } }"), 1);
    for text in
        ["SystemTime::now()", "std::time::Instant::now()", "a.unwrap_or_else(Utc::now)", "Uuid::now_v7()"]
    {
        assert_eq!(count(clocks, &format!("fn f() {{ {text}; }}")), 1, "{text}");
        assert_eq!(clocks(&[Source::of("src/clock.rs", &format!("fn f() {{ {text}; }}"))]), []);
    }
    assert_eq!(count(chance, "fn f() { rand::random(); }"), 1);
}
