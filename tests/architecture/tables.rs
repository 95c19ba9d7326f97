//! The tables, as the migrations' text makes them, and those that are not behind a tenant's wall.

use crate::sources::{read, root};
use std::collections::{BTreeMap, BTreeSet};

/// Tables without row-level security, with why: they are read before a tenant is known, or by everybody.
pub const GLOBAL: &[(&str, &str)] = &[
    ("access_token", "read by its hash, to find out who is asking"),
    ("channel_account", "tells whose an account is, when a webhook comes"),
    ("credential", "read by e-mail at sign-in, before the tenant is known"),
    ("file_link", "read by its token's hash, when a platform fetches a file"),
    ("installation", "one row of the whole installation"),
    ("job", "claimed by runners for all tenants; a job then acts in its own"),
    ("refresh_token", "read by its hash, to find out who is asking"),
    ("schedule", "runs once across nodes, for all tenants"),
    ("session", "read by its token's hash, to find out who is asking"),
    ("socket_ticket", "read by its hash, to find out who is asking"),
    ("tenant", "the tenants themselves, found by slug"),
    ("tenant_counter", "nodes without a bus look at the places of all tenants' logs"),
    ("webhook_delivery", "written before anybody knows whose it is"),
];

pub fn is_global(table: &str) -> bool {
    GLOBAL.iter().any(|(name, _)| *name == table)
}

/// Each table of the migrations with its lines.
pub fn of_migrations() -> BTreeMap<String, Vec<String>> {
    let mut folders: Vec<_> = std::fs::read_dir(root().join("migrations"))
        .expect("migrations")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    folders.iter().flat_map(|folder| of_text(&read(&format!("migrations/{folder}/up.sql")))).collect()
}

fn of_text(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("create table ") {
            current = rest.split(['(', ' ']).next().map(str::to_owned);
        } else if line.starts_with(')') {
            current = None;
        } else if let Some(table) = &current {
            tables.entry(table.clone()).or_default().push(line.trim().to_owned());
        }
        if let Some((table, column)) =
            line.strip_prefix("alter table ").and_then(|rest| rest.trim().split_once(" add column "))
        {
            tables.entry(table.to_owned()).or_default().push(column.to_owned());
        }
    }
    tables
}

/// Tables behind the wall: with a `tenant_id`, and not on the global list.
pub fn of_tenants() -> BTreeSet<String> {
    of_migrations()
        .into_iter()
        .filter(|(table, lines)| !is_global(table) && lines.iter().any(|line| line.starts_with("tenant_id ")))
        .map(|(table, _)| table)
        .collect()
}

#[test]
fn tables_are_read_from_migrations() {
    let tables = of_tenants();
    assert!(tables.len() >= 16, "{tables:?}");
    assert!(tables.contains("message") && tables.contains("event") && !tables.contains("job"));
    for (table, reason) in GLOBAL {
        assert!(!reason.is_empty());
        assert!(of_migrations().contains_key(*table), "{table} is not there: take it off GLOBAL");
    }
}
