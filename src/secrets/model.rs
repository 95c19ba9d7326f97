//! Platforms, the keys of their secrets, and what is told of them. Pure.

use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a value. The longest are access tokens, of some hundred.
const MAX_VALUE: usize = 2_048;

/// A webhook address and the app behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Messenger and Lead Ads.
    Meta,
    Whatsapp,
    Instagram,
}

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    AppId,
    AppSecret,
    VerifyToken,
    AccessToken,
}

/// A secret's place: `meta_app_secret` and so on, the settings of the environment in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub platform: Platform,
    pub kind: Kind,
}

/// Where the value comes from that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Config,
    Env,
    None,
}

/// Whether a stored value can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// The key-encryption key is not the one that it was stored with.
    Locked,
    /// The stored record was changed, moved or put back. Set the value again.
    Damaged,
}

/// Who changed a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedBy {
    pub id: Uuid,
    pub name: String,
}

/// A secret as it may be shown: everything but the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecretView {
    pub key: String,
    pub is_set: bool,
    pub source: Source,
    pub state: State,
    /// The last four characters, as `••••1234`. Null under 16 characters, and while it can't be read.
    pub hint: Option<String>,
    pub updated_at: Option<DateTime<Utc>>,
    pub updated_by: Option<ChangedBy>,
    /// Until when the value before is accepted too (app secrets and verify tokens).
    pub overlap_until: Option<DateTime<Utc>>,
}

/// What a secret is, and how it is set now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Definition {
    #[serde(flatten)]
    pub secret: SecretView,
    pub platform: Platform,
    pub kind: Kind,
    pub description: &'static str,
    pub used_for: &'static str,
    pub how_to_get: &'static str,
    pub expires: &'static str,
    /// The key that counts when this one has no value.
    pub falls_back_to: Option<String>,
}

/// How much the tenant's data key was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DataKeyUse {
    pub created_at: DateTime<Utc>,
    pub encryptions: i64,
    /// `switchboard secrets rotate --data-keys` should be run.
    pub rotation_due: bool,
}

/// All keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Definitions {
    pub items: Vec<Definition>,
    /// Null: there is one page.
    pub next_cursor: Option<String>,
    /// Null until something was stored.
    pub data_key: Option<DataKeyUse>,
}

/// The body of a `PUT`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValue {
    /// 1 to 2,048 characters; blanks around it are taken off.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 2048)]
    #[serde(deserialize_with = "hidden")]
    pub value: SecretString,
}

fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

impl Platform {
    /// The word in addresses and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Whatsapp => "whatsapp",
            Self::Instagram => "instagram",
        }
    }
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::AppId => "app_id",
            Self::AppSecret => "app_secret",
            Self::VerifyToken => "verify_token",
            Self::AccessToken => "access_token",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::AppId => "The number of the Meta app.",
            Self::AppSecret => "The app's secret: the platform signs every webhook with it.",
            Self::VerifyToken => {
                "A text of your choice, which proves to the platform that the address is yours."
            }
            Self::AccessToken => "The token with which the platform is called.",
        }
    }

    fn used_for(self) -> &'static str {
        match self {
            Self::AppId => "Telling which app the other values belong to.",
            Self::AppSecret => "Checking the signature of webhooks. Without one, none is accepted.",
            Self::VerifyToken => {
                "Answering the platform's question when a webhook is set up in its dashboard."
            }
            Self::AccessToken => "Sending messages, fetching files, leads and names.",
        }
    }

    fn how_to_get(self) -> &'static str {
        match self {
            Self::AppId => "developers.facebook.com, your app, App settings, Basic: App ID.",
            Self::AppSecret => "developers.facebook.com, your app, App settings, Basic: App secret, Show.",
            Self::VerifyToken => {
                "Make one up, store it here, then type the same into the dashboard's webhook."
            }
            Self::AccessToken => {
                "business.facebook.com, Settings, System users: generate a token of your app with the scopes it needs."
            }
        }
    }

    fn expires(self) -> &'static str {
        match self {
            Self::AppId => "Never.",
            Self::AppSecret | Self::VerifyToken => {
                "Never by itself. After a change the value before is accepted for 48 hours."
            }
            Self::AccessToken => {
                "A system user's token never, or after 60 days, as chosen; a user's after 60 days."
            }
        }
    }
}

