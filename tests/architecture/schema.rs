//! Rule 7: `src/db/schema.rs` is what the migrations make.

use crate::catalog::{connect, rows, with_database};
use crate::sources::read;
use std::fmt::Write as _;
use tokio_postgres::Client;

const FILE: &str = "src/db/schema.rs";

const COLUMNS: &str = "
    select c.relname, a.attname, t.typname, a.attnotnull,
           (select string_agg(k.attname, ', ' order by key.place)
            from pg_index i, unnest(i.indkey) with ordinality key (number, place)
            join pg_attribute k on k.attnum = key.number
            where i.indrelid = c.oid and i.indisprimary and k.attrelid = c.oid)
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> '__diesel_schema_migrations'
    order by c.relname, a.attnum";

/// The file as it must be.
async fn of_database(client: &Client) -> String {
    let mut text =
        "//! Made from the migrations; a test compares it with a migrated database. Not edited by hand.\n"
            .to_owned();
    let mut open = String::new();
    for row in rows(client, COLUMNS).await {
        let [table, column, kind, not_null, key] = row.try_into().expect("five columns");
        let (table, column) = (table.expect("a table"), column.expect("a column"));
        if table != open {
            if !open.is_empty() {
                text.push_str("    }\n}\n");
            }
            let key = key.unwrap_or_else(|| panic!("{table} has no primary key"));
            write!(text, "\ndiesel::table! {{\n    use diesel::sql_types::*;\n\n    {table} ({key}) {{\n")
                .expect("text");
            open = table;
        }
        let kind = sql_type(&kind.expect("a type"));
        let kind = if not_null.as_deref() == Some("t") { kind } else { format!("Nullable<{kind}>") };
        writeln!(text, "        {column} -> {kind},").expect("text");
    }
    text.push_str("    }\n}\n");
    text
}

/// Diesel's name of a PostgreSQL type.
fn sql_type(name: &str) -> String {
    if let Some(inner) = name.strip_prefix('_') {
        return format!("Array<{}>", sql_type(inner));
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The first line that differs.
fn difference(file: &str, made: &str) -> Option<String> {
    let (mut file, mut made) = (file.lines(), made.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (file.next(), made.next()) {
            (None, None) => return None,
            (old, new) if old == new => {}
            (old, new) => {
                let told = |text: Option<&str>| {
                    text.map_or("nothing".to_owned(), |text| format!("`{}`", text.trim()))
                };
                return Some(format!("{FILE}:{line}: has {}, the database {}", told(old), told(new)));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schema_is_what_the_migrations_make() {
    with_database("schema", |url| async move {
        switchboard::db::migrate::prepare(&url, true).await.expect("migrated");
        let made = of_database(&connect(&url).await).await;
        let kept = concat!(env!("CARGO_TARGET_TMPDIR"), "/schema.rs");
        std::fs::write(kept, &made).expect("written");
        if let Some(difference) = difference(&read(FILE), &made) {
            panic!(
                "\nRule: schema.rs has the tables, columns, types, order and nullability of the migrated database\n\
                 Why: rows are read by these names and types, checked by the compiler only if they are true\n  \
                 {difference}\nAs it must be: {kept}\n"
            );
        }
    })
    .await;
}

#[test]
fn a_wrong_schema_is_found() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    assert!(
        difference("a\nb\n", "a\nc\n").is_some_and(|text| text.starts_with("src/db/schema.rs:2: has `b`"))
    );
    assert!(difference("a\n", "a\nb\n").is_some());
    assert!(difference("a\nb\n", "a\n").is_some());
    assert_eq!(sql_type("_text"), "Array<Text>");
    assert_eq!(sql_type("timestamptz"), "Timestamptz");
}
