//! Rule 7: what the everyday role may do, and what it sees of each tenant's rows.

use crate::catalog::{connect, refusal, rows, with_database, words};
use crate::sources::{Finding, demand};
use std::fmt::Write as _;
use switchboard::db::migrate::prepare;
use tokio_postgres::Client;

const ROLE: &str = "switchboard_app";
const A: &str = "00000000-0000-7000-8000-00000000000a";
const B: &str = "00000000-0000-7000-8000-00000000000b";

/// Functions that run as their owner, past the wall, with why.
const DEFINERS: &[(&str, &str)] = &[
    ("analyze_grown_tables", "analyses tables, which only their owner may; reads none to the caller"),
    ("maintain_event_partitions", "makes and drops partitions, which the everyday role may not"),
    ("search_customers", "the trigram index is not used below the wall; takes the tenant explicitly"),
];

/// What the role must not be or have; each row is a finding.
const POWERS: &str = "
    select 'is superuser, bypasses the wall, or may make roles or databases' from pg_roles
    where rolname = 'switchboard_app'
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin)
    union all
    select 'is a member of ' || r.rolname from pg_auth_members m join pg_roles r on r.oid = m.roleid
    where m.member = 'switchboard_app'::regrole
    union all
    select 'owns ' || d.classid::regclass || ' ' || d.objid from pg_shdepend d
    where d.refclassid = 'pg_authid'::regclass and d.refobjid = 'switchboard_app'::regrole and d.deptype = 'o'
      and d.dbid in (0, (select oid from pg_database where datname = current_database()))
    union all
    select 'may create in schema ' || nspname from pg_namespace
    where nspname !~ '^pg_' and has_schema_privilege('switchboard_app', oid, 'create')
    union all
    select 'may create in the database' where has_database_privilege('switchboard_app', current_database(), 'create')
    union all
    select 'may truncate, refer to or trigger on ' || c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and has_table_privilege('switchboard_app', c.oid, 'truncate, references, trigger')
    union all
    select 'may reach the partition ' || c.relname || ' past its table''s policy' from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relispartition and c.relkind = 'r'
      and has_table_privilege('switchboard_app', c.oid, 'select, insert, update, delete')
    union all
    select 'may change the list of migrations' where has_table_privilege('switchboard_app',
        'public.__diesel_schema_migrations', 'insert, update, delete')
    order by 1";

/// Functions of the owner that anybody may run.
const OWNERS_FUNCTIONS: &str = "
    select p.proname from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef
      and not coalesce(array_to_string(p.proconfig, ',') ~ '^search_path=pg_catalog', false)
    union all
    select 'view ' || relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
      and not coalesce(array_to_string(reloptions, ',') ~ 'security_invoker=(true|on|1)', false)";

const WALLED: &str = "
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_policy p where p.polrelid = c.oid)
    order by 1";

fn told(role: &str, texts: Vec<String>) -> Vec<Finding> {
    texts.into_iter().map(|text| Finding { path: role.to_owned(), line: 0, text }).collect()
}

async fn powers(client: &Client) -> Vec<Finding> {
    let mut findings = told(ROLE, words(client, POWERS).await);
    findings.extend(told(
        "functions and views without a safe search_path or security_invoker",
        words(client, OWNERS_FUNCTIONS).await,
    ));
    let definers = words(
        client,
        "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef",
    )
    .await;
    let unknown = definers
        .into_iter()
        .filter(|name| !DEFINERS.iter().any(|(known, why)| known == name && !why.is_empty()));
    findings.extend(told("security definer, not on DEFINERS", unknown.collect()));
    findings
}

#[tokio::test(flavor = "multi_thread")]
async fn the_everyday_role_has_no_power() {
    with_database("powers", |url| async move {
        assert!(prepare(&url, true).await.expect("migrated"), "TEST_DATABASE_URL must be a superuser's");
        let client = connect(&url).await;
        demand(
            "the everyday role reads and writes rows, and nothing else",
            "whoever gets the server to run a statement can't get past the wall with it",
            powers(&client).await,
        );
        for grant in [
            format!("grant create on schema public to {ROLE}"),
            format!("grant truncate on card to {ROLE}"),
            format!("alter table card owner to {ROLE}"),
            "create function leak() returns bigint language sql security definer set search_path = pg_catalog as 'select 1'".to_owned(),
            "create view leak as select * from card".to_owned(),
        ] {
            client.batch_execute(&format!("begin; {grant}")).await.expect("granted");
            assert!(!powers(&client).await.is_empty(), "not found: {grant}");
            client.batch_execute("rollback").await.expect("undone");
        }
        client.batch_execute(&format!("set role {ROLE}")).await.expect("the role");
        for statement in [
            "create table public.mine (id int)",
            "alter table card disable row level security",
            "alter table card no force row level security",
            "drop policy tenant_wall on card",
            "create policy mine on card using (true)",
            "drop table card",
            "truncate card",
            "create role mine",
            "alter role switchboard_app bypassrls",
            "create function public.mine() returns int language sql as 'select 1'",
            "create extension hstore",
        ] {
            assert_eq!(refusal(&client, statement).await.as_deref(), Some("42501"), "{ROLE} may: {statement}");
        }
        let off = "begin; set local row_security = off; select count(*) from card";
        assert_eq!(refusal(&client, off).await.as_deref(), Some("42501"), "row_security can be switched off");
        client.batch_execute("rollback").await.expect("undone");
    })
    .await;
}

