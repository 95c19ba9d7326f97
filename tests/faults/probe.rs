//! Asks a node all the time whether it lives, is ready, and answers honestly (I10).

use crate::api::Api;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub struct Probe {
    seen: Arc<Mutex<BTreeMap<String, u32>>>,
    stop: CancellationToken,
}

impl Probe {
    pub fn start(api: &Api) -> Self {
        let (seen, stop) = (Arc::<Mutex<BTreeMap<String, u32>>>::default(), CancellationToken::new());
        let (api, book, ends) = (api.clone(), Arc::clone(&seen), stop.clone());
        let asking = async move {
            loop {
                for path in
                    ["/health/live", "/health/ready", "/api/v1/conversations?limit=1", "/api/v1/auth/me"]
                {
                    let answer =
                        api.get(path).await.map_or_else(|error| error, |(status, ..)| status.to_string());
                    *book.lock().unwrap().entry(format!("{path} {answer}")).or_default() += 1;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::spawn(async move { ends.run_until_cancelled(asking).await });
        Self { seen, stop }
    }

    /// `away`: readiness has told that the database was not there.
    pub fn end(self, away: bool, said: &str) -> String {
        self.stop.cancel();
        let seen = self.seen.lock().unwrap().clone();
        let honest = |answer: &String| match answer.rsplit_once(' ') {
            Some(("/health/live", status)) => status == "200",
            Some((_, status)) => matches!(status, "200" | "503"),
            None => false,
        };
        let odd: Vec<_> = seen.iter().filter(|(answer, _)| !honest(answer)).collect();
        assert!(odd.is_empty(), "dishonest answers: {odd:?}\n{}", said);
        assert!(
            !away || seen.contains_key("/health/ready 503"),
            "readiness never told that PostgreSQL was away: {seen:?}"
        );
        format!("probes {seen:?}")
    }
}
