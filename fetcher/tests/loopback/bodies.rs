//! Bodies: their ends, their speed, their bytes.

use crate::server::{Server, Step, fetcher, get, outcome, patient, send};
use fetcher::{FetchError, Limits, Refusal, Request, Trouble};
use sha2::{Digest, Sha256};
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

fn of_length(length: usize) -> Step {
    send("200 OK", &format!("Content-Length: {length}\r\n"), &"x".repeat(length))
}

/// In chunks of at most 300 bytes.
fn chunked(length: usize) -> Step {
    let body = "x".repeat(length);
    let chunks = body.as_bytes().chunks(300).map(|part| {
        let part = String::from_utf8(part.to_vec()).unwrap();
        format!("{:x}\r\n{part}\r\n", part.len())
    });
    send("200 OK", "Transfer-Encoding: chunked\r\n", &format!("{}0\r\n\r\n", chunks.collect::<String>()))
}

/// Ended by the end of the connection.
fn open_ended(length: usize) -> Step {
    send("200 OK", "", &"x".repeat(length))
}

#[tokio::test]
async fn a_body_is_counted_and_hashed_as_it_is_written() {
    let server = Server::saying(&[chunked(700)]).await;
    let (outcome, sink) = get(&fetcher(&[&server], patient()), &server.url).await;
    let fetched = outcome.unwrap();
    assert_eq!(sink, vec![b'x'; 700]);
    assert_eq!(fetched.size, 700);
    assert_eq!(fetched.sha256, <[u8; 32]>::from(Sha256::digest(&sink)));
    assert_eq!(fetched.mime_type, None);
}

#[tokio::test]
async fn the_limit_holds_in_every_form_of_body() {
    for form in [of_length, chunked, open_ended] {
        assert_eq!(outcome(&[form(1000)]).await.unwrap().size, 1000);
        assert!(matches!(outcome(&[form(1001)]).await, Err(FetchError::TooLarge { max_bytes: 1000 })));
    }
}

/// The body never comes, so the refusal is of the head alone.
#[tokio::test]
async fn a_length_above_the_limit_is_refused_before_the_body() {
    let head = send("200 OK", "Content-Length: 1001\r\n", "");
    assert!(matches!(outcome(&[head, Step::Hold]).await, Err(FetchError::TooLarge { .. })));
}

#[tokio::test]
async fn a_body_without_end_is_left_at_the_limit() {
    let server =
        Server::saying(&[send("200 OK", "", ""), Step::Repeat("x".repeat(100_000), Duration::ZERO)]).await;
    let (outcome, sink) = get(&fetcher(&[&server], patient()), &server.url).await;
    assert!(matches!(outcome, Err(FetchError::TooLarge { .. })), "{outcome:?}");
    assert!(sink.len() <= 1000, "{}", sink.len());
}

#[tokio::test]
async fn half_a_body_may_be_whole_later() {
    for step in [
        send("200 OK", "Content-Length: 1000\r\n", &"x".repeat(500)),
        send("200 OK", "Transfer-Encoding: chunked\r\n", "1f4\r\nxxx"),
        send("200 OK", "Transfer-Encoding: chunked\r\n", "3\r\nxxx\r\n"),
    ] {
        let outcome = outcome(&[step]).await;
        assert!(matches!(outcome, Err(FetchError::Later { cause: Trouble::Network(_), .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn what_follows_the_length_is_not_of_the_body() {
    assert_eq!(outcome(&[send("200 OK", "Content-Length: 3\r\n", "abcdef")]).await.unwrap().size, 3);
}

#[tokio::test]
async fn lengths_that_contradict_or_lie_are_no_answer() {
    for headers in [
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: 18446744073709551616\r\n",
        "Content-Length: 3, 4\r\n",
    ] {
        let outcome = outcome(&[send("200 OK", headers, "abcd")]).await;
        assert!(
            matches!(outcome, Err(FetchError::Later { cause: Trouble::Network(_), .. })),
            "{headers}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_slow_body_has_an_end() {
    let server = Server::saying(&[
        send("200 OK", "Content-Length: 1000\r\n", ""),
        Step::Repeat("x".to_owned(), Duration::from_millis(20)),
    ])
    .await;
    let limits = Limits { window: Duration::from_millis(200), least_bytes: 500, ..patient() };
    let (outcome, _) = get(&fetcher(&[&server], limits), &server.url).await;
    assert!(matches!(outcome, Err(FetchError::Later { cause: Trouble::Slow, .. })), "{outcome:?}");
}

#[tokio::test]
async fn everything_together_has_an_end() {
    let server = Server::saying(&[
        send("200 OK", "Content-Length: 1000\r\n", ""),
        Step::Repeat("x".to_owned(), Duration::from_millis(20)),
    ])
    .await;
    let limits = Limits { total: Duration::from_millis(300), ..patient() };
    let (outcome, _) = get(&fetcher(&[&server], limits), &server.url).await;
    assert!(matches!(outcome, Err(FetchError::Later { cause: Trouble::TooLong, .. })), "{outcome:?}");
}

#[tokio::test]
async fn packed_bodies_are_refused() {
    for (headers, taken) in [
        ("Content-Encoding: gzip\r\n", false),
        ("Content-Encoding: identity\r\nContent-Encoding: br\r\n", false),
        ("Content-Encoding: identity\r\n", true),
    ] {
        let outcome = outcome(&[send("200 OK", &format!("{headers}Content-Length: 3\r\n"), "abc")]).await;
        match outcome {
            Ok(fetched) => assert!(taken && fetched.size == 3, "{headers}"),
            Err(error) => {
                assert!(
                    !taken && matches!(error, FetchError::Refused(Refusal::Packed)),
                    "{headers}: {error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_type_is_what_the_server_says_without_parameters() {
    let long = format!("a/{}", "b".repeat(254));
    for (claimed, expected) in [
        ("image/jpeg", Some("image/jpeg")),
        ("Audio/OGG; codecs=opus", Some("audio/ogg")),
        ("image/svg+xml;charset=utf-8", Some("image/svg+xml")),
        ("nonsense", None),
        ("<script>/x", None),
        (&long, None),
    ] {
        let step = send("200 OK", &format!("Content-Type: {claimed}\r\nContent-Length: 0\r\n"), "");
        let fetched = outcome(&[step]).await.unwrap();
        assert_eq!(fetched.mime_type.as_deref(), expected, "{claimed}");
    }
}

#[tokio::test]
async fn a_sink_that_fails_is_our_own_fault() {
    let server = Server::saying(&[of_length(10)]).await;
    let fetcher = fetcher(&[&server], patient());
    let (mut sink, other) = tokio::io::duplex(5);
    drop(other);
    let request = Request { url: &server.url, bearer: None, max_bytes: 1000 };
    let error = fetcher.get(&request, &mut sink).await.unwrap_err();
    assert!(
        matches!(&error, FetchError::Sink(cause) if cause.kind() == io::ErrorKind::BrokenPipe),
        "{error:?}"
    );
}

/// A sink that keeps what it is given until it is flushed.
#[tokio::test]
async fn the_sink_is_flushed() {
    let server = Server::saying(&[of_length(10)]).await;
    let mut sink = tokio::io::BufWriter::new(Vec::new());
    let request = Request { url: &server.url, bearer: None, max_bytes: 1000 };
    fetcher(&[&server], patient()).get(&request, &mut sink).await.unwrap();
    assert_eq!(sink.get_ref().len(), 10);
    sink.shutdown().await.unwrap();
}
