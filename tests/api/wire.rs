//! Webhooks over a bare socket: what HTTP itself may do to the server.

use crate::bodies::{text_body, texts};
use crate::support::{SECRET, TestApp};
use std::time::Duration;
use switchboard::clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use webhooks::signature::sign;

const MIB: usize = 1024 * 1024;
/// The contract's ten seconds, and some for a busy machine.
const CLOSED_BY: Duration = Duration::from_secs(13);

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.app.address).await.unwrap()
}

/// Everything that comes until the server closes the connection.
async fn until_closed(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut answer = Vec::new();
    let reading = async {
        let mut part = [0; 4096];
        // A reset is an end too.
        while let Ok(read @ 1..) = stream.read(&mut part).await {
            answer.extend_from_slice(&part[..read]);
        }
    };
    tokio::time::timeout(CLOSED_BY, reading).await.expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The head of a signed webhook with further header lines.
fn head(body: &[u8], lines: &[&str]) -> String {
    let signature = sign(body, SECRET.as_bytes());
    format!(
        "POST /api/whatsapp/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         X-Hub-Signature-256: {signature}\r\n{}\r\n\r\n",
        lines.join("\r\n")
    )
}

fn chunked(body: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_of_two_lengths_are_400_and_the_connection_ends() {
    let app = TestApp::start().await;
    let body = text_body("905320000011", "wamid.smuggled", "smuggled").to_string().into_bytes();
    let length = format!("Content-Length: {}", body.len());
    let shorter = format!("Content-Length: {}", body.len() - 1);
    let plus = format!("Content-Length: +{}", body.len());
    let listed = format!("Content-Length: {0}, {0}", body.len());
    let (spaced, tabbed) = (format!("Content-Length : {}", body.len()), format!("{length}\r\n folded"));
    let cases: [(&str, Vec<&str>); 16] = [
        ("both, length first", vec![&length, "Transfer-Encoding: chunked"]),
        ("both, length last", vec!["Transfer-Encoding: chunked", &length]),
        ("both, length of nothing", vec!["Content-Length: 0", "Transfer-Encoding: chunked"]),
        ("two lengths", vec![&length, &shorter]),
        ("two equal lengths", vec![&length, &length]),
        ("a list of lengths", vec![&listed]),
        ("a signed length", vec![&plus]),
        ("a negative length", vec!["Content-Length: -1"]),
        ("a length beyond every number", vec!["Content-Length: 99999999999999999999999"]),
        ("a length in hex", vec!["Content-Length: 0x10"]),
        ("a blank before the colon", vec![&spaced]),
        ("a folded line", vec![&tabbed]),
        ("an unknown coding", vec!["Transfer-Encoding: xchunked"]),
        ("chunked and more", vec!["Transfer-Encoding: chunked, identity"]),
        ("chunked twice", vec!["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]),
        ("a header without name", vec![&length, ": chunked"]),
    ];
    for (name, lines) in cases {
        for sent in [body.clone(), chunked(&body)] {
            let mut stream = connect(&app).await;
            stream.write_all(head(&body, &lines).as_bytes()).await.unwrap();
            // What follows a refused head may meet a closed door.
            let _ = stream.write_all(&sent).await;
            let _ = stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
            let answer = until_closed(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{name}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{name}: {answer}");
        }
    }
    app.settle().await;
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_chunks_are_refused_and_nothing_is_stored() {
    let app = TestApp::start().await;
    let body = text_body("905320000012", "wamid.chunks", "whole chunks").to_string().into_bytes();
    let line = |line: &str| [line.as_bytes(), b"\r\n", &body, b"\r\n0\r\n\r\n"].concat();
    let size = format!("{:x}", body.len());
    for (name, sent) in [
        ("a size that is none", line("xyz")),
        ("a negative size", line("-1")),
        ("a size beyond every number", line("fffffffffffffffffff")),
        ("a chunk longer than its size", line(&format!("{:x}", body.len() - 3))),
        ("a bare line feed", [format!("{size}\n").as_bytes(), &body, b"\r\n0\r\n\r\n"].concat()),
    ] {
        let mut stream = connect(&app).await;
        let head = head(&body, &["Transfer-Encoding: chunked"]);
        stream.write_all(&[head.as_bytes(), &sent].concat()).await.unwrap();
        let answer = until_closed(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{name}: {answer}");
    }
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    // Whole ones are as good as a length.
    let mut stream = connect(&app).await;
    let head = head(&body, &["Transfer-Encoding: chunked", "Connection: close"]);
    stream.write_all(&[head.as_bytes(), &chunked(&body)].concat()).await.unwrap();
    assert!(until_closed(&mut stream).await.starts_with("HTTP/1.1 200"));
    app.settle().await;
    assert_eq!(texts(&app, "whole chunks").await, 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chunked_body_is_bounded_without_a_length() {
    let app = TestApp::start().await;
    for (size, status) in [(8 * MIB, 200), (8 * MIB + 1, 413), (64 * MIB, 413)] {
        let words = format!("chunked {size}");
        let mut body =
            text_body("905320000013", &format!("wamid.chunked{size}"), &words).to_string().into_bytes();
        body.resize(size, b' ');
        let mut stream = connect(&app).await;
        stream.write_all(head(&body, &["Transfer-Encoding: chunked"]).as_bytes()).await.unwrap();
        let (mut reading, mut writing) = stream.split();
        let write = async {
            for part in body.chunks(100_000) {
                let chunk = [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
                if writing.write_all(&chunk).await.is_err() {
                    return;
                }
            }
            let _ = writing.write_all(b"0\r\n\r\n").await;
        };
        let read = async {
            let mut answer = [0; 12];
            reading.read_exact(&mut answer).await.unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        };
        let answer = tokio::time::timeout(CLOSED_BY, async { tokio::join!(write, read).1 }).await.unwrap();
        assert_eq!(answer, format!("HTTP/1.1 {status}"), "{size}");
        app.settle().await;
        assert_eq!(texts(&app, &words).await, i64::from(status == 200));
    }
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 1);
    app.end().await;
}

/// Sends a head, then a byte a second, until the server has had enough: what it said.
async fn drip(app: &TestApp, head: &str, body: &[u8]) -> String {
    let mut stream = connect(app).await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let write = async {
        for byte in body {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if writing.write_all(&[*byte]).await.is_err() {
                break;
            }
        }
        std::future::pending::<String>().await
    };
    tokio::select! {
        answer = until_closed(&mut reading) => answer,
        never = write => never,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_senders_are_ended_and_hold_nobody_up() {
    let app = TestApp::start().await;
    let body = text_body("905320000014", "wamid.slow", "slow").to_string().into_bytes();
    let length = format!("Content-Length: {}", body.len());
    let slow_body = head(&body, &[&length]);
    let waits_for_100 = head(&body, &[&length, "Expect: 100-continue"]);
    let slow_head = format!("POST /api/whatsapp/webhook HTTP/1.1\r\n{length}\r\n");
    let mut slow = vec![(slow_head.as_str(), b"X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".as_slice())];
    for _ in 0..20 {
        slow.push((&slow_body, &body));
        slow.push((&waits_for_100, b""));
    }
    let others = async {
        let started = clock::monotonic();
        while started.elapsed() < Duration::from_secs(9) {
            let asked = clock::monotonic();
            let quick = text_body("905320000015", "wamid.quick", "quick").to_string();
            assert_eq!(app.deliver("whatsapp", quick.as_bytes()).await, 200);
            assert_eq!(app.get("/channels").await.0, 200);
            assert!(asked.elapsed() < Duration::from_secs(3), "others wait for the slow ones");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let drips = futures_util::future::join_all(slow.iter().map(|(head, body)| drip(&app, head, body)));
    let (answers, ()) = tokio::join!(drips, others);
    for answer in answers {
        let last = answer.rsplit("HTTP/1.1 ").next().unwrap().to_owned();
        assert!(last.starts_with("400") || last.starts_with("408") || last.is_empty(), "{answer}");
    }
    app.settle().await;
    assert_eq!((texts(&app, "slow").await, texts(&app, "quick").await), (0, 1));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_expects_100_gets_it_when_the_body_may_come() {
    let app = TestApp::start().await;
    let body = text_body("905320000016", "wamid.expect", "expected").to_string().into_bytes();
    let length = format!("Content-Length: {}", body.len());
    let mut stream = connect(&app).await;
    let asked = head(&body, &[&length, "Expect: 100-continue", "Connection: close"]);
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut answer = [0; 25];
    tokio::time::timeout(CLOSED_BY, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body).await.unwrap();
    assert!(until_closed(&mut stream).await.starts_with("HTTP/1.1 200"));
    app.settle().await;
    assert_eq!(texts(&app, "expected").await, 1);
    // Other expectations and bodies that may not come anyway.
    let too_large = format!("Content-Length: {}", 8 * MIB + 1);
    for (lines, statuses) in [
        (vec![too_large.as_str(), "Expect: 100-continue"], ["413", "413"]),
        (vec![&length, "Content-Encoding: gzip", "Expect: 100-continue"], ["415", "415"]),
        (vec![&length, "Expect: a-miracle"], ["417", "400"]),
    ] {
        let mut stream = connect(&app).await;
        stream.write_all(head(&body, &lines).as_bytes()).await.unwrap();
        let answer = until_closed(&mut stream).await;
        let last = answer.rsplit("HTTP/1.1 ").next().unwrap();
        assert!(statuses.iter().any(|status| last.starts_with(status)), "{lines:?}: {answer}");
    }
    app.end().await;
}
