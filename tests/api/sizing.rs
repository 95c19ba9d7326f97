//! How large the database becomes: fills one through the server, and prints what each table takes. Left out of the usual
//! run, as it takes minutes; `docs/OPERATIONS.md` has what it printed and what follows for more messages.
//! `SIZING_MESSAGES` says how many (100,000).

use crate::bodies::{NOON, NUMBER, change, messages, text, whatsapp};
use crate::support::TestApp;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

/// Messages of a conversation.
const THREAD: usize = 50;
/// Of five messages two are ours, and each of these is delivered and read.
const OURS: usize = 2;
/// Messages of a body, as of a platform that catches up.
const BODY: usize = 25;
/// Bodies with one message, as platforms send them usually: what a delivery takes.
const SINGLE: usize = 5_000;
/// Requests at a time.
const SENDERS: usize = 16;

fn person(number: usize) -> String {
    format!("4915{:08}", number / THREAD)
}

/// About sixty letters.
fn words(number: usize) -> String {
    let words = ["hello", "thank you", "tomorrow", "the blue one please", "how much is it", "see you", "yes"];
    (0..6)
        .map(|place| words[(number * 7 + place * 3 + number / 11) % words.len()])
        .collect::<Vec<_>>()
        .join(" ")
}

fn is_ours(number: usize) -> bool {
    number % 5 < OURS
}

fn told(number: usize) -> Value {
    let (id, at) = (format!("wamid.HBgMNDkxNTEyMzQ1Njc4FQIAEhg{number:012}"), NOON + number as i64);
    if is_ours(number) {
        json!({ "from": "908502223344", "to": person(number), "id": id, "timestamp": at.to_string(),
            "type": "text", "text": { "body": words(number) } })
    } else {
        text(&person(number), &id, at, &words(number))
    }
}

/// Bodies that tell of some messages, then of the states of ours.
fn bodies(numbers: &[usize]) -> Vec<Value> {
    let (ours, theirs): (Vec<usize>, Vec<usize>) =
        numbers.iter().copied().partition(|number| is_ours(*number));
    let mut bodies = Vec::new();
    if !theirs.is_empty() {
        bodies.push(messages(&theirs.into_iter().map(told).collect::<Vec<_>>()));
    }
    if !ours.is_empty() {
        let echoes: Vec<Value> = ours.iter().copied().map(told).collect();
        bodies.push(whatsapp(&[change(NUMBER, "smb_message_echoes", json!({ "message_echoes": echoes }))]));
        for state in ["delivered", "read"] {
            let statuses = ours.iter().map(|number| {
                json!({ "id": told(*number)["id"], "status": state, "recipient_id": person(*number),
                    "timestamp": (NOON + *number as i64).to_string() })
            });
            let statuses: Vec<Value> = statuses.collect();
            bodies.push(whatsapp(&[change(NUMBER, "messages", json!({ "statuses": statuses }))]));
        }
    }
    bodies
}

async fn send(app: &TestApp, bodies: Vec<Value>) {
    stream::iter(bodies)
        .for_each_concurrent(SENDERS, |body| async move {
            assert_eq!(crate::bodies::post(app, &body).await, 200);
        })
        .await;
    app.settle().await;
}

async fn print_sizes(app: &TestApp) {
    let statement = "select r.relname::text, coalesce(p.n, r.reltuples)::bigint, t.heap::bigint, t.toast::bigint, t.indexes::bigint
         from pg_class r
         cross join lateral (select sum(pg_relation_size(c)) as heap,
             sum(coalesce(pg_total_relation_size(nullif(k.reltoastrelid, 0)), 0)) as toast,
             sum(pg_indexes_size(c)) as indexes
           from (select r.oid::regclass as c where r.relkind = 'r'
                 union all select inhrelid::regclass from pg_inherits where inhparent = r.oid) parts
           join pg_class k on k.oid = parts.c) t
         left join lateral (select sum(q.reltuples) as n from pg_inherits i join pg_class q on q.oid = i.inhrelid
             where i.inhparent = r.oid and q.reltuples > 0) p on r.relkind = 'p'
         where r.relnamespace = 'public'::regnamespace and r.relkind in ('r', 'p') and not r.relispartition
           and t.heap > 100000 order by t.heap + t.toast + t.indexes desc";
    println!("| table | rows | table, bytes a row | beside it (TOAST) | indexes |");
    for row in app.database.owner().query(statement, &[]).await.unwrap() {
        let (name, rows): (String, i64) = (row.get(0), row.get(1));
        let each = |bytes: i64| bytes / rows.max(1);
        println!("| {name} | {rows} | {} | {} | {} |", each(row.get(2)), each(row.get(3)), each(row.get(4)));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes and half a gigabyte"]
async fn what_the_tables_take() {
    let total = std::env::var("SIZING_MESSAGES").map_or(100_000, |text| text.parse().expect("a number"));
    let app = TestApp::start().await;
    let wal = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
    let numbers: Vec<usize> = (0..total).collect();
    let (single, many) = numbers.split_at(SINGLE.min(total));
    let begun = app.number(wal).await;
    send(&app, single.iter().flat_map(|number| bodies(&[*number])).collect()).await;
    app.database.owner().batch_execute("vacuum analyze").await.unwrap();
    let single_wal = app.number(wal).await - begun;
    println!("{} messages one by one: {} bytes of WAL each", single.len(), single_wal / single.len() as i64);
    print_sizes(&app).await;
    let begun = app.number(wal).await;
    send(&app, many.chunks(BODY).flat_map(bodies).collect()).await;
    let many_wal = app.number(wal).await - begun;
    app.database.owner().batch_execute("vacuum analyze").await.unwrap();
    println!("{} in bodies of {BODY}: {} bytes of WAL each", many.len(), many_wal / many.len().max(1) as i64);
    print_sizes(&app).await;
    assert_eq!(app.count("select count(*) from message where tenant_id = $1").await, total as i64);
    app.end().await;
}
