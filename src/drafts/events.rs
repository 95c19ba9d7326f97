//! What leaves for the writer's own devices.

use super::model::DraftChange;
use crate::error::Result;
use crate::log::Write;
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct DraftChanged<'a> {
    draft: &'a DraftChange,
}

pub fn updated(write: &mut Write, user: Uuid, draft: &DraftChange) -> Result<()> {
    write.emit("draft.updated", &[format!("user:{user}")], &DraftChanged { draft })
}
