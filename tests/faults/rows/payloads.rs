//! F-10 to F-13, F-18: what the platform sends twice, too early, in other batches, or broken.

use super::Outcome;
use crate::judge;
use crate::platform::{CHANNELS, WORDS};
use crate::random::Random;
use crate::scene::Scene;
use crate::sender::{FIRST_AT, OWN};
use crate::service::Postgres;
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use tokio_postgres::Client;

const DEADLOCKS: &str = "select deadlocks from pg_stat_database where datname = current_database()";

async fn deadlocks(database: &Client) -> i64 {
    database.query_one(DEADLOCKS, &[]).await.unwrap().get(0)
}

/// Posts bodies of the first channel, eight at a time; every one is answered 200.
async fn post_all(scene: &Scene, bodies: Vec<Vec<Value>>) {
    let posts: Vec<_> = bodies.iter().map(|items| scene.post(&CHANNELS[0], items)).collect();
    let answers: Vec<String> = stream::iter(posts).buffer_unordered(8).collect().await;
    assert!(answers.iter().all(|answer| answer == "200"), "{answers:?}\n{}", scene.said());
}

/// F-10.
pub async fn duplicates(random: Random) -> Outcome {
    let scene = Scene::on(Postgres::start(None).await, &random).await;
    let database = scene.nodes[0].database().await;
    scene.flows(1).await;
    let before = deadlocks(&database).await;
    let mut bodies = Vec::new();
    for n in 0..150 {
        let (id, person) = (format!("wamid.again{n}"), format!("9053211000{:02}", n % 40));
        let text = format!("five times {n} {}", WORDS[0]);
        let items = vec![CHANNELS[0].text(&id, &person, FIRST_AT, &text)];
        bodies.extend(std::iter::repeat_n(items, 5));
        scene.sender.ledger.acked_elsewhere(0, &person, &id, &text);
    }
    let sent = bodies.len();
    post_all(&scene, bodies).await;
    assert_eq!(deadlocks(&database).await, before, "deadlocks");
    scene.prompt();
    Outcome::Held(format!("{sent} bodies of 150 messages; {}", scene.end().await))
}

/// What can be told of one message of ours, and one of the customer's, in the order in which it happens.
fn story(person: &str, n: usize) -> Vec<Value> {
    let channel = &CHANNELS[0];
    let (said, echo) = (format!("wamid.{OWN}said{n}"), format!("wamid.{OWN}echo{n}"));
    let at = |second: u64| (FIRST_AT + second).to_string();
    let status = |word: &str, second: u64| {
        let status = json!({ "id": echo, "status": word, "timestamp": at(second), "recipient_id": person });
        channel.change("messages", json!({ "statuses": [status] }))
    };
    let told = |id: String, second: u64, kind: &str, rest: Value| {
        let mut told = json!({ "from": person, "id": id, "timestamp": at(second), "type": kind });
        told[kind] = rest;
        channel.change("messages", json!({ "messages": [told] }))
    };
    let edit = |words: &str| json!({ "original_message_id": said, "message": { "type": "text", "text": { "body": words } } });
    let ours = json!({ "from": "908502223344", "to": person, "id": echo, "timestamp": at(2), "type": "text",
                       "text": { "body": "from the phone" } });
    vec![
        told(said.clone(), 0, "text", json!({ "body": "first" })),
        channel.change("smb_message_echoes", json!({ "message_echoes": [ours] })),
        status("sent", 3),
        status("delivered", 4),
        status("read", 5),
        told(format!("{said}.e1"), 6, "edit", edit("second")),
        told(format!("{said}.e2"), 7, "edit", edit("third")),
        told(format!("{said}.r"), 8, "reaction", json!({ "message_id": echo, "emoji": "👍" })),
        told(format!("{said}.d"), 9, "revoke", json!({ "original_message_id": said })),
    ]
}

