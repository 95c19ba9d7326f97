//! Kinds of messages that are neither text nor file: places, contact cards, buttons and lists. Pure.
//!
//! Source: the messages endpoint of the WhatsApp Cloud API; quick replies of the Send API (Messenger, Instagram). What a
//! message has beside its text is kept in one form, which clients are shown, and made into a platform's own here.

use crate::channels::ChannelKind;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use utoipa::ToSchema;

/// Characters of the text above buttons and above a list (M) at WhatsApp.
const MAX_ABOVE_BUTTONS: usize = 1_024;
const MAX_ABOVE_LIST: usize = 4_096;
const MAX_ID: usize = 200;

/// A place on the map. WhatsApp only.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLocation {
    pub latitude: f64,
    pub longitude: f64,
    pub name: Option<String>,
    pub address: Option<String>,
}

/// A contact card. WhatsApp only.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// 1 to 100 characters.
    pub name: String,
    /// A phone or an e-mail is needed.
    #[serde(default)]
    pub phones: Vec<String>,
    #[serde(default)]
    pub emails: Vec<String>,
    pub organization: Option<String>,
}

/// An answer that the customer gives by a tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewButton {
    /// Comes back as the answer's `payload`; none: the title.
    pub id: Option<String>,
    /// 1 to 20 characters.
    pub title: String,
}

