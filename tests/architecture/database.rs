//! Rule 7: migrations go up and down, and every table, key and reference leads with its tenant.

use crate::catalog::{connect, refusal, rows, with_database, words};
use crate::sources::{Finding, demand};
use crate::tables::{GLOBAL, is_global};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::MigrationHarness;
use switchboard::db::migrate::{MIGRATIONS, prepare};
use tokio_postgres::Client;

/// Unique keys on tables of tenants that hold over all of them, with why.
const UNIQUE_EVERYWHERE: &[(&str, &str)] = &[];

/// Everything that a migration can make; partitions left out, whose names are dates.
const SHAPE: &str = "
    select 'table ' || c.relname || ' ' || c.relkind::text || c.relrowsecurity || c.relforcerowsecurity
           || coalesce(array_to_string(c.reloptions, ' '), '')
    from pg_class c where c.relnamespace = 'public'::regnamespace and not c.relispartition
      and c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relname not like '\\_\\_diesel%'
    union all
    select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || a.attnotnull
           || a.attnum || a.attstorage::text || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and not c.relispartition and c.relkind in ('r', 'p')
      and c.relname not like '\\_\\_diesel%'
    union all
    select 'index ' || pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and not c.relispartition and c.relname not like '\\_\\_diesel%'
    union all
    select 'constraint ' || c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and not c.relispartition and c.relname not like '\\_\\_diesel%'
    union all
    select 'policy ' || p.polrelid::regclass || ' ' || p.polname || ' ' || pg_get_expr(p.polqual, p.polrelid)
    from pg_policy p
    union all
    select 'function ' || pg_get_functiondef(p.oid) from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t where not t.tgisinternal
    union all
    select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
    union all
    select 'type ' || t.typname from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')
    order by 1";

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_down_and_up() {
    with_database("migrations", |url| async move {
        let client = connect(&url).await;
        let conn = AsyncPgConnection::establish(&url).await.expect("a connection");
        let mut harness = AsyncMigrationHarness::new(conn);
        while harness.has_pending_migration(MIGRATIONS).expect("asked") {
            let before = words(&client, SHAPE).await;
            let version = harness.run_next_migration(MIGRATIONS).expect("up").to_string();
            let after = words(&client, SHAPE).await;
            harness
                .revert_last_migration(MIGRATIONS)
                .unwrap_or_else(|error| panic!("{version} down: {error}"));
            same(&version, "down leaves what was before up", &before, &words(&client, SHAPE).await);
            harness
                .run_next_migration(MIGRATIONS)
                .unwrap_or_else(|error| panic!("{version} up again: {error}"));
            same(&version, "up after down makes what up made", &after, &words(&client, SHAPE).await);
        }
    })
    .await;
}

fn same(version: &str, rule: &str, left: &[String], right: &[String]) {
    let only = |of: &[String], other: &[String]| {
        of.iter().filter(|thing| !other.contains(thing)).cloned().collect::<Vec<_>>().join("\n  ")
    };
    assert!(
        left == right,
        "\nRule: {rule}\nWhy: an operator who goes back a version must find it whole\nmigrations/{version}\n\
         only before:\n  {}\nonly after:\n  {}\n",
        only(left, right),
        only(right, left)
    );
}

