//! From HTTP to a socket, byte by byte: what is written before, with and after the handshake.

use super::setup::{Node, User, WAIT, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HANDSHAKE: &str = "connection: upgrade\r\nsec-websocket-version: 13\r\n\
    sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
/// `{"type":"hello"}`, masked with zeros.
const HELLO: &[u8] = b"\x81\x90\0\0\0\0{\"type\":\"hello\"}";

/// A request for a path with these header lines, as somebody.
fn request(path: &str, headers: &str, user: &User) -> Vec<u8> {
    let token = &user.token;
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{headers}\r\n").into_bytes()
}

fn upgrade(path: &str, user: &User) -> Vec<u8> {
    request(path, &format!("{HANDSHAKE}upgrade: websocket\r\n"), user)
}

async fn written(node: &Node, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(node.address).await.expect("connects");
    stream.write_all(bytes).await.expect("writes");
    stream
}

/// What comes until these words have come in this order.
async fn until(stream: &mut TcpStream, words: &[&str]) -> String {
    let (mut heard, mut portion) = (String::new(), [0; 4_096]);
    let found = |heard: &str| {
        words.iter().try_fold(heard, |rest, word| rest.split_once(word).map(|(_, rest)| rest)).is_some()
    };
    while !found(&heard) {
        let read = tokio::time::timeout(WAIT, stream.read(&mut portion)).await;
        let size = read.unwrap_or_else(|_| panic!("{words:?} expected: {heard}")).expect("reads");
        assert!(size > 0, "{words:?} expected: {heard}");
        heard.push_str(&String::from_utf8_lossy(&portion[..size]));
    }
    heard
}

/// All that comes up to the end of the connection.
async fn all(mut stream: TcpStream) -> String {
    let mut heard = Vec::new();
    let read = tokio::time::timeout(WAIT, stream.read_to_end(&mut heard)).await;
    read.expect("the connection is closed").expect("reads");
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn hello_may_come_in_one_packet_with_the_handshake() {
    let world = World::new().await;
    let node = world.node().await;
    let bytes = [&upgrade("/api/v1/realtime", &world.ada)[..], HELLO].concat();
    let mut stream = written(&node, &bytes).await;
    until(&mut stream, &["HTTP/1.1 101 ", "\r\n\r\n", "\"type\":\"welcome\""]).await;
    // Cut anywhere, it is the same.
    let mut stream = written(&node, &bytes[..bytes.len() - 5]).await;
    until(&mut stream, &["HTTP/1.1 101 ", "\r\n\r\n"]).await;
    stream.write_all(&bytes[bytes.len() - 5..]).await.expect("writes");
    until(&mut stream, &["\"type\":\"welcome\""]).await;
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_before_the_handshake_is_answered_before_it() {
    let world = World::new().await;
    let node = world.node().await;
    let first = request("/nothing", "", &world.ada);
    let bytes = [&first[..], &first, &upgrade("/api/v1/realtime", &world.ada), HELLO].concat();
    let mut stream = written(&node, &bytes).await;
    until(&mut stream, &["HTTP/1.1 404 ", "HTTP/1.1 404 ", "HTTP/1.1 101 ", "\"type\":\"welcome\""]).await;
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_handshake_has_its_whole_answer_and_ends_the_connection() {
    let world = World::new().await;
    let node = world.node().await;
    let nobody = User { token: "x".to_owned(), ..world.ada.clone() };
    for (path, user, status) in [
        ("/nothing", &world.ada, 404),
        ("/api/v1/realtime", &nobody, 401),
        ("/api/v1/realtime?token=x", &world.ada, 400),
    ] {
        // What follows is not heard, and takes nothing from the answer.
        let bytes = [&upgrade(path, user)[..], &HELLO.repeat(1_000)].concat();
        let answer = all(written(&node, &bytes).await).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{path}: {answer}");
        assert!(answer.ends_with('}') && answer.contains("application/problem+json"), "{path}: {answer}");
    }
    assert_eq!(node.hub.sockets(), 0);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_takes_for_plain_http_never_becomes_a_socket() {
    let world = World::new().await;
    let node = world.node().await;
    for odd in [
        "upgrade: websocket, other\r\n",
        "upgrade: h2c\r\n",
        "",
        "upgrade: websocket\r\ntransfer-encoding: chunked\r\n",
    ] {
        let bytes = request("/api/v1/realtime", &format!("{HANDSHAKE}{odd}"), &world.ada);
        let mut stream = written(&node, &bytes).await;
        until(&mut stream, &["HTTP/1.1 400 ", "handshake is expected"]).await;
        assert_eq!(node.hub.sockets(), 0, "{odd}");
    }
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_graceful_stop_waits_until_every_goodbye_is_said() {
    let world = World::new().await;
    let node = world.node().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(node.socket(&world.ada, &["inbox"]).await);
    }
    node.hub.drain(std::time::Duration::ZERO).await;
    // The nodes of these tests stop without waiting, so this one is told here to wait.
    node.stop_gracefully().await;
    for client in &mut clients {
        assert_eq!(client.closed().await, 1012);
    }
    world.end().await;
}
