//! Rules 3 and 4: statements are constant text behind one function, each binds its tenant, and the doors that don't ask
//! for one are few and named.

use crate::sources::{Finding, Source, demand, server};
use crate::tables::{of_migrations, of_tenants};
use crate::tokens::{Kind, Token, closing, stands};
use std::collections::BTreeSet;

/// Files that may call `Tenant::proven`, with what proves the tenant.
const PROVEN: &[(&str, &str)] = &[
    ("src/auth/authenticate.rs", "the session of a checked token"),
    ("src/channels/store.rs", "the owner of a site key"),
    ("src/files/service.rs", "the row of a link's token"),
    ("src/ingest/pump.rs", "the delivery's row"),
    ("src/ingest/route.rs", "the owner of an account"),
    ("src/jobs/runner.rs", "the job's row"),
    ("src/log/read.rs", "rows of all tenants' counters, for the relay"),
    ("src/tenants/service.rs", "the tenant that was just made"),
    ("src/tenants/store.rs", "the tenant's own row"),
];

/// Files that may open the system door (`Db::system`), with why they can't know a tenant or need more than one.
const SYSTEM: &[(&str, &str)] = &[
    ("src/auth/authenticate.rs", "finds out who is asking"),
    ("src/auth/service/session.rs", "sign-in, refresh and sign-out, by a token's hash"),
    ("src/auth/service/setup.rs", "the first user, and the token that allows to make it"),
    ("src/auth/store/session.rs", "sessions of all tenants whose sockets a node holds; clearing old ones"),
    ("src/auth/store/user.rs", "the credential of an e-mail"),
    ("src/channels/store.rs", "the owner of a site key; clearing old deliveries"),
    ("src/db/statistics.rs", "tables of all tenants, without their rows"),
    ("src/files/service.rs", "whose file a link's token opens"),
    ("src/files/sweep.rs", "links of all tenants that are over"),
    ("src/health.rs", "asks whether the database answers"),
    ("src/ingest/pump.rs", "claims deliveries of everybody"),
    ("src/ingest/route.rs", "finds out whose a delivery is"),
    ("src/jobs/store.rs", "claims jobs of everybody; schedules"),
    ("src/log/read.rs", "places of all tenants' logs; the installation's epoch"),
    ("src/log/retention.rs", "partitions of the log"),
    ("src/secrets/store.rs", "whether anybody's secrets changed"),
    ("src/tenants/service.rs", "makes a tenant"),
    ("src/tenants/store.rs", "finds tenants"),
];

/// Files that pass `sql` a variable: the type asks for `&'static str`, so it is one of some constant texts.
const CHOSEN_TEXT: &[(&str, &str)] = &[
    ("src/auth/store/session.rs", "a loop over three statements that stand above it"),
    ("src/customers/store/list.rs", "one text for each order of the list"),
    ("src/inbox/store/list.rs", "one text for each filter that an index serves"),
    ("src/ingest/route.rs", "the first part takes the delivery's own row, the others are inserted"),
    ("src/ingest/write/mod.rs", "runs the statements of its submodules over rows"),
    ("src/kanban/store/edit.rs", "one text for each kind of spot"),
    ("src/realtime/store.rs", "one lookup for three kinds of rooms"),
    ("src/timeline/store/activities.rs", "with and without a place to go on from"),
];

/// Texts on tables of tenants that bind no tenant: file, beginning, and why.
const UNBOUND: &[(&str, &str, &str)] = &[
    (
        "src/auth/store/session.rs",
        "select s.id, s.tenant_id, s.user_id, s.signed_in_at",
        "the tenant is the session's, which the caller has found by a token; it is set for the wall",
    ),
    (
        "src/auth/store/token.rs",
        "select s.tenant_id as id from session s",
        "the tenant is the session's, which the caller has found by a token; it is set for the wall",
    ),
];

