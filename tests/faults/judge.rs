//! What must hold once everything was acked and worked off: the ledger against the tables.

use crate::sender::{Ledger, OWN};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use switchboard::clock;
use tokio_postgres::Client;

/// Until what was acked is there, after the last crash and the last ack: as long as views may take to converge (I4).
const SHOWN: Duration = Duration::from_secs(10);
/// Until every delivery has its state, once its time has come.
const SETTLED: Duration = Duration::from_secs(10);
/// Until a job of a worker that died is done by another: its lease, and 5 s (I11).
const LEASE_ENDS: Duration = Duration::from_secs(35);
const NOT_DONE: &str = "deliveries that are not done";

/// Statements whose count must be 0, by what they would mean.
const MUST_BE_NONE: [(&str, &str); 11] = [
    ("messages that are there twice", "select external_id from message group by tenant_id, external_id having count(*) > 1"),
    (NOT_DONE, "select id from webhook_delivery where state <> 'done'"),
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
    (
        "tenants that share a text",
        "select word from (select substring(text from 'canary-of-the-[a-z]+') as word, tenant_id from message) m
         where word is not null group by word having count(distinct tenant_id) > 1",
    ),
    (
        "cards whose column is another board's",
        "select a.id from card a join board_column c on c.tenant_id = a.tenant_id and c.id = a.column_id
         where c.board_id <> a.board_id",
    ),
    ("jobs that were given up", "select id from job where state = 'dead'"),
    ("ranks that two cards of a column share", "select rank from card group by column_id, rank having count(*) > 1"),
];

/// Waits until nothing is left to do.
///
/// What was acked must be there soon. A delivery whose commit was in doubt when PostgreSQL died was refused with 503,
/// though it may be there; the sweep takes it up 30 s later. That time is brought forward here, and only after
/// everything acked is there; whether the sweep then works is not.
///
/// The same with the lease of a job whose worker died; `leases`: those are waited for.
pub async fn settle(
    database: &Client,
    ledger: &Ledger,
    leases: bool,
    said: &(dyn Fn() -> String + Sync),
) -> String {
    let begin = clock::monotonic();
    let sent = ledger.sent();
    loop {
        let there = messages(database).await;
        let missing: HashSet<&String> = sent.keys().filter(|id| !there.contains_key(*id)).collect();
        if missing.is_empty() {
            break;
        }
        assert!(
            begin.elapsed() < SHOWN,
            "{} acked messages are not there after {SHOWN:?}\n{}\n{}\n{}",
            missing.len(),
            ledger.slice(|row| missing.contains(&row.id)),
            not_done(database).await,
            said()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let took = begin.elapsed();
    let moved = bring_forward(database).await;
    if !leases {
        database.execute("update job set lease_until = now() where lease_until > now()", &[]).await.unwrap();
    }
    let begin = clock::monotonic();
    loop {
        let waiting = count(database, "select id from webhook_delivery where state = 'received'").await;
        let working = count(database, "select id from job where state = 'queued' and run_at <= now()").await;
        if waiting == 0 && working == 0 {
            return format!("all there after {took:?}, {moved} deliveries in doubt were left to the sweep");
        }
        let limit = if waiting > 0 { SETTLED } else { LEASE_ENDS };
        assert!(
            begin.elapsed() < limit,
            "{waiting} deliveries and {working} jobs were never worked off\n{}",
            said()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Makes what nobody works on due now; how many that are.
pub async fn bring_forward(database: &Client) -> u64 {
    let moved = "update webhook_delivery set due_at = now() where state = 'received'";
    database.execute(moved, &[]).await.expect("the time is brought forward")
}

/// I1 to I3, I7, I11, I13, the counters and the log. `deliveries`: whether all of them must be done.
pub async fn judge(database: &Client, ledger: &Ledger, deliveries: bool, said: &(dyn Fn() -> String + Sync)) {
    let mut problems = Vec::new();
    for (what, statement) in MUST_BE_NONE {
        let found = count(database, statement).await;
        if found > 0 && (deliveries || what != NOT_DONE) {
            problems.push(format!("{found} {what}"));
        }
    }
    let mut lost = Vec::new();
    let mut there = messages(database).await;
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
    there.retain(|id, _| !id.contains(OWN));
    problems.extend(there.iter().take(20).map(|(id, found)| format!("{id} was never sent: {found:?}")));
    let customers = count(database, "select id from customer").await;
    if customers != i64::try_from(ledger.people()).unwrap() {
        problems.push(format!("{customers} customers for {} people", ledger.people()));
    }
    problems.extend(open_transactions(database).await);
    assert!(
        problems.is_empty(),
        "{problems:#?}\n{}\n{}\n{}",
        ledger.slice(|row| lost.contains(&row.id)),
        not_done(database).await,
        said()
    );
}

/// A session of the server that sits in a transaction and does nothing (I9).
async fn open_transactions(database: &Client) -> Option<String> {
    let begin = clock::monotonic();
    loop {
        let idle = "select pid from pg_stat_activity where state like 'idle in transaction%' and pid <> pg_backend_pid()
                    and state_change < now() - interval '1 second'";
        let found = count(database, idle).await;
        if found == 0 {
            return None;
        }
        if begin.elapsed() > SETTLED {
            return Some(format!("{found} transactions were left open"));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Text and writer by the platform's id.
async fn messages(database: &Client) -> HashMap<String, (String, String)> {
    let rows = database
        .query(
            "select m.external_id, coalesce(m.text, ''), i.value from message m
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
    let sessions = database
        .query(
            "select format('%s %s, %s %s: %s', pid, state, wait_event_type, wait_event, left(query, 200))
             from pg_stat_activity where backend_type = 'client backend' and state <> 'idle'",
            &[],
        )
        .await
        .expect("the sessions are listed");
    let sessions: Vec<String> = sessions.iter().map(|row| row.get(0)).collect();
    let (lines, sessions) = (lines.join("\n"), sessions.join("\n"));
    format!("--- deliveries that are not done:\n{lines}\n--- sessions at work:\n{sessions}")
}

pub async fn count(database: &Client, statement: &str) -> i64 {
    let counted = database.query_one(&format!("select count(*) from ({statement}) found"), &[]).await;
    counted.unwrap_or_else(|error| panic!("{statement}: {error}")).get(0)
}