impl Key {
    pub const ALL: [Self; 10] = [
        Self::of(Platform::Meta, Kind::AppId),
        Self::of(Platform::Meta, Kind::AppSecret),
        Self::of(Platform::Meta, Kind::VerifyToken),
        Self::of(Platform::Meta, Kind::AccessToken),
        Self::of(Platform::Whatsapp, Kind::AppSecret),
        Self::of(Platform::Whatsapp, Kind::VerifyToken),
        Self::of(Platform::Whatsapp, Kind::AccessToken),
        Self::of(Platform::Instagram, Kind::AppSecret),
        Self::of(Platform::Instagram, Kind::VerifyToken),
        Self::of(Platform::Instagram, Kind::AccessToken),
    ];

    pub const fn of(platform: Platform, kind: Kind) -> Self {
        Self { platform, kind }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    pub fn name(self) -> String {
        format!("{}_{}", self.platform.as_str(), self.kind.as_str())
    }

    /// The key whose value counts when this one has none: other products mostly hang on the same app. Access tokens
    /// don't, as another product's has not the scopes.
    pub fn fallback(self) -> Option<Self> {
        let shared = matches!(self.kind, Kind::AppSecret | Kind::VerifyToken);
        (shared && self.platform != Platform::Meta).then_some(Self::of(Platform::Meta, self.kind))
    }

    /// Whether a replaced value is accepted for a while: the platform goes on with it until its dashboard is changed.
    pub fn overlaps(self) -> bool {
        matches!(self.kind, Kind::AppSecret | Kind::VerifyToken)
    }

    pub fn definition(self, secret: SecretView) -> Definition {
        Definition {
            secret,
            platform: self.platform,
            kind: self.kind,
            description: self.kind.description(),
            used_for: self.kind.used_for(),
            how_to_get: self.kind.how_to_get(),
            expires: self.kind.expires(),
            falls_back_to: self.fallback().map(Self::name),
        }
    }

    /// The value as it is kept, or 422.
    pub fn check(self, value: &SecretString) -> Result<SecretString> {
        let invalid = |code, detail| Err(Error::invalid("value", code, detail));
        let value = value.expose_secret().trim();
        if value.is_empty() {
            return invalid("required", "`value` can't be empty; to take it out, delete it.");
        }
        if value.chars().count() > MAX_VALUE {
            return invalid("too_long", "`value` has at most 2048 characters.");
        }
        let fits = match self.kind {
            Kind::AppId => value.chars().all(|c| c.is_ascii_digit()),
            Kind::AppSecret | Kind::AccessToken => value.chars().all(|c| c.is_ascii_graphic()),
            Kind::VerifyToken => !value.chars().any(char::is_control),
        };
        if fits {
            Ok(SecretString::from(value))
        } else {
            invalid(
                "invalid",
                "`value` has characters that no such value has. Was all of it copied, and only it?",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_settings_in_lower_case() {
        for key in Key::ALL {
            assert_eq!(Key::parse(&key.name()), Some(key));
            let setting = key.name().to_uppercase();
            assert!(crate::config::KEYS.iter().any(|(name, _)| *name == setting), "{setting}");
        }
        for name in ["", "META_APP_SECRET", "whatsapp_app_id", "database_url", "meta_app_secret "] {
            assert_eq!(Key::parse(name), None, "{name}");
        }
    }

    #[test]
    fn only_what_an_app_shares_falls_back() {
        let fallback = |name: &str| Key::parse(name).and_then(Key::fallback).map(Key::name);
        assert_eq!(fallback("whatsapp_app_secret").as_deref(), Some("meta_app_secret"));
        assert_eq!(fallback("instagram_verify_token").as_deref(), Some("meta_verify_token"));
        for name in ["whatsapp_access_token", "meta_app_secret", "meta_app_id"] {
            assert_eq!(fallback(name), None, "{name}");
        }
    }

    #[test]
    fn values_are_trimmed_and_checked() {
        let check = |name: &str, value: &str| {
            let key = Key::parse(name).expect("a key");
            key.check(&SecretString::from(value)).map(|value| value.expose_secret().to_owned())
        };
        assert_eq!(check("meta_app_secret", " abc\n").ok().as_deref(), Some("abc"));
        assert_eq!(check("meta_verify_token", "ğ b").ok().as_deref(), Some("ğ b"));
        assert!(check("meta_access_token", &"a".repeat(2_048)).is_ok());
        for (name, value) in [
            ("meta_app_secret", " "),
            ("meta_app_secret", "a b"),
            ("meta_app_id", "12a"),
            ("meta_verify_token", "a\0b"),
            ("meta_access_token", &"a".repeat(2_049)),
            ("meta_access_token", "ğ"),
        ] {
            assert!(check(name, value).is_err_and(|error| error.code() == "invalid"), "{name}: {value}");
        }
    }
}
