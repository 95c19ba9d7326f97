//! Lead forms.
//!
//! Owns: the ads, the leads behind lead ids, and the form of a website. Invariant: a lead is determined by its id
//! (and the crowd), so that a lookup works whenever the server comes for it. Deliberately absent: questions beyond
//! name, e-mail, phone and one own question.

use super::event::{Event, Item, Platform, Told};
use super::options::Accounts;
use super::people::Person;
use super::random::Dice;
use chrono::DateTime;
use serde_json::{Value, json};

const PREFIX: &str = "12908";
pub(super) const FORM_ID: &str = "778120394456123";

#[derive(Debug)]
pub(super) struct Ad {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) adset: (&'static str, &'static str),
    pub(super) campaign: (&'static str, &'static str),
    pub(super) headline: &'static str,
    pub(super) body: &'static str,
    /// The `ref` of click-to-message ads.
    pub(super) reference: &'static str,
}

pub(super) static ADS: [Ad; 3] = [
    Ad {
        id: "120214598770010435",
        name: "Sofa – Video A",
        adset: ("120214598770010111", "TR 25-55"),
        campaign: ("120214598770010000", "Autumn sofas"),
        headline: "Herbst-Aktion: Sofas",
        body: "Bis zu 30 % auf Ecksofas",
        reference: "autumn-sofas",
    },
    Ad {
        id: "120214598770010999",
        name: "Dining – Carousel",
        adset: ("120214598770010222", "Lookalike 2 %"),
        campaign: ("120214598770010000", "Autumn sofas"),
        headline: "Kasım fırsatı",
        body: "Yemek masalarında %20 indirim",
        reference: "kasim",
    },
    Ad {
        id: "120214598770012345",
        name: "New season – Reel",
        adset: ("120214598770012111", "EN 20-45"),
        campaign: ("120214598770012000", "New season"),
        headline: "New season is here",
        body: "Armchairs and lamps from £79",
        reference: "new-season",
    },
];

pub(super) fn new_id(dice: &mut Dice) -> String {
    format!("{PREFIX}{}", dice.digits(11))
}

/// Whether a lead id of ours has this form.
pub(super) fn is_lead(id: &str) -> bool {
    id.starts_with(PREFIX) && id.len() == 16 && id.bytes().all(|b| b.is_ascii_digit())
}

/// Somebody filled in a form: only ids are told.
pub(super) fn told(accounts: &Accounts, id: &str, at_ms: i64) -> Event {
    let created = at_ms / 1000;
    let mut value =
        json!({"leadgen_id": id, "page_id": accounts.page_id, "form_id": FORM_ID, "created_time": created});
    if let (Some(ad), Some(value)) = (ad_of(id), value.as_object_mut()) {
        value.insert("ad_id".to_owned(), json!(ad.id));
        value.insert("adgroup_id".to_owned(), json!(ad.adset.0));
    }
    Event {
        platform: Platform::LeadAds,
        lane: lane_of(id),
        told: Told { kind: "lead", external_id: id.to_owned() },
        at_ms,
        item: Item::Change { field: "leadgen", value },
    }
}

/// What the lookup of a lead answers.
pub(super) fn lookup(id: &str, seed: u64, crowd: &[Person], now_ms: i64) -> Value {
    let mut dice = Dice::new(0, id);
    let known = dice.chance(0.2).then(|| dice.pick(crowd)).flatten();
    let stranger;
    let person = match known {
        // A customer who also writes on WhatsApp: the number joins them.
        Some(person) if person.platform == Platform::Whatsapp && person.number_shown => person,
        _ => {
            stranger = Person::new(seed, 1_000_000 + u64::try_from(dice.between(0, 1_000_000)).unwrap_or(0));
            &stranger
        }
    };
    let (question, answers) = person.language.question;
    let mut lead = json!({
        "id": id,
        "created_time": graph_time(now_ms - 60_000),
        "form_id": FORM_ID,
        "is_organic": ad_of(id).is_none(),
        "platform": if dice.chance(0.5) { "fb" } else { "ig" },
        "field_data": [
            {"name": "full_name", "values": [person.name()]},
            {"name": "email", "values": [format!(" {} ", person.email.replace("example", "Example"))]},
            {"name": "phone_number", "values": [format!("+{}", person.phone)]},
            {"name": question, "values": [dice.phrase(answers)]},
        ],
    });
    if let (Some(ad), Some(lead)) = (ad_of(id), lead.as_object_mut()) {
        for (key, text) in [
            ("ad_id", ad.id),
            ("ad_name", ad.name),
            ("adset_id", ad.adset.0),
            ("adset_name", ad.adset.1),
            ("campaign_id", ad.campaign.0),
            ("campaign_name", ad.campaign.1),
        ] {
            lead.insert(key.to_owned(), json!(text));
        }
    }
    lead
}

/// A form of the shop's own website.
pub(super) fn website(site_key: &str, place: u64, seed: u64, at_ms: i64, dice: &mut Dice) -> Event {
    let person = Person::new(seed, 2_000_000 + place);
    let (_, answers) = person.language.question;
    let email = person.email.clone();
    let form = json!({
        "site_key": site_key,
        "name": person.name(),
        "phone": format!("+{}", person.phone),
        "email": email,
        "message": format!("{}: {}", dice.phrase(answers), dice.phrase(person.language.comments)),
        "page_url": "https://shop.example.test/sofas?size=l",
        "utm_source": dice.phrase(&["google", "instagram", "newsletter"]),
        "utm_medium": dice.phrase(&["cpc", "social", "email"]),
        "utm_campaign": "autumn-sofas",
        "utm_term": "corner sofa",
        "utm_content": dice.phrase(&["a", "b"]),
    });
    Event {
        platform: Platform::Website,
        lane: place,
        told: Told { kind: "website_lead", external_id: email },
        at_ms,
        item: Item::Form(form),
    }
}

/// Graph writes times without a colon in the offset.
pub(super) fn graph_time(at_ms: i64) -> String {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default().format("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

fn ad_of(id: &str) -> Option<&'static Ad> {
    let mut dice = Dice::new(1, id);
    // Some forms are filled in without an ad.
    if dice.chance(0.15) { None } else { dice.pick(&ADS) }
}

fn lane_of(id: &str) -> u64 {
    id.bytes().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_the_same_at_every_lookup() {
        let crowd: Vec<Person> = (0..20).map(|place| Person::new(7, place)).collect();
        let id = new_id(&mut Dice::new(1, "leads"));
        assert!(is_lead(&id));
        let lead = lookup(&id, 7, &crowd, 1_763_600_000_000);
        assert_eq!(lead, lookup(&id, 7, &crowd, 1_763_600_000_000));
        assert_eq!(lead["field_data"][0]["name"], "full_name");
        assert!(lead["field_data"][2]["values"][0].as_str().unwrap().starts_with('+'));
        assert_eq!(lead["created_time"], "2025-11-20T00:52:20+0000");
    }
}
