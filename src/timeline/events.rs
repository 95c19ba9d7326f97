//! What leaves for browsers about activities, and the room it goes to.

use super::model::Activity;
use crate::error::Result;
use crate::log::Write;
use serde::Serialize;

#[derive(Serialize)]
struct Changed<'a> {
    activity: &'a Activity,
}

pub fn created(write: &mut Write, activity: &Activity) -> Result<()> {
    write.emit("activity.created", &rooms(activity), &Changed { activity })
}

pub fn updated(write: &mut Write, activity: &Activity) -> Result<()> {
    write.emit("activity.updated", &rooms(activity), &Changed { activity })
}

fn rooms(activity: &Activity) -> Vec<String> {
    vec![format!("customer:{}", activity.customer_id)]
}