/// F-11: each person's story shuffled, cut into batches, some of it told twice; all end as the ordered one does.
pub async fn out_of_order(random: Random) -> Outcome {
    const PEOPLE: usize = 60;
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    let mut random = scene.random.fork();
    scene.flows(1).await;
    let person = |n: usize| format!("9053222000{n:02}");
    // The first one's is told in order.
    for fact in story(&person(0), 0) {
        post_all(&scene, vec![vec![fact]]).await;
    }
    let mut facts: Vec<Value> = (1..PEOPLE).flat_map(|n| story(&person(n), n)).collect();
    for _ in 0..100 {
        let twice = random.below(facts.len());
        facts.push(facts[twice].clone());
    }
    random.shuffle(&mut facts);
    let mut bodies = Vec::new();
    while !facts.is_empty() {
        let rest = facts.split_off((1 + random.below(4)).min(facts.len()));
        bodies.push(std::mem::replace(&mut facts, rest));
    }
    let sent = bodies.len();
    post_all(&scene, bodies).await;
    scene.sender.ledger.strangers(PEOPLE);
    scene.flows(1).await;
    let figures = scene.ends().await;
    let database = scene.nodes[0].database().await;
    let ends = database
        .query(
            "select end_state::text, count(*) from (
                 select i.value, jsonb_agg(jsonb_build_array(m.direction, m.kind, m.text, m.status, m.error,
                            (select jsonb_agg(r - 'actor' order by r::text) from jsonb_array_elements(m.reactions) r),
                            m.deleted_at is null, m.sent_at, c.unread_count, c.status) order by m.sent_at) as end_state
                 from message m
                 join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                 join customer_identity i on i.tenant_id = c.tenant_id and i.customer_id = c.customer_id
                 where i.value like '9053222000%' group by i.value) ends group by 1",
            &[],
        )
        .await
        .unwrap();
    let ends: Vec<(String, i64)> = ends.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(ends.len(), 1, "stories ended differently: {ends:#?}");
    assert_eq!(ends[0].1, PEOPLE as i64, "not everybody's story is there");
    let parked = judge::count(&database, "select * from parked_fact").await;
    assert_eq!(parked, 0, "facts that still wait for their message");
    Outcome::Held(format!("{PEOPLE} stories in {sent} bodies, all ending in {}; {figures}", ends[0].0))
}

/// F-12.
pub async fn one_customer(random: Random) -> Outcome {
    const SPELLINGS: [&[&str]; 4] = [
        &["521551234567N", "52551234567N"],
        &["549112345678N", "54112345678N"],
        &["551198765432N", "55118765432N"],
        &["90532333000N"],
    ];
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    let mut random = scene.random.fork();
    scene.flows(1).await;
    let (mut bodies, mut people) = (Vec::new(), 0);
    for (country, spellings) in SPELLINGS.iter().enumerate() {
        for n in 0..5 {
            people += 1;
            for time in 0..20 {
                let person = spellings[random.below(spellings.len())].replace('N', &n.to_string());
                let id = format!("wamid.{OWN}new-{country}-{n}-{time}");
                let text = format!("new {country} {n} {}", WORDS[0]);
                bodies.push(vec![CHANNELS[0].text(&id, &person, FIRST_AT + time, &text)]);
            }
        }
    }
    random.shuffle(&mut bodies);
    scene.sender.faster(0, &mut random);
    let sent = bodies.len();
    post_all(&scene, bodies).await;
    scene.sender.ledger.strangers(people);
    let figures = scene.ends().await;
    // One customer with one conversation and card each is a part of the judgement; here whose messages they are.
    let database = scene.nodes[0].database().await;
    let mixed = format!(
        "select m.conversation_id from message m where m.external_id like 'wamid.{OWN}new-%' group by 1
         having count(*) <> 20 or count(distinct m.text) <> 1"
    );
    assert_eq!(judge::count(&database, &mixed).await, 0, "conversations without exactly their 20 messages");
    Outcome::Held(format!("{people} people in {sent} bodies; {figures}"))
}

