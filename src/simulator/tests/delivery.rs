//! Webhooks on their way.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_signed_and_acknowledged_once() {
    let (stub, simulator) = stage(vec![], |config| config.site_key = Some("site".to_owned())).await;
    for _ in 0..150 {
        simulator.step().await;
    }
    assert!(simulator.settle(LONG).await);
    let totals = simulator.ledger().totals();
    assert_eq!((totals.acked, totals.open(), totals.retried), (totals.posts, 0, 0));
    assert_eq!(stub.got.lock().len() as u64, totals.posts);
    let got = stub.got.lock().clone();
    for got in &got {
        assert_eq!(got.signed, got.path != "/api/public/leads", "{}", got.path);
    }
    let paths: HashSet<&str> = got.iter().map(|got| got.path.as_str()).collect();
    assert_eq!(paths.len(), 4, "{paths:?}");
    assert!(totals.told.contains_key("message") && totals.told.contains_key("lead"), "{:?}", totals.told);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_ledger() {
    let hashes = async |seed| {
        let (_stub, simulator) = stage(vec![], |config| {
            config.clock = Clock::stepped(1_763_600_000_000, 250);
            config.seed = seed;
        })
        .await;
        simulator.past(10).await;
        for _ in 0..60 {
            simulator.step().await;
        }
        let entries = simulator.ledger().entries();
        let ids: Vec<Told> = entries.iter().flat_map(|entry| entry.told.clone()).collect();
        // Not the hashes: bodies with files carry the port of the Graph part.
        (ids, entries.len())
    };
    let first = hashes(5).await;
    assert_eq!(first, hashes(5).await);
    assert_ne!(first.0, hashes(6).await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_retried_until_answered_and_refusals_are_not() {
    let (stub, simulator) = stage(vec![401, 503, 429, 500], |_| {}).await;
    for _ in 0..40 {
        simulator.step().await;
    }
    assert!(simulator.settle(LONG).await);
    let totals = simulator.ledger().totals();
    assert_eq!((totals.retried, totals.refused, totals.acked), (3, 1, totals.posts - 1));
    assert_eq!(totals.attempts, totals.posts + 3);
    assert_eq!(totals.statuses.get(&503), Some(&1));
    let acked = stub.got.lock().iter().filter(|got| got.acked).count() as u64;
    assert_eq!(acked, totals.acked);
    let refused: Vec<Entry> =
        simulator.ledger().entries().into_iter().filter(|entry| entry.state == State::Refused).collect();
    assert_eq!((refused.len(), refused[0].last_status), (1, Some(401)));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_nobody_listens_and_order_is_kept() {
    let probe = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = probe.local_addr().unwrap();
    drop(probe);
    let simulator = Simulator::start(Config::new(&format!("http://{address}"), SECRET)).await.unwrap();
    let customer = somebody(&simulator, Platform::Messenger);
    let mut sent = Vec::new();
    for number in 0..5 {
        sent.extend(simulator.customer_writes(&customer.id, &format!("message {number}")).await);
    }
    assert!(!simulator.settle(Duration::from_millis(200)).await);
    assert!(simulator.ledger().totals().unreachable > 0);
    let (stub, _) = serve(std::net::TcpListener::bind(address).unwrap(), vec![]);
    assert!(simulator.settle(LONG).await);
    let got: Vec<String> = stub.got.lock().iter().flat_map(|got| message_ids(&got.body)).collect();
    assert_eq!(got, sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn misbehaviour_repeats_batches_and_reorders_but_loses_nothing() {
    let (stub, simulator) = stage(vec![500; 5], |config| {
        config.behaviour =
            Behaviour { duplicate: 0.5, reorder: 0.5, batch: 5, delay_ms: 5, ..Behaviour::default() };
    })
    .await;
    for _ in 0..200 {
        simulator.step().await;
    }
    assert!(simulator.settle(LONG).await);
    let totals = simulator.ledger().totals();
    assert!(totals.posts < totals.events, "{totals:?}");
    assert!(totals.copies > 0);
    assert_eq!((totals.open(), totals.acked), (0, totals.posts));
    assert_eq!(stub.got.lock().len() as u64, totals.attempts + totals.copies);
    let got = stub.external_ids();
    assert!(got.values().any(|count| *count > 1));
    let acked = simulator.ledger().acked();
    let messages: Vec<&Told> = acked.iter().filter(|told| told.kind == "message").collect();
    assert!(messages.len() > 50);
    let missing: Vec<&&Told> = messages.iter().filter(|told| !got.contains_key(&told.external_id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_is_inside_its_limits_and_repeats_its_ids() {
    let now = Clock::wall().now_ms();
    let ids = async || {
        let (stub, simulator) = stage(vec![], |config| {
            config.customers = 60;
            config.seed = u64::try_from(Clock::wall().now_ms()).unwrap();
        })
        .await;
        simulator.past(60).await;
        assert!(simulator.settle(LONG).await);
        let mut ids: Vec<String> = stub.external_ids().into_keys().collect();
        ids.sort();
        let times: Vec<i64> = stub.got.lock().iter().flat_map(|got| times(&got.body)).collect();
        (ids, times)
    };
    let (first, times) = ids().await;
    assert!(first.len() > 150, "{}", first.len());
    let oldest = now - 6 * 24 * 60 * 60 * 1000;
    assert!(times.iter().all(|at| *at > oldest && *at <= now + 5_000));
    // A second demo on the same data tells nothing new.
    assert_eq!(first, ids().await.0);
}

fn times(body: &Value) -> Vec<i64> {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut times = Vec::new();
    for entry in list(body.get("entry")) {
        times.extend(list(entry.get("messaging")).iter().filter_map(|item| item["timestamp"].as_i64()));
        for change in list(entry.get("changes")) {
            let messages = list(change.pointer("/value/messages"));
            let seconds =
                messages.iter().filter_map(|message| message["timestamp"].as_str()?.parse::<i64>().ok());
            times.extend(seconds.map(|seconds| seconds * 1000));
        }
    }
    times
}

#[tokio::test]
async fn only_loopback_is_served_and_ending_abandons_what_is_open() {
    let mut config = Config::new("http://127.0.0.1:9", SECRET);
    config.graph_addr = "0.0.0.0:0".parse().unwrap();
    assert!(matches!(Simulator::start(config).await, Err(SimulatorError::NotLoopback(_))));

    let simulator = Simulator::start(Config::new("http://127.0.0.1:9", SECRET)).await.unwrap();
    let url = simulator.graph_url().to_owned();
    simulator.step().await;
    let ledger = simulator.ledger();
    simulator.stop().await;
    let totals = ledger.totals();
    assert_eq!((totals.abandoned, totals.open()), (totals.posts, 0));
    assert!(reqwest::get(format!("{url}/_simulator/ledger")).await.is_err());
}