/// The tables that a folder writes.
const WRITERS: &[(&str, &[&str])] = &[
    (
        "auth",
        &[
            "access_token",
            "app_user",
            "credential",
            "idempotency_key",
            "installation",
            "refresh_token",
            "session",
            "socket_ticket",
        ],
    ),
    ("channels", &["channel", "channel_account", "webhook_delivery"]),
    ("customers", &["customer"]),
    ("attachments", &["attachment", "message"]),
    ("drafts", &["draft"]),
    ("files", &["file", "file_link"]),
    ("inbox", &["conversation"]),
    // One transaction writes the tables of several features (ADR 0003).
    (
        "ingest",
        &[
            "activity",
            "attachment",
            "attribution",
            "card",
            "channel",
            "channel_account",
            "channel_event",
            "conversation",
            "customer",
            "customer_identity",
            "message",
            "parked_fact",
            "webhook_delivery",
        ],
    ),
    ("jobs", &["job", "schedule"]),
    ("kanban", &["card"]),
    ("secrets", &["data_key", "installation", "secret"]),
    ("log", &["event", "tenant_counter"]),
    // Furnishes a new tenant with what every tenant has.
    ("tenants", &["board", "board_column", "channel", "channel_account", "tenant", "tenant_counter"]),
    ("timeline", &["activity"]),
    ("notifications", &["notification"]),
    ("saved_replies", &["saved_reply"]),
    ("templates", &["message_template"]),
    // What tells of a message's sending, and whether its channel sends.
    ("outbox", &["attachment", "channel", "conversation", "message"]),
];

/// A call of `sql`.
pub struct Call {
    pub line: usize,
    argument: Vec<Token>,
}

/// The calls of `crate::db::sql` in a source.
pub fn calls_of_sql(source: &Source) -> Vec<Call> {
    let code = source.code();
    (0..code.len())
        .filter(|at| code[*at].is("sql") && stands(code, at + 1, &["("]))
        .filter(|at| *at == 0 || !(code[at - 1].is("fn") || code[at - 1].is(".")))
        .map(|at| Call { line: code[at].line, argument: code[at + 2..closing(code, at + 1)].to_vec() })
        .collect()
}

fn listed(list: &[(&str, &str)], source: &Source) -> bool {
    list.iter().any(|(path, reason)| *path == source.path && !reason.is_empty())
}

/// A literal, a constant, or a macro of literals (`concat!`); a trailing comma is fine.
fn is_constant(argument: &[Token]) -> bool {
    match argument {
        [one] | [one, _] if one.kind == Kind::Literal => true,
        [one] => one.kind == Kind::Word && one.text.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
        [name, bang, ..] => name.kind == Kind::Word && bang.is("!"),
        [] => false,
    }
}

fn texts_that_vary(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let chosen = listed(CHOSEN_TEXT, source);
        let bad = calls_of_sql(source).into_iter().filter(|call| !chosen && !is_constant(&call.argument));
        findings.extend(bad.map(|call| source.finding(call.line, "`sql` takes a literal or a constant")));
        let code = source.code();
        let leaks =
            code.iter().enumerate().filter(|(at, token)| token.is("leak") && stands(code, at + 1, &["("]));
        findings
            .extend(leaks.map(|(_, token)| source.finding(token.line, "`leak` makes any text a constant")));
    }
    findings
}

/// Other ways to a statement than `sql`.
fn side_doors(sources: &[Source]) -> Vec<Finding> {
    const NAMES: &[&str] =
        &["sql_query", "batch_execute", "simple_query", "insert_into", "replace_into", "SqlLiteral", "dsl"];
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.top() != "db") {
        let code = source.code();
        let bad = code.iter().filter(|token| NAMES.iter().any(|name| token.is(name)));
        findings
            .extend(bad.map(|token| source.finding(token.line, format!("`{}` outside of db", token.text))));
    }
    let inside = sources.iter().filter(|source| source.top() == "db" && source.path != "src/db/mod.rs");
    for source in inside {
        let bad = source.code().iter().filter(|token| token.is("sql_query"));
        findings.extend(bad.map(|token| source.finding(token.line, "`sql_query` outside of src/db/mod.rs")));
    }
    findings
}

fn unlisted_doors(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.top() != "db") {
        let code = source.code();
        for (at, token) in code.iter().enumerate() {
            if stands(code, at, &[":", ":", "proven"]) && !listed(PROVEN, source) {
                findings.push(source.finding(token.line, "`Tenant::proven`: the file is not in PROVEN"));
            }
            let door =
                stands(code, at, &[".", "system", "("]) || stands(code, at, &["Db", ":", ":", "system"]);
            if door && !listed(SYSTEM, source) {
                findings.push(source.finding(token.line, "`.system()`: the file is not in SYSTEM"));
            }
        }
    }
    findings
}

