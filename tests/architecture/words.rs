//! Rules 2 and 3: the words of a feature folder, and what a file of each word must not hold.

use crate::paths::used;
use crate::sources::{Finding, Source, demand, server};
use crate::statements::calls_of_sql;
use crate::tokens::stands;
use std::collections::BTreeSet;
use syn::Item;

/// Folders with the vocabulary of features. `db`, `http`, `webapp` and `simulator` are plain libraries with names of their own.
const FOLDERS: &[&str] = &[
    "jobs",
    "log",
    "auth",
    "secrets",
    "tenants",
    "realtime",
    "channels",
    "customers",
    "inbox",
    "kanban",
    "timeline",
    "attachments",
    "drafts",
    "files",
    "notifications",
    "saved_replies",
    "templates",
    "ingest",
    "outbox",
];

const WORDS: &[&str] = &["mod", "model", "store", "service", "routes", "events", "jobs"];

/// Further words, with why the vocabulary has none for it.
const EXTRA: &[(&str, &str, &str)] = &[
    ("attachments", "fetch", "the job that brings a file from its platform"),
    ("attachments", "serve", "a file as an answer, with ranges and headers"),
    ("auth", "actor", "who is asking, as every route takes it"),
    ("auth", "authenticate", "the one function that finds out who is asking"),
    ("auth", "context", "what sign-in needs of the process"),
    ("auth", "cookies", "names and flags of the cookies"),
    ("auth", "idempotency", "a repeated write gets its first answer, for every feature"),
    ("auth", "origins", "which pages may write by cookie"),
    ("auth", "password", "hashing, with its cost and its queue"),
    ("auth", "policy", "permissions and roles"),
    ("auth", "revocations", "tells sockets that a session ended"),
    ("channels", "graph", "the client of Meta's Graph"),
    ("channels", "journal", "the writer that commits webhooks in groups"),
    ("channels", "masking", "bodies of webhooks without personal data"),
    ("channels", "reception", "the webhook's own routes: raw bytes and signatures, no JSON and no sign-in"),
    ("customers", "listing", "what lists of all features have in common"),
    ("customers", "patch", "what edits of all features have in common"),
    ("customers", "refusals", "what edits of all features refuse alike"),
    ("customers", "text", "one-line texts from outside, for all features"),
    ("files", "inspect", "what a file is, and what can be shown of it"),
    ("files", "objects", "the store behind the rows"),
    ("files", "sweep", "clears away what nobody needs"),
    ("inbox", "counting", "the task that keeps everybody's counts live"),
    ("inbox", "cursor", "the places of its lists, as text"),
    ("inbox", "edit", "the body of a PATCH and what it may change"),
    ("ingest", "batch", "one batch in one transaction"),
    ("ingest", "emit", "the events of a decided batch"),
    ("ingest", "leads", "a form's fields become a lead"),
    ("ingest", "load", "reads what a batch needs, with a fixed number of statements"),
    ("ingest", "needs", "what a batch needs to know, from its facts"),
    ("ingest", "opening", "a conversation in which the business writes first"),
    ("ingest", "pump", "the queue from the journal, and the sweep"),
    ("ingest", "route", "which tenant a delivery belongs to"),
    ("ingest", "rows", "rows as a batch loads and writes them"),
    ("ingest", "world", "the rules of what a fact does, in memory"),
    ("ingest", "write", "carries a decided world into the tables"),
    ("jobs", "resources", "what jobs use that may be slow for all who use it"),
    ("outbox", "call", "a message in a platform's own form"),
    ("outbox", "content", "kinds of messages that are neither text nor file"),
    ("outbox", "lane", "the job that sends a conversation's messages"),
    ("outbox", "media", "which files a channel takes, and as what"),
    ("outbox", "pace", "how fast a channel may send"),
    ("outbox", "refusals", "what a platform's error codes mean"),
    ("outbox", "reaction", "a colleague's reaction to a message, and its way out"),
    ("outbox", "signals", "typing and reading, told to the customer"),
    ("outbox", "upload", "a message's file on its way, before the message"),
    ("secrets", "held", "decrypted secrets in memory, and which of them count"),
    ("secrets", "keys", "where the key-encryption keys come from"),
    ("templates", "fill", "a template with its values"),
    ("templates", "parameters", "what has to be filled into a template"),
    ("jobs", "runner", "claims jobs and runs them"),
    ("jobs", "schedule", "runs things once across nodes"),
    ("kanban", "edit", "the body of a PATCH and what it may change"),
    ("log", "append", "the one way to make an event"),
    ("log", "read", "the log from a place on"),
    ("log", "retention", "how long events are kept"),
    ("realtime", "broker", "the bus between nodes, in two kinds"),
    ("realtime", "encoded", "events as text, encoded once for all sockets"),
    ("realtime", "hub", "all sockets of a node"),
    ("realtime", "local", "users of this node, with their sockets"),
    ("realtime", "locals", "the tenants with sockets on this node"),
    ("realtime", "pages", "pages of the log that sockets share"),
    ("realtime", "presence", "who is in which room"),
    ("realtime", "protocol", "the frames of contract section 6"),
    ("realtime", "relay", "from the commit to the streams of all nodes"),
    ("realtime", "room", "names of rooms"),
    ("realtime", "session", "one socket's task"),
    ("realtime", "stream", "the tail of a tenant's log in memory"),
    ("realtime", "sync", "the lock of what tasks share, which tests schedule"),
];

