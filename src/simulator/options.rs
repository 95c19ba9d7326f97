//! What can be set.
//!
//! Owns: the command line of `simulate`, the configuration of the library face, and the behaviour that can be
//! changed while it runs. Invariants: secrets are never shown by `Debug`; probabilities are between 0 and 1; the
//! Graph part listens on loopback only. Deliberately absent: files and defaults that depend on the machine.

use super::SimulatorError;
use super::clock::Clock;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

/// People and past of a run without `--seed`: always the same, so that a second demo on the same data adds nothing
/// twice.
const CROWD_SEED: u64 = 7;

/// A text that is not printed.
#[derive(Clone, Default)]
pub struct Hidden(String);

impl Hidden {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Hidden {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("hidden")
    }
}

/// The accounts of the business.
#[derive(Clone, Debug, clap::Args)]
pub struct Accounts {
    /// Phone number id of WhatsApp
    #[arg(long, default_value = "418206994710335")]
    pub phone_number_id: String,
    /// WhatsApp Business account
    #[arg(long, default_value = "329471260257418")]
    pub waba_id: String,
    /// Shown number of WhatsApp
    #[arg(long, default_value = "908502223344")]
    pub display_phone_number: String,
    /// Facebook Page of Messenger and Lead Ads
    #[arg(long, default_value = "107845920384756")]
    pub page_id: String,
    /// Professional account of Instagram
    #[arg(long, default_value = "17841460021957713")]
    pub instagram_id: String,
    /// Meta app; echoes of own sends carry it
    #[arg(long, env = "META_APP_ID", default_value = "904417236650192")]
    pub app_id: String,
    /// Catalogue of the shop
    #[arg(long, default_value = "883740192645510")]
    pub catalog_id: String,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            phone_number_id: "418206994710335".to_owned(),
            waba_id: "329471260257418".to_owned(),
            display_phone_number: "908502223344".to_owned(),
            page_id: "107845920384756".to_owned(),
            instagram_id: "17841460021957713".to_owned(),
            app_id: "904417236650192".to_owned(),
            catalog_id: "883740192645510".to_owned(),
        }
    }
}

/// How the platform misbehaves. Probabilities are between 0 and 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// Share of POSTs that are sent a second time, at the same moment or a little later
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub duplicate: f64,
    /// Share of POSTs that are held until the next one of the same customers is out
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub reorder: f64,
    /// Each POST is late by up to so many milliseconds
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub delay_ms: u64,
    /// Up to so many events in one POST
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub batch: usize,
    /// So many extra events at once, every 20 seconds
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub burst: usize,
    /// Share of Graph calls answered 429, with and without Retry-After
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub graph_429: f64,
    /// Share of Graph calls answered 500, 502 or 503
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub graph_5xx: f64,
    /// Share of sends that are accepted although the answer is a 500
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub graph_lost: f64,
    /// Every Graph call waits so long before it is answered
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub graph_hang_ms: u64,
    /// Share of Graph calls that are left without an answer for half a minute, done or not
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub graph_hang: f64,
    /// Share of sends that are accepted with half an answer
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub graph_half: f64,
    /// Every Graph call is refused: the token has expired
    #[arg(long)]
    pub expired_token: bool,
    /// Share of accepted sends that then fail (131026)
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub undeliverable: f64,
    /// Share of sends that the customer answers
    #[arg(long, default_value_t = 0.7, value_name = "P")]
    pub answers: f64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            duplicate: 0.0,
            reorder: 0.0,
            delay_ms: 0,
            batch: 1,
            burst: 0,
            graph_429: 0.0,
            graph_5xx: 0.0,
            graph_lost: 0.0,
            graph_hang_ms: 0,
            graph_hang: 0.0,
            graph_half: 0.0,
            expired_token: false,
            undeliverable: 0.0,
            answers: 0.7,
        }
    }
}

impl Behaviour {
    /// These settings with some of them replaced.
    pub(super) fn patched(&self, patch: &Value) -> Result<Self, SimulatorError> {
        let bad = |error: serde_json::Error| SimulatorError::Behaviour(error.to_string());
        let mut all = serde_json::to_value(self).map_err(bad)?;
        let (Some(all_fields), Some(new_fields)) = (all.as_object_mut(), patch.as_object()) else {
            return Err(SimulatorError::Behaviour("an object is wanted".to_owned()));
        };
        for (name, value) in new_fields {
            all_fields.insert(name.clone(), value.clone());
        }
        serde_json::from_value::<Self>(all).map_err(bad)?.checked()
    }

    pub(super) fn checked(self) -> Result<Self, SimulatorError> {
        for (name, share) in [
            ("duplicate", self.duplicate),
            ("reorder", self.reorder),
            ("graph_429", self.graph_429),
            ("graph_5xx", self.graph_5xx),
            ("graph_lost", self.graph_lost),
            ("graph_hang", self.graph_hang),
            ("graph_half", self.graph_half),
            ("undeliverable", self.undeliverable),
            ("answers", self.answers),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(SimulatorError::Behaviour(format!("{name} is not between 0 and 1")));
            }
        }
        if self.batch > 1000 || self.burst > 100_000 {
            return Err(SimulatorError::Behaviour("batch is at most 1000, burst at most 100000".to_owned()));
        }
        Ok(self)
    }
}

