//! What a colleague may change of a card, and where it may go: pure rules.

use super::model::Money;
use crate::customers::patch::{self, Object};
use crate::customers::text;
use crate::error::{Error, FieldError, Result};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The largest amount that every browser reads exactly (2^53 - 1).
const MAX_AMOUNT: i64 = 9_007_199_254_740_991;

/// What a colleague changes; what is absent stays, null clears. A move names its column, at most one neighbour in it
/// (none: last), and the version that was moved.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardPatch {
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub column_id: Option<Uuid>,
    pub after_card_id: Option<Uuid>,
    pub before_card_id: Option<Uuid>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub title: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<Money>)]
    pub value: Option<Option<Object<Money>>>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<Uuid>)]
    pub assignee_id: Option<Option<Uuid>>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Option<DateTime<Utc>>>,
    /// The version that was edited: a stale one is a 409. A move must have it; without it the last edit wins.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub version: Option<i32>,
}

/// Where a card goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) column: Uuid,
    pub(super) spot: Spot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Last,
    After(Uuid),
    Before(Uuid),
}

/// What of a card an edit can change, its place aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Editable {
    pub(super) title: String,
    pub(super) value: Option<Money>,
    pub(super) assignee_id: Option<Uuid>,
    pub(super) due_at: Option<DateTime<Utc>>,
}

impl CardPatch {
    /// Where the card shall go, if it is a move.
    pub(super) fn target(&self) -> Result<Option<Target>> {
        let spot = match (self.after_card_id, self.before_card_id) {
            (None, None) if self.column_id.is_none() => return Ok(None),
            (None, None) => Spot::Last,
            (Some(card), None) => Spot::After(card),
            (None, Some(card)) => Spot::Before(card),
            (Some(_), Some(_)) => {
                let detail = "Give `after_card_id` or `before_card_id`, not both.";
                return Err(Error::invalid("before_card_id", "invalid", detail));
            }
        };
        let missing = |field: &str, is_missing: bool| {
            is_missing.then(|| FieldError {
                field: field.to_owned(),
                code: "required",
                detail: format!("A move needs `{field}`."),
            })
        };
        let missing: Vec<FieldError> =
            [missing("column_id", self.column_id.is_none()), missing("version", self.version.is_none())]
                .into_iter()
                .flatten()
                .collect();
        match self.column_id {
            Some(column) if missing.is_empty() => Ok(Some(Target { column, spot })),
            _ => Err(Error::Invalid(missing)),
        }
    }
}

impl Editable {
    /// The card after the edit; equal when it changes nothing.
    pub(super) fn with(&self, edit: &CardPatch) -> Result<Self> {
        let mut new = self.clone();
        if let Some(title) = &edit.title {
            new.title = text::line("title", title.as_deref().unwrap_or_default(), text::MAX_LINE)?;
        }
        if let Some(value) = &edit.value {
            let value = value.as_ref().map(|Object(money)| money);
            value.map(check_money).transpose()?;
            new.value = value.cloned();
        }
        if let Some(assignee) = edit.assignee_id {
            new.assignee_id = assignee;
        }
        if let Some(due_at) = edit.due_at {
            new.due_at = due_at.map(|at| patch::date("due_at", at)).transpose()?;
        }
        Ok(new)
    }
}

fn check_money(money: &Money) -> Result<()> {
    if !(0..=MAX_AMOUNT).contains(&money.amount) {
        let detail = format!("`value.amount` is from 0 to {MAX_AMOUNT}, in minor units.");
        return Err(Error::invalid("value.amount", "invalid", detail));
    }
    if money.currency.len() != 3 || !money.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let detail = "`value.currency` is a code of three capital letters, as TRY.";
        return Err(Error::invalid("value.currency", "invalid", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(json: &str) -> CardPatch {
        serde_json::from_str(json).expect("a patch")
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn a_move_names_column_and_version() {
        let one = id(1);
        assert_eq!(patch(r#"{"title":"x"}"#).target().ok(), Some(None));
        let last = patch(&format!(r#"{{"column_id":"{one}","version":1}}"#)).target();
        assert_eq!(last.ok(), Some(Some(Target { column: one, spot: Spot::Last })));
        for bad in [
            format!(r#"{{"column_id":"{one}"}}"#),
            format!(r#"{{"after_card_id":"{one}","version":1}}"#),
            format!(
                r#"{{"column_id":"{one}","after_card_id":"{one}","before_card_id":"{one}","version":1}}"#
            ),
        ] {
            assert!(patch(&bad).target().is_err_and(|error| error.code() == "invalid"), "{bad}");
        }
    }

    #[test]
    fn values_at_and_beyond() {
        let card = Editable { title: "t".into(), value: None, assignee_id: Some(id(2)), due_at: None };
        let value = |amount: i64, currency: &str| {
            card.with(&patch(&format!(r#"{{"value":{{"amount":{amount},"currency":"{currency}"}}}}"#)))
        };
        assert!(value(0, "TRY").is_ok() && value(MAX_AMOUNT, "EUR").is_ok());
        assert!(value(-1, "TRY").is_err() && value(MAX_AMOUNT + 1, "TRY").is_err());
        assert!(value(1, "try").is_err() && value(1, "TRYX").is_err() && value(1, "Tİ").is_err());
        let cleared = card.with(&patch(r#"{"title":null,"value":null,"assignee_id":null,"due_at":null}"#));
        let empty = Editable { title: String::new(), value: None, assignee_id: None, due_at: None };
        assert_eq!(cleared.ok(), Some(empty));
        assert!(card.with(&patch("{}")).is_ok_and(|same| same == card));
        for bad in [
            r#"{"value":{"amount":1.5,"currency":"TRY"}}"#,
            r#"{"value":[1,"TRY"]}"#,
            r#"{"board_id":null}"#,
            r#"{"rank":"80"}"#,
        ] {
            assert!(serde_json::from_str::<CardPatch>(bad).is_err(), "{bad}");
        }
    }
}
