//! The shape of a customer, as REST and events give it, and what a colleague may change of it.

use super::{patch, text};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a name comes from: a colleague's beats every other.
const NAME_RANK_COLLEAGUE: i16 = 5;
/// Digits of an international number (E.164), at least and at most.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Anyone by name: a colleague, or a customer on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Customer {
    pub id: Uuid,
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    pub email: Option<String>,
    /// What the platforms know the person by.
    pub identities: Vec<Identity>,
    pub marketing_opt_out: bool,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    /// `whatsapp`, `messenger`, `instagram`, `lead_ads`, `website`.
    pub channel_kind: String,
    /// `wa_id`, `bsuid`, `psid`, `igsid`, `lead`.
    pub kind: String,
    pub external_id: String,
    /// Without a leading `@`.
    pub username: Option<String>,
}

/// What is known of a touch: the ad, post, link or form that brought a customer. Which keys there are depends on what told
/// it; for the API description.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Attribution {
    /// `ad`, `post`, `shortlink`, …
    pub source_type: Option<String>,
    /// The platform's own word for it.
    pub source: Option<String>,
    pub source_url: Option<String>,
    pub post_id: Option<String>,
    pub headline: Option<String>,
    pub body: Option<String>,
    pub media_url: Option<String>,
    pub ctwa_clid: Option<String>,
    /// The free text of a link.
    pub r#ref: Option<String>,
    pub product_id: Option<String>,
    pub ad_id: Option<String>,
    pub ad_name: Option<String>,
    pub adset_id: Option<String>,
    pub adset_name: Option<String>,
    pub campaign_id: Option<String>,
    pub campaign_name: Option<String>,
    pub form_id: Option<String>,
    pub lead_id: Option<String>,
    /// Where a lead ad was shown: `fb`, `ig`.
    pub platform: Option<String>,
    pub is_organic: Option<bool>,
    pub utm_source: Option<String>,
    pub utm_medium: Option<String>,
    pub utm_campaign: Option<String>,
    pub utm_term: Option<String>,
    pub utm_content: Option<String>,
    /// Whatever else was told.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

/// Region of phone numbers without country code where the tenant has set none: the setting `DEFAULT_REGION`.
#[derive(Debug, Clone, Default)]
pub struct DefaultRegion(pub Option<String>);

/// What a colleague changes; what is absent stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerPatch {
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, max_length = 200)]
    pub name: Option<String>,
    /// International (`+90…`), or national in the tenant's region; kept as E.164.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub marketing_opt_out: Option<bool>,
    /// The version that was edited: a stale one is a 409; without it the last write wins.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub version: Option<i32>,
}

/// What of a customer an edit can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Editable {
    pub(super) name: String,
    pub(super) name_rank: i16,
    pub(super) phone: Option<String>,
    pub(super) phone_key: Option<String>,
    pub(super) email: Option<String>,
    pub(super) marketing_opt_out: bool,
}

impl Editable {
    /// The customer after the edit; equal when it changes nothing.
    pub(super) fn with(&self, edit: &CustomerPatch, region: Option<&str>) -> Result<Self> {
        let mut new = self.clone();
        if let Some(name) = &edit.name {
            let name = text::filled("name", name, text::MAX_LINE)?;
            if patch::set(&mut new.name, name) {
                new.name_rank = NAME_RANK_COLLEAGUE;
            }
        }
        match &edit.phone {
            None => {}
            Some(None) => (new.phone, new.phone_key) = (None, None),
            // As it was shown: also one that a platform gave and no rule of ours would accept.
            Some(phone) if *phone == new.phone => {}
            Some(Some(phone)) => {
                let phone = e164(phone, region)?;
                new.phone_key = Some(webhooks::phone::canonical(&phone));
                new.phone = Some(phone);
            }
        }
        match &edit.email {
            None => {}
            Some(None) => new.email = None,
            Some(Some(email)) => new.email = Some(text::email("email", email)?),
        }
        if let Some(opt_out) = edit.marketing_opt_out {
            new.marketing_opt_out = opt_out;
        }
        Ok(new)
    }

    /// What search looks through; `spellings`: every id and username.
    pub(super) fn search_text(&self, spellings: Vec<String>) -> String {
        let mut parts = spellings;
        parts.push(self.name.clone());
        parts.extend(self.phone.clone());
        parts.extend(self.email.clone());
        parts.join("\n").to_lowercase()
    }
}

/// A number as E.164. One that is written with its country code need only have a possible length (numbering plans are
/// younger than our tables); a national one must exist in its region.
fn e164(number: &str, region: Option<&str>) -> Result<String> {
    let refused = || {
        Error::invalid(
            "phone",
            "invalid",
            "That is no phone number; write it with its country code, as +90….",
        )
    };
    let number = text::line("phone", number, 40)?;
    let region = region.and_then(|region| region.parse().ok());
    let parsed = phonenumber::parse(region, &number).map_err(|_| refused())?;
    let formatted = parsed.format().mode(phonenumber::Mode::E164).to_string();
    let digits = formatted.strip_prefix('+').unwrap_or(&formatted);
    let possible = PHONE_DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if possible && (number.starts_with('+') || parsed.is_valid()) { Ok(formatted) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer() -> Editable {
        Editable {
            name: "Ayşe".into(),
            name_rank: 3,
            phone: Some("+905324187650".into()),
            phone_key: Some("905324187650".into()),
            email: None,
            marketing_opt_out: false,
        }
    }

    fn edited(json: &str) -> Result<Editable> {
        customer().with(&serde_json::from_str(json).expect("a patch"), Some("TR"))
    }

    #[test]
    fn numbers_become_e164() {
        for (number, expected) in [
            ("0532 418 76 51", "+905324187651"),
            ("+49 173 5550142", "+491735550142"),
            ("+1 555 123 4567", "+15551234567"),
        ] {
            assert_eq!(e164(number, Some("TR")).ok().as_deref(), Some(expected));
        }
        for bad in ["", "abc", "12", "+12", "+", "0532 418 76 51 99 99 99 99", "TR.8812"] {
            assert!(e164(bad, Some("TR")).is_err(), "{bad}");
        }
        assert!(e164("0532 418 76 51", None).is_err(), "no region");
    }

    #[test]
    fn a_name_of_a_colleague_ranks_highest() {
        assert!(edited(r#"{"name":" Ayşe "}"#).is_ok_and(|same| same == customer()));
        assert!(edited(r#"{"name":"Ayşe Y."}"#).is_ok_and(|new| new.name_rank == 5));
        assert!(edited(r#"{"name":" "}"#).is_err());
    }

    #[test]
    fn null_clears_and_absent_stays() {
        let cleared = edited(r#"{"phone":null,"email":null}"#).expect("an edit");
        assert_eq!((cleared.phone, cleared.phone_key, cleared.email), (None, None, None));
        assert!(edited("{}").is_ok_and(|same| same == customer()));
        for bad in
            [r#"{"name":null}"#, r#"{"marketing_opt_out":null}"#, r#"{"version":"1"}"#, r#"{"id":"x"}"#]
        {
            assert!(serde_json::from_str::<CustomerPatch>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spellings_of_one_number_have_one_key() {
        let new = edited(r#"{"phone":"+5215512345678"}"#).expect("an edit");
        assert_eq!(new.phone_key.as_deref(), Some("525512345678"));
    }
}
