//! A server that says and does what a test tells it, byte by byte, and remembers what it was asked.

use fetcher::{FetchError, Fetched, Fetcher, HostRule, Limits, Request, Rules};
use secrecy::SecretString;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub const TOKEN: &str = "EAAG-a-token";

/// What happens on a connection, once its request is there; then it is closed.
#[derive(Clone)]
pub enum Step {
    Send(String),
    /// The same bytes without an end, each time after a pause.
    Repeat(String, Duration),
    /// Silence, until the client goes.
    Hold,
}

pub struct Server {
    pub url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answer` is given the path of a request.
    pub async fn start<F>(answer: F) -> Self
    where
        F: Fn(&str) -> Vec<Step> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (answer, kept) = (Arc::new(answer), Arc::clone(&heads));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&kept)));
            }
        });
        Self { url, heads }
    }

    /// One answer for everything.
    pub async fn saying(steps: &[Step]) -> Self {
        let steps = steps.to_vec();
        Self::start(move |_| steps.clone()).await
    }

    /// The requests so far, in lower case.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve<F>(mut stream: TcpStream, answer: Arc<F>, heads: Arc<Mutex<Vec<String>>>)
where
    F: Fn(&str) -> Vec<Step>,
{
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let steps = answer(head.split(' ').nth(1).unwrap());
    heads.lock().unwrap().push(head.to_ascii_lowercase());
    for step in steps {
        let gone = match step {
            Step::Send(text) => stream.write_all(text.as_bytes()).await.is_err(),
            Step::Repeat(text, pause) => loop {
                tokio::time::sleep(pause).await;
                if stream.write_all(text.as_bytes()).await.is_err() {
                    break true;
                }
            },
            Step::Hold => stream.read_u8().await.is_err(),
        };
        if gone {
            return;
        }
    }
    // Closed by both: what is sent is not lost to a reset.
    let _ = stream.shutdown().await;
    let _ = stream.read_u8().await;
}

/// A head with `Connection: close`, so that each request comes on a connection of its own.
pub fn send(status: &str, headers: &str, body: &str) -> Step {
    Step::Send(format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n{body}"))
}

pub fn redirect(location: &str) -> Vec<Step> {
    vec![send("302 Found", &format!("Location: {location}\r\nContent-Length: 0\r\n"), "")]
}

/// Limits that no test reaches by itself.
pub fn patient() -> Limits {
    let minute = Duration::from_secs(60);
    Limits { connect: minute, answer: minute, total: minute, window: minute, least_bytes: 1 }
}

/// Trusts the servers; on the list are hosts that don't exist.
pub fn rules(servers: &[&Server], limits: Limits) -> Rules {
    let trusted = servers.iter().map(|server| Url::parse(&server.url).unwrap()).collect();
    Rules { hosts: vec![HostRule::new("*.media.invalid").unwrap()], trusted, limits }
}

pub fn fetcher(servers: &[&Server], limits: Limits) -> Fetcher {
    Fetcher::new(rules(servers, limits)).unwrap()
}

/// Fetches with a token, at most 1,000 bytes: what came of it, and what the sink holds.
pub async fn get(fetcher: &Fetcher, url: &str) -> (Result<Fetched, FetchError>, Vec<u8>) {
    let token = SecretString::from(TOKEN);
    let mut sink = Vec::new();
    let request = Request { url, bearer: Some(&token), max_bytes: 1000 };
    let outcome = fetcher.get(&request, &mut sink).await;
    (outcome, sink)
}

/// What a server's one answer comes to.
pub async fn outcome(steps: &[Step]) -> Result<Fetched, FetchError> {
    let server = Server::saying(steps).await;
    get(&fetcher(&[&server], patient()), &server.url).await.0
}