/// The tables that a text names behind one of the words; `into event` names `event`.
fn named<'a>(text: &str, before: &[&str], tables: &'a BTreeSet<String>) -> Vec<&'a str> {
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ',' || c == '.'))
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| before.contains(&pair[0]))
        .filter_map(|pair| tables.iter().find(|table| *table == pair[1].trim_end_matches([',', '.'])))
        .map(String::as_str)
        .collect()
}

/// String literals of production code.
fn literals(source: &Source) -> Vec<(usize, String)> {
    source.code().iter().filter_map(|token| Some((token.line, token.string()?))).collect()
}

fn without_tenant(sources: &[Source], tables: &BTreeSet<String>) -> Vec<Finding> {
    const BEFORE: &[&str] = &["from", "join", "into", "update", "using", "lateral"];
    let mut findings = Vec::new();
    for source in sources {
        for (line, text) in literals(source) {
            let named = named(&text, BEFORE, tables);
            let listed =
                UNBOUND.iter().any(|(path, start, _)| *path == source.path && text.starts_with(start));
            if named.is_empty() || listed {
                continue;
            }
            let squeezed: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let bound = ["tenant_id = $", "tenant_id = any($", "(tenant_id,"]
                .iter()
                .any(|bound| squeezed.contains(bound));
            let times = text.matches("tenant_id").count();
            if !bound {
                findings.push(
                    source.finding(line, format!("a statement on {} binds no tenant", named.join(", "))),
                );
            } else if times < named.len() {
                let what = format!(
                    "{} tables of tenants ({}), {times} × `tenant_id`",
                    named.len(),
                    named.join(", ")
                );
                findings.push(source.finding(line, what));
            }
        }
    }
    findings
}

/// The tables that a text writes.
fn written<'a>(text: &str, tables: &'a BTreeSet<String>) -> Vec<&'a str> {
    let text = text.replace("for update", "").replace("for no key update", "").replace("do update", "");
    named(&text.replace("delete from", "delete_from"), &["into", "update", "delete_from"], tables)
}

fn foreign_writes(sources: &[Source], tables: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let own = WRITERS.iter().find(|(folder, _)| *folder == source.top()).map_or(&[][..], |(_, own)| own);
        for (line, text) in literals(source) {
            let foreign = written(&text, tables).into_iter().filter(|table| !own.contains(table));
            findings.extend(foreign.map(|table| {
                source.finding(line, format!("`{}` writes `{table}`, not in WRITERS", source.top()))
            }));
        }
    }
    findings
}

fn all_tables() -> BTreeSet<String> {
    of_migrations().into_keys().collect()
}

#[test]
fn statements_are_constant_text() {
    demand(
        "`sql` takes a string literal or a constant; a file that chooses among texts is on CHOSEN_TEXT",
        "nothing from outside can become part of a statement",
        texts_that_vary(&server()),
    );
}

#[test]
fn there_is_one_way_to_a_statement() {
    demand(
        "every statement goes through crate::db::sql",
        "what these tests don't see can't be judged: diesel's other doors lead past the rules on tenants",
        side_doors(&server()),
    );
}

#[test]
fn doors_without_a_tenant_are_named() {
    demand(
        "`Tenant::proven` and the system door are used only by the files on the lists",
        "a tenant that comes from a request would be somebody's else; few places can make one, and each is reviewed",
        unlisted_doors(&server()),
    );
}

#[test]
fn every_statement_on_a_tenants_table_binds_the_tenant() {
    demand(
        "a text that names a table with `tenant_id` binds it, once for each such table",
        "row-level security is the second lock, not the only one; and every index leads with the tenant",
        without_tenant(&server(), &of_tenants()),
    );
}

#[test]
fn tables_are_written_by_their_owner() {
    demand(
        "a folder writes only its own tables; ingest and tenants those on the list",
        "the rules of a table stand in one place",
        foreign_writes(&server(), &all_tables()),
    );
}

