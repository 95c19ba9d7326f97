//! What leaves for browsers about customers, and the rooms it goes to.

use super::model::Customer;
use crate::error::Result;
use crate::log::Write;
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct Changed<'a> {
    customer: &'a Customer,
}

#[derive(Serialize)]
struct Merged<'a> {
    customer: &'a Customer,
    merged_id: Uuid,
}

/// `boards`: those that hold a card of the customer ([`super::boards`]).
pub fn created(write: &mut Write, customer: &Customer, boards: &[Uuid]) -> Result<()> {
    write.emit("customer.created", &rooms(customer.id, None, boards), &Changed { customer })
}

pub fn updated(write: &mut Write, customer: &Customer, boards: &[Uuid]) -> Result<()> {
    write.emit("customer.updated", &rooms(customer.id, None, boards), &Changed { customer })
}

/// `merged_id` is gone; `customer` is the one that is left.
pub fn merged(write: &mut Write, customer: &Customer, merged_id: Uuid, boards: &[Uuid]) -> Result<()> {
    write.emit(
        "customer.merged",
        &rooms(customer.id, Some(merged_id), boards),
        &Merged { customer, merged_id },
    )
}

fn rooms(customer: Uuid, merged: Option<Uuid>, boards: &[Uuid]) -> Vec<String> {
    let mut rooms = vec!["inbox".to_owned(), format!("customer:{customer}")];
    rooms.extend(merged.map(|id| format!("customer:{id}")));
    rooms.extend(boards.iter().map(|id| format!("board:{id}")));
    rooms
}
