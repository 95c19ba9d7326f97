//! Peers that break the protocol, from bytes to words.

use crate::stage::{Node, Stage, eventually};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

/// The code with which a socket is closed that sends these bytes, and that nobody else suffers.
async fn code_of(node: &Node, stage: &Stage, bytes: &[u8]) -> u16 {
    let mut neighbour = node.socket(&stage.bob, &["inbox"]).await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    client.raw(bytes).await.expect("writes");
    let code = client.closed().await;
    let seq = node.emit(stage.tenant, &["inbox"], 1).await;
    assert_eq!(neighbour.follow(seq).await, [1]);
    code
}

fn fragment(opcode: OpCode, is_final: bool, size: usize) -> Message {
    let header = FrameHeader { is_final, opcode, ..FrameHeader::default() };
    Message::Frame(Frame::from_payload(header, vec![b'x'; size].into()))
}

pub async fn a_huge_length_is_refused_by_its_head(stage: Arc<Stage>) {
    let node = stage.node().await;
    for declared in [u64::MAX >> 1, u64::MAX, 65_537] {
        let mut head = vec![0x81, 0xff];
        head.extend(declared.to_be_bytes());
        head.extend([1, 2, 3, 4]);
        // Not one byte of the payload comes.
        assert_eq!(code_of(&node, &stage, &head).await, 1009, "{declared}");
    }
}

pub async fn a_message_of_many_fragments_is_bounded(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &[]).await;
    for opcode in [Data::Text, Data::Continue, Data::Continue] {
        client.ws.send(fragment(OpCode::Data(opcode), false, 30_000)).await.expect("sends");
    }
    assert_eq!(client.closed().await, 1009);
    let mut client = node.socket(&stage.ada, &[]).await;
    let word = json!({"type": "leave", "room": "x".repeat(60_000), "ref": 1}).to_string();
    let (one, two) = word.as_bytes().split_at(word.len() / 2);
    let part = |opcode, is_final, bytes: &[u8]| {
        Message::Frame(Frame::from_payload(
            FrameHeader { is_final, opcode, ..FrameHeader::default() },
            bytes.to_vec().into(),
        ))
    };
    client.ws.send(part(OpCode::Data(Data::Text), false, one)).await.expect("sends");
    client.ws.send(part(OpCode::Data(Data::Continue), true, two)).await.expect("sends");
    assert_eq!(client.next().await["type"], "left", "a message of two fragments within the limit is read");
}

pub async fn an_unmasked_frame_is_1002(stage: Arc<Stage>) {
    let node = stage.node().await;
    assert_eq!(code_of(&node, &stage, &[0x81, 0x02, b'{', b'}']).await, 1002);
    assert_eq!(code_of(&node, &stage, &[0x83, 0x80, 0, 0, 0, 0]).await, 1002, "a reserved opcode");
}

pub async fn reserved_bits_are_1002(stage: Arc<Stage>) {
    let node = stage.node().await;
    for first in [0xc1, 0xa1, 0x91] {
        assert_eq!(code_of(&node, &stage, &[first, 0x80, 0, 0, 0, 0]).await, 1002, "{first:x}");
    }
}

pub async fn a_text_that_is_none_is_1007(stage: Arc<Stage>) {
    let node = stage.node().await;
    assert_eq!(code_of(&node, &stage, &[0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]).await, 1007);
    let in_two = [0x01, 0x81, 0, 0, 0, 0, 0xff, 0x80, 0x81, 0, 0, 0, 0, 0xfe];
    assert_eq!(code_of(&node, &stage, &in_two).await, 1007);
}

pub async fn a_flood_is_4000(stage: Arc<Stage>) {
    let node = stage.node().await;
    // Twenty and the hello in one go: all kinds of frames count.
    for frame in
        [&[0x81, 0x82, 0, 0, 0, 0, b'{', b'}'][..], &[0x89, 0x80, 0, 0, 0, 0], &[0x8a, 0x80, 0, 0, 0, 0]]
    {
        assert_eq!(code_of(&node, &stage, &frame.repeat(200)).await, 4000);
    }
}

