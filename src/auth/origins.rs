//! Which pages may act with a user's cookie.
//!
//! Owns: the allowed origins and the check against forged requests. Pure. Invariant: an origin is compared as a whole,
//! never by prefix or suffix. Absent on purpose: CORS; no other origin reads anything.

use crate::error::{Error, Result};
use actix_web::http::header::{self, HeaderMap};
use std::net::{IpAddr, SocketAddr};
use url::Url;

/// The origins from which the app is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Of `PUBLIC_URL`, or of the bound address: on loopback all its names, with the port.
    pub fn new(public_url: Option<&Url>, bound: SocketAddr) -> Self {
        if let Some(url) = public_url {
            return Self(vec![url.origin().ascii_serialization()]);
        }
        let port = bound.port();
        let host = match bound.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let mut hosts = vec![host.as_str()];
        if is_local(bound.ip()) {
            hosts.extend(["localhost", "127.0.0.1", "[::1]"]);
        }
        let origin = |host: &str| match port {
            80 => format!("http://{host}"),
            _ => format!("http://{host}:{port}"),
        };
        Self(hosts.into_iter().map(origin).collect())
    }

    /// Whether an `Origin` header names the app itself.
    pub fn allows(&self, origin: &str) -> bool {
        self.0.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }

    /// The `Origin` of a request, if there is exactly one and it is allowed.
    pub fn allows_request(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN);
        match (origins.next(), origins.next()) {
            (Some(origin), None) => origin.to_str().is_ok_and(|origin| self.allows(origin)),
            _ => false,
        }
    }

    /// A write signed in by cookie: the browser must say that it comes from the app.
    pub fn check_write(&self, headers: &HeaderMap) -> Result<()> {
        match fetch_site(headers) {
            Some("same-origin") => Ok(()),
            None if self.allows_request(headers) => Ok(()),
            _ => Err(foreign()),
        }
    }

    /// A request without sign-in that makes one: what a browser says must not name another page. Programs say nothing.
    pub fn check_sign_in(&self, headers: &HeaderMap) -> Result<()> {
        let allowed = match fetch_site(headers) {
            Some("same-origin") => true,
            Some("none") | None => !headers.contains_key(header::ORIGIN) || self.allows_request(headers),
            Some(_) => false,
        };
        if allowed { Ok(()) } else { Err(foreign()) }
    }
}

/// A server without `PUBLIC_URL` that listens here is reached from this machine.
pub(super) fn is_local(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback() || ip.is_unspecified()
}

fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    headers.get("sec-fetch-site").map(|site| site.to_str().unwrap_or("?"))
}

fn foreign() -> Error {
    Error::Forbidden("The request comes from another site.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    fn local() -> Origins {
        Origins::new(None, "127.0.0.1:8080".parse().expect("an address"))
    }

    #[test]
    fn loopback_has_three_names() {
        for origin in ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"] {
            assert!(local().allows(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://localhost",
            "http://localhost:8081",
            "http://localhost:5173",
            "https://localhost:8080",
            "http://localhost:8080.evil.test",
            "http://localhost:8080@evil.test",
            "http://evil.test",
        ] {
            assert!(!local().allows(origin), "{origin}");
        }
    }

    #[test]
    fn a_public_url_is_the_only_one() {
        let url = "https://crm.example.com:443/".parse().expect("a URL");
        let origins = Origins::new(Some(&url), "0.0.0.0:8080".parse().expect("an address"));
        assert!(origins.allows("https://crm.example.com") && origins.allows("https://CRM.example.com"));
        assert!(
            !origins.allows("http://localhost:8080") && !origins.allows("https://crm.example.com.evil.test")
        );
    }

    #[test]
    fn writes_by_cookie_must_come_from_the_app() {
        for (pairs, allowed) in [
            (&[][..], false),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "http://localhost:8080")], true),
            (&[("origin", "http://evil.test")], false),
            (&[("origin", "null")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")], false),
        ] {
            assert_eq!(local().check_write(&headers(pairs)).is_ok(), allowed, "{pairs:?}");
        }
    }

    #[test]
    fn sign_in_may_come_from_a_program() {
        for (pairs, allowed) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "http://localhost:8080")], true),
            (&[("origin", "http://evil.test")], false),
        ] {
            assert_eq!(local().check_sign_in(&headers(pairs)).is_ok(), allowed, "{pairs:?}");
        }
    }
}