/// One row of each tenant in each walled table. Checks, references and unique keys beside the primary one are dropped,
/// so that any value will do.
async fn seed(client: &Client, tables: &[String]) {
    client
        .batch_execute(
            "do $$ declare k record; begin
                 for k in select conrelid::regclass as t, conname from pg_constraint c join pg_class r on r.oid = c.conrelid
                          where r.relnamespace = 'public'::regnamespace and contype in ('c', 'f')
                            and not r.relispartition and coninhcount = 0
                          order by contype desc loop
                     execute format('alter table %s drop constraint %I', k.t, k.conname);
                 end loop; end $$",
        )
        .await
        .expect("dropped");
    for table in tables {
        let query = format!(
            "select attname, atttypid::regtype::text from pg_attribute
             where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped
               and attnotnull and attname <> 'tenant_id'"
        );
        let (mut names, mut values) = (String::new(), String::new());
        for row in rows(client, &query).await {
            let (name, kind) = (row[0].clone().expect("name"), row[1].clone().expect("type"));
            write!(names, ", {name}").expect("text");
            write!(values, ", {}", any_value(&kind)).expect("text");
        }
        for tenant in [A, B] {
            let insert = format!("insert into {table} (tenant_id{names}) values ('{tenant}'{values})");
            assert_eq!(refusal(client, &insert).await, None, "{insert}");
        }
    }
}

fn any_value(kind: &str) -> &'static str {
    match kind {
        "uuid" => "gen_random_uuid()",
        "text" => "md5(random()::text)",
        "smallint" | "integer" | "bigint" | "numeric" | "double precision" => "1",
        "boolean" => "false",
        "date" | "timestamp with time zone" => "now()",
        "json" | "jsonb" | "text[]" => "'{}'",
        "bytea" => "'x'",
        other => panic!("no value is known for the type {other}: add one"),
    }
}

/// What the connection's role sees in each table: all rows, and those of tenant B.
async fn seen(client: &Client, tables: &[String]) -> Vec<(String, String, String)> {
    let mut seen = Vec::new();
    for table in tables {
        let query = format!("select count(*), count(*) filter (where tenant_id = '{B}') from {table}");
        let row = rows(client, &query).await.remove(0);
        seen.push((table.clone(), row[0].clone().expect("a number"), row[1].clone().expect("a number")));
    }
    seen
}

fn expect_all(seen: &[(String, String, String)], all: &str, of_b: &str, when: &str) {
    let wrong = seen.iter().filter(|(_, rows, theirs)| rows != all || theirs != of_b);
    demand(
        &format!("{when}: {all} rows of each table of tenants are seen, {of_b} of another tenant"),
        "what is not shown can't be leaked by a forgotten condition",
        wrong
            .map(|(table, rows, theirs)| Finding {
                path: table.clone(),
                line: 0,
                text: format!("{rows} rows, {theirs} of B"),
            })
            .collect(),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_sees_only_its_own_rows() {
    with_database("wall", |url| async move {
        prepare(&url, true).await.expect("migrated");
        let client = connect(&url).await;
        let tables = words(&client, WALLED).await;
        assert!(tables.len() >= 16, "{tables:?}");
        seed(&client, &tables).await;
        expect_all(&seen(&client, &tables).await, "2", "1", "as a superuser (the rows are there)");
        client.batch_execute(&format!("set role {ROLE}")).await.expect("the role");
        expect_all(&seen(&client, &tables).await, "0", "0", "without a tenant");
        client
            .batch_execute(&format!("begin; select set_config('app.tenant_id', '{A}', true)"))
            .await
            .expect("set");
        expect_all(&seen(&client, &tables).await, "1", "0", "as tenant A");
        client.batch_execute("commit").await.expect("committed");
        expect_all(&seen(&client, &tables).await, "0", "0", "after A's transaction, on the same connection");
        client
            .batch_execute(&format!("select set_config('app.tenant_id', '{A}', false)"))
            .await
            .expect("set");
        for table in &tables {
            let give = format!("update {table} set tenant_id = '{B}'");
            assert_eq!(
                refusal(&client, &give).await.as_deref(),
                Some("42501"),
                "A can give B a row of {table}"
            );
            let take = format!("delete from {table} where tenant_id = '{B}'");
            assert_eq!(refusal(&client, &take).await, None, "{take}");
        }
        client.batch_execute("reset role").await.expect("reset");
        expect_all(
            &seen(&client, &tables).await,
            "2",
            "1",
            "as a superuser, after A tried to delete B's rows",
        );
        client
            .batch_execute("alter table card disable row level security; set role switchboard_app")
            .await
            .expect("set");
        let open = seen(&client, &["card".to_owned()]).await;
        assert_eq!(
            (open[0].1.as_str(), open[0].2.as_str()),
            ("2", "1"),
            "this test notices a table without a wall"
        );
    })
    .await;
}
