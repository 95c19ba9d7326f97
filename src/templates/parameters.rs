//! What has to be filled into a template, read from its components. Pure.
//!
//! Meta's definition says it by placeholders (`{{1}}`, `{{name}}`), by the header's format and by the kinds of buttons.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One value to be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TemplateParameter)]
pub struct Parameter {
    /// `header.1`, `body.1`, `body.<name>`, `button.<index>.1`.
    pub key: String,
    pub kind: ParameterKind,
    /// From whom wrote the template.
    pub example: Option<String>,
}

/// `image`, `video`, `document`: a file. Everything else is a text; `url` is the end of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    Text,
    Image,
    Video,
    Document,
    Url,
    CopyCode,
}

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Header,
    Body,
    /// By its index, with Meta's word for what it does.
    Button(usize, &'static str),
}

/// A parameter with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub parameter: Parameter,
    pub place: Place,
    /// What stands between the braces.
    pub placeholder: String,
}

/// A template's parameters in the order in which Meta wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub slots: Vec<Slot>,
    /// False: it has parts that can't be filled in here.
    pub supported: bool,
}

impl ParameterKind {
    /// Whether the value is a file.
    pub fn is_file(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Document)
    }

    /// Meta's word for a file, and for a text.
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Document => "document",
            Self::Text | Self::Url | Self::CopyCode => "text",
        }
    }
}

impl Slot {
    /// Whether Meta wants the value under its name, not by its place.
    pub fn is_named(&self) -> bool {
        !is_number(&self.placeholder)
    }
}

impl Form {
    pub fn of(components: &Value) -> Self {
        let mut form = Self { slots: Vec::new(), supported: true };
        for component in components.as_array().into_iter().flatten() {
            match component.get("type").and_then(Value::as_str) {
                Some("HEADER") => form.header(component),
                Some("BODY") => form.texts(component, Place::Body),
                Some("FOOTER") => {}
                Some("BUTTONS") => form.buttons(component),
                _ => form.supported = false,
            }
        }
        form.slots.sort_by_key(|slot| match slot.place {
            Place::Header => (0, 0),
            Place::Body => (1, 0),
            Place::Button(index, _) => (2, index),
        });
        form
    }

    fn header(&mut self, component: &Value) {
        let kind = match component.get("format").and_then(Value::as_str) {
            None | Some("TEXT") => return self.texts(component, Place::Header),
            Some("IMAGE") => ParameterKind::Image,
            Some("VIDEO") => ParameterKind::Video,
            Some("DOCUMENT") => ParameterKind::Document,
            Some(_) => {
                self.supported = false;
                return;
            }
        };
        let example = component.pointer("/example/header_handle/0").and_then(Value::as_str);
        self.add(Place::Header, kind, "1", example);
    }

    fn texts(&mut self, component: &Value, place: Place) {
        for placeholder in placeholders(text_of(component)) {
            self.add(place, ParameterKind::Text, placeholder, example(component, place, placeholder));
        }
    }

    fn buttons(&mut self, component: &Value) {
        let buttons = component.get("buttons").and_then(Value::as_array).into_iter().flatten();
        for (index, button) in buttons.enumerate() {
            let url = button.get("url").and_then(Value::as_str).unwrap_or_default();
            let example = button.get("example");
            let example = example.and_then(|example| example.as_str().or_else(|| example.get(0)?.as_str()));
            match button.get("type").and_then(Value::as_str) {
                Some("URL") if placeholders(url).is_empty() => {}
                Some("URL") => self.add(Place::Button(index, "url"), ParameterKind::Url, "1", example),
                Some("COPY_CODE") => {
                    self.add(Place::Button(index, "copy_code"), ParameterKind::CopyCode, "1", example);
                }
                // A code to sign in with goes as the end of an address.
                Some("OTP") => self.add(Place::Button(index, "url"), ParameterKind::CopyCode, "1", example),
                Some("QUICK_REPLY" | "PHONE_NUMBER" | "VOICE_CALL") => {}
                _ => self.supported = false,
            }
        }
    }

    fn add(&mut self, place: Place, kind: ParameterKind, placeholder: &str, example: Option<&str>) {
        let key = match place {
            Place::Header => format!("header.{placeholder}"),
            Place::Body => format!("body.{placeholder}"),
            Place::Button(index, _) => format!("button.{index}.{placeholder}"),
        };
        let parameter = Parameter { key, kind, example: example.map(str::to_owned) };
        self.slots.push(Slot { parameter, place, placeholder: placeholder.to_owned() });
    }
}

pub fn text_of(component: &Value) -> &str {
    component.get("text").and_then(Value::as_str).unwrap_or_default()
}

/// What stands between double braces, each once: numbers in their order, names as they come.
fn placeholders(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in text.split("{{").skip(1) {
        let Some((name, _)) = part.split_once("}}") else { continue };
        if is_placeholder(name.trim()) && !found.contains(&name.trim()) {
            found.push(name.trim());
        }
    }
    found.sort_by_key(|name| name.parse::<u32>().unwrap_or(0));
    found
}

/// The text with values in the places of its placeholders; what is no placeholder of the template stays as it is.
pub fn replaced<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let found = part.split_once("}}").and_then(|(name, rest)| Some((value(name.trim())?, rest)));
        match found {
            Some((value, rest)) => filled.extend([value, rest]),
            None => filled.extend(["{{", part]),
        }
    }
    filled
}

fn is_placeholder(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_number(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_digit())
}

/// The value that the template's writer gave as an example.
fn example<'a>(component: &'a Value, place: Place, placeholder: &str) -> Option<&'a str> {
    let (listed, named) = match place {
        Place::Header => ("header_text", "header_text_named_params"),
        _ => ("body_text", "body_text_named_params"),
    };
    let examples = component.get("example")?;
    if !is_number(placeholder) {
        let named = examples.get(named)?.as_array()?;
        let mine = named.iter().find(|one| one.get("param_name").is_some_and(|name| name == placeholder))?;
        return mine.get("example")?.as_str();
    }
    let listed = examples.get(listed)?;
    // The body's is a list of lists.
    let listed = listed.get(0).filter(|inner| inner.is_array()).unwrap_or(listed);
    listed.get(placeholder.parse::<usize>().ok()?.checked_sub(1)?)?.as_str()
}

#[cfg(test)]
mod tests;
