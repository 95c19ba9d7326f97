//! Heads of answers: what the caller is told to do, and what a server gets to see of us.

use crate::server::{Server, Step, TOKEN, fetcher, get, outcome, patient, send};
use fetcher::{FetchError, Limits, Refusal, Request, Trouble};
use secrecy::SecretString;
use std::time::Duration;

#[tokio::test]
async fn the_status_says_what_to_do() {
    for (status, expected) in [
        ("400 Bad Request", "Refused(Status(400))"),
        ("401 Unauthorized", "Unauthorized"),
        ("403 Forbidden", "Gone { status: 403 }"),
        ("404 Not Found", "Gone { status: 404 }"),
        ("405 Method Not Allowed", "Refused(Status(405))"),
        ("408 Request Timeout", "Later { cause: Status(408), after: None }"),
        ("410 Gone", "Gone { status: 410 }"),
        ("425 Too Early", "Later { cause: Status(425), after: None }"),
        ("429 Too Many Requests", "Later { cause: Status(429), after: None }"),
        ("500 Internal Server Error", "Later { cause: Status(500), after: None }"),
        ("503 Service Unavailable", "Later { cause: Status(503), after: None }"),
        ("204 No Content", "Refused(Status(204))"),
        ("206 Partial Content", "Refused(Status(206))"),
        ("300 Multiple Choices", "Refused(Status(300))"),
        ("304 Not Modified", "Refused(Status(304))"),
        ("302 Found", "Refused(Nowhere)"),
    ] {
        let error = outcome(&[send(status, "Content-Length: 0\r\n", "")]).await.unwrap_err();
        assert_eq!(format!("{error:?}"), expected, "{status}");
    }
}

#[tokio::test]
async fn the_servers_patience_is_told_up_to_a_day() {
    for (value, expected) in [
        ("120", Some(120)),
        ("99999999999", Some(86400)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-1", None),
    ] {
        let headers = format!("Content-Length: 0\r\nRetry-After: {value}\r\n");
        let error = outcome(&[send("429 Too Many Requests", &headers, "")]).await.unwrap_err();
        let FetchError::Later { after, .. } = error else { panic!("{error}") };
        assert_eq!(after, expected.map(Duration::from_secs), "{value}");
    }
}

#[tokio::test]
async fn a_server_sees_who_asks_and_nothing_else() {
    let server = Server::saying(&[send("200 OK", "Content-Length: 0\r\nSet-Cookie: a=b\r\n", "")]).await;
    let fetcher = fetcher(&[&server], patient());
    for _ in 0..2 {
        get(&fetcher, &format!("{}/media?sig=1#part", server.url)).await.0.unwrap();
    }
    let host = server.url.trim_start_matches("http://");
    let token = TOKEN.to_ascii_lowercase();
    let mut expected = [
        "accept-encoding: identity",
        "accept: */*",
        &format!("authorization: bearer {token}"),
        &format!("host: {host}"),
        "user-agent: switchboard",
    ];
    expected.sort_unstable();
    for head in server.heads() {
        let mut lines = head.trim_end().split("\r\n");
        assert_eq!(lines.next(), Some("get /media?sig=1 http/1.1"));
        let mut lines: Vec<_> = lines.collect();
        lines.sort_unstable();
        assert_eq!(lines, expected);
    }
    assert_eq!(server.heads().len(), 2);
}

#[tokio::test]
async fn a_silent_server_has_an_end() {
    let server = Server::saying(&[Step::Hold]).await;
    let limits = Limits { answer: Duration::from_millis(100), ..patient() };
    let error = get(&fetcher(&[&server], limits), &server.url).await.0.unwrap_err();
    assert!(matches!(error, FetchError::Later { cause: Trouble::Silent, .. }), "{error}");
}

#[tokio::test]
async fn a_head_without_end_has_an_end() {
    for line in ["x-a: b\r\n".repeat(1000), format!("x-a: {}", "b".repeat(10_000))] {
        let start = Step::Send("HTTP/1.1 200 OK\r\n".to_owned());
        let error = outcome(&[start, Step::Repeat(line, Duration::ZERO)]).await.unwrap_err();
        assert!(matches!(error, FetchError::Later { cause: Trouble::Network(_), .. }), "{error}");
    }
}

#[tokio::test]
async fn what_is_not_http_may_be_better_later() {
    let error = outcome(&[Step::Send("SSH-2.0-OpenSSH_9.2\r\n".to_owned())]).await.unwrap_err();
    assert!(matches!(error, FetchError::Later { cause: Trouble::Network(_), .. }), "{error}");
}

#[tokio::test]
async fn nothing_of_an_address_or_a_token_is_in_an_error() {
    let server = Server::start(|path| match path {
        "/held-path?sig=held-query" => vec![],
        _ => vec![send("302 Found", "Location: https://evil.example/held-path?sig=held-query\r\n", "")],
    })
    .await;
    let fetcher = fetcher(&[&server], patient());
    let token = SecretString::from("held-token\n");
    let mut errors = Vec::new();
    for (url, bearer) in [
        (format!("{}/held-path?sig=held-query", server.url), None),
        (format!("{}/redirect", server.url), None),
        ("http://127.0.0.1:1/held-path?sig=held-query".to_owned(), None),
        ("https://a.media.invalid/held-path?sig=held-query".to_owned(), None),
        ("held-path?sig=held-query".to_owned(), None),
        (server.url.clone(), Some(&token)),
    ] {
        let request = Request { url: &url, bearer, max_bytes: 1000 };
        errors.push(fetcher.get(&request, &mut Vec::new()).await.unwrap_err());
    }
    for error in &errors {
        assert!(!format!("{error} {error:?}").contains("held"), "{error:?}");
    }
    assert!(matches!(errors[5], FetchError::Refused(Refusal::Token)), "{:?}", errors[5]);
}
