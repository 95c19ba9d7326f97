//! Settings: read once at start from the environment and `.env`, checked, and passed down.
//!
//! Owns: the names of contract section 2 and a few of our own, their defaults and their errors. Invariant: secrets are
//! [`SecretString`], so that neither `Debug` nor a log shows them. Absent on purpose: which of a platform's secrets
//! count, and those that tenants store (`secrets`).

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use url::Url;

/// Every setting with its default, in the order of `.env.example`.
pub const KEYS: &[(&str, &str)] = &[
    ("BIND_ADDR", "127.0.0.1:8080"),
    ("PUBLIC_URL", ""),
    ("DATA_DIR", "./data"),
    ("DATABASE_URL", ""),
    ("AUTO_MIGRATE", "true"),
    ("REDIS_URL", ""),
    ("APP_CONFIG_ENCRYPTION_KEY", ""),
    ("META_APP_ID", ""),
    ("META_APP_SECRET", ""),
    ("META_VERIFY_TOKEN", ""),
    ("META_ACCESS_TOKEN", ""),
    ("WHATSAPP_APP_SECRET", ""),
    ("WHATSAPP_VERIFY_TOKEN", ""),
    ("WHATSAPP_ACCESS_TOKEN", ""),
    ("INSTAGRAM_APP_SECRET", ""),
    ("INSTAGRAM_VERIFY_TOKEN", ""),
    ("INSTAGRAM_ACCESS_TOKEN", ""),
    ("GRAPH_API_URL", "https://graph.facebook.com"),
    ("GRAPH_API_VERSION", "v26.0"),
    ("INSTAGRAM_API_URL", "https://graph.instagram.com"),
    ("ADMIN_EMAIL", ""),
    ("ADMIN_PASSWORD", ""),
    ("DEFAULT_REGION", ""),
    ("TRUSTED_PROXIES", ""),
    ("RATE_LIMITS", "on"),
    ("SMTP_URL", ""),
    ("FILES_URL", ""),
    ("EVENT_RETENTION_DAYS", "14"),
    ("WEBHOOK_RETENTION_DAYS", "30"),
    ("LOG_FORMAT", "text"),
    ("RUST_LOG", "info"),
];

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    pub bind_addr: SocketAddr,
    /// None: loopback names with the bound port.
    pub public_url: Option<Url>,
    pub data_dir: PathBuf,
    pub database_url: Option<SecretString>,
    pub auto_migrate: bool,
    pub redis_url: Option<SecretString>,
    /// Keys of the stored secrets, as `vault::Keys` reads them; none: a file in `data_dir`.
    pub encryption_key: Option<SecretString>,
    /// Secrets of the platforms, by the setting's name in lower case. What counts is decided in `secrets`.
    pub platforms: HashMap<String, SecretString>,
    pub graph_api_url: Url,
    pub graph_api_version: String,
    pub instagram_api_url: Url,
    pub admin: Option<(String, SecretString)>,
    /// ISO 3166 alpha-2, upper case.
    pub default_region: Option<String>,
    pub trusted_proxies: Vec<IpNet>,
    pub rate_limits: bool,
    /// `s3://bucket/prefix`; none: `DATA_DIR/files`.
    pub files_url: Option<Url>,
    /// Days that events are kept for clients that come back.
    pub event_retention_days: i32,
    /// Days that raw bodies of finished deliveries are kept.
    pub webhook_retention_days: i32,
    pub log_json: bool,
    pub log_filter: String,
}

/// A setting that can't be used; the text says which and why.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("setting {key}: {problem}")]
pub struct ConfigError {
    pub key: &'static str,
    pub problem: String,
}

/// Looks settings up: environment first, then `.env`, then the default. Empty means unset.
struct Source {
    file: HashMap<String, String>,
    environment: HashMap<String, String>,
}

impl Config {
    /// From the process environment and `.env` in the current folder.
    pub fn load() -> Result<Self, ConfigError> {
        let file = std::fs::read_to_string(".env").unwrap_or_default();
        Self::from_parts(&file, std::env::vars().collect())
    }

