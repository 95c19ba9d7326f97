//! What brought a person: ad, post, link or product.
//!
//! Owns: the referral objects of all platforms. Invariants: an id of 0 is no ad; a WhatsApp `source_id` is an ad's
//! only if `source_type` says so. Absent: UTM parameters inside `ref`, and what a referral does to a card.

use crate::fact::Referral;
use crate::json::{Data, Read};
use serde_json::{Map, Value};

/// Messenger and Instagram: `{ref, source, type, ad_id?, ads_context_data?, referer_uri?, product?}` [D/S].
pub(crate) fn meta(owner: &Value) -> Option<Referral> {
    let referral = owner.object("referral")?;
    let context = referral.member("ads_context_data").unwrap_or(&Value::Null);
    let ad_id = referral.nonzero_id("ad_id");
    let source = referral.text("source");
    let source_type = match source.as_deref().map(str::to_lowercase) {
        Some(word) if word == "ads" => Some("ad".to_owned()),
        None if ad_id.is_some() => Some("ad".to_owned()),
        word => word,
    };
    let product = referral.member("product").and_then(|product| product.id("id"));
    let read = Referral {
        source_type,
        source,
        source_url: referral.text("referer_uri"),
        ad_id,
        post_id: context.nonzero_id("post_id"),
        headline: context.text("ad_title"),
        body: None,
        media_url: context.text("photo_url").or_else(|| context.text("video_url")),
        ctwa_clid: None,
        reference: referral.text("ref"),
        product_id: product.or_else(|| context.nonzero_id("product_id")),
    };
    (read != Referral::default()).then_some(read)
}

/// The id of the product that a person asked about, in an Instagram referral (M).
pub(crate) fn product(owner: &Value) -> Option<String> {
    owner.object("referral")?.member("product")?.id("id")
}

/// WhatsApp: `{source_url, source_id, source_type ad|post, headline, body, image_url|video_url, ctwa_clid?}` (S).
pub(crate) fn whatsapp(message: &Value) -> Option<Referral> {
    let referral = message.object("referral")?;
    let source_type = referral.text("source_type").map(|word| word.to_lowercase());
    let source_id =
        |of: &str| referral.nonzero_id("source_id").filter(|_| source_type.as_deref() == Some(of));
    let read = Referral {
        source: None,
        source_url: referral.text("source_url"),
        ad_id: source_id("ad"),
        post_id: source_id("post"),
        headline: referral.text("headline"),
        body: referral.text("body"),
        media_url: ["image_url", "video_url", "thumbnail_url"].into_iter().find_map(|key| referral.text(key)),
        // Only for ads, and missing for some clients and regions [M].
        ctwa_clid: referral.text("ctwa_clid"),
        reference: None,
        product_id: None,
        source_type,
    };
    (read != Referral::default()).then_some(read)
}

/// The data of a `referral` event: the referral's own fields, and the platform's `type`.
pub(crate) fn event_data(referral: &Referral, raw: &Value) -> Map<String, Value> {
    let fields = serde_json::to_value(referral).unwrap_or_default();
    Data::default().rest(&fields, &[]).put("type", raw.text("type")).map()
}