/// Entries of the lists that stand for nothing.
fn stale(sources: &[Source], tables: &BTreeSet<String>) -> Vec<String> {
    let uses = |path: &str, what: &dyn Fn(&Source) -> bool| sources.iter().any(|s| s.path == path && what(s));
    let has = |source: &Source, word: &str| source.code().iter().any(|token| token.is(word));
    let chooses = |source: &Source| calls_of_sql(source).iter().any(|call| !is_constant(&call.argument));
    let gone = |list: &[(&str, &str)], name: &str, what: &dyn Fn(&Source) -> bool| -> Vec<String> {
        let old = list.iter().filter(|(path, why)| why.is_empty() || !uses(path, what));
        old.map(|(path, _)| format!("{name}: {path}")).collect()
    };
    let mut stale = gone(PROVEN, "PROVEN", &|source| has(source, "proven"));
    stale.extend(gone(SYSTEM, "SYSTEM", &|source| has(source, "system")));
    stale.extend(gone(CHOSEN_TEXT, "CHOSEN_TEXT", &chooses));
    for (path, start, _) in UNBOUND {
        let says = |source: &Source| literals(source).iter().any(|(_, text)| text.starts_with(start));
        if !uses(path, &says) {
            stale.push(format!("UNBOUND: {path}: {start}"));
        }
    }
    for (folder, own) in WRITERS {
        let texts: Vec<(usize, String)> =
            sources.iter().filter(|source| source.top() == *folder).flat_map(literals).collect();
        let idle =
            own.iter().filter(|table| !texts.iter().any(|(_, text)| written(text, tables).contains(table)));
        stale.extend(idle.map(|table| format!("WRITERS: {folder} does not write {table}")));
    }
    stale
}

#[test]
fn the_lists_of_statements_name_only_what_is_there() {
    let stale = stale(&server(), &all_tables());
    assert!(
        stale.is_empty(),
        "take these off the lists of tests/architecture/statements.rs:\n{}",
        stale.join("\n")
    );
}

#[test]
fn bad_statements_are_found() {
    let one = |path: &str, text: &str| [Source::of(path, text)];
    for text in ["sql(text)", "sql(&format!(\"a{b}\"))", "sql(choose(x))", "let t = Box::leak(x);"] {
        let text = format!("fn f() {{ {text}; }}");
        assert_eq!(texts_that_vary(&one("src/inbox/store.rs", &text)).len(), 1, "{text}");
    }
    let fine = "fn f() { sql(\"a\"); sql(\"a\",); sql(LOCK); sql(concat!(\"a\", \"b\")); }";
    assert_eq!(texts_that_vary(&one("src/inbox/store.rs", fine)), []);
    for text in ["diesel::sql_query(x)", "diesel::insert_into(t)", "conn.batch_execute(x)"] {
        let text = format!("fn f() {{ {text}; }}");
        assert_eq!(side_doors(&one("src/inbox/store.rs", &text)).len(), 1, "{text}");
    }
    assert!(stale(&one("src/a.rs", ""), &BTreeSet::new()).len() > PROVEN.len() + SYSTEM.len());
    assert_eq!(side_doors(&one("src/db/pool.rs", "fn f() { sql_query(x); }")).len(), 1);
    for text in ["Tenant::proven(id)", "ids.map(Tenant::proven)", "db.system().await", "log.db().system()"] {
        let text = format!("fn f() {{ {text}; }}");
        assert_eq!(unlisted_doors(&one("src/inbox/store.rs", &text)).len(), 1, "{text}");
        assert_eq!(unlisted_doors(&one("src/tenants/store.rs", &text)), [], "{text}");
    }
    let tables: BTreeSet<String> = ["message", "card", "conversation"].map(str::to_owned).into();
    for (text, bad) in [
        ("select * from message where id = $1", 1),
        (" from message m where m.id = $1", 1),
        ("update card set title = 'tenant_id' where id = $1", 1),
        ("select m.id from message m join card c on c.id = m.id where m.tenant_id = $1", 1),
        ("select m.id from message m join card c on c.tenant_id = m.tenant_id where m.tenant_id = $1", 0),
        ("insert into card (tenant_id, id) values ($1, $2)", 0),
        ("select * from messages", 0),
        ("a word from cards", 0),
    ] {
        let text = format!("fn f() {{ sql(\"{text}\"); }}");
        assert_eq!(without_tenant(&one("src/inbox/store.rs", &text), &tables).len(), bad, "{text}");
    }
    for (text, bad) in [
        ("insert into card (tenant_id) values ($1)", 1),
        ("delete from card where tenant_id = $1", 1),
        ("select * from card where tenant_id = $1 for update", 0),
        ("update conversation set status = $1 where tenant_id = $2", 0),
    ] {
        let text = format!("fn f() {{ sql(\"{text}\"); }}");
        assert_eq!(foreign_writes(&one("src/inbox/store.rs", &text), &tables).len(), bad, "{text}");
    }
}
