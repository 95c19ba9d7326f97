//! What a platform tells that is no message: kept as channel events.

use super::World;
use crate::ids;
use crate::ingest::rows::{ChannelEventRow, ChannelRow};
use crate::templates::News;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use webhooks::{Event, EventKind, IdentityChange, Referral};

impl World {
    /// An event of one channel. Its person becomes a customer (no card), so that the event has somebody to show at;
    /// who only comments does not.
    pub(super) fn event(&mut self, channel: &ChannelRow, event: &Event, at: DateTime<Utc>) {
        let customer = match (&event.person, event.kind) {
            (Some(person), EventKind::Comment | EventKind::Mention) => self.known(channel, person, at),
            (Some(person), _) => self.ensure(channel, person, at),
            (None, _) => None,
        };
        if let (Some(customer), EventKind::Referral) = (customer, event.kind) {
            let referral: Referral =
                serde_json::from_value(Value::Object(event.data.clone())).unwrap_or_default();
            self.attribute(customer, &event.key, at, &referral);
        }
        let data = Value::Object(event.data.clone());
        self.happened(
            Some(channel),
            channel.id.to_string(),
            event.kind.as_str(),
            &event.key,
            (at, customer, data),
        );
    }

    /// An event of a whole WhatsApp business account; shown in each of its numbers.
    pub(super) fn business_event(&mut self, waba_id: &str, event: &Event, at: DateTime<Utc>) {
        self.template_news.extend(News::of(waba_id, event, at));
        let data = Value::Object(event.data.clone());
        self.happened(None, format!("waba:{waba_id}"), event.kind.as_str(), &event.key, (at, None, data));
    }

    /// An ad click of someone whose card keeps its first source.
    pub(super) fn late_referral(
        &mut self,
        channel: &ChannelRow,
        customer: Uuid,
        message: &str,
        referral: &Referral,
        at: DateTime<Utc>,
    ) {
        let data = super::cards::attribution_of(referral);
        let key = format!("message:{message}");
        self.happened(Some(channel), channel.id.to_string(), "referral", &key, (at, Some(customer), data));
    }

    pub(super) fn identity_changed(
        &mut self,
        channel: &ChannelRow,
        customer: Uuid,
        change: &IdentityChange,
        at: DateTime<Utc>,
    ) {
        let list = |ids: &[webhooks::PersonId]| {
            ids.iter().map(|id| json!({ "kind": id.kind, "external_id": id.value })).collect::<Vec<_>>()
        };
        let data = json!({ "old": list(&change.old), "new": list(&change.new), "body": change.body });
        let key = format!(
            "{}:{}",
            at.timestamp(),
            change.new.iter().map(|id| id.value.as_str()).collect::<String>()
        );
        self.happened(
            Some(channel),
            channel.id.to_string(),
            "identity_changed",
            &key,
            (at, Some(customer), data),
        );
    }

    pub(super) fn happened(
        &mut self,
        channel: Option<&ChannelRow>,
        scope: String,
        kind: &str,
        key: &str,
        (at, customer_id, data): (DateTime<Utc>, Option<Uuid>, Value),
    ) {
        self.channel_events.push(ChannelEventRow {
            id: ids::new(),
            channel_id: channel.map(|channel| channel.id),
            scope,
            kind: kind.to_owned(),
            key: key.to_owned(),
            at,
            customer_id,
            data,
        });
    }
}
