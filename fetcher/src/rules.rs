//! Which addresses may be fetched, decided from their text alone. Names become addresses later (`lookup`).
//!
//! All spellings of a host are made one before they are looked at (the URL standard: `127.1` is `127.0.0.1`, capitals and
//! ideographic dots go, other scripts become `xn--`), and the same parsed form is what is then asked for.

use crate::error::{Refusal, SetupError};
use std::time::Duration;
use url::{Host, Url};

/// Bytes of an address. Signed ones of the platforms have about 1,000.
const MAX_URL: usize = 8 * 1024;

/// What a fetcher may do.
pub struct Rules {
    pub hosts: Vec<HostRule>,
    /// Origins (a path counts for nothing) that may be private and without TLS, such as the configured Graph. They are
    /// the administrator's choice, so no address from outside may become one. What `hosts` allows is guarded even when
    /// it is named here.
    pub trusted: Vec<Url>,
    pub limits: Limits,
}

/// A host, or all hosts below one.
#[derive(Debug, Clone)]
pub struct HostRule {
    name: String,
    below: bool,
    bearer: bool,
}

/// How long to wait, and for how little.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For a name's addresses and a connection to one of them, with TLS.
    pub connect: Duration,
    /// For the head of an answer, with the connection.
    pub answer: Duration,
    /// For everything, with redirects and the sink.
    pub total: Duration,
    /// In each such time of waiting for the body…
    pub window: Duration,
    /// …so many bytes must come, unless it ends.
    pub least_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            total: Duration::from_secs(600),
            window: Duration::from_secs(10),
            least_bytes: 16 * 1024,
        }
    }
}

/// An address that may be asked.
pub(crate) struct Target {
    pub(crate) url: Url,
    pub(crate) trusted: bool,
    /// May it see the token?
    pub(crate) bearer: bool,
}

impl HostRule {
    /// `cdn.example.com`, or `*.example.com` for every host below, but not for `example.com` itself.
    pub fn new(pattern: &str) -> Result<Self, SetupError> {
        let (name, below) = match pattern.strip_prefix("*.") {
            Some(name) => (name, true),
            None => (pattern, false),
        };
        let bad = || SetupError::Host(pattern.to_owned());
        let Ok(Host::Domain(name)) = Host::parse(name) else { return Err(bad()) };
        // With one label only, `*` would be a whole top-level domain.
        if name.ends_with('.') || name.contains('*') || (below && !name.contains('.')) {
            return Err(bad());
        }
        Ok(Self { name, below, bearer: false })
    }

    /// This host may see the caller's token.
    pub fn with_bearer(self) -> Self {
        Self { bearer: true, ..self }
    }

    fn allows(&self, host: &str) -> bool {
        if !self.below {
            return host == self.name;
        }
        host.strip_suffix(&self.name)
            .and_then(|rest| rest.strip_suffix('.'))
            .is_some_and(|label| !label.is_empty())
    }
}

impl Rules {
    pub(crate) fn validate(&self) -> Result<(), SetupError> {
        match self.trusted.iter().find(|url| !matches!(url.scheme(), "http" | "https")) {
            Some(url) => Err(SetupError::Trusted(url.scheme().to_owned())),
            None => Ok(()),
        }
    }

    /// The address as it came from outside.
    pub(crate) fn target(&self, url: &str) -> Result<Target, Refusal> {
        if url.len() > MAX_URL {
            return Err(Refusal::Malformed);
        }
        self.check(Url::parse(url).map_err(|_| Refusal::Malformed)?)
    }

    /// Where a redirect leads.
    pub(crate) fn redirected(&self, from: &Target, location: &str) -> Result<Target, Refusal> {
        if location.len() > MAX_URL {
            return Err(Refusal::Malformed);
        }
        let next = self.check(from.url.join(location).map_err(|_| Refusal::Malformed)?)?;
        if next.trusted && !from.trusted {
            return Err(Refusal::Inwards);
        }
        if from.url.scheme() == "https" && next.url.scheme() != "https" {
            return Err(Refusal::Downgrade);
        }
        Ok(next)
    }

