//! Shapes of templates, and which of two news about one wins. Pure.

use super::parameters::{Form, Parameter};
use crate::db::schema;
use crate::ids;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use webhooks::{Event, EventKind};

/// Bytes of Meta's names and ids; longer ones can't be keys of an index.
const MAX_NAME: usize = 512;
/// Bytes of a language, category or state.
const MAX_WORD: usize = 64;
pub(super) const APPROVED: &str = "approved";
/// Not in Meta's list any more.
pub(super) const DELETED: &str = "deleted";

/// A template as it can be used.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Template {
    pub id: Uuid,
    pub name: String,
    pub language: String,
    /// `marketing`, `utility`, `authentication`.
    pub category: String,
    /// `approved`, `pending`, `rejected`, `paused`, `disabled`, …
    pub status: String,
    pub rejected_reason: Option<String>,
    /// As Meta gives them.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// What has to be filled in, in its order.
    pub parameters: Vec<Parameter>,
    /// Whether it can be sent: it is approved, and of a form that can be filled in here.
    pub sendable: bool,
    /// `green`, `yellow`, `red`; null: not known yet.
    pub quality: Option<String>,
    pub version: i32,
}

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::message_template)]
pub struct Kept {
    pub id: Uuid,
    pub waba_id: String,
    pub external_id: String,
    pub name: String,
    pub language: String,
    pub category: String,
    pub category_at: DateTime<Utc>,
    pub status: String,
    pub status_at: DateTime<Utc>,
    pub rejected_reason: Option<String>,
    pub quality: Option<String>,
    pub quality_at: DateTime<Utc>,
    pub components: Value,
    pub search: String,
    pub synced_at: DateTime<Utc>,
    pub version: i32,
}

/// A template as Meta's list has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    external_id: String,
    name: String,
    language: String,
    category: String,
    status: String,
    rejected_reason: Option<String>,
    quality: Option<String>,
    components: Value,
}

/// What a webhook tells of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    pub waba_id: String,
    /// None: only the list can tell what changed.
    pub external_id: Option<String>,
    at: DateTime<Utc>,
    status: Option<(String, Option<String>)>,
    quality: Option<Option<String>>,
    category: Option<String>,
}

impl From<Kept> for Template {
    fn from(kept: Kept) -> Self {
        let form = Form::of(&kept.components);
        Self {
            id: kept.id,
            name: kept.name,
            language: kept.language,
            category: kept.category,
            sendable: kept.status == APPROVED && form.supported,
            status: kept.status,
            rejected_reason: kept.rejected_reason,
            parameters: form.slots.into_iter().map(|slot| slot.parameter).collect(),
            components: kept.components,
            quality: kept.quality,
            version: kept.version,
        }
    }
}

impl Listed {
    /// None: what every template has is not there.
    pub fn read(entry: &Value) -> Option<Self> {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let word = |key: &str| text(key).filter(|word| word.len() <= MAX_WORD);
        Some(Self {
            external_id: id(entry.get("id")?)?,
            name: text("name").filter(|name| name.len() <= MAX_NAME)?.to_owned(),
            language: word("language")?.to_owned(),
            category: word("category")?.to_lowercase(),
            status: word("status")?.to_lowercase(),
            rejected_reason: text("rejected_reason").filter(|reason| *reason != "NONE").map(str::to_owned),
            quality: entry.pointer("/quality_score/score").and_then(Value::as_str).and_then(quality),
            components: entry.get("components").filter(|all| all.is_array())?.clone(),
        })
    }
}

impl News {
    /// None: the event is about no template.
    pub fn of(waba_id: &str, event: &Event, at: DateTime<Utc>) -> Option<Self> {
        let text = |key: &str| event.data.get(key).and_then(Value::as_str);
        let rewritten = text("field") == Some("message_template_components_update");
        let told = matches!(
            event.kind,
            EventKind::TemplateStatus | EventKind::TemplateQuality | EventKind::TemplateCategory
        );
        (told || rewritten).then(|| Self {
            waba_id: waba_id.to_owned(),
            external_id: text("template_id").filter(|_| told).map(str::to_owned),
            at,
            status: text("status").and_then(state).map(|state| (state, text("reason").map(str::to_owned))),
            quality: text("quality").map(quality),
            category: text("category").filter(|word| word.len() <= MAX_WORD).map(str::to_lowercase),
        })
    }
}

impl Kept {
    fn hear(&mut self, news: &News) {
        if let Some((status, reason)) = &news.status
            && (news.at, status, reason) > (self.status_at, &self.status, &self.rejected_reason)
        {
            (self.status_at, self.status, self.rejected_reason) = (news.at, status.clone(), reason.clone());
        }
        if let Some(quality) = &news.quality
            && (news.at, quality) > (self.quality_at, &self.quality)
        {
            (self.quality_at, self.quality) = (news.at, quality.clone());
        }
        if let Some(category) = &news.category
            && (news.at, category) > (self.category_at, &self.category)
        {
            (self.category_at, self.category) = (news.at, category.clone());
        }
    }

