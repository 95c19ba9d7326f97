//! Leads: told by a webhook, fetched later, or sent in by the website.

use super::World;
use super::people::name_rank;
use crate::ids;
use crate::ingest::rows::{ChannelRow, IdentityRow, Kept};
use crate::jobs::NewJob;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use webhooks::{Lead, phone};

/// A lead whose content is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LeadDetails {
    /// The platform's id, or ours for the website.
    pub lead_id: String,
    pub name: Option<String>,
    /// Trimmed, lower case.
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// `lead_ad` or `website`.
    pub source: &'static str,
    /// `meta_lead_form` or `website_lead`.
    pub activity: &'static str,
    /// Form, ad, campaign, UTM: goes to the card and the touch.
    pub attribution: Map<String, Value>,
    /// What the person answered or wrote: goes to the activity.
    pub answers: Value,
    /// Made by the platform's testing tool: stored, without customer and card.
    pub test: bool,
}

impl World {
    /// A lead form was sent in: its id is stored at once, its content is fetched by a job.
    pub(super) fn lead_told(&mut self, channel: &ChannelRow, lead: &Lead, at: DateTime<Utc>) {
        let data = json!({
            "id": lead.lead_id, "form_id": lead.form_id, "ad_id": lead.ad_id, "adset_id": lead.adset_id,
            "campaign_id": lead.campaign_id, "state": "pending", "test": false,
        });
        self.happened(Some(channel), channel.id.to_string(), "lead", &lead.lead_id, (at, None, data));
        self.jobs.push(NewJob {
            kind: "fetch_lead",
            payload: json!({ "channel_id": channel.id, "lead": lead, "at": at }),
            unique_key: Some(lead.lead_id.clone()),
            run_at: None,
            resource: None,
        });
    }

    /// A lead's content: the same effect as a message, without a conversation. Returns the customer.
    pub fn lead_known(
        &mut self,
        channel: &ChannelRow,
        lead: &LeadDetails,
        at: DateTime<Utc>,
    ) -> Option<Uuid> {
        if lead.test {
            return None;
        }
        let customer = self.customer_of_lead(lead).unwrap_or_else(|| self.new_customer());
        self.learn_lead(channel, customer, lead);
        let mut attribution = lead.attribution.clone();
        attribution.insert("lead_id".to_owned(), json!(lead.lead_id));
        if !self.has_open_card(customer) {
            self.new_card(customer, lead.source, Some(Value::Object(attribution.clone())));
            self.date_cards(customer);
        }
        self.ensure_activity(customer, lead.activity, lead.answers.clone());
        self.attribute_data(customer, &format!("lead:{}", lead.lead_id), at, Value::Object(attribution));
        Some(customer)
    }

    /// Known by the lead's own id, by phone, then by e-mail; only when just one customer fits.
    fn customer_of_lead(&self, lead: &LeadDetails) -> Option<Uuid> {
        let by_id = self
            .identities
            .values()
            .find(|kept| kept.row.kind == "lead" && kept.row.value == lead.lead_id)
            .map(|kept| kept.row.customer_id);
        let by_phone = || {
            let key = phone::canonical(lead.phone.as_deref()?.trim_start_matches('+'));
            self.only_customer(|row| row.phone_key.as_deref() == Some(&key))
        };
        let by_email = || {
            let email = lead.email.as_deref()?;
            self.only_customer(|row| row.email.as_deref() == Some(email))
        };
        by_id.or_else(by_phone).or_else(by_email)
    }

    /// The known name stays, empty fields are filled.
    fn learn_lead(&mut self, channel: &ChannelRow, customer: Uuid, lead: &LeadDetails) {
        let known =
            self.identities.values().any(|kept| kept.row.kind == "lead" && kept.row.value == lead.lead_id);
        if !known {
            let row = IdentityRow {
                id: ids::new(),
                customer_id: customer,
                channel_kind: channel.kind.clone(),
                kind: "lead".to_owned(),
                scope: String::new(),
                value: lead.lead_id.clone(),
                match_key: lead.lead_id.clone(),
                username: None,
                retired_at: None,
                created_at: self.received_at,
            };
            self.put_identity(Kept::new(row));
            self.touch(customer);
        }
        if let Some(phone) = &lead.phone {
            self.set_phone_if_empty(customer, phone.trim_start_matches('+'));
        }
        if let Some(kept) = self.customers.get_mut(&customer)
            && kept.row.email.is_none()
            && lead.email.is_some()
        {
            kept.change().email.clone_from(&lead.email);
        }
        let new = self.customers.get(&customer).is_some_and(|kept| kept.row.name_rank < name_rank::USERNAME);
        if new {
            self.offer_name(customer, name_rank::PROFILE, lead.name.as_deref());
            self.offer_name(customer, name_rank::NUMBER, lead.phone.as_deref());
            self.offer_name(customer, name_rank::ID, lead.email.as_deref().or(Some(&lead.lead_id)));
        }
    }
}
