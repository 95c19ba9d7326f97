//! F-16, F-34, F-37, F-39: the database dies, is full of others, refuses, or was away for long.

use super::Outcome;
use super::kills::kills;
use crate::judge;
use crate::probe::Probe;
use crate::random::Random;
use crate::scene::Scene;
use crate::service::Postgres;
use futures_util::future::join_all;
use std::time::Duration;
use switchboard::clock;

/// F-16: the postmaster, the whole of it, one backend, and an order to end; the server stays.
pub async fn killed(random: Random) -> Outcome {
    let mut scene = Scene::alone(&random).await;
    let probe = Probe::start(&scene.apis[0]);
    let mut slowest = Duration::ZERO;
    for kill in 0..kills().max(3) + 2 {
        scene.under_load().await;
        let node = &scene.nodes[0];
        match kill % 7 {
            1 => node.kill9_postgres(true).await,
            // No crash of the whole: a backend alone, and an order to end.
            3 => node.kill9_backend().await,
            5 => node.shut_postgres_down().await,
            _ => node.kill9_postgres(false).await,
        }
        let begin = clock::monotonic();
        scene.flows(1).await;
        slowest = slowest.max(begin.elapsed());
        assert!(scene.node().is_alive(), "the server ended with its PostgreSQL:\n{}", scene.said());
    }
    let probes = probe.end(true, &scene.said());
    scene.honest();
    Outcome::Held(format!("acks again after {slowest:.1?} at the most; {probes}; {}", scene.end().await))
}

/// F-34: ten sessions hold the rows and locks of one tenant, then sit idle in their transactions until PostgreSQL kills
/// them. The other tenant is served meanwhile; nothing piles up.
pub async fn exhausted(random: Random) -> Outcome {
    const HELD: Duration = Duration::from_secs(12);
    let scene = Scene::on(Postgres::start(None).await, &random).await;
    scene.flows(60).await;
    let holders: Vec<_> = join_all((0..10).map(|_| scene.nodes[0].database())).await;
    for (n, holder) in holders.iter().enumerate() {
        let lock = if n == 0 {
            "select seq from tenant_counter where tenant_id = (select id from tenant where slug = 'default') for update"
        } else {
            "select 1"
        };
        holder.batch_execute(&format!("begin; {lock}")).await.unwrap();
    }
    // The second tenant's messages are acked and applied; the first one's are acked at least.
    let (begin, database) = (clock::monotonic(), scene.nodes[0].database().await);
    let of_second = "select id from message where tenant_id = (select id from tenant where slug = 'second')";
    let mut before = judge::count(&database, of_second).await;
    let mut readings = std::collections::BTreeMap::<String, u32>::new();
    while begin.elapsed() < HELD {
        scene.flows(10).await;
        let asked = clock::monotonic();
        let answer = scene.apis[0]
            .get("/api/v1/conversations?limit=1")
            .await
            .map_or_else(|it| it, |it| it.0.to_string());
        assert!(asked.elapsed() < Duration::from_secs(5), "a read took {:?}", asked.elapsed());
        *readings.entry(answer).or_default() += 1;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let now = judge::count(&database, of_second).await;
        assert!(now > before, "the other tenant stands still\n{}", scene.said());
        before = now;
    }
    let killed = "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and pid <> pg_backend_pid()
                  and application_name = ''";
    let ended = database.query(killed, &[]).await.unwrap().len();
    assert!(readings.keys().all(|answer| matches!(answer.as_str(), "200" | "503")), "{readings:?}");
    scene.prompt();
    Outcome::Held(format!("{ended} sessions ended, reads {readings:?}; {}", scene.end().await))
}

/// F-37: a deadlock, a serialization error or a time-out now and then, at every table that ingest writes.
pub async fn conflicts(random: Random) -> Outcome {
    let scene = Scene::on(Postgres::start(None).await, &random).await;
    let database = scene.nodes[0].database().await;
    scene.flows(60).await;
    database
        .batch_execute(
            "create sequence stumbles; grant usage on sequence stumbles to public;
             create function stumble() returns trigger language plpgsql as $$ begin
                 case nextval('stumbles') % 60
                     when 10 then raise exception 'deadlock detected' using errcode = '40P01';
                     when 30 then raise exception 'could not serialize access' using errcode = '40001';
                     when 50 then raise exception 'canceling statement due to statement timeout' using errcode = '57014';
                     else null;
                 end case; return null; end $$;",
        )
        .await
        .unwrap();
    for table in ["message", "conversation", "customer", "card", "event"] {
        let trigger = format!(
            "create trigger stumble after insert or update on {table} for each statement execute function stumble()"
        );
        database.batch_execute(&trigger).await.unwrap();
    }
    for _ in 0..15 {
        scene.flows(200).await;
    }
    let passed: i64 = database.query_one("select last_value from stumbles", &[]).await.unwrap().get(0);
    assert!(passed > 200, "nothing stumbled");
    for table in ["message", "conversation", "customer", "card", "event"] {
        database.batch_execute(&format!("drop trigger stumble on {table}")).await.unwrap();
    }
    scene.prompt();
    let set_aside = judge::count(&database, "select id from webhook_delivery where state = 'failed'").await;
    assert_eq!(set_aside, 0, "a delivery was set aside for what was no fault of its own\n{}", scene.said());
    Outcome::Held(format!("{} stumbles; {}", passed / 20, scene.end().await))
}

/// F-39: everything of an hour at once, while more comes in.
pub async fn backlog(random: Random) -> Outcome {
    const EVENTS: usize = 10_000;
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    scene.flows(30).await;
    let before = scene.sender.ledger.acked();
    let mut random = scene.random.fork();
    scene.node().kill9();
    // Nobody is there for an hour; the platform keeps all of it, and repeats it as fast as it can.
    scene.sender.ledger.pile_up(EVENTS, &mut random);
    scene.node().again().await;
    scene.sender.faster(36, &mut random);
    let begin = clock::monotonic();
    while scene.sender.ledger.waiting() > 0 {
        assert!(begin.elapsed() < Duration::from_secs(120), "the backlog is not taken\n{}", scene.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let taken = begin.elapsed();
    let prompt = scene.sender.ledger.promptness();
    assert!(prompt < Duration::from_secs(1), "99 of 100 acks take {prompt:?}\n{}", scene.said());
    let figures = scene.ends().await;
    let acked = scene.sender.ledger.acked() - before;
    assert!(acked >= EVENTS);
    Outcome::Held(format!(
        "{acked} acked, the backlog in {taken:.1?}, all judged after {:.1?}; {figures}",
        begin.elapsed()
    ))
}