/// F-13: what was sent is sent again in other company, at the same time as the rest.
pub async fn batched_anew(random: Random) -> Outcome {
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    let mut random = scene.random.fork();
    scene.flows(1).await;
    let mut items = Vec::new();
    for n in 0..600 {
        let (id, person) = (format!("wamid.batch{n}"), format!("9053244000{:02}", n % 30));
        let text = format!("in batches {n} {}", WORDS[0]);
        items.push(CHANNELS[0].text(&id, &person, FIRST_AT + n, &text));
        scene.sender.ledger.acked_elsewhere(0, &person, &id, &text);
    }
    // Each window starts in the middle of the one before: half old, half new.
    let mut bodies: Vec<Vec<Value>> =
        (0..items.len()).step_by(5).map(|at| items[at..(at + 10).min(items.len())].to_vec()).collect();
    bodies.extend((0..60).map(|_| (0..8).map(|_| items[random.below(items.len())].clone()).collect()));
    random.shuffle(&mut bodies);
    let sent = bodies.len();
    post_all(&scene, bodies).await;
    scene.prompt();
    Outcome::Held(format!("600 messages in {sent} bodies; {}", scene.end().await))
}

/// What no platform should send, as text; each is one whole body.
fn poisons() -> Vec<String> {
    let said = |words: &str| {
        let item = CHANNELS[0].text(&format!("wamid.{OWN}poison"), "905325550001", FIRST_AT, "WORDS");
        CHANNELS[0].body(&[item]).to_string().replace("\"WORDS\"", words)
    };
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    vec![
        said(r#""nul \u0000 inside""#),
        said(r#""lone \ud83d surrogate""#),
        said(&nested(64)),
        said(&nested(200)),
        said(&format!("[{}]", vec!["0"; 1_000_000].join(","))),
        said("7"),
        said(&format!("\"{}\"", "x".repeat(3_000_000))),
        json!({ "object": "unknown", "entry": [] }).to_string(),
        json!({ "object": "whatsapp_business_account", "entry": [] }).to_string(),
        json!({ "object": "whatsapp_business_account", "entry": [null, 7, {}, { "id": [], "changes": 1 }] })
            .to_string(),
        "not JSON".to_owned(),
        "[1,2".to_owned(),
        String::new(),
    ]
}

/// F-18: among the others, and one that only the database refuses.
pub async fn poison(random: Random) -> Outcome {
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    let database = scene.nodes[0].database().await;
    scene.flows(1).await;
    database
        .batch_execute(
            "create function refuse() returns trigger language plpgsql as $$ begin
                 if new.text like '%REFUSED%' then raise exception 'this row is poison' using errcode = '22000'; end if;
                 return new; end $$;
             create trigger refuse before insert on message for each row execute function refuse();",
        )
        .await
        .unwrap();
    let item = CHANNELS[0].text(&format!("wamid.{OWN}refused"), "905325550002", FIRST_AT, "REFUSED");
    let mut bodies = poisons();
    bodies.push(CHANNELS[0].body(&[item]).to_string());
    for body in bodies.iter().cycle().take(bodies.len() * 3) {
        let (answer, _) = scene.doors.post(&scene.nodes[0].url, "whatsapp", body.as_bytes()).await;
        assert_eq!(answer, "200", "to {body:.200}");
        scene.flows(3).await;
    }
    scene.prompt();
    // One person says what can be kept; the refused one's delivery is set aside after its tries.
    scene.sender.ledger.strangers(1);
    let set_aside = "select id from webhook_delivery where state = 'failed' and reason like '%this row is poison%' and attempts >= 5";
    let begin = switchboard::clock::monotonic();
    while judge::count(&database, set_aside).await != 3 {
        judge::bring_forward(&database).await;
        assert!(
            begin.elapsed().as_secs() < 20,
            "the refused deliveries were not set aside\n{}",
            scene.said()
        );
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let failed = judge::count(&database, "select id from webhook_delivery where state = 'failed'").await;
    let unchanged = "select id from webhook_delivery where size <> length(body)";
    assert_eq!(judge::count(&database, unchanged).await, 0, "bodies are kept as they came");
    // Judged as done by hand: they would count as not done.
    database.execute("delete from webhook_delivery where state = 'failed'", &[]).await.unwrap();
    let figures = scene.ends().await;
    Outcome::Held(format!("{} bodies, {failed} set aside; {figures}", bodies.len() * 3))
}