const TABLES: &str = "
    select c.relname, c.relrowsecurity and c.relforcerowsecurity,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull),
           (select count(*) from pg_policy p where p.polrelid = c.oid),
           (select bool_and(p.polcmd = '*' and p.polpermissive and p.polroles = '{0}'
                and pg_get_expr(p.polqual, p.polrelid) ~ '^\\(tenant_id = \\( SELECT \\(NULLIF\\(current_setting\\(''app.tenant_id''::text, true\\), ''''::text\\)\\)::uuid AS [a-z\\\"]+\\)\\)$'
                and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid))
                    = pg_get_expr(p.polqual, p.polrelid))
            from pg_policy p where p.polrelid = c.oid)
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> '__diesel_schema_migrations'
    order by 1";

/// Unique keys: table, index, first column.
const KEYS: &str = "
    select c.relname, x.relname, coalesce(a.attname, '(expression)')
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where c.relnamespace = 'public'::regnamespace and i.indisunique and not c.relispartition
    order by 1, 2";

/// References between tables that both have a `tenant_id`: table, name, first column here and there.
const REFERENCES: &str = "
    select k.conrelid::regclass, k.conname, here.attname, there.attname, k.confrelid::regclass
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    join pg_attribute here on here.attrelid = k.conrelid and here.attnum = k.conkey[1]
    join pg_attribute there on there.attrelid = k.confrelid and there.attnum = k.confkey[1]
    where k.contype = 'f' and not c.relispartition and c.relnamespace = 'public'::regnamespace
      and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'tenant_id')
    order by 1, 2";

async fn unwalled(client: &Client) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut finding =
        |name: &str, text: String| findings.push(Finding { path: name.to_owned(), line: 0, text });
    for row in rows(client, TABLES).await {
        let yes = |at: usize| row[at].as_deref() == Some("t");
        let table = row[0].clone().unwrap_or_default();
        if is_global(&table) {
            continue;
        }
        if !yes(2) {
            finding(&table, "has no `tenant_id not null`, and is not on GLOBAL".to_owned());
            continue;
        }
        if !yes(1) {
            finding(&table, "row-level security is not enabled and forced".to_owned());
        }
        if row[3].as_deref() != Some("1") || !yes(4) {
            finding(&table, "its only policy must be `tenant_id = (select nullif(current_setting(…), '')::uuid)`, for all".to_owned());
        }
    }
    for row in rows(client, KEYS).await {
        let [table, key, first] = row.try_into().expect("three columns");
        let (table, key, first) = (table.expect("table"), key.expect("key"), first.expect("column"));
        let listed = UNIQUE_EVERYWHERE.iter().any(|(name, reason)| *name == key && !reason.is_empty());
        let known = is_global(&table) || listed || table == "__diesel_schema_migrations";
        if !known && first != "tenant_id" {
            finding(&table, format!("unique key {key} leads with {first}, not tenant_id"));
        }
    }
    for row in rows(client, REFERENCES).await {
        let [table, name, here, there, target] = row.try_into().expect("five columns");
        let (table, name) = (table.expect("table"), name.expect("name"));
        let (here, there, target) = (here.expect("column"), there.expect("column"), target.expect("table"));
        let leads = here == "tenant_id" && (there == "tenant_id" || (target == "tenant" && there == "id"));
        if !leads {
            finding(&table, format!("reference {name} leads with {here} -> {target}.{there}, not tenant_id"));
        }
    }
    findings
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_leads_with_its_tenant() {
    with_database("keys", |url| async move {
        prepare(&url, true).await.expect("migrated");
        let client = connect(&url).await;
        for (table, _) in GLOBAL {
            let there = words(&client, &format!("select to_regclass('public.{table}')")).await;
            assert_eq!(there, [*table], "{table}: take it off GLOBAL");
        }
        demand(
            "a table leads its keys and references with tenant_id, behind forced row-level security, or is on GLOBAL",
            "a row of one tenant can't be reached, referred to or hindered by another one",
            unwalled(&client).await,
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_tables_are_found() {
    with_database("bad_keys", |url| async move {
        prepare(&url, true).await.expect("migrated");
        let client = connect(&url).await;
        let before = unwalled(&client).await.len();
        for (change, count) in [
            ("create table note (id uuid primary key)", 2),
            ("create table note (tenant_id uuid not null, id uuid, primary key (tenant_id, id))", 2),
            ("alter table card disable row level security", 1),
            ("alter table card no force row level security", 1),
            ("drop policy tenant_wall on card", 1),
            ("create policy more on card using (true)", 1),
            ("drop policy tenant_wall on card; create policy tenant_wall on card for select using (true)", 1),
            ("create unique index everywhere on card (title)", 1),
            ("create unique index everywhere on card (lower(title))", 1),
            ("create unique index k on card (id); alter table message add foreign key (id) references card (id)", 2),
        ] {
            assert_eq!(refusal(&client, &format!("begin; {change}")).await, None, "{change}");
            let found = unwalled(&client).await;
            assert_eq!(found.len(), before + count, "{change}: {found:?}");
            client.batch_execute("rollback").await.expect("undone");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_migration_leaves_behind_is_found() {
    with_database("shape", |url| async move {
        prepare(&url, true).await.expect("migrated");
        let client = connect(&url).await;
        let before = words(&client, SHAPE).await;
        for change in [
            "create table left_behind (id int)",
            "alter table card add column more text",
            "alter table card alter column title drop not null",
            "alter table card alter column title set default ''",
            "alter table card add check (title <> '')",
            "alter table card set (fillfactor = 50)",
            "drop index card_column",
            "drop policy tenant_wall on card",
            "create function left_behind() returns int language sql as 'select 1'",
            "create type left_behind as enum ('a')",
            "drop function search_customers(uuid, text)",
        ] {
            assert_eq!(refusal(&client, &format!("begin; {change}")).await, None, "{change}");
            assert_ne!(words(&client, SHAPE).await, before, "not seen: {change}");
            client.batch_execute("rollback").await.expect("undone");
        }
        assert_eq!(words(&client, SHAPE).await, before);
    })
    .await;
}
