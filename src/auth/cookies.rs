//! The two cookies of a browser.
//!
//! Owns: their names and flags. Invariant: `__Host-`, `Secure`, `HttpOnly`, `SameSite=Lax`, `Path=/`, no domain; only on
//! plain-http loopback without prefix and `Secure`, which browsers there would refuse. Absent on purpose: what is in
//! them (opaque tokens, `service`).

use super::model::{REFRESH_DAYS, SESSION_DAYS};
use super::origins::is_local;
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use std::net::SocketAddr;
use url::{Host, Url};

/// How cookies are called and flagged here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    pub fn new(public_url: Option<&Url>, bound: SocketAddr) -> Self {
        let plain_loopback = match public_url {
            None => is_local(bound.ip()),
            Some(url) => {
                url.scheme() == "http"
                    && match url.host() {
                        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
                        Some(Host::Ipv4(ip)) => ip.is_loopback(),
                        Some(Host::Ipv6(ip)) => ip.is_loopback(),
                        None => false,
                    }
            }
        };
        if !plain_loopback && public_url.is_none_or(|url| url.scheme() == "http") {
            tracing::warn!(
                "browsers can't sign in by plain http from elsewhere; set PUBLIC_URL to an https origin"
            );
        }
        Self { secure: !plain_loopback }
    }

    fn session_name(self) -> &'static str {
        if self.secure { "__Host-session" } else { "session" }
    }

    fn refresh_name(self) -> &'static str {
        if self.secure { "__Host-refresh" } else { "refresh" }
    }

    /// The session token that the browser sent.
    pub fn session_of(self, request: &HttpRequest) -> Option<String> {
        value(request, self.session_name())
    }

    /// The refresh token that the browser sent.
    pub fn refresh_of(self, request: &HttpRequest) -> Option<String> {
        value(request, self.refresh_name())
    }

    pub(super) fn session(self, token: String) -> Cookie<'static> {
        self.cookie(self.session_name(), token, Duration::days(SESSION_DAYS))
    }

    pub(super) fn refresh(self, token: String) -> Cookie<'static> {
        self.cookie(self.refresh_name(), token, Duration::days(REFRESH_DAYS))
    }

    /// Both, emptied and expired.
    pub(super) fn cleared(self) -> [Cookie<'static>; 2] {
        [self.session_name(), self.refresh_name()]
            .map(|name| self.cookie(name, String::new(), Duration::ZERO))
    }

    fn cookie(self, name: &'static str, value: String, life: Duration) -> Cookie<'static> {
        Cookie::build(name, value)
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(life)
            .finish()
    }
}

fn value(request: &HttpRequest, name: &str) -> Option<String> {
    request.cookie(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(public_url: Option<&str>, bound: &str) -> Cookies {
        let url = public_url.map(|url| url.parse().expect("a URL"));
        Cookies::new(url.as_ref(), bound.parse().expect("an address"))
    }

    #[test]
    fn secure_but_on_plain_loopback() {
        for (url, bound, secure) in [
            (None, "127.0.0.1:8080", false),
            (None, "0.0.0.0:8080", false),
            (None, "192.0.2.1:8080", true),
            (Some("https://crm.example.com"), "127.0.0.1:8080", true),
            (Some("https://localhost"), "127.0.0.1:8080", true),
            (Some("http://localhost:8080"), "0.0.0.0:8080", false),
            (Some("http://crm.example.com"), "0.0.0.0:8080", true),
            (Some("http://localhost.evil.test"), "0.0.0.0:8080", true),
        ] {
            assert_eq!(cookies(url, bound).secure, secure, "{url:?} {bound}");
        }
    }

    #[test]
    fn flags() {
        let cookie =
            cookies(Some("https://crm.example.com"), "127.0.0.1:1").session("t".to_owned()).to_string();
        assert_eq!(cookie, "__Host-session=t; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800");
        let plain = cookies(None, "127.0.0.1:1").refresh("t".to_owned()).to_string();
        assert_eq!(plain, "refresh=t; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000");
    }
}