    fn check(&self, mut url: Url) -> Result<Target, Refusal> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        url.set_fragment(None);
        let origin = url.origin();
        let trusted = self.trusted.iter().any(|trusted| trusted.origin() == origin);
        match self.rule(&url) {
            Ok(bearer) => Ok(Target { url, trusted: false, bearer }),
            Err(_) if trusted => Ok(Target { url, trusted: true, bearer: true }),
            Err(refusal) => Err(refusal),
        }
    }

    /// May it be fetched behind the guard, and with the token?
    fn rule(&self, url: &Url) -> Result<bool, Refusal> {
        if url.scheme() != "https" {
            return Err(Refusal::Scheme);
        }
        if url.port().is_some() {
            return Err(Refusal::Port);
        }
        let Some(Host::Domain(host)) = url.host() else { return Err(Refusal::Literal) };
        let mut allowed = self.hosts.iter().filter(|rule| rule.allows(host)).peekable();
        if allowed.peek().is_none() {
            return Err(Refusal::Host(host.to_owned()));
        }
        Ok(allowed.any(|rule| rule.bearer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            hosts: vec![
                HostRule::new("*.fbcdn.net").unwrap(),
                HostRule::new("cdn.fbsbx.com").unwrap(),
                HostRule::new("lookaside.fbsbx.com").unwrap().with_bearer(),
                HostRule::new("bücher.example").unwrap(),
            ],
            trusted: vec![Url::parse("http://127.0.0.1:9000/v25.0").unwrap()],
            limits: Limits::default(),
        }
    }

    fn refusal(url: &str) -> Refusal {
        match rules().target(url) {
            Ok(target) => panic!("{url} was allowed as {}", target.url),
            Err(refusal) => refusal,
        }
    }

    fn not_listed(host: &str) -> Refusal {
        Refusal::Host(host.to_owned())
    }

    #[test]
    fn listed_hosts_are_allowed_in_every_spelling_of_theirs() {
        for (url, asked, bearer) in [
            ("https://scontent.fbcdn.net/a?b=c", "https://scontent.fbcdn.net/a?b=c", false),
            ("https://a.b.fbcdn.net/", "https://a.b.fbcdn.net/", false),
            ("https://cdn.fbsbx.com:443/x#part", "https://cdn.fbsbx.com/x", false),
            ("HTTPS://LOOKASIDE.fbsbx.COM/x", "https://lookaside.fbsbx.com/x", true),
            ("https://scontent。fbcdn．net/", "https://scontent.fbcdn.net/", false),
            ("https://scontent%2efbcdn.net/", "https://scontent.fbcdn.net/", false),
            ("https:\\\\cdn.fbsbx.com\\@evil.example/", "https://cdn.fbsbx.com/@evil.example/", false),
            ("https://b\u{fc}cher.example/", "https://xn--bcher-kva.example/", false),
            ("https://BU\u{308}CHER.example/", "https://xn--bcher-kva.example/", false),
        ] {
            let target = rules().target(url).unwrap_or_else(|refusal| panic!("{url}: {refusal}"));
            assert_eq!((target.url.as_str(), target.trusted, target.bearer), (asked, false, bearer), "{url}");
        }
    }

    #[test]
    fn other_hosts_are_refused() {
        for (url, host) in [
            ("https://fbcdn.net/", "fbcdn.net"),
            ("https://.fbcdn.net/", ".fbcdn.net"),
            ("https://evilfbcdn.net/", "evilfbcdn.net"),
            ("https://fbcdn.net.evil.example/", "fbcdn.net.evil.example"),
            ("https://scontent.fbcdn.net./", "scontent.fbcdn.net."),
            ("https://x.cdn.fbsbx.com/", "x.cdn.fbsbx.com"),
            ("https://bucher.example/", "bucher.example"),
            ("https://cdn.fbsbx.com\u{430}/", "cdn.fbsbx.xn--com-8cd"),
            ("https://localhost/", "localhost"),
            ("https://localhost./", "localhost."),
            ("https://metadata.google.internal/", "metadata.google.internal"),
        ] {
            assert_eq!(refusal(url), not_listed(host), "{url}");
        }
    }

    #[test]
    fn a_number_is_no_host_in_any_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "2130706433",
            "127。0。0。1",
            "①②⑦.0.0.1",
            "127.0.0.1.",
            "8.8.8.8",
            "169.254.169.254",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2606:4700:4700::1111]",
        ] {
            assert_eq!(refusal(&format!("https://{host}/")), Refusal::Literal, "{host}");
        }
        for host in ["1.2.3.4.5", "256.0.0.1", "[::1%25eth0]", "[v1.x]", "a b", "a\0b", ""] {
            assert_eq!(refusal(&format!("https://{host}")), Refusal::Malformed, "{host}");
        }
    }

    #[test]
    fn only_https_on_its_own_port_and_without_a_user() {
        for (url, why) in [
            ("http://cdn.fbsbx.com/", Refusal::Scheme),
            ("ftp://cdn.fbsbx.com/", Refusal::Scheme),
            ("file:///etc/passwd", Refusal::Scheme),
            ("gopher://127.0.0.1:6379/_INFO", Refusal::Scheme),
            ("data:text/plain,x", Refusal::Scheme),
            ("blob:https://cdn.fbsbx.com/1", Refusal::Scheme),
            ("https://cdn.fbsbx.com:6379/", Refusal::Port),
            ("https://cdn.fbsbx.com:80/", Refusal::Port),
            ("https://good@evil.example/", Refusal::Credentials),
            ("https://evil.example@cdn.fbsbx.com/", Refusal::Credentials),
            ("https://:word@cdn.fbsbx.com/", Refusal::Credentials),
            ("http://user@127.0.0.1:9000/", Refusal::Credentials),
            ("cdn.fbsbx.com/x", Refusal::Malformed),
            ("//cdn.fbsbx.com/x", Refusal::Malformed),
            ("", Refusal::Malformed),
        ] {
            assert_eq!(refusal(url), why, "{url}");
        }
    }

    #[test]
    fn an_address_has_an_end() {
        let longest = format!("https://cdn.fbsbx.com/{}", "x".repeat(MAX_URL - 22));
        assert!(rules().target(&longest).is_ok());
        assert_eq!(refusal(&format!("{longest}x")), Refusal::Malformed);
    }

    #[test]
    fn a_trusted_origin_is_that_origin_only() {
        let target = rules().target("http://127.0.0.1:9000/media?id=1").ok().unwrap();
        assert!(target.trusted && target.bearer);
        assert_eq!(refusal("http://127.0.0.1:9001/media"), Refusal::Scheme);
        assert_eq!(refusal("http://localhost:9000/media"), Refusal::Scheme);
        assert_eq!(refusal("https://127.0.0.1:9000/media"), Refusal::Port);
    }

    #[test]
    fn what_is_listed_is_guarded_even_when_it_is_trusted() {
        let trusted = vec![Url::parse("https://cdn.fbsbx.com/").unwrap()];
        let target = Rules { trusted, ..rules() }.target("https://cdn.fbsbx.com/x").ok().unwrap();
        assert!(!target.trusted && !target.bearer);
    }

    #[test]
    fn redirects_are_looked_at_like_the_first_address() {
        let rules = rules();
        let from = rules.target("https://lookaside.fbsbx.com/a/b").ok().unwrap();
        let leads =
            |location: &str| rules.redirected(&from, location).map(|next| (next.url.into(), next.bearer));
        assert_eq!(leads("c"), Ok(("https://lookaside.fbsbx.com/a/c".to_owned(), true)));
        assert_eq!(leads("//x.fbcdn.net/c"), Ok(("https://x.fbcdn.net/c".to_owned(), false)));
        assert_eq!(leads("//evil.example"), Err(not_listed("evil.example")));
        assert_eq!(leads("https://169.254.169.254/latest"), Err(Refusal::Literal));
        assert_eq!(leads("http://lookaside.fbsbx.com/"), Err(Refusal::Scheme));
        assert_eq!(leads("http://127.0.0.1:9000/media"), Err(Refusal::Inwards));
        assert_eq!(leads(&"x".repeat(MAX_URL + 1)), Err(Refusal::Malformed));
    }

    #[test]
    fn trusted_origins_keep_their_tls_on_the_way() {
        let plain = "http://localhost:9000".to_owned();
        let safe = "https://localhost:9443".to_owned();
        let trusted = [&plain, &safe].map(|url| Url::parse(url).unwrap()).to_vec();
        let rules = Rules { trusted, ..rules() };
        let from = |url: &str| rules.target(url).ok().unwrap();
        assert!(rules.redirected(&from(&plain), &safe).is_ok());
        assert_eq!(rules.redirected(&from(&safe), &plain).err(), Some(Refusal::Downgrade));
    }

    #[test]
    fn rules_that_allow_too_much_are_refused() {
        for pattern in
            ["*", "*.", "*.com", "*.*.com", "a.*.com", "127.0.0.1", "[::1]", "example.com.", "", "a b", "*."]
        {
            assert!(matches!(HostRule::new(pattern), Err(SetupError::Host(_))), "{pattern}");
        }
        let trusted = vec![Url::parse("file:///srv").unwrap()];
        assert!(matches!(Rules { trusted, ..rules() }.validate(), Err(SetupError::Trusted(_))));
    }
}
