//! `leadgen`: somebody sent in a form of a lead ad.
//!
//! Owns: the ids that the webhook carries. Invariants: ids may be numbers, and 0 means none (organic). Absent: the
//! answers of the form; they are fetched from Graph by the lead's id.

use crate::envelope::Entry;
use crate::fact::{Lead, What};
use crate::json::Read;
use crate::sink::Sink;
use serde_json::Value;

/// `{leadgen_id, page_id, form_id, created_time, ad_id?, adgroup_id?, adset_id?, campaign_id?}` (S); `adgroup_id` is the
/// old name of `ad_id`.
pub(crate) fn read(entry: &Entry<'_>, value: &Value, path: &str, sink: &mut Sink) {
    let Some(lead_id) = value.nonzero_id("leadgen_id") else {
        return sink.skip(path, "wrong_type");
    };
    let lead = Lead {
        lead_id,
        form_id: value.nonzero_id("form_id"),
        ad_id: value.nonzero_id("ad_id").or_else(|| value.nonzero_id("adgroup_id")),
        adset_id: value.nonzero_id("adset_id"),
        campaign_id: value.nonzero_id("campaign_id"),
    };
    sink.fact(&entry.account, value.time("created_time").or(entry.time), What::Lead(lead));
}
