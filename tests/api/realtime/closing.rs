//! How sockets begin and end: refusals, close codes, slow peers.

use super::setup::{Client, World, eventually, eventually_within};
use futures_util::SinkExt;
use serde_json::json;
use std::time::Duration;
use switchboard::clock;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

/// Writes bytes past the WebSocket library.
async fn raw(client: &mut Client, bytes: &[u8]) {
    try_raw(client, bytes).await.expect("writes");
}

async fn try_raw(client: &mut Client, bytes: &[u8]) -> std::io::Result<()> {
    let MaybeTlsStream::Plain(stream) = client.ws.get_mut() else { panic!("plain expected") };
    stream.write_all(bytes).await
}

fn fragment(opcode: OpCode, fin: bool, size: usize) -> Message {
    let header = FrameHeader { is_final: fin, opcode, ..FrameHeader::default() };
    Message::Frame(Frame::from_payload(header, vec![b'x'; size].into()))
}

#[tokio::test(flavor = "multi_thread")]
async fn only_signed_in_and_with_our_subprotocol() {
    let world = World::new().await;
    let node = world.node().await;
    let bearer = format!("Bearer {}", world.ada.token);
    let refused = async |headers: &[(&'static str, &str)]| node.connect_with(headers).await.err();
    assert_eq!(refused(&[]).await, Some(401));
    assert_eq!(refused(&[("authorization", "Bearer x")]).await, Some(401));
    let origin = format!("http://{}", node.address);
    assert_eq!(refused(&[("cookie", "session=x"), ("origin", "http://evil.test")]).await, Some(403));
    assert_eq!(refused(&[("cookie", "session=x")]).await, Some(403));
    assert_eq!(refused(&[("cookie", "session=x"), ("origin", &origin)]).await, Some(401));
    let other = ("sec-websocket-protocol", "graphql");
    assert_eq!(refused(&[("authorization", &bearer), other]).await, Some(400));
    let ours = ("sec-websocket-protocol", "switchboard.v1");
    assert_eq!(refused(&[("authorization", &bearer), ours]).await, None);

    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(node.connect(&world.bob).await.expect("connects"));
    }
    assert_eq!(node.connect(&world.bob).await.err(), Some(429), "the 21st");
    clients.pop();
    eventually("a place becomes free", async || node.connect(&world.bob).await.is_ok()).await;
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hello_and_floods_are_4000() {
    let world = World::new().await;
    let node = world.node().await;
    let mut quiet = node.connect(&world.ada).await.expect("connects");
    let begin = clock::monotonic();
    let mut flood = node.socket(&world.ada, &[]).await;
    for _ in 0..60 {
        flood.send_text("{}").await;
    }
    assert_eq!(flood.closed().await, 4000);
    let mut pings = node.socket(&world.ada, &[]).await;
    for _ in 0..1_000 {
        if pings.ws.send(Message::Ping(vec![1].into())).await.is_err() {
            break;
        }
    }
    assert!([4000, 1006].contains(&pings.closed().await));
    let mut steady = node.socket(&world.ada, &[]).await;
    for n in 0..60 {
        steady.send(json!({"type": "leave", "room": "inbox", "ref": n})).await;
        assert_eq!(steady.next().await["ref"], n);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(9).saturating_sub(begin.elapsed())).await;
    assert_eq!(quiet.closed().await, 4000);
    assert!((9_900..12_000).contains(&begin.elapsed().as_millis()));
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_protocol_has_its_codes() {
    let world = World::new().await;
    let node = world.node().await;
    let mut client = node.socket(&world.ada, &[]).await;
    client.ws.send(Message::text("x".repeat(65_537))).await.expect("sends");
    assert_eq!(client.closed().await, 1009);

    let mut client = node.socket(&world.ada, &[]).await;
    for opcode in [Data::Text, Data::Continue, Data::Continue] {
        client.ws.send(fragment(OpCode::Data(opcode), false, 30_000)).await.expect("sends");
    }
    assert_eq!(client.closed().await, 1009, "a message of many small frames");

    for (bytes, code) in [
        // A text frame that declares nearly 2^63 bytes.
        (vec![0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4], 1009),
        // Not masked.
        (vec![0x81, 0x02, b'{', b'}'], 1002),
        // A reserved opcode.
        (vec![0x83, 0x80, 0, 0, 0, 0], 1002),
        // A reserved bit.
        (vec![0xc1, 0x80, 0, 0, 0, 0], 1002),
        // Not UTF-8.
        (vec![0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe], 1007),
        // The same in two frames.
        (vec![0x01, 0x81, 0, 0, 0, 0, 0xff, 0x80, 0x81, 0, 0, 0, 0, 0xfe], 1007),
    ] {
        let mut client = node.socket(&world.ada, &[]).await;
        raw(&mut client, &bytes).await;
        assert_eq!(client.closed().await, code, "{bytes:x?}");
    }
    let mut client = node.socket(&world.ada, &[]).await;
    client.ws.close(None).await.expect("closes");
    assert_eq!(client.closed().await, 1000);
    eventually("all are gone", async || node.hub.sockets() == 0).await;
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_takes_its_sockets_along() {
    let world = World::new().await;
    let node = world.node().await;
    let mut before_hello = node.connect(&world.ada).await.expect("connects");
    let mut client = node.socket(&world.ada, &["inbox"]).await;
    let mut bob = node.socket(&world.bob, &["inbox"]).await;
    let begin = clock::monotonic();
    // As another node would do it: only the database knows.
    world.sql(&format!("update session set revoked_at = now() where id = '{}'", world.ada.session)).await;
    assert_eq!(client.closed().await, 4001);
    assert_eq!(before_hello.closed().await, 4001);
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert_eq!(bob.next().await["left"][0]["name"], "Ada");
    // On this node: at once.
    let begin = clock::monotonic();
    node.hub.revoke(world.bob.session);
    assert_eq!(bob.closed().await, 4001);
    assert!(begin.elapsed() < Duration::from_millis(500));
    let auth = &node.auth;
    assert!(auth.db().system().await.is_ok());
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_closed_with_4008_and_hurts_nobody() {
    let world = World::new().await;
    let node = world.node().await;
    let mut stuck = node.socket(&world.ada, &["inbox"]).await;
    let mut stone = node.socket(&world.ada, &["inbox"]).await;
    let mut quick = node.socket(&world.bob, &["inbox"]).await;
    let text = "x".repeat(64 * 1_024);
    let mut n = 0;
    eventually_within(Duration::from_secs(60), "both are given up", async || {
        node.emit(world.tenant, &["inbox"], json!({"n": n, "text": text})).await;
        assert_eq!(quick.number().await, n);
        n += 1;
        node.hub.sockets() == 1
    })
    .await;
    // Reads again before its goodbye is given up: is told, and what it was sent has no hole.
    assert_eq!(stuck.closed().await, 4008);
    assert!(stuck.seq > 0 && stuck.seq < n);
    // Never reads: hung up on, so that it takes nothing more either.
    let ping = [0x89, 0x80, 0, 0, 0, 0];
    eventually_within(Duration::from_secs(25), "hung up on", async || {
        try_raw(&mut stone, &ping).await.is_err()
    })
    .await;
    assert_eq!(stone.closed().await, 1006);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes more than a minute"]
async fn beats_prove_life_and_silent_peers_are_dropped() {
    let world = World::new().await;
    let node = world.node().await;
    let mut idle = node.socket(&world.ada, &[]).await;
    // Nobody reads this one, so nobody answers pings.
    let silent = node.socket(&world.bob, &[]).await;
    node.emit(world.tenant, &["inbox"], json!({"n": 1})).await;
    let begin = clock::monotonic();
    for round in 1..=4_u32 {
        let frame = loop {
            // The client answers pings while it waits.
            if let Ok(Ok(frame)) = tokio::time::timeout(Duration::from_secs(1), idle.try_next()).await {
                break frame;
            }
            assert!(begin.elapsed() < Duration::from_secs(25) * round);
        };
        assert_eq!((&frame["type"], &frame["seq"]), (&json!("beat"), &json!(1)));
        assert!(begin.elapsed() > Duration::from_secs(19) * round);
    }
    assert_eq!(node.hub.sockets(), 1);
    drop(silent);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_closes_with_1012_over_time() {
    let world = World::new().await;
    let node = world.node().await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.push(node.socket(&world.ada, &["inbox"]).await);
    }
    let begin = clock::monotonic();
    let hub = node.hub.clone();
    let drained = tokio::spawn(async move { hub.drain(Duration::from_secs(1)).await });
    let mut times = Vec::new();
    for client in &mut clients {
        assert_eq!(client.closed().await, 1012);
        times.push(begin.elapsed());
    }
    assert_eq!(node.connect(&world.ada).await.err(), Some(503));
    drained.await.expect("drains");
    assert!(
        begin.elapsed() >= Duration::from_millis(850) && begin.elapsed() < Duration::from_secs(2),
        "{times:?}"
    );
    assert_eq!(node.hub.sockets(), 0);
    node.stop().await;
    world.end().await;
}
