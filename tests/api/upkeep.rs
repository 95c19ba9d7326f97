//! What the schedules keep in order, and what the metrics say of it: partitions of the log, old deliveries, slow
//! statements, what waits.

use crate::support::database::{Template, TestDatabase};
use crate::support::{Setup, TestApp};
use futures_util::future::join_all;
use std::time::Duration;
use switchboard::db::{Db, migrate, sql};
use switchboard::{channels, log, tenants};

const KEEP: i32 = 14;

/// A database without a server.
async fn database() -> (TestDatabase, Db) {
    let database = TestDatabase::create(Template::Alone).await;
    let set_role = migrate::prepare(&database.url, false).await.unwrap();
    let db = Db::new(&database.url, set_role).unwrap();
    (database, db)
}

async fn number(database: &TestDatabase, statement: &str) -> i64 {
    database.owner().query_one(statement, &[]).await.unwrap().get(0)
}

const PARTITIONS: &str = "select count(*) from pg_inherits where inhparent = 'event'::regclass and inhrelid::regclass::text like 'event_2%'";

#[tokio::test]
async fn old_partitions_go_and_with_them_what_they_held() {
    let (database, db) = database().await;
    let tenant = tenants::by_slug(&db, "default").await.unwrap().unwrap();
    let id = tenant.id();
    database
        .owner()
        .batch_execute(&format!(
            "select maintain_event_partitions(7, {KEEP});
             create table event_20200101 partition of event for values from ('2020-01-01') to ('2020-01-02');
             insert into event (tenant_id, seq, at, name, rooms, data)
                 select '{id}', n, case when n <= 3 then '2020-01-01'::timestamptz + n * interval '1 hour' else now() end,
                        'n', '{{inbox}}', '{{}}' from generate_series(1, 5) n;
             update tenant_counter set seq = 5 where tenant_id = '{id}'"
        ))
        .await
        .unwrap();
    assert_eq!(log::since(&db, tenant, 0, 10).await.unwrap().1.len(), 5);
    assert_eq!(log::maintain(&db, KEEP).await.unwrap(), 1);
    let kept: Vec<i64> =
        log::since(&db, tenant, 0, 10).await.unwrap().1.iter().map(|event| event.seq).collect();
    assert_eq!(kept, [4, 5]);
    // Whoever was at 2 is told to fetch anew, whoever was at 3 has missed nothing that is gone.
    assert_eq!(log::oldest(&db.read(tenant).await.unwrap()).await.unwrap(), 4);
    assert_eq!(log::maintain(&db, KEEP).await.unwrap(), 0);
    drop(db);
    database.drop().await;
}

#[tokio::test]
async fn partitions_are_made_ahead_by_many_nodes_at_once() {
    let (database, db) = database().await;
    let before = number(&database, PARTITIONS).await;
    assert!(before >= 9, "yesterday, today, and a week");
    for _ in 0..5 {
        database
            .owner()
            .batch_execute(
                "do $$ declare part text; begin
                     for part in select inhrelid::regclass::text from pg_inherits where inhparent = 'event'::regclass
                     loop execute 'drop table ' || part; end loop;
                 end $$",
            )
            .await
            .unwrap();
        let nodes = join_all((0..6).map(|_| log::maintain(&db, KEEP))).await;
        assert!(nodes.iter().all(Result::is_ok), "{nodes:?}");
        assert_eq!(number(&database, PARTITIONS).await, 9);
    }
    drop(db);
    database.drop().await;
}

/// As `pg_dump` does for its whole length.
#[tokio::test]
async fn who_holds_the_log_is_not_waited_for() {
    let (database, db) = database().await;
    let tenant = tenants::by_slug(&db, "default").await.unwrap().unwrap();
    database
        .owner()
        .batch_execute(
            "do $$ begin execute 'drop table event_' || to_char(current_date + 7, 'YYYYMMDD'); end $$",
        )
        .await
        .unwrap();
    database.owner().batch_execute("begin; lock table event in access share mode").await.unwrap();
    let refused = log::maintain(&db, KEEP).await.expect_err("a partition was made under a reader's feet");
    assert!(format!("{refused:?}").contains("lock timeout"), "{refused:?}");
    assert!(log::since(&db, tenant, 0, 10).await.is_ok(), "readers go on");
    database.owner().batch_execute("commit").await.unwrap();
    log::maintain(&db, KEEP).await.unwrap();
    drop(db);
    database.drop().await;
}

#[tokio::test]
async fn only_deliveries_that_are_done_and_old_go() {
    let (database, db) = database().await;
    database
        .owner()
        .batch_execute(
            "insert into webhook_delivery (id, platform, state, size, body, received_at)
             select gen_random_uuid(), 'meta', state, 2, '{}', now() - days * interval '1 day'
             from unnest(array['received', 'done', 'failed', 'unrouted']) state, unnest(array[1, 31]) days,
                  generate_series(1, 1500)",
        )
        .await
        .unwrap();
    channels::drop_old_deliveries(&db, 30).await.unwrap();
    let left = |state: &str, days: i64| {
        format!(
            "select count(*) from webhook_delivery
             where state = '{state}' and received_at::date = (now() - {days} * interval '1 day')::date"
        )
    };
    for (state, days, expected) in [
        ("done", 31, 0),
        ("done", 1, 1500),
        ("received", 31, 1500),
        ("failed", 31, 1500),
        ("unrouted", 31, 1500),
    ] {
        assert_eq!(number(&database, &left(state, days)).await, expected, "{state} {days}");
    }
    drop(db);
    database.drop().await;
}

/// The samples of a metric; other tests of this process count too.
async fn metric(app: &TestApp, name: &str) -> Option<f64> {
    let text = app.http.get(format!("{}/metrics", app.base)).send().await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_tell_of_slow_statements_and_of_what_waits() {
    let app = TestApp::with(Setup::default()).await;
    let tx = app.app.db.system().await.unwrap();
    let mut conn = tx.conn();
    diesel_async::RunQueryDsl::execute(sql("select pg_sleep(0.6)"), &mut conn).await.unwrap();
    let slow = "switchboard_db_slow_statements_total{statement=\"select pg_sleep\"}";
    assert!(metric(&app, slow).await.is_some_and(|count| count >= 1.0));
    for name in ["switchboard_db_statement_seconds_count", "switchboard_db_wait_seconds_count"] {
        assert!(metric(&app, name).await.is_some_and(|count| count > 0.0), "{name}");
    }
    // Due in an hour, so that nobody takes it.
    let waiting = "insert into webhook_delivery (id, platform, size, body, received_at, due_at)
         values (gen_random_uuid(), 'meta', 2, '{}', now() - interval '1 hour', now() + interval '1 hour')";
    app.database.owner().batch_execute(waiting).await.unwrap();
    // Another server of this process may tell its own in between.
    for _ in 0..500 {
        let deliveries = metric(&app, "switchboard_deliveries_waiting").await;
        let seconds = metric(&app, "switchboard_deliveries_oldest_seconds").await;
        if deliveries == Some(1.0) && seconds.is_some_and(|seconds| (3_600.0..7_200.0).contains(&seconds)) {
            drop(tx);
            return app.end().await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody tells what waits");
}
