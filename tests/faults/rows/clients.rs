//! F-07b, F-22, F-32: clients that vanish, that don't read, that all come back at once.

use super::Outcome;
use crate::platform::{CHANNELS, SECRET, WORDS};
use crate::proxy::Proxy;
use crate::random::Random;
use crate::scene::{Scene, crew};
use crate::sender::FIRST_AT;
use crate::service::Postgres;
use crate::watcher::{Reading, Watchers};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Sockets of a user on one node, at the most 20.
const OF_A_USER: usize = 18;

/// In F-32 the platform takes its time: each event goes to all sockets, and this machine has to read them as well.
const PACE_OF_A_SOCKET: Duration = Duration::from_micros(800);

/// The number in the variable, else the usual one.
fn number(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |text| text.parse().expect("a number"))
}

/// F-07b: a connection that is reset in the head, in the body, and when all was said.
pub async fn vanish(random: Random) -> Outcome {
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    let mut random = scene.random.fork();
    scene.flows(1).await;
    for n in 0..600 {
        let (id, person) = (format!("wamid.vanish{n}"), format!("9053255000{:02}", n % 30));
        let text = format!("gone {n} {}", WORDS[0]);
        let item = CHANNELS[0].text(&id, &person, FIRST_AT, &text);
        let body = serde_json::to_vec(&CHANNELS[0].body(std::slice::from_ref(&item))).unwrap();
        let host = scene.nodes[0].url.trim_start_matches("http://");
        let head = format!(
            "POST /api/whatsapp/webhook HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nx-hub-signature-256: {}\r\n\r\n",
            body.len(),
            webhooks::signature::sign(&body, SECRET.as_bytes())
        );
        let whole = [head.as_bytes(), &body].concat();
        let cut = match n % 3 {
            0 => random.below(head.len()),
            1 => head.len() + random.below(body.len()),
            _ => whole.len(),
        };
        let mut socket = TcpStream::connect(host).await.unwrap();
        socket.write_all(&whole[..cut]).await.unwrap();
        tokio::time::sleep(Duration::from_micros(u64::try_from(random.below(3_000)).unwrap())).await;
        socket.set_zero_linger().unwrap();
        drop(socket);
        // The platform was not answered, and repeats.
        assert_eq!(
            scene.post(&CHANNELS[0], &[item]).await,
            "200",
            "after {n} that vanished\n{}",
            scene.said()
        );
        scene.sender.ledger.acked_elsewhere(0, &person, &id, &text);
    }
    scene.flows(1_000).await;
    scene.prompt();
    Outcome::Held(format!("600 vanished, 1,000 acked after them; {}", scene.end().await))
}

/// Memory of a process, in MiB.
fn memory(pid: i32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}

/// What the node counts.
async fn closed_as_slow(scene: &Scene) -> usize {
    let name = "switchboard_sockets_closed_total{reason=\"slow\"}";
    scene.apis[0].figure(name).await.unwrap_or(0)
}

/// Sends until so many sockets were closed as slow; the most memory that the node had meanwhile.
async fn flood(scene: &Scene, sockets: usize) -> usize {
    // Texts long enough to fill what lies between: buffers of the kernel hold the first megabytes.
    let long = "x".repeat(3_000);
    let (mut most, mut n, begin) = (0, 0, switchboard::clock::monotonic());
    while closed_as_slow(scene).await < sockets {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "sockets that nobody reads stay open\n{}",
            scene.said()
        );
        let mut items = Vec::new();
        for _ in 0..40 {
            let (id, person) = (format!("wamid.long{n}"), format!("9053266000{:02}", n % 30));
            let text = format!("{long} {n} {}", WORDS[0]);
            items.push(CHANNELS[0].text(&id, &person, FIRST_AT + n, &text));
            scene.sender.ledger.acked_elsewhere(0, &person, &id, &text);
            n += 1;
        }
        assert_eq!(scene.post(&CHANNELS[0], &items).await, "200");
        scene.flows(5).await;
        most = most.max(memory(scene.nodes[0].pid()));
    }
    most
}

/// F-22: a quarter of the sockets is not read, a tenth slowly. The others don't notice; those come back by their cursor.
pub async fn slow(random: Random) -> Outcome {
    let count = number("FAULTS_SOCKETS", 60);
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    let users = crew(&scene, &scene.nodes[0].url, count.div_ceil(OF_A_USER)).await;
    let readings: Vec<Reading> = (0..count)
        .map(|n| match n % 20 {
            0..5 => Reading::Never,
            5..7 => Reading::Slowly,
            _ => Reading::AsItComes,
        })
        .collect();
    let watchers = Watchers::open(&users, &readings).await;
    watchers.live(count, Duration::from_secs(30), || scene.said()).await;
    scene.flows(100).await;
    let calm = memory(scene.nodes[0].pid());
    watchers.stall(true);
    let unread = readings.iter().filter(|reading| **reading == Reading::Never).count();
    let most = flood(&scene, unread).await;
    // Those that read are abreast while the others are stuck.
    let seq = scene.last_told().await;
    let begin = switchboard::clock::monotonic();
    while watchers
        .state()
        .iter()
        .zip(&readings)
        .any(|(it, reading)| *reading == Reading::AsItComes && it.cursor < seq)
    {
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "sockets that read lag behind those that don't\n{}",
            scene.said()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let abreast = begin.elapsed();
    assert!(most < calm + 200, "memory grew from {calm} to {most} MiB");
    watchers.stall(false);
    scene.prompt();
    let figures = scene.ends().await;
    let seq = scene.last_told().await;
    let arrived = watchers.arrive(seq, Duration::from_secs(30), || scene.said()).await;
    let again = watchers.state().iter().filter(|watched| watched.connections > 1).count();
    Outcome::Held(format!(
        "{count} sockets; readers abreast after {abreast:.1?}, all after {arrived:.1?}; {again} were closed and came \
         back; memory {calm} to {most} MiB; {figures}"
    ))
}

/// F-32: all cut at once, with load. All are back and abreast in 15 s.
pub async fn storm(random: Random) -> Outcome {
    let count = number("FAULTS_SOCKETS", 300);
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    let proxy = Proxy::start(&[&scene.nodes[0].url]).await;
    let users = crew(&scene, &proxy.url, count.div_ceil(OF_A_USER)).await;
    scene.sender.at_a_pace(PACE_OF_A_SOCKET * u32::try_from(count).unwrap());
    let watchers = Watchers::open(&users, &vec![Reading::AsItComes; count]).await;
    watchers.live(count, Duration::from_secs(60), || scene.said()).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..3 {
        scene.flows(60).await;
        proxy.cut();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let back = watchers.live(count, Duration::from_secs(15), || scene.said()).await;
        slowest = slowest.max(back);
        let seq = scene.last_told().await;
        watchers.arrive(seq, Duration::from_secs(15), || scene.said()).await;
    }
    scene.prompt();
    let figures = scene.ends().await;
    Outcome::Held(format!("{count} sockets, three times, back after {slowest:.1?} at the most; {figures}"))
}
