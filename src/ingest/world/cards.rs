//! Cards, activities and attribution: what sales sees of a message or lead.

use super::World;
use crate::ids;
use crate::ingest::rows::{ActivityRow, AttributionRow, CardRow, ChannelRow, Kept};
use chrono::{DateTime, Utc};
use fractional_index::FractionalIndex;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use webhooks::{Direction, Message, Referral};

impl World {
    /// The sales side of a message: an open card with its date, a pending activity, the ad that brought the person.
    pub(super) fn card_and_activity(
        &mut self,
        channel: &ChannelRow,
        customer: Uuid,
        message: &Message,
        at: DateTime<Utc>,
    ) {
        if message.direction == Direction::Out {
            self.date_cards(customer);
            return;
        }
        let had_card = self.has_open_card(customer);
        if !had_card {
            let ad = message.referral.as_ref().filter(|referral| referral.is_ad());
            let source = if ad.is_some() { "ad" } else { "organic" };
            let attribution = message.referral.as_ref().map(attribution_of);
            self.new_card(customer, source, attribution);
        }
        self.date_cards(customer);
        self.ensure_activity(customer, lead_kind(channel), json!({ "channel_id": channel.id }));
        if let Some(referral) = &message.referral {
            self.attribute(customer, &message.external_id, at, referral);
            if had_card {
                self.late_referral(channel, customer, &message.external_id, referral, at);
            }
        }
    }

    pub(super) fn has_open_card(&self, customer: Uuid) -> bool {
        self.cards.get(&customer).is_some_and(|cards| !cards.is_empty())
    }

    /// A new card on top of the first column. `None` when the tenant has no default board any more.
    pub(super) fn new_card(
        &mut self,
        customer: Uuid,
        source: &str,
        attribution: Option<Value>,
    ) -> Option<Uuid> {
        let board = self.board.as_mut()?;
        let top = board.top_rank.as_deref().and_then(|rank| FractionalIndex::from_string(rank).ok());
        let rank =
            top.map_or_else(FractionalIndex::default, |top| FractionalIndex::new_before(&top)).to_string();
        board.top_rank = Some(rank.clone());
        let row = CardRow {
            id: ids::new(),
            board_id: board.board_id,
            column_id: board.column_id,
            rank,
            customer_id: customer,
            title: String::new(),
            source: source.to_owned(),
            attribution,
            last_message_at: None,
            version: 1,
            created_at: self.received_at,
        };
        let id = row.id;
        self.cards.entry(customer).or_default().push(Kept::new(row));
        Some(id)
    }

    /// Open cards show when the last message came or went, also one that came before the card.
    pub(super) fn date_cards(&mut self, customer: Uuid) {
        let own = self.conversations_of(customer).filter(|row| row.group_external_id.is_none());
        let last = own.filter_map(|row| row.last_message_at).max();
        for kept in self.cards.get_mut(&customer).into_iter().flatten() {
            if kept.row.last_message_at < last {
                kept.change().last_message_at = last;
            }
        }
    }

    /// A pending activity; `reapplied` for someone who had one before that is done.
    pub(super) fn ensure_activity(&mut self, customer: Uuid, kind: &str, data: Value) {
        let state = self.activity.entry(customer).or_default();
        if state.pending {
            return;
        }
        let kind = if state.any { "reapplied" } else { kind };
        (state.any, state.pending) = (true, true);
        self.new_activities.push(ActivityRow {
            id: ids::new(),
            customer_id: customer,
            kind: kind.to_owned(),
            status: "pending".to_owned(),
            data,
            version: 1,
            created_at: self.received_at,
        });
    }

    /// Stores a touch; `key` is what told it, so that the same touch is stored once.
    pub(super) fn attribute(&mut self, customer: Uuid, key: &str, at: DateTime<Utc>, referral: &Referral) {
        self.attribute_data(customer, key, at, attribution_of(referral));
    }

    pub(super) fn attribute_data(&mut self, customer: Uuid, key: &str, at: DateTime<Utc>, data: Value) {
        let key = key.to_owned();
        self.attributions.push(AttributionRow { id: ids::new(), customer_id: customer, key, at, data });
    }
}

fn lead_kind(channel: &ChannelRow) -> &'static str {
    match channel.kind.as_str() {
        "whatsapp" => "whatsapp_lead",
        "instagram" => "instagram_lead",
        _ => "messenger_lead",
    }
}

/// The referral's own fields, and the UTM parameters that a link's free text may carry.
pub(super) fn attribution_of(referral: &Referral) -> Value {
    let mut fields = match serde_json::to_value(referral) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let reference = referral.reference.as_deref().unwrap_or_default();
    for (name, value) in url::form_urlencoded::parse(reference.as_bytes()) {
        if name.starts_with("utm_") && !value.is_empty() {
            fields.insert(name.into_owned(), json!(value));
        }
    }
    Value::Object(fields)
}