pub async fn twenty_a_second_are_welcome(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &[]).await;
    for n in 0..60 {
        let answer = client.ask(json!({"type": "leave", "room": "inbox"}), json!(n)).await;
        assert_eq!(answer["type"], "left");
        tokio::time::sleep(Duration::from_millis(52)).await;
    }
}

pub async fn a_ping_gets_its_own_bytes_back(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &[]).await;
    for payload in [vec![], vec![0, 255, 7], vec![9; 125]] {
        client.ws.send(Message::Ping(payload.clone().into())).await.expect("sends");
        let pong = loop {
            match tokio::time::timeout(crate::stage::WAIT, client.ws.next()).await.expect("a pong") {
                Some(Ok(Message::Pong(bytes))) => break bytes.to_vec(),
                Some(Ok(_)) => {}
                end => panic!("{end:?}"),
            }
        };
        assert_eq!(pong, payload);
    }
}

pub async fn binary_frames_are_refused_and_forgiven(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    for bytes in [vec![], br#"{"type":"leave","room":"inbox"}"#.to_vec()] {
        client.ws.send(Message::binary(bytes)).await.expect("sends");
        assert_eq!(client.next().await["code"], "bad_frame");
    }
    node.emit(stage.tenant, &["inbox"], 1).await;
    assert_eq!(client.number().await, 1);
}

pub async fn a_goodbye_is_answered(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut watcher = node.socket(&stage.bob, &["inbox"]).await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    assert_eq!(watcher.next_of("presence").await["joined"][0]["name"], "Ada");
    client.ws.close(None).await.expect("closes");
    assert_eq!(client.closed().await, 1000);
    assert_eq!(watcher.next_of("presence").await["left"][0]["name"], "Ada");
    assert_eq!(node.hub.sockets(), 1);
}

pub async fn nonsense_is_refused_and_forgiven(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    let deep = "[".repeat(50_000);
    for bad in [
        "",
        "{",
        "[]",
        "null",
        "\"\"",
        r#"{"type":"event","seq":1}"#,
        r#"{"type":"join"}"#,
        r#"{"type":["join"]}"#,
        r#"{"type":"join","room":1}"#,
        &deep,
    ] {
        client.send_text(bad).await;
        assert_eq!(client.next().await["code"], "bad_frame", "{bad}");
    }
    client.send_text(r#"{"type":"publish","room":"inbox","ref":5}"#).await;
    assert_eq!(client.next().await["ref"], 5);
    node.emit(stage.tenant, &["inbox"], 1).await;
    assert_eq!(client.number().await, 1);
}

pub async fn signals_are_small(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    let mut other = node.socket(&stage.bob, &["inbox"]).await;
    client.signal("inbox", json!("x".repeat(2_047))).await;
    assert_eq!(client.next_of("error").await["code"], "bad_frame");
    client.signal("inbox", json!("x".repeat(2_046))).await;
    assert_eq!(other.next_of("signal").await["data"].as_str().map(str::len), Some(2_046));
    client.send(json!({"type": "signal", "room": "inbox", "name": "message.created", "data": {}})).await;
    assert_eq!(client.next_of("error").await["code"], "bad_frame", "events are not for clients");
}

pub async fn who_vanishes_in_a_frame_is_gone(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut watcher = node.socket(&stage.bob, &["inbox"]).await;
    for part in [&[0x81][..], &[0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 7], &[0x01, 0x81, 0, 0, 0, 0, b'{']] {
        let mut client = node.socket(&stage.ada, &["inbox"]).await;
        assert_eq!(watcher.next_of("presence").await["joined"][0]["name"], "Ada");
        client.raw(part).await.expect("writes");
        drop(client);
        assert_eq!(watcher.next_of("presence").await["left"][0]["name"], "Ada");
    }
    eventually("one is left", async || node.hub.sockets() == 1).await;
}