/// The file's word: the first name inside its folder.
fn word(source: &Source) -> Option<&str> {
    if !FOLDERS.contains(&source.top()) || source.test {
        return None;
    }
    Some(source.module.get(1).map_or("mod", String::as_str))
}

fn unknown_words(sources: &[Source]) -> Vec<Finding> {
    let known = |folder: &str, word: &str| {
        WORDS.contains(&word)
            || EXTRA.iter().any(|(f, w, reason)| *f == folder && *w == word && !reason.is_empty())
    };
    sources
        .iter()
        .filter_map(|source| Some((source, word(source)?)))
        .filter(|(source, word)| !known(source.top(), word))
        .map(|(source, word)| {
            source.finding(
                1,
                format!("`{word}` is no word of a feature folder, and not in EXTRA with a reason"),
            )
        })
        .collect()
}

/// Functions in the `mod.rs` of a feature.
fn logic_in_mod(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| word(source) == Some("mod")) {
        for item in &source.syntax().items {
            let line = syn::spanned::Spanned::span(item).start().line;
            let what = match item {
                Item::Fn(_) => "a function",
                Item::Impl(_) => "an implementation",
                Item::Macro(_) => "a macro",
                Item::Static(_) => "a static",
                Item::Trait(_) => "a trait",
                Item::Mod(inner) if inner.content.is_some() && !for_tests(&inner.attrs) => "an inline module",
                _ => continue,
            };
            findings.push(source.finding(line, format!("{what} in mod.rs")));
        }
    }
    findings
}

fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
    })
}

/// Crates that a file of a word must not name.
fn foreign(word: &str) -> &'static [&'static str] {
    match word {
        "service" => &["actix_web", "actix_http", "redis", "reqwest", "utoipa", "utoipa_actix_web"],
        "model" => {
            &["actix_web", "actix_http", "diesel_async", "redis", "reqwest", "tokio", "tokio_postgres"]
        }
        "store" => &["actix_web", "actix_http", "redis", "reqwest", "utoipa", "utoipa_actix_web"],
        "events" | "jobs" => &["actix_web", "actix_http", "diesel", "diesel_async"],
        "routes" => &["diesel", "diesel_async", "redis", "reqwest"],
        _ => &[],
    }
}