    /// From given text of `.env` and given variables.
    pub fn from_parts(dot_env: &str, environment: HashMap<String, String>) -> Result<Self, ConfigError> {
        let source = Source { file: parse_dot_env(dot_env), environment };
        Ok(Self {
            bind_addr: source.parsed("BIND_ADDR", "an address and port, as 127.0.0.1:8080")?,
            public_url: source.origin("PUBLIC_URL")?,
            data_dir: PathBuf::from(source.text("DATA_DIR")),
            database_url: source.secret("DATABASE_URL"),
            auto_migrate: source.switch("AUTO_MIGRATE", "true", "false")?,
            redis_url: source.secret("REDIS_URL"),
            encryption_key: source.encryption_key()?,
            platforms: source.platforms(),
            graph_api_url: source.parsed("GRAPH_API_URL", "a URL")?,
            graph_api_version: source.text("GRAPH_API_VERSION"),
            instagram_api_url: source.parsed("INSTAGRAM_API_URL", "a URL")?,
            admin: source.admin()?,
            default_region: source.region()?,
            trusted_proxies: source.networks("TRUSTED_PROXIES")?,
            rate_limits: source.switch("RATE_LIMITS", "on", "off")?,
            files_url: source.files()?,
            event_retention_days: source.parsed("EVENT_RETENTION_DAYS", "a number of days")?,
            webhook_retention_days: source.parsed("WEBHOOK_RETENTION_DAYS", "a number of days")?,
            log_json: source.switch("LOG_FORMAT", "json", "text")?,
            log_filter: source.text("RUST_LOG"),
        })
    }
}

impl Source {
    fn get(&self, key: &str) -> Option<String> {
        let set = |map: &HashMap<String, String>| map.get(key).filter(|value| !value.is_empty()).cloned();
        set(&self.environment).or_else(|| set(&self.file))
    }

    fn text(&self, key: &'static str) -> String {
        let default = KEYS.iter().find(|(name, _)| *name == key).map_or("", |(_, default)| default);
        self.get(key).unwrap_or_else(|| default.to_owned())
    }

    fn secret(&self, key: &str) -> Option<SecretString> {
        self.get(key).map(SecretString::from)
    }

    fn parsed<T: std::str::FromStr>(&self, key: &'static str, what: &str) -> Result<T, ConfigError> {
        self.text(key).parse().map_err(|_| ConfigError { key, problem: format!("must be {what}") })
    }

    /// `yes` is true, `no` is false.
    fn switch(&self, key: &'static str, yes: &str, no: &str) -> Result<bool, ConfigError> {
        let value = self.text(key);
        if value == yes {
            Ok(true)
        } else if value == no {
            Ok(false)
        } else {
            Err(ConfigError { key, problem: format!("must be `{yes}` or `{no}`") })
        }
    }

    fn encryption_key(&self) -> Result<Option<SecretString>, ConfigError> {
        let key = "APP_CONFIG_ENCRYPTION_KEY";
        let text = self.secret(key);
        match text.as_ref().map(|text| vault::Keys::parse(text.expose_secret())) {
            Some(Err(error)) => Err(ConfigError { key, problem: error.to_string() }),
            _ => Ok(text),
        }
    }

    /// Every `META_…`, `WHATSAPP_…` and `INSTAGRAM_…` that is set, but for addresses.
    fn platforms(&self) -> HashMap<String, SecretString> {
        let prefixes = ["META_", "WHATSAPP_", "INSTAGRAM_"];
        let of_platforms = |key: &&str| !key.ends_with("_URL") && prefixes.iter().any(|p| key.starts_with(p));
        let keys = KEYS.iter().map(|(key, _)| *key).filter(of_platforms);
        keys.filter_map(|key| Some((key.to_lowercase(), self.secret(key)?))).collect()
    }

    fn origin(&self, key: &'static str) -> Result<Option<Url>, ConfigError> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let url: Url = text.parse().map_err(|_| ConfigError { key, problem: "must be a URL".to_owned() })?;
        if !matches!(url.scheme(), "http" | "https") || url.path() != "/" || url.query().is_some() {
            return Err(ConfigError {
                key,
                problem: "must be an origin, as https://crm.example.com".to_owned(),
            });
        }
        Ok(Some(url))
    }

    fn files(&self) -> Result<Option<Url>, ConfigError> {
        let Some(text) = self.get("FILES_URL") else { return Ok(None) };
        let url: Option<Url> = text.parse().ok();
        let fits = |url: &Url| url.scheme() == "s3" && url.host_str().is_some() && url.query().is_none();
        url.filter(fits)
            .map(Some)
            .ok_or_else(|| ConfigError { key: "FILES_URL", problem: "must be s3://bucket/prefix".to_owned() })
    }

