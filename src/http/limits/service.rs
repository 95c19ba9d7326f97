//! The limits of one process.
//!
//! Owns: the buckets and their figures. Absent on purpose: who is asking; `auth` tells a user from an address.

use super::attempts::{Attempt, Attempts, Start};
use super::window::{Counters, Key, Rule};
use crate::clock;
use crate::error::{Error, Result};
use crate::http::address::{Proxies, bucket_of};
use actix_web::HttpRequest;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const QUARTER_HOUR: u64 = 900;
/// Nobody may do more than this in a second.
const BURST: Rule = Rule::new(20, 1);
/// How often, and how many times, a sign-in looks again whether those before it have ended.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
const LOOKS: u32 = 150;

/// Every limit, as `web::Data<Limits>`.
#[derive(Debug)]
pub struct Limits {
    on: bool,
    proxies: Proxies,
    anonymous: Mutex<Counters>,
    users: Mutex<Counters>,
    refused_webhooks: Mutex<Counters>,
    leads: Mutex<Counters>,
    mentions: Mutex<Counters>,
    failed_of_address: Arc<Mutex<Attempts>>,
    failed_of_email: Arc<Mutex<Attempts>>,
}

impl Limits {
    /// `on: false` (`RATE_LIMITS=off`) allows everything.
    pub fn new(on: bool, proxies: Proxies) -> Self {
        let counters = |rules| Mutex::new(Counters::new(rules));
        let minute = |max| counters([Rule::new(max, 60), Rule::new(max, 60)]);
        Self {
            on,
            proxies,
            anonymous: counters([Rule::new(100, QUARTER_HOUR), BURST]),
            users: counters([Rule::new(1_000, QUARTER_HOUR), BURST]),
            refused_webhooks: minute(60),
            leads: minute(20),
            mentions: minute(60),
            failed_of_address: Arc::new(Mutex::new(Attempts::new(Rule::new(5, 300)))),
            failed_of_email: Arc::new(Mutex::new(Attempts::new(Rule::new(10, QUARTER_HOUR)))),
        }
    }

    /// The address that a request comes from, behind trusted proxies too.
    pub fn client(&self, request: &HttpRequest) -> IpAddr {
        self.proxies.client(request)
    }

    /// One more request of an address that is not signed in.
    pub fn anonymous(&self, address: IpAddr) -> Result<()> {
        self.take(&self.anonymous, "anonymous", Key::Address(bucket_of(address)), 1)
    }

    /// One more request of a user.
    pub fn user(&self, user: Uuid) -> Result<()> {
        self.take(&self.users, "user", Key::Id(user.as_u128()), 1)
    }

    /// One more webhook that was refused; an error is the 429 to answer instead of the 401.
    pub fn refused_webhook(&self, address: IpAddr) -> Result<()> {
        self.take(&self.refused_webhooks, "refused_webhook", Key::Address(bucket_of(address)), 1)
    }

    /// One more lead of a website's visitor.
    pub fn lead(&self, address: IpAddr) -> Result<()> {
        self.take(&self.leads, "lead", Key::Address(bucket_of(address)), 1)
    }

    /// So many more colleagues whom a user names in a note.
    pub fn mentions(&self, user: Uuid, count: usize) -> Result<()> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.take(&self.mentions, "mentions", Key::Id(user.as_u128()), count)
    }

    /// Before a password is checked: waits while others are running whose failure would use the limit up.
    pub async fn sign_in(&self, address: IpAddr, email: &str) -> Result<Attempt> {
        if !self.on {
            return Ok(Attempt { held: Vec::new() });
        }
        let digest: [u8; 32] = Sha256::digest(email.to_lowercase().as_bytes()).into();
        let name = digest.iter().take(16).fold(0_u128, |id, byte| (id << 8) | u128::from(*byte));
        let asked = [
            (&self.failed_of_address, Key::Address(bucket_of(address))),
            (&self.failed_of_email, Key::Id(name)),
        ];
        for _ in 0..LOOKS {
            if let Some(attempt) = start(&asked)? {
                return Ok(attempt);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Err(refused("sign_in", Duration::from_secs(1)))
    }

    fn take(&self, counters: &Mutex<Counters>, bucket: &'static str, key: Key, count: u32) -> Result<()> {
        if !self.on {
            return Ok(());
        }
        counters.lock().take(clock::monotonic(), key, count).map_err(|wait| refused(bucket, wait))
    }
}

/// Takes a place under every key, or none.
fn start(asked: &[(&Arc<Mutex<Attempts>>, Key)]) -> Result<Option<Attempt>> {
    let mut attempt = Attempt { held: Vec::new() };
    for (attempts, key) in asked {
        match attempts.lock().start(clock::monotonic(), *key) {
            Start::Go => attempt.held.push((Arc::clone(attempts), *key)),
            Start::Busy => return Ok(None),
            Start::Refused(wait) => return Err(refused("sign_in", wait)),
        }
    }
    Ok(Some(attempt))
}

/// Whole seconds, rounded up: after them the next request is allowed.
fn refused(bucket: &'static str, wait: Duration) -> Error {
    metrics::counter!("switchboard_rate_limited_total", "bucket" => bucket).increment(1);
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Error::RateLimited { retry_after: seconds.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    #[test]
    fn each_bucket_at_its_limit() {
        let limits = Limits::new(true, Proxies::default());
        let count = |take: &dyn Fn() -> Result<()>| (0..100).take_while(|_| take().is_ok()).count();
        assert_eq!(count(&|| limits.refused_webhook(ip(1))), 60);
        assert_eq!(count(&|| limits.lead(ip(1))), 20);
        assert_eq!(count(&|| limits.anonymous(ip(1))), 20, "in a second");
        assert_eq!(count(&|| limits.user(Uuid::nil())), 20, "in a second");
        assert_eq!(count(&|| limits.mentions(Uuid::nil(), 20)), 3);
        let off = Limits::new(false, Proxies::default());
        assert_eq!(count(&|| off.lead(ip(1))), 100);
    }

    #[tokio::test]
    async fn failed_sign_ins_of_an_address_and_of_a_name() {
        let limits = Limits::new(true, Proxies::default());
        for _ in 0..5 {
            limits.sign_in(ip(1), "a@x.test").await.expect("allowed").failed();
        }
        assert!(matches!(
            limits.sign_in(ip(1), "b@x.test").await,
            Err(Error::RateLimited { retry_after: 299 | 300 })
        ));
        for _ in 0..5 {
            limits.sign_in(ip(2), "A@x.test").await.expect("allowed").failed();
        }
        assert!(limits.sign_in(ip(3), "a@x.test").await.is_err(), "the e-mail's eleventh");
        drop(limits.sign_in(ip(3), "c@x.test").await.expect("allowed"));
    }
}