fn misplaced(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let Some(word) = word(source) else { continue };
        let code = source.code();
        for (at, token) in code.iter().enumerate() {
            let named = foreign(word).iter().find(|name| token.is(name) && !stands(code, at + 1, &["="]));
            let field = at > 0 && (code[at - 1].is(".") || code[at - 1].is("fn"));
            if let Some(name) = named.filter(|_| !field && (stands(code, at + 1, &[":", ":"]))) {
                findings.push(source.finding(token.line, format!("`{name}` in {word}")));
            }
            if word == "model" && token.is("async") {
                findings.push(source.finding(token.line, "`async` in model"));
            }
        }
        if matches!(word, "routes" | "service" | "model" | "events" | "jobs" | "mod") {
            findings.extend(
                calls_of_sql(source).iter().map(|call| source.finding(call.line, format!("SQL in {word}"))),
            );
        }
        if matches!(word, "model" | "events") {
            let doors = used(source).into_iter().filter(|path| {
                path.segments.first().is_some_and(|top| top == "db")
                    && !path.segments.iter().any(|segment| segment == "Tenant" || segment == "schema")
            });
            findings.extend(doors.map(|path| source.finding(path.line, format!("the database in {word}"))));
        }
    }
    findings
}

#[test]
fn a_feature_folder_has_only_known_words() {
    demand(
        "files of a feature folder are named by the vocabulary, or stand in EXTRA with a reason",
        "a reader knows every room before entering",
        unknown_words(&server()),
    );
}

#[test]
fn mod_files_hold_no_logic() {
    demand(
        "mod.rs says what a feature owns, its invariants and its surface, and nothing else",
        "a reader of mod.rs sees the whole feature at once",
        logic_in_mod(&server()),
    );
}

#[test]
fn each_word_holds_only_what_it_may() {
    demand(
        "no SQL outside of stores (and ingest's own files), no HTTP below routes, nothing asynchronous in models",
        "each kind of work has one place in a feature: rules can be tested without a database, statements be read together",
        misplaced(&server()),
    );
}

#[test]
fn the_list_of_words_names_only_what_is_there() {
    let there: BTreeSet<(String, String)> = server()
        .iter()
        .filter_map(|source| Some((source.top().to_owned(), word(source)?.to_owned())))
        .collect();
    for (folder, word, _) in EXTRA {
        let named = ((*folder).to_owned(), (*word).to_owned());
        assert!(there.contains(&named), "{folder}/{word} is not there: take it off EXTRA");
    }
}

#[test]
fn misplaced_things_are_found() {
    assert_eq!(unknown_words(&[Source::of("src/inbox/helpers.rs", "")]).len(), 1);
    assert_eq!(unknown_words(&[Source::of("src/inbox/store/helpers.rs", "")]), []);
    for text in ["fn f() {}", "impl X { fn f() {} }", "mod a { fn f() {} }", "macro_rules! m { () => {} }"] {
        assert_eq!(logic_in_mod(&[Source::of("src/inbox/mod.rs", text)]).len(), 1, "{text}");
    }
    let fine = "//! Doc.\nmod a; pub use a::X; const N: u8 = 1; struct S; enum E {} #[cfg(test)] mod tests { fn f() {} }";
    assert_eq!(logic_in_mod(&[Source::of("src/inbox/mod.rs", fine)]), []);
    for (path, text) in [
        ("src/inbox/routes.rs", "fn f() { sql(\"select 1\"); }"),
        ("src/inbox/routes/list.rs", "fn f() { crate::db::sql(\"select 1\"); }"),
        ("src/inbox/routes.rs", "use diesel_async::RunQueryDsl;"),
        ("src/inbox/service.rs", "use actix_web::web;"),
        ("src/inbox/service/send.rs", "fn f() { sql(TEXT); }"),
        ("src/inbox/model.rs", "async fn f() {}"),
        ("src/inbox/model.rs", "fn f() { tokio::spawn(x); }"),
        ("src/inbox/model.rs", "use crate::db::Tx;"),
        ("src/inbox/store.rs", "use reqwest::Client;"),
        ("src/ingest/jobs.rs", "fn f() { sql(\"select 1\"); }"),
    ] {
        assert_eq!(misplaced(&[Source::of(path, text)]).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("src/inbox/store.rs", "fn f() { sql(\"select 1\"); }"),
        ("src/inbox/model.rs", "use diesel::QueryableByName; #[cfg(test)] mod tests { async fn f() {} }"),
        ("src/http/body.rs", "use actix_web::web; async fn f() {}"),
    ] {
        assert_eq!(misplaced(&[Source::of(path, text)]), [], "{path}: {text}");
    }
}