    fn admin(&self) -> Result<Option<(String, SecretString)>, ConfigError> {
        match (self.get("ADMIN_EMAIL"), self.secret("ADMIN_PASSWORD")) {
            (Some(email), Some(password)) => Ok(Some((email, password))),
            (None, None) => Ok(None),
            (Some(_), None) => {
                Err(ConfigError { key: "ADMIN_PASSWORD", problem: "is needed with ADMIN_EMAIL".to_owned() })
            }
            (None, Some(_)) => {
                Err(ConfigError { key: "ADMIN_EMAIL", problem: "is needed with ADMIN_PASSWORD".to_owned() })
            }
        }
    }

    fn region(&self) -> Result<Option<String>, ConfigError> {
        let Some(region) = self.get("DEFAULT_REGION") else { return Ok(None) };
        let region = region.to_ascii_uppercase();
        if region.parse::<phonenumber::country::Id>().is_err() {
            let problem = "must be a country code of two letters, as TR".to_owned();
            return Err(ConfigError { key: "DEFAULT_REGION", problem });
        }
        Ok(Some(region))
    }

    fn networks(&self, key: &'static str) -> Result<Vec<IpNet>, ConfigError> {
        let text = self.text(key);
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)))
            .collect::<Result<_, _>>()
            .map_err(|_| ConfigError {
                key,
                problem: "must be networks as 10.0.0.0/8, with commas".to_owned(),
            })
    }
}

/// `KEY=value` lines; `#` comments, `export `, single or double quotes around the value.
fn parse_dot_env(text: &str) -> HashMap<String, String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='))
        .map(|(key, value)| {
            let value = value.trim();
            let unquoted = ['"', '\'']
                .iter()
                .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
                .unwrap_or(value);
            (key.trim().to_owned(), unquoted.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_parts("", pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn defaults_are_those_of_the_contract() {
        let config = config(&[]).expect("defaults are valid");
        assert_eq!(config.bind_addr.to_string(), "127.0.0.1:8080");
        assert!(config.rate_limits && config.auto_migrate && !config.log_json);
        assert!(config.platforms.is_empty() && config.encryption_key.is_none());
    }

    #[test]
    fn platforms_secrets_are_taken_by_name() {
        let config = config(&[
            ("META_APP_SECRET", "meta"),
            ("WHATSAPP_ACCESS_TOKEN", "wa"),
            ("INSTAGRAM_API_URL", "https://instagram.test"),
        ])
        .expect("valid");
        let secret = |key: &str| config.platforms.get(key).map(|text| text.expose_secret().to_owned());
        assert_eq!(secret("meta_app_secret").as_deref(), Some("meta"));
        assert_eq!(secret("whatsapp_access_token").as_deref(), Some("wa"));
        assert_eq!(config.platforms.len(), 2, "an address is no secret");
    }

    #[test]
    fn errors_name_the_setting() {
        for (key, value) in [
            ("BIND_ADDR", "nowhere"),
            ("RATE_LIMITS", "maybe"),
            ("PUBLIC_URL", "https://x.example/path"),
            ("DEFAULT_REGION", "XX1"),
            ("TRUSTED_PROXIES", "10.0.0.0/99"),
            ("LOG_FORMAT", "xml"),
            ("APP_CONFIG_ENCRYPTION_KEY", "dG9vIHNob3J0"),
        ] {
            assert_eq!(config(&[(key, value)]).expect_err("must be refused").key, key);
        }
        assert_eq!(config(&[("ADMIN_EMAIL", "a@b.test")]).expect_err("half").key, "ADMIN_PASSWORD");
    }

    #[test]
    fn environment_wins_over_the_file_and_quotes_go() {
        let env = HashMap::from([("DATA_DIR".to_owned(), "/env".to_owned())]);
        let config =
            Config::from_parts("DATA_DIR=/file\nexport BIND_ADDR=\"0.0.0.0:1\"\n# X=1", env).expect("valid");
        assert_eq!(config.data_dir, PathBuf::from("/env"));
        assert_eq!(config.bind_addr.port(), 1);
    }

    #[test]
    fn debug_shows_no_secret() {
        let config = config(&[("META_APP_SECRET", "canary-secret")]).expect("valid");
        assert!(!format!("{config:?}").contains("canary-secret"));
    }
}
