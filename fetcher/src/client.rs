//! The two clients below the fetcher: one behind the guard, and one for trusted origins, which may lie anywhere. They
//! share no connection.

use crate::lookup::{Guard, Lookup};
use crate::rules::{Limits, Target};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect, retry};
use std::sync::Arc;

/// Connections to one host that are kept for the next request.
const IDLE: usize = 4;

pub(crate) struct Clients {
    guarded: Client,
    trusted: Client,
}

impl Clients {
    pub(crate) fn new(limits: &Limits, lookup: Arc<dyn Lookup>) -> Result<Self, reqwest::Error> {
        Ok(Self {
            guarded: plain(limits).https_only(true).dns_resolver(Guard(lookup)).build()?,
            trusted: plain(limits).build()?,
        })
    }

    pub(crate) fn of(&self, target: &Target) -> &Client {
        if target.trusted { &self.trusted } else { &self.guarded }
    }
}

/// Does what it is told and nothing by itself. That nothing is unpacked has to be said even here, where reqwest is used
/// without that feature: another crate of the build may switch it on.
fn plain(limits: &Limits) -> ClientBuilder {
    Client::builder()
        .user_agent("switchboard")
        .default_headers(HeaderMap::from_iter([(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        )]))
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .http1_only()
        .pool_max_idle_per_host(IDLE)
        .connect_timeout(limits.connect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{FetchError, Refusal, Trouble};
    use futures_util::future::BoxFuture;
    use std::io;
    use std::net::IpAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::net::TcpListener;

    /// Public by its range, and given to nobody since 2006: a connection to it leads nowhere.
    const NOWHERE: &str = "3ffe::1";

    /// Answers with one list of addresses after another; the last one stays.
    struct Scripted {
        answers: Vec<Vec<&'static str>>,
        asked: AtomicUsize,
    }

    impl Lookup for Scripted {
        fn addresses<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
            let answer = self.answers[asked].iter().map(|text| text.parse().unwrap()).collect();
            Box::pin(async move { Ok(answer) })
        }
    }

    /// Asks as often as there are answers for a name at a listener's port: what came of each, how often the name was
    /// looked up, and whether the listener saw a connection.
    async fn ask(answers: &[&[&'static str]]) -> (Vec<FetchError>, usize, bool) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://media.example:{}/", listener.local_addr().unwrap().port());
        let answers: Vec<_> = answers.iter().map(|answer| answer.to_vec()).collect();
        let times = answers.len();
        let lookup = Arc::new(Scripted { answers, asked: AtomicUsize::new(0) });
        let limits = Limits { connect: Duration::from_millis(500), ..Limits::default() };
        let clients = Clients::new(&limits, lookup.clone()).unwrap();
        let asking = async {
            let mut errors = Vec::new();
            for _ in 0..times {
                errors.push(clients.guarded.get(&url).send().await.unwrap_err().into());
            }
            errors
        };
        // A connection that came about is in the listener's queue when the client knows of it, so it is seen first.
        let mut connected = false;
        let errors = tokio::select! {
            biased;
            _ = listener.accept() => { connected = true; Vec::new() }
            errors = asking => errors,
        };
        (errors, lookup.asked.load(Ordering::SeqCst), connected)
    }

    fn refused(error: &FetchError, address: &str) -> bool {
        matches!(error, FetchError::Refused(Refusal::NotPublic(found)) if found.to_string() == address)
    }

    #[tokio::test]
    async fn a_name_of_a_private_address_is_never_connected_to() {
        let (errors, _, connected) = ask(&[&["127.0.0.1"]]).await;
        assert!(!connected && refused(&errors[0], "127.0.0.1"), "{errors:?}");
    }

    #[tokio::test]
    async fn one_private_address_among_public_ones_refuses_all() {
        let (errors, _, connected) = ask(&[&[NOWHERE, "127.0.0.1"], &["::ffff:127.0.0.1", NOWHERE]]).await;
        assert!(!connected && refused(&errors[0], "127.0.0.1"), "{errors:?}");
        assert!(refused(&errors[1], "::ffff:127.0.0.1"), "{errors:?}");
    }

    /// Each request looks once, so there is no second answer between the look and the connection.
    #[tokio::test]
    async fn a_name_that_changes_its_address_is_looked_at_again() {
        let (errors, asked, connected) = ask(&[&[NOWHERE], &["127.0.0.1"]]).await;
        assert!(!connected && asked == 2, "{asked} {errors:?}");
        assert!(matches!(errors[0], FetchError::Later { cause: Trouble::Network(_), .. }), "{errors:?}");
        assert!(refused(&errors[1], "127.0.0.1"), "{errors:?}");
    }

    #[tokio::test]
    async fn a_name_without_addresses_may_have_some_later() {
        let (errors, ..) = ask(&[&[]]).await;
        assert!(matches!(errors[0], FetchError::Later { cause: Trouble::Network(_), .. }), "{errors:?}");
    }
}
