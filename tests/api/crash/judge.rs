//! What must hold once everything was acked and worked off: the ledger against the tables.

use super::sender::Ledger;
use super::server::Server;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use switchboard::clock;
use tokio_postgres::Client;

/// Until what was acked is there, after the last crash and the last ack.
const SHOWN: Duration = Duration::from_secs(5);
/// Until every delivery has its state, once its time has come.
const SETTLED: Duration = Duration::from_secs(10);

/// Statements whose count must be 0, by what they would mean.
const MUST_BE_NONE: [(&str, &str); 9] = [
    ("messages that are there twice", "select external_id from message group by tenant_id, external_id having count(*) > 1"),
    ("deliveries that are not done", "select id from webhook_delivery where state <> 'done'"),
    (
        "unread counters that differ from the messages",
        "select c.id from conversation c where c.unread_count <> (
             select count(*) from message m
             where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.direction = 'in' and not m.history
               and (c.read_sent_at is null or (m.sent_at, m.id) > (c.read_sent_at, c.read_message_id)))",
    ),
    (
        "conversations whose last message is not their last",
        "select c.id from conversation c where c.last_message_id is distinct from (
             select m.id from message m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
             order by m.sent_at desc, m.id desc limit 1)",
    ),
    (
        "customers without exactly one conversation, one card and one activity",
        "select k.id from customer k
         where (select count(*) from conversation x where x.tenant_id = k.tenant_id and x.customer_id = k.id) <> 1
            or (select count(*) from card x where x.tenant_id = k.tenant_id and x.customer_id = k.id) <> 1
            or (select count(*) from activity x where x.tenant_id = k.tenant_id and x.customer_id = k.id) <> 1",
    ),
    (
        "logs with a hole or a wrong end",
        "select c.tenant_id from tenant_counter c
         left join (select tenant_id, min(seq) as low, max(seq) as high, count(*) as n, count(distinct seq) as places
                    from event group by tenant_id) e using (tenant_id)
         where (coalesce(e.high, 0), coalesce(e.n, 0), coalesce(e.places, 0)) <> (c.seq, c.seq, c.seq)
            or coalesce(e.low, 1) <> 1",
    ),
    (
        "messages that were not told exactly once",
        "select m.id from message m
         left join (select data -> 'message' ->> 'id' as id, count(*) as n from event
                    where name = 'message.created' group by 1) e on e.id = m.id::text
         where e.n is distinct from 1",
    ),
    ("jobs that were given up", "select id from job where state = 'dead'"),
    ("ranks that two cards of a column share", "select rank from card group by column_id, rank having count(*) > 1"),
];

/// Waits until nothing is left to do.
///
/// What was acked must be there soon. A delivery whose commit was in doubt when PostgreSQL died was refused with 503,
/// though it may be there; the sweep takes it up 30 s later. That time is brought forward here, and only after
/// everything acked is there; whether the sweep then works is not.
pub async fn settle(server: &Server, ledger: &Ledger) {
    let (begin, database) = (clock::monotonic(), server.database().await);
    let sent = ledger.sent();
    loop {
        let there = messages(&database).await;
        let missing: HashSet<&String> = sent.keys().filter(|id| !there.contains_key(*id)).collect();
        if missing.is_empty() {
            break;
        }
        assert!(
            begin.elapsed() < SHOWN,
            "{} acked messages are not there after {SHOWN:?}\n{}\n{}\n{}",
            missing.len(),
            ledger.slice(|row| missing.contains(&row.id)),
            not_done(&database).await,
            server.said()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let moved = database
        .execute("update webhook_delivery set due_at = now() where state = 'received'", &[])
        .await
        .expect("the time is brought forward");
    println!(
        "everything acked is there after {:?}; {moved} deliveries in doubt are left to the sweep",
        begin.elapsed()
    );
    let begin = clock::monotonic();
    loop {
        let waiting = count(&database, "select id from webhook_delivery where state = 'received'").await;
        if waiting == 0 {
            return;
        }
        assert!(begin.elapsed() < SETTLED, "{waiting} deliveries were never worked off\n{}", server.said());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// I1 to I3, the counters and the log.
pub async fn judge(server: &Server, ledger: &Ledger) {
    let database = server.database().await;
    let mut problems = Vec::new();
    for (what, statement) in MUST_BE_NONE {
        let found = count(&database, statement).await;
        if found > 0 {
            problems.push(format!("{found} {what}"));
        }
    }
    let mut lost = Vec::new();
    let mut there = messages(&database).await;
    let sent = ledger.sent();
    for (id, row) in &sent {
        match there.remove(id) {
            Some(found) if found == (row.text.clone(), row.person.clone()) => {}
            Some(found) => problems.push(format!("{id} is there as {found:?}, but was {row:?}")),
            None => lost.push(id.clone()),
        }
    }
    if !lost.is_empty() {
        problems.push(format!("{} acked messages are lost", lost.len()));
    }
    problems.extend(there.iter().map(|(id, found)| format!("{id} was never sent: {found:?}")));
    let people: HashSet<&String> = sent.values().map(|row| &row.person).collect();
    let customers = count(&database, "select id from customer").await;
    if customers != i64::try_from(people.len()).unwrap() {
        problems.push(format!("{customers} customers for {} people", people.len()));
    }
    assert!(
        problems.is_empty(),
        "{problems:#?}\n{}\n{}\n{}",
        ledger.slice(|row| lost.contains(&row.id)),
        not_done(&database).await,
        server.said()
    );
}

/// Text and writer by the platform's id.
async fn messages(database: &Client) -> HashMap<String, (String, String)> {
    let rows = database
        .query(
            "select m.external_id, m.text, i.value from message m
             join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
             join customer_identity i on i.tenant_id = c.tenant_id and i.customer_id = c.customer_id
             where m.direction = 'in'",
            &[],
        )
        .await
        .expect("the messages are listed");
    rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
}

/// Why deliveries are not done, for a failure's text.
async fn not_done(database: &Client) -> String {
    let rows = database
        .query(
            "select state, coalesce(reason, ''), count(*) from webhook_delivery where state <> 'done' group by 1, 2 limit 10",
            &[],
        )
        .await
        .expect("the deliveries are listed");
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            format!("{} {}: {}", row.get::<_, i64>(2), row.get::<_, String>(0), row.get::<_, String>(1))
        })
        .collect();
    format!("--- deliveries that are not done:\n{}", lines.join("\n"))
}

pub async fn count(database: &Client, statement: &str) -> i64 {
    let counted = database.query_one(&format!("select count(*) from ({statement}) found"), &[]).await;
    counted.unwrap_or_else(|error| panic!("{statement}: {error}")).get(0)
}
