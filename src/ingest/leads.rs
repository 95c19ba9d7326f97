//! What a lead says: Graph's answer and the website's form, in one form.

use super::world::LeadDetails;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// Values of the platform's testing tool begin with this.
const TEST_MARK: &str = "<test lead:";
/// Fields of the answer that say where the lead comes from.
const ORIGIN: &[&str] = &[
    "ad_id",
    "ad_name",
    "adset_id",
    "adset_name",
    "campaign_id",
    "campaign_name",
    "form_id",
    "platform",
    "is_organic",
];

/// Reads Graph's answer (platforms' reference, section 5). `region` reads numbers without country code. The second
/// value is when the form was sent in.
pub fn of_graph(
    lead_id: &str,
    answer: &Value,
    told: &Map<String, Value>,
    region: Option<&str>,
) -> (LeadDetails, Option<DateTime<Utc>>) {
    let fields = fields(answer);
    let first = |names: &[&str]| {
        names.iter().find_map(|name| {
            fields.iter().find(|(key, _)| key == name).and_then(|(_, values)| values.first()).cloned()
        })
    };
    let name = first(&["fullname"]).or_else(|| {
        let parts: Vec<String> =
            [first(&["firstname"]), first(&["lastname"])].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    let test = fields.iter().flat_map(|(_, values)| values).any(|value| value.starts_with(TEST_MARK));
    let mut attribution = Map::new();
    for key in ORIGIN {
        let value = answer.get(*key).filter(|value| !is_nothing(value)).or_else(|| told.get(*key));
        if let Some(value) = value.filter(|value| !is_nothing(value)) {
            attribution.insert((*key).to_owned(), value.clone());
        }
    }
    let details = LeadDetails {
        lead_id: lead_id.to_owned(),
        name,
        email: first(&["email"]).or_else(|| first(&["workemail"])).and_then(|email| clean_email(&email)),
        phone: first(&["phonenumber"])
            .or_else(|| first(&["workphonenumber"]))
            .and_then(|phone| e164(&phone, region)),
        source: "lead_ad",
        activity: "meta_lead_form",
        attribution,
        answers: json!({ "lead_id": lead_id, "fields": answer.get("field_data") }),
        test,
    };
    (details, answer.get("created_time").and_then(Value::as_str).and_then(time))
}

/// `field_data`: names without case, blanks and underscores; trimmed values that say something.
fn fields(answer: &Value) -> Vec<(String, Vec<String>)> {
    let items = answer.get("field_data").and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(|item| {
            let name: String = item
                .get("name")?
                .as_str()?
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '_')
                .flat_map(char::to_lowercase)
                .collect();
            let values = item.get("values")?.as_array()?.iter().filter_map(Value::as_str);
            Some((name, values.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()))
        })
        .collect()
}

/// Ids of 0 mean none.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text == "0",
        Value::Number(number) => number.as_i64() == Some(0),
        _ => false,
    }
}

/// Trimmed, lower case; none when it can't be an address.
pub fn clean_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let plausible = !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !email.contains(char::is_whitespace)
        && !domain.contains('@')
        && email.len() <= 254;
    plausible.then_some(email)
}

/// E.164; numbers without country code are read in the region. Without one they are nobody's.
pub fn e164(number: &str, region: Option<&str>) -> Option<String> {
    let country = region.and_then(|region| region.parse().ok());
    let parsed = phonenumber::parse(country, number.trim()).ok()?;
    phonenumber::is_valid(&parsed).then(|| parsed.format().mode(phonenumber::Mode::E164).to_string())
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").ok().map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field_data: Value) -> LeadDetails {
        of_graph("1", &json!({ "field_data": field_data, "ad_id": "0" }), &Map::new(), Some("TR")).0
    }

    #[test]
    fn names_phones_and_mails_from_any_spelling() {
        let lead = read(json!([
            { "name": "First Name", "values": ["Olga"] },
            { "name": "LAST_NAME", "values": [" Ivanova "] },
            { "name": "work_email", "values": [" Olga@Example.TEST "] },
            { "name": "phone_number", "values": ["0532 418 76 50"] }
        ]));
        assert_eq!(lead.name.as_deref(), Some("Olga Ivanova"));
        assert_eq!(lead.email.as_deref(), Some("olga@example.test"));
        assert_eq!(lead.phone.as_deref(), Some("+905324187650"));
        assert!(lead.attribution.is_empty(), "an id of 0 means none");
    }

    #[test]
    fn the_testing_tool_is_recognised() {
        assert!(
            read(json!([{ "name": "full_name", "values": ["<test lead: dummy data for full_name>"] }])).test
        );
    }

    #[test]
    fn nonsense_is_skipped_at_the_smallest_level() {
        let lead = read(json!([null, { "name": 7 }, { "name": "email", "values": ["no mail", 7] },
            { "name": "phone_number", "values": ["12"] }, { "name": "full_name", "values": [null, "Selin"] }]));
        assert_eq!((lead.name.as_deref(), lead.email, lead.phone), (Some("Selin"), None, None));
        assert!(
            clean_email("a@b.c d").is_none()
                && clean_email("@b.c").is_none()
                && clean_email("a@.c").is_none()
        );
    }

    #[test]
    fn a_national_number_needs_a_region() {
        assert_eq!(e164("0532 418 76 50", None), None);
        assert_eq!(e164("+905324187650", None).as_deref(), Some("+905324187650"));
    }
}