/// A menu that opens. WhatsApp only; at most 10 rows in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewList {
    /// What opens it: 1 to 20 characters.
    pub button: String,
    pub sections: Vec<NewSection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSection {
    /// At most 24 characters; needed where there are several sections.
    pub title: Option<String>,
    pub rows: Vec<NewRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRow {
    pub id: Option<String>,
    /// 1 to 24 characters.
    pub title: String,
    /// At most 72 characters.
    pub description: Option<String>,
}

/// What a message is beside its text.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<'a> {
    Location(&'a NewLocation),
    Contacts(&'a [NewContact]),
    Buttons(&'a [NewButton]),
    List(&'a NewList),
}

impl Content<'_> {
    /// The message's kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Location(_) => "location",
            Self::Contacts(_) => "contacts",
            Self::Buttons(_) | Self::List(_) => "text",
        }
    }

    /// Whether a text goes with it.
    pub fn has_text(&self) -> bool {
        matches!(self, Self::Buttons(_) | Self::List(_))
    }

    /// As the message keeps and shows it, if the channel takes it with this text.
    pub fn checked(&self, channel: ChannelKind, text: Option<&str>) -> Result<Value> {
        if text.is_some() != self.has_text() {
            let detail = "Buttons and lists stand below a text; places and contacts have none.";
            return Err(Error::invalid("text", "invalid", detail));
        }
        match (self, channel) {
            (Self::Buttons(buttons), ChannelKind::Messenger | ChannelKind::Instagram) => {
                shown_buttons(buttons, 13)
            }
            (_, ChannelKind::Whatsapp) => {
                let most = if matches!(self, Self::List(_)) { MAX_ABOVE_LIST } else { MAX_ABOVE_BUTTONS };
                if text.is_some_and(|text| text.chars().count() > most) {
                    let detail = format!("The text has at most {most} characters here.");
                    return Err(Error::invalid("text", "too_long", detail));
                }
                match self {
                    Self::Location(location) => shown_location(location),
                    Self::Contacts(contacts) => shown_contacts(contacts),
                    Self::Buttons(buttons) => shown_buttons(buttons, 3),
                    Self::List(list) => shown_list(list),
                }
            }
            _ => {
                Err(Error::invalid(self.field(), "unsupported", "This channel has no messages of that kind."))
            }
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Location(_) => "location",
            Self::Contacts(_) => "contacts",
            Self::Buttons(_) => "buttons",
            Self::List(_) => "list",
        }
    }
}

fn shown_location(location: &NewLocation) -> Result<Value> {
    let fits = (-90.0..=90.0).contains(&location.latitude) && (-180.0..=180.0).contains(&location.longitude);
    if !fits {
        let detail = "`latitude` is between -90 and 90, `longitude` between -180 and 180.";
        return Err(Error::invalid("location", "invalid", detail));
    }
    for text in [&location.name, &location.address].into_iter().flatten() {
        line("location", text, 1_000)?;
    }
    Ok(json!({ "location": {
        "latitude": location.latitude, "longitude": location.longitude,
        "name": location.name, "address": location.address, "url": null,
    } }))
}

fn shown_contacts(contacts: &[NewContact]) -> Result<Value> {
    if !(1..=10).contains(&contacts.len()) {
        return Err(Error::invalid("contacts", "length", "There are 1 to 10 contacts."));
    }
    let mut shown = Vec::new();
    for contact in contacts {
        line("contacts", &contact.name, 100)?;
        if contact.phones.is_empty() && contact.emails.is_empty() {
            return Err(Error::invalid("contacts", "required", "A contact has a phone or an e-mail."));
        }
        if contact.phones.len() + contact.emails.len() > 10 {
            return Err(Error::invalid("contacts", "length", "A contact has at most 10 phones and e-mails."));
        }
        for text in contact.phones.iter().chain(&contact.emails).chain(&contact.organization) {
            line("contacts", text, 200)?;
        }
        let phones: Vec<Value> =
            contact.phones.iter().map(|phone| json!({ "phone": phone, "type": "CELL" })).collect();
        let emails: Vec<Value> =
            contact.emails.iter().map(|email| json!({ "email": email, "type": "WORK" })).collect();
        // WhatsApp wants one part of the name beside the whole.
        let first = contact.name.split_whitespace().next().unwrap_or(&contact.name);
        let mut card = Map::from_iter([
            ("name".to_owned(), json!({ "formatted_name": contact.name, "first_name": first })),
            ("phones".to_owned(), json!(phones)),
            ("emails".to_owned(), json!(emails)),
        ]);
        if let Some(organization) = &contact.organization {
            card.insert("org".to_owned(), json!({ "company": organization }));
        }
        shown.push(Value::Object(card));
    }
    Ok(json!({ "contacts": shown }))
}

fn shown_buttons(buttons: &[NewButton], most: usize) -> Result<Value> {
    if !(1..=most).contains(&buttons.len()) {
        return Err(Error::invalid("buttons", "length", format!("There are 1 to {most} buttons here.")));
    }
    let mut shown = Vec::new();
    for button in buttons {
        line("buttons", &button.title, 20)?;
        let id = id_of("buttons", button.id.as_deref(), &button.title)?;
        shown.push(json!({ "id": id, "title": button.title }));
    }
    distinct("buttons", buttons.iter().map(|button| button.title.as_str()))?;
    distinct("buttons", shown.iter().filter_map(|button| button.get("id")?.as_str()))?;
    Ok(json!({ "buttons": shown }))
}

fn shown_list(list: &NewList) -> Result<Value> {
    line("list", &list.button, 20)?;
    let rows: Vec<&NewRow> = list.sections.iter().flat_map(|section| &section.rows).collect();
    if !(1..=10).contains(&rows.len()) || list.sections.iter().any(|section| section.rows.is_empty()) {
        return Err(Error::invalid(
            "list",
            "length",
            "A list has 1 to 10 rows in all, and no empty section.",
        ));
    }
    let mut sections = Vec::new();
    for section in &list.sections {
        match &section.title {
            Some(title) => line("list", title, 24)?,
            None if list.sections.len() > 1 => {
                return Err(Error::invalid("list", "required", "Each of several sections has a title."));
            }
            None => {}
        }
        let mut shown = Vec::new();
        for row in &section.rows {
            line("list", &row.title, 24)?;
            if let Some(description) = &row.description {
                line("list", description, 72)?;
            }
            let id = id_of("list", row.id.as_deref(), &row.title)?;
            shown.push(json!({ "id": id, "title": row.title, "description": row.description }));
        }
        sections.push(json!({ "title": section.title, "rows": shown }));
    }
    let ids = sections.iter().filter_map(|section| section.get("rows")?.as_array()).flatten();
    distinct("list", ids.filter_map(|row| row.get("id")?.as_str()))?;
    Ok(json!({ "list": { "button": list.button, "sections": sections } }))
}

/// One line of so many characters.
fn line(field: &str, text: &str, most: usize) -> Result<()> {
    let length = text.chars().count();
    if text.trim().is_empty() || length > most || text.chars().any(char::is_control) {
        let detail = format!("`{}` must be one line of 1 to {most} characters.", text.escape_debug());
        return Err(Error::invalid(field, "length", detail));
    }
    Ok(())
}

fn id_of(field: &str, id: Option<&str>, title: &str) -> Result<String> {
    let id = id.unwrap_or(title);
    line(field, id, MAX_ID)?;
    Ok(id.to_owned())
}

fn distinct<'a>(field: &str, texts: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = HashSet::new();
    for text in texts {
        if !seen.insert(text) {
            return Err(Error::invalid(field, "repeated", format!("`{text}` is there twice.")));
        }
    }
    Ok(())
}

/// In WhatsApp's form: its type and body. None: the message is a plain text.
pub fn whatsapp(text: Option<&str>, extra: &Value) -> Option<(&'static str, Value)> {
    if let Some(location) = extra.get("location") {
        let mut location = location.clone();
        if let Some(location) = location.as_object_mut() {
            location.retain(|key, value| !value.is_null() && key != "url");
        }
        return Some(("location", location));
    }
    if let Some(contacts) = extra.get("contacts") {
        return Some(("contacts", contacts.clone()));
    }
    let (kind, action) = if let Some(buttons) = extra.get("buttons").and_then(Value::as_array) {
        let replies: Vec<Value> =
            buttons.iter().map(|button| json!({ "type": "reply", "reply": button })).collect();
        ("button", json!({ "buttons": replies }))
    } else {
        let mut list = extra.get("list")?.clone();
        drop_nulls(&mut list);
        ("list", list)
    };
    Some(("interactive", json!({ "type": kind, "body": { "text": text }, "action": action })))
}

