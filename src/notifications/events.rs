//! What leaves for the user's own devices.

use super::model::Notification;
use crate::error::Result;
use crate::log::Write;
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct NotificationCreated<'a> {
    notification: &'a Notification,
}

#[derive(Serialize)]
struct NotificationsRead<'a> {
    ids: &'a [Uuid],
    read_at: DateTime<Utc>,
}

pub fn created(write: &mut Write, user: Uuid, notification: &Notification) -> Result<()> {
    write.emit("notification.created", &[room(user)], &NotificationCreated { notification })
}

/// `ids` were unread until now.
pub fn read(write: &mut Write, user: Uuid, ids: &[Uuid], read_at: DateTime<Utc>) -> Result<()> {
    write.emit("notification.read", &[room(user)], &NotificationsRead { ids, read_at })
}

fn room(user: Uuid) -> String {
    format!("user:{user}")
}