/// Plays the platforms: the Graph API on loopback, and signed webhooks of made-up customers
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The server that gets the webhooks
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub server: String,
    /// App secret that signs the webhooks
    #[arg(long, env = "META_APP_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub secret: Option<Hidden>,
    /// App secret of WhatsApp, when it has its own
    #[arg(long, env = "WHATSAPP_APP_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub whatsapp_secret: Option<Hidden>,
    /// App secret of Instagram, when it has its own
    #[arg(long, env = "INSTAGRAM_APP_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub instagram_secret: Option<Hidden>,
    /// Slug of the tenant, appended to the webhook paths
    #[arg(long)]
    pub slug: Option<String>,
    /// Also fill in website forms, with this key of the website channel
    #[arg(long, value_name = "KEY")]
    pub site_key: Option<String>,
    /// Where the Graph API is served (a loopback address; port 0 picks a free one)
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDR")]
    pub graph_addr: SocketAddr,
    /// Events a second
    #[arg(long, default_value_t = 2.0)]
    pub rate: f64,
    /// Made-up customers
    #[arg(long, default_value_t = 40, value_name = "N")]
    pub customers: usize,
    /// Seconds; without it until ^C
    #[arg(long, value_name = "SECONDS")]
    pub duration: Option<u64>,
    /// Repeats a run; without it the people are always the same and the stream is new
    #[arg(long)]
    pub seed: Option<u64>,
    /// Fill the inbox with conversations of the last days first
    #[arg(long)]
    pub demo: bool,
    /// How many of them
    #[arg(long, default_value_t = 60, value_name = "N")]
    pub past: usize,
    #[command(flatten)]
    pub accounts: Accounts,
    #[command(flatten)]
    pub behaviour: Behaviour,
}

/// What the simulator is started with.
#[derive(Debug)]
pub struct Config {
    pub server: String,
    pub secret: Hidden,
    /// Of WhatsApp and Instagram, when they differ.
    pub whatsapp_secret: Option<Hidden>,
    pub instagram_secret: Option<Hidden>,
    pub slug: Option<String>,
    pub site_key: Option<String>,
    pub accounts: Accounts,
    pub behaviour: Behaviour,
    pub graph_addr: SocketAddr,
    /// Of the stream of events.
    pub seed: u64,
    /// Of the people and their past.
    pub crowd_seed: u64,
    pub customers: usize,
    pub clock: Clock,
    /// Stretches or shortens what people and networks take: statuses, answers, retries. 1 is lifelike.
    pub pace: f64,
    /// After which a POST counts as unanswered.
    pub timeout: Duration,
    /// POSTs under way, waiting ones included; the stream pauses at this many.
    pub outstanding: usize,
    /// Finished entries that the ledger keeps in full.
    pub ledger_entries: usize,
}

impl Config {
    /// For tests: port 0, a quick pace, seed 1, ten customers, everything well behaved.
    pub fn new(server: &str, secret: &str) -> Self {
        Self {
            server: server.trim_end_matches('/').to_owned(),
            secret: Hidden(secret.to_owned()),
            whatsapp_secret: None,
            instagram_secret: None,
            slug: None,
            site_key: None,
            accounts: Accounts::default(),
            behaviour: Behaviour::default(),
            graph_addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 1,
            crowd_seed: CROWD_SEED,
            customers: 10,
            clock: Clock::wall(),
            pace: 0.02,
            timeout: Duration::from_secs(20),
            outstanding: 5_000,
            ledger_entries: usize::MAX,
        }
    }

    pub(super) fn from_options(options: &Options) -> Result<Self, SimulatorError> {
        let secret =
            options.secret.clone().filter(|secret| !secret.0.is_empty()).ok_or(SimulatorError::NoSecret)?;
        let own = |secret: &Option<Hidden>| secret.clone().filter(|secret| !secret.0.is_empty());
        // A line of `.env` without a value sets the variable to nothing.
        let named = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let mut accounts = options.accounts.clone();
        if accounts.app_id.is_empty() {
            accounts.app_id = Accounts::default().app_id;
        }
        let clock = Clock::wall();
        let now = u64::try_from(clock.now_ms()).unwrap_or(0);
        Ok(Self {
            whatsapp_secret: own(&options.whatsapp_secret),
            instagram_secret: own(&options.instagram_secret),
            secret,
            slug: named(&options.slug),
            site_key: named(&options.site_key),
            accounts,
            behaviour: options.behaviour.clone(),
            graph_addr: options.graph_addr,
            seed: options.seed.unwrap_or(now),
            crowd_seed: options.seed.unwrap_or(CROWD_SEED),
            customers: if options.demo { options.customers.max(options.past) } else { options.customers },
            clock,
            pace: 1.0,
            ledger_entries: 50_000,
            ..Self::new(&options.server, "")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use serde_json::json;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn the_command_line_is_read_and_secrets_are_not_shown() {
        let cli =
            Cli::parse_from(["simulate", "--secret", "top", "--demo", "--batch", "20", "--graph-429", "0.1"]);
        let options = cli.options;
        assert_eq!((options.rate, options.customers, options.behaviour.batch), (2.0, 40, 20));
        assert!(!format!("{options:?}").contains("top"));
        let config = Config::from_options(&options).unwrap();
        assert_eq!(config.customers, 60);
        assert_eq!(config.secret.reveal(), "top");
        assert_eq!(options.accounts.page_id, Accounts::default().page_id);
        assert_eq!(options.behaviour, Behaviour { batch: 20, graph_429: 0.1, ..Behaviour::default() });
    }

    #[test]
    fn a_patch_changes_only_what_it_names_and_refuses_nonsense() {
        let calm = Behaviour::default();
        let patched = calm.patched(&json!({"duplicate": 0.5})).unwrap();
        assert_eq!(patched, Behaviour { duplicate: 0.5, ..calm.clone() });
        for nonsense in [json!({"duplicate": 2}), json!({"dupliacte": 0.5}), json!([])] {
            assert!(calm.patched(&nonsense).is_err(), "{nonsense}");
        }
    }
}