/// Messenger's and Instagram's quick replies below a text.
pub fn quick_replies(extra: &Value) -> Option<Value> {
    let buttons = extra.get("buttons")?.as_array()?;
    let reply = |button: &Value| json!({ "content_type": "text", "title": button.get("title"), "payload": button.get("id") });
    Some(Value::Array(buttons.iter().map(reply).collect()))
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(result: Result<Value>) -> Option<&'static str> {
        match result {
            Err(Error::Invalid(errors)) => errors.first().map(|error| error.code),
            _ => None,
        }
    }

    fn button(title: &str) -> NewButton {
        NewButton { id: None, title: title.to_owned() }
    }

    fn list(rows: usize, title: Option<&str>) -> NewList {
        let row = |n| NewRow { id: Some(format!("r{n}")), title: format!("Row {n}"), description: None };
        let section = NewSection { title: title.map(str::to_owned), rows: (0..rows).map(row).collect() };
        NewList { button: "Choose".to_owned(), sections: vec![section] }
    }

    #[test]
    fn channels_take_what_they_have() {
        let buttons = [button("Yes"), button("No"), button("Later"), button("Never")];
        let of =
            |count: usize, channel| code(Content::Buttons(&buttons[..count]).checked(channel, Some("Well?")));
        assert_eq!((of(3, ChannelKind::Whatsapp), of(4, ChannelKind::Whatsapp)), (None, Some("length")));
        assert_eq!((of(4, ChannelKind::Messenger), of(4, ChannelKind::Website)), (None, Some("unsupported")));
        let place = NewLocation { latitude: 41.0, longitude: 29.0, name: None, address: None };
        assert_eq!(code(Content::Location(&place).checked(ChannelKind::Whatsapp, None)), None);
        assert_eq!(
            code(Content::Location(&place).checked(ChannelKind::Messenger, None)),
            Some("unsupported")
        );
        assert_eq!(
            code(Content::Location(&place).checked(ChannelKind::Whatsapp, Some("x"))),
            Some("invalid")
        );
        for (latitude, longitude) in [(91.0, 0.0), (0.0, -181.0), (f64::NAN, 0.0)] {
            let odd = NewLocation { latitude, longitude, ..place.clone() };
            assert_eq!(code(Content::Location(&odd).checked(ChannelKind::Whatsapp, None)), Some("invalid"));
        }
    }

    #[test]
    fn limits_hold() {
        let whatsapp = |content: Content<'_>| code(content.checked(ChannelKind::Whatsapp, Some("Well?")));
        assert_eq!(whatsapp(Content::Buttons(&[button("x"), button("x")])), Some("repeated"));
        assert_eq!(whatsapp(Content::Buttons(&[button(&"x".repeat(21))])), Some("length"));
        assert_eq!(whatsapp(Content::Buttons(&[button("two\nlines")])), Some("length"));
        assert_eq!(
            (whatsapp(Content::List(&list(10, None))), whatsapp(Content::List(&list(11, None)))),
            (None, Some("length"))
        );
        let mut two = list(1, Some("A"));
        two.sections.push(NewSection { title: None, rows: list(1, None).sections[0].rows.clone() });
        assert_eq!(whatsapp(Content::List(&two)), Some("required"));
        two.sections[1].title = Some("B".to_owned());
        assert_eq!(whatsapp(Content::List(&two)), Some("repeated"), "one id for two rows");
        let card = |phones: &[&str]| NewContact {
            name: "Ayşe Yılmaz".to_owned(),
            phones: phones.iter().map(|phone| (*phone).to_owned()).collect(),
            emails: Vec::new(),
            organization: None,
        };
        let contacts =
            |cards: &[NewContact]| code(Content::Contacts(cards).checked(ChannelKind::Whatsapp, None));
        assert_eq!((contacts(&[card(&["+90"])]), contacts(&[card(&[])])), (None, Some("required")));
        assert_eq!(contacts(&[]), Some("length"));
    }

    #[test]
    fn what_is_kept_becomes_the_platforms_form() {
        let kept =
            Content::Buttons(&[button("Yes")]).checked(ChannelKind::Whatsapp, Some("Well?")).expect("fits");
        assert_eq!(
            whatsapp(Some("Well?"), &kept),
            Some((
                "interactive",
                json!({ "type": "button", "body": { "text": "Well?" },
                "action": { "buttons": [{ "type": "reply", "reply": { "id": "Yes", "title": "Yes" } }] } })
            ))
        );
        assert_eq!(
            quick_replies(&kept),
            Some(json!([{ "content_type": "text", "title": "Yes", "payload": "Yes" }]))
        );
        let kept = Content::List(&list(1, None)).checked(ChannelKind::Whatsapp, Some("Well?")).expect("fits");
        let (_, body) = whatsapp(Some("Well?"), &kept).expect("a list");
        assert_eq!(
            body["action"],
            json!({ "button": "Choose", "sections": [{ "rows": [{ "id": "r0", "title": "Row 0" }] }] })
        );
        assert_eq!(whatsapp(Some("x"), &json!({})), None);
    }
}
