//! Redirects: how many, where to, and who sees the token.

use crate::server::{Server, fetcher, get, patient, redirect, rules, send};
use fetcher::{FetchError, Fetcher, Lookup, Refusal};
use futures_util::future::BoxFuture;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

fn has_token(heads: &[String]) -> Vec<bool> {
    heads.iter().map(|head| head.contains("authorization")).collect()
}

/// `/3` leads to `/2`, and so on to `/0`, which has a body.
async fn countdown() -> Server {
    Server::start(|path| match path.trim_start_matches('/').parse::<u32>().unwrap() {
        0 => vec![send("200 OK", "Content-Length: 2\r\n", "ok")],
        left => redirect(&(left - 1).to_string()),
    })
    .await
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let server = countdown().await;
    let fetcher = fetcher(&[&server], patient());
    let (outcome, sink) = get(&fetcher, &format!("{}/3", server.url)).await;
    assert_eq!((outcome.unwrap().size, sink.as_slice()), (2, b"ok".as_slice()));
    assert_eq!(has_token(&server.heads()), [true; 4]);

    let (outcome, _) = get(&fetcher, &format!("{}/4", server.url)).await;
    assert!(matches!(outcome, Err(FetchError::Refused(Refusal::TooManyRedirects))), "{outcome:?}");
    assert_eq!(server.heads().len(), 8);
}

#[tokio::test]
async fn every_kind_of_redirect_is_followed_with_get() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let server = Server::start(move |path| match path {
            "/end" => vec![send("200 OK", "Content-Length: 0\r\n", "")],
            _ => vec![send(status, "Location: /end\r\nContent-Length: 0\r\n", "")],
        })
        .await;
        get(&fetcher(&[&server], patient()), &server.url).await.0.unwrap();
        assert!(server.heads()[1].starts_with("get /end http/1.1\r\n"), "{status}");
        assert!(!server.heads()[1].contains("referer"), "{status}");
    }
}

#[tokio::test]
async fn another_host_does_not_see_the_token() {
    let other = Server::saying(&[send("200 OK", "Content-Length: 0\r\n", "")]).await;
    let to = other.url.clone();
    let first = Server::start(move |_| redirect(&to)).await;
    get(&fetcher(&[&first, &other], patient()), &first.url).await.0.unwrap();
    assert_eq!(has_token(&first.heads()), [true]);
    assert_eq!(has_token(&other.heads()), [false]);
}

/// The second host chooses the address that the first one is asked for at the end.
#[tokio::test]
async fn the_token_stays_away_when_the_chain_comes_back() {
    let other = Server::start(|path| redirect(path.trim_start_matches('/'))).await;
    let to = other.url.clone();
    let first = Server::start(move |path| match path {
        "/end" => vec![send("200 OK", "Content-Length: 0\r\n", "")],
        back => redirect(&format!("{to}{back}")),
    })
    .await;
    let url = format!("{0}/{0}/end", first.url);
    get(&fetcher(&[&first, &other], patient()), &url).await.0.unwrap();
    assert_eq!(has_token(&first.heads()), [true, false]);
    assert_eq!(has_token(&other.heads()), [false]);
}

#[tokio::test]
async fn a_redirect_to_what_is_not_allowed_is_refused_and_not_connected_to() {
    let inside = Server::saying(&[send("200 OK", "Content-Length: 0\r\n", "")]).await;
    let port = inside.url.rsplit(':').next().unwrap().to_owned();
    for location in [
        inside.url.clone(),
        format!("http://localhost:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("//127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://metadata.google.internal/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1:6379/_INFO".to_owned(),
        "http://[".to_owned(),
        "\u{e9}".to_owned(),
    ] {
        let to = location.clone();
        let first = Server::start(move |_| redirect(&to)).await;
        let (outcome, _) = get(&fetcher(&[&first], patient()), &first.url).await;
        assert!(matches!(outcome, Err(FetchError::Refused(_))), "{location}: {outcome:?}");
        assert_eq!(first.heads().len(), 1, "{location}");
    }
    assert_eq!(inside.heads().len(), 0);
}

/// Every name is that of this machine.
#[derive(Default)]
struct Loopback(Mutex<Vec<String>>);

impl Lookup for Loopback {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        self.0.lock().unwrap().push(host.to_owned());
        Box::pin(async { Ok(vec![Ipv4Addr::LOCALHOST.into()]) })
    }
}

#[tokio::test]
async fn listed_hosts_are_guarded_at_first_and_after_a_redirect() {
    let first = Server::saying(&redirect("https://b.media.invalid/x")).await;
    let lookup = Arc::new(Loopback::default());
    let fetcher = Fetcher::with_lookup(rules(&[&first], patient()), lookup.clone()).unwrap();
    for url in ["https://a.media.invalid/x", &first.url] {
        let (outcome, _) = get(&fetcher, url).await;
        let Err(FetchError::Refused(Refusal::NotPublic(address))) = outcome else { panic!("{outcome:?}") };
        assert_eq!(address, Ipv4Addr::LOCALHOST);
    }
    assert_eq!(*lookup.0.lock().unwrap(), ["a.media.invalid", "b.media.invalid"]);
}
