//! The shapes of boards and cards, as REST and events give them, and their rules.

use crate::customers::{Attribution, Person};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use fractional_index::FractionalIndex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Minor units (cents, kuruş) of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    pub id: Uuid,
    pub board_id: Uuid,
    pub column_id: Uuid,
    /// Cards of a column stand in byte order of it.
    pub rank: String,
    pub customer: Person,
    pub title: String,
    pub value: Option<Money>,
    /// `organic`, `ad`, `lead_ad`, `website`: what first brought the customer.
    pub source: String,
    /// The ad, form or link of that first touch, with its UTM parameters.
    #[schema(value_type = Option<Attribution>)]
    pub attribution: Option<Value>,
    pub assignee: Option<Person>,
    pub due_at: Option<DateTime<Utc>>,
    pub last_message_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// A board in the list of boards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BoardSummary {
    pub id: Uuid,
    pub name: String,
    pub is_default: bool,
    /// In their order.
    pub columns: Vec<ColumnSummary>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnSummary {
    pub id: Uuid,
    pub name: String,
    pub kind: ColumnKind,
    /// Of cards.
    pub count: i64,
    /// Of their values, one for each currency.
    pub sum: Vec<Money>,
}

/// A board with the first cards of its columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Board {
    pub id: Uuid,
    pub name: String,
    pub is_default: bool,
    /// In their order.
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    #[serde(flatten)]
    pub summary: ColumnSummary,
    /// The first ones, by rank.
    pub cards: Vec<Card>,
    /// For the column's further cards; null when these are all.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    Open,
    Won,
    Lost,
}

impl ColumnKind {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "won" => Some(Self::Won),
            "lost" => Some(Self::Lost),
            _ => None,
        }
    }
}

/// A card's place in its column: what a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) rank: String,
    pub(super) id: Uuid,
}

/// A rank between two others, of which either may be missing.
pub(super) fn rank_between(lower: Option<&str>, upper: Option<&str>) -> Result<String> {
    let read = |rank: Option<&str>| {
        rank.map(|rank| {
            FractionalIndex::from_string(rank).map_err(|error| Error::internal(format!("{error:?}")))
        })
        .transpose()
    };
    let (lower, upper) = (read(lower)?, read(upper)?);
    FractionalIndex::new(lower.as_ref(), upper.as_ref())
        .map(|rank| rank.to_string())
        .ok_or_else(|| Error::internal("ranks out of order"))
}

/// The rank of a spot between two others, for a card that stands in that column with the rank `stands`, if at all.
/// `None`: it stands there already.
pub(super) fn rank_at(
    stands: Option<&str>,
    lower: Option<&str>,
    upper: Option<&str>,
) -> Result<Option<String>> {
    let is_there =
        |rank: &str| lower.is_none_or(|lower| lower < rank) && upper.is_none_or(|upper| rank < upper);
    if stands.is_some_and(is_there) {
        return Ok(None);
    }
    rank_between(lower, upper).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room_between_two() {
        let first = rank_between(None, None).expect("a rank");
        let mut upper = rank_between(Some(&first), None).expect("a rank");
        for _ in 0..200 {
            let middle = rank_between(Some(&first), Some(&upper)).expect("a rank");
            assert!(first < middle && middle < upper);
            upper = middle;
        }
        assert!(rank_between(None, Some(&first)).is_ok_and(|before| before < first));
        assert!(rank_between(Some(&first), Some(&first)).is_err());
        assert!(rank_between(Some("no hex"), None).is_err());
    }
}