    fn take(&mut self, listed: Listed, at: DateTime<Utc>) {
        if at < self.synced_at {
            return;
        }
        if at >= self.status_at {
            (self.status_at, self.status, self.rejected_reason) = (at, listed.status, listed.rejected_reason);
        }
        if at >= self.quality_at {
            (self.quality_at, self.quality) = (at, listed.quality);
        }
        if at >= self.category_at {
            (self.category_at, self.category) = (at, listed.category);
        }
        self.search = search(&self.name, &listed.components);
        (self.external_id, self.components, self.synced_at) = (listed.external_id, listed.components, at);
    }

    fn new(waba_id: &str, listed: Listed, at: DateTime<Utc>) -> Self {
        Self {
            id: ids::new(),
            waba_id: waba_id.to_owned(),
            external_id: listed.external_id,
            search: search(&listed.name, &listed.components),
            name: listed.name,
            language: listed.language,
            category: listed.category,
            category_at: at,
            status: listed.status,
            status_at: at,
            rejected_reason: listed.rejected_reason,
            quality: listed.quality,
            quality_at: at,
            components: listed.components,
            synced_at: at,
            version: 1,
        }
    }

    /// What a screen shows.
    fn shown(&self) -> (&str, &str, Option<&str>, Option<&str>, &Value) {
        let (reason, quality) = (self.rejected_reason.as_deref(), self.quality.as_deref());
        (&self.category, &self.status, reason, quality, &self.components)
    }

    /// After a change; none when there was none. What shows otherwise than before has a new version.
    fn changed(mut self, change: impl FnOnce(&mut Self)) -> Option<Self> {
        let before = self.clone();
        change(&mut self);
        self.version += i32::from(self.shown() != before.shown());
        (self != before).then_some(self)
    }
}

/// The rows that a list of Meta changes or makes. `whole`: what it does not have is gone there.
pub fn listed(
    kept: Vec<Kept>,
    waba_id: &str,
    entries: Vec<Listed>,
    whole: bool,
    at: DateTime<Utc>,
) -> Vec<Kept> {
    // Pages that moved while they were read may tell of one twice.
    let mut entries: BTreeMap<(String, String), Listed> =
        entries.into_iter().map(|entry| ((entry.name.clone(), entry.language.clone()), entry)).collect();
    let mut changed = Vec::new();
    for row in kept {
        let entry = entries.remove(&(row.name.clone(), row.language.clone()));
        let gone = entry.is_none() && whole && at >= row.status_at && row.status != DELETED;
        changed.extend(row.changed(|row| match entry {
            Some(entry) => row.take(entry, at),
            None if gone => (row.status_at, row.status, row.rejected_reason) = (at, DELETED.to_owned(), None),
            None => {}
        }));
    }
    changed.extend(entries.into_values().map(|entry| Kept::new(waba_id, entry, at)));
    changed
}

/// The rows that webhooks change.
pub fn heard(kept: Vec<Kept>, news: &[News]) -> Vec<Kept> {
    let about = |row: &Kept, news: &News| {
        row.waba_id == news.waba_id && Some(&row.external_id) == news.external_id.as_ref()
    };
    let hear = |row: Kept| {
        let mine: Vec<&News> = news.iter().filter(|news| about(&row, news)).collect();
        row.changed(|row| mine.into_iter().for_each(|news| row.hear(news)))
    };
    kept.into_iter().filter_map(hear).collect()
}

/// The state after an event of Meta. None: it is no state (`FLAGGED`), or one that only the list can tell.
fn state(event: &str) -> Option<String> {
    let state = match event {
        "APPROVED" | "REINSTATED" => APPROVED,
        "REJECTED" | "PENDING" | "PAUSED" | "DISABLED" | "IN_APPEAL" | "PENDING_DELETION" | "DELETED"
        | "LIMIT_EXCEEDED" | "ARCHIVED" | "LOCKED" => event,
        _ => return None,
    };
    Some(state.to_lowercase())
}

/// `UNKNOWN` and whatever comes next are no judgement.
fn quality(score: &str) -> Option<String> {
    ["GREEN", "YELLOW", "RED"].contains(&score).then(|| score.to_lowercase())
}

/// Text or integer.
fn id(value: &Value) -> Option<String> {
    let id = value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|id| id.to_string()))?;
    (!id.is_empty() && id.len() <= MAX_NAME).then_some(id)
}

fn search(name: &str, components: &Value) -> String {
    let components = components.as_array().into_iter().flatten();
    let body = components.filter(|component| component.get("type").is_some_and(|kind| kind == "BODY"));
    let texts = body.filter_map(|body| body.get("text").and_then(Value::as_str));
    std::iter::once(name).chain(texts).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
pub(super) mod tests;
