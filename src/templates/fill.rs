//! A template with its values: in Meta's form for the platform, as text for our thread. Pure.

use super::model::{APPROVED, Template};
use super::parameters::{Form, ParameterKind, Place, Slot, replaced, text_of};
use crate::error::{Error, FieldError, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Characters with all values in it.
const MAX_BODY: usize = 1_024;
const MAX_HEADER: usize = 60;
/// Characters of the end of an address.
const MAX_URL: usize = 2_000;
const MAX_CODE: usize = 20;
/// Blanks in a row; one more, and Meta refuses a text (132012).
const MAX_BLANKS: usize = 4;

/// A template that is filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// As `template.components` of a message to Meta; the header's file is still null ([`with_file`]).
    pub components: Value,
    /// The body with its values.
    pub text: String,
    /// The file of the header.
    pub header_file: Option<Uuid>,
}

/// A value in its slot.
enum Given<'a> {
    Text(&'a str),
    File(Uuid),
}

/// Fills a template in. The values are texts, and `{"file_id": …}` for files. 422 for each value that is missing, too
/// much, or that Meta would refuse.
pub fn fill(template: &Template, values: &BTreeMap<String, Value>) -> Result<Filled> {
    if template.status != APPROVED {
        let detail = "WhatsApp takes templates that it has approved; choose another one.";
        return Err(Error::invalid("template", "not_approved", detail));
    }
    let form = Form::of(&template.components);
    if !form.supported {
        let detail = "This template has parts that can't be filled in here; choose another one.";
        return Err(Error::invalid("template", "unsupported", detail));
    }
    let (mut given, mut errors) = (Vec::new(), Vec::new());
    for slot in &form.slots {
        match read(slot, values.get(&slot.parameter.key)) {
            Ok(value) => given.push((slot, value)),
            Err((code, detail)) => errors.push(refused(&slot.parameter.key, code, detail)),
        }
    }
    let known = |key: &String| form.slots.iter().any(|slot| slot.parameter.key == *key);
    let unknown = values.keys().filter(|key| !known(key));
    errors.extend(unknown.map(|key| refused(key, "unknown", "The template has no such parameter.")));
    let text = text(template, Place::Body, &given);
    errors.extend(too_long(&text, MAX_BODY, Place::Body, &given));
    errors.extend(too_long(&self::text(template, Place::Header, &given), MAX_HEADER, Place::Header, &given));
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let header_file = given.iter().find_map(|(_, value)| match value {
        Given::File(id) => Some(*id),
        Given::Text(_) => None,
    });
    Ok(Filled { components: components(&given), text, header_file })
}

/// The components with the header's file as the platform knows it: `{"id": …}`, for documents with a `filename`.
pub fn with_file(mut components: Value, file: Value) -> Value {
    let parameter = components.pointer_mut("/0/parameters/0").and_then(Value::as_object_mut);
    if let Some(place) = parameter.and_then(|parameter| parameter.values_mut().find(|value| value.is_null()))
    {
        *place = file;
    }
    components
}

/// The value of one slot, or why it can't be.
fn read<'a>(slot: &Slot, value: Option<&'a Value>) -> std::result::Result<Given<'a>, (&'static str, String)> {
    let kind = slot.parameter.kind;
    let missing = || ("required", "This has to be filled in.".to_owned());
    let value = value.filter(|value| !value.is_null()).ok_or_else(missing)?;
    if kind.is_file() {
        let id = value.as_object().filter(|file| file.len() == 1).and_then(|file| file.get("file_id"));
        let id = id.and_then(Value::as_str).and_then(|id| id.parse().ok());
        let other = || ("invalid", "Give an uploaded file as `{\"file_id\": …}`.".to_owned());
        return id.map(Given::File).ok_or_else(other);
    }
    let text = value.as_str().ok_or_else(|| ("invalid", "This is a text.".to_owned()))?;
    if text.trim().is_empty() {
        return Err(missing());
    }
    if text.chars().any(char::is_control) || text.contains(&" ".repeat(MAX_BLANKS + 1)) {
        let detail =
            format!("WhatsApp takes no line break or tab here, and at most {MAX_BLANKS} blanks in a row.");
        return Err(("invalid", detail));
    }
    let max = match kind {
        ParameterKind::Url => MAX_URL,
        ParameterKind::CopyCode => MAX_CODE,
        _ => MAX_BODY,
    };
    if text.chars().count() > max {
        return Err(("too_long", format!("This has at most {max} characters.")));
    }
    Ok(Given::Text(text))
}

/// The text of a part with its values.
fn text(template: &Template, place: Place, given: &[(&Slot, Given<'_>)]) -> String {
    let word = if place == Place::Body { "BODY" } else { "HEADER" };
    let value = |name: &str| {
        given.iter().find_map(|(slot, value)| match value {
            Given::Text(text) if slot.place == place && slot.placeholder == name => Some(*text),
            _ => None,
        })
    };
    let components = template.components.as_array().into_iter().flatten();
    let mut parts = components.filter(|component| component.get("type").is_some_and(|kind| kind == word));
    parts.next().map(|component| replaced(text_of(component), value)).unwrap_or_default()
}

/// Of a part that is too long with its values the longest value is named.
fn too_long(text: &str, max: usize, place: Place, given: &[(&Slot, Given<'_>)]) -> Option<FieldError> {
    let length = text.chars().count();
    let values = given.iter().filter_map(|(slot, value)| match value {
        Given::Text(text) if slot.place == place => Some((text.chars().count(), &slot.parameter.key)),
        _ => None,
    });
    let (_, key) = values.max().filter(|_| length > max)?;
    let detail = format!("With all values this part has {length} characters; at most {max} can be sent.");
    Some(refused(key, "too_long", detail))
}

fn components(given: &[(&Slot, Given<'_>)]) -> Value {
    let mut components: Vec<(Place, Vec<Value>)> = Vec::new();
    for (slot, value) in given {
        let parameter = parameter(slot, value);
        match components.last_mut() {
            Some((place, parameters)) if *place == slot.place => parameters.push(parameter),
            _ => components.push((slot.place, vec![parameter])),
        }
    }
    let component = |(place, parameters): (Place, Vec<Value>)| match place {
        Place::Header => json!({ "type": "header", "parameters": parameters }),
        Place::Body => json!({ "type": "body", "parameters": parameters }),
        Place::Button(index, does) => json!({
            "type": "button", "sub_type": does, "index": index.to_string(), "parameters": parameters,
        }),
    };
    components.into_iter().map(component).collect()
}

fn parameter(slot: &Slot, value: &Given<'_>) -> Value {
    let word = match slot.place {
        Place::Button(_, "copy_code") => "coupon_code",
        _ => slot.parameter.kind.word(),
    };
    let mut parameter = Map::from_iter([("type".to_owned(), json!(word))]);
    let value = match value {
        Given::Text(text) => json!(text),
        Given::File(_) => Value::Null,
    };
    parameter.insert(word.to_owned(), value);
    if slot.is_named() {
        parameter.insert("parameter_name".to_owned(), json!(slot.placeholder));
    }
    Value::Object(parameter)
}

fn refused(key: &str, code: &'static str, detail: impl Into<String>) -> FieldError {
    FieldError { field: format!("template.parameters.{key}"), code, detail: detail.into() }
}

#[cfg(test)]
mod tests;
