//! What only some kinds of messages have, for the API description: the keys are kept and given out as they came.

use crate::customers::Attribution;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A template as it was used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UsedTemplate {
    pub id: Uuid,
    pub name: String,
    pub language: String,
    pub category: String,
    /// With its values, as Meta took them.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
}

/// An answer to tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Button {
    /// Comes back as the answer's `payload`.
    pub id: String,
    pub title: String,
}

/// A menu that opens at a tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Menu {
    pub button: String,
    pub sections: Vec<MenuSection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MenuSection {
    pub title: Option<String>,
    pub rows: Vec<MenuRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MenuRow {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
}

/// The keys that only some kinds of messages have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageExtra {
    /// Of ours: the template that was used, with its values.
    pub template: Option<UsedTemplate>,
    /// Of ours: answers to tap.
    pub buttons: Option<Vec<Button>>,
    /// Of ours: a menu that opens.
    pub list: Option<Menu>,
    /// Of a button, list row, quick reply or postback.
    pub payload: Option<String>,
    /// The answers of a form (Flow).
    pub payload_json: Option<Value>,
    pub location: Option<Location>,
    /// The product that was asked about.
    pub product: Option<String>,
    pub story_id: Option<String>,
    pub forwarded: Option<bool>,
    /// The platform's own word for a kind that is not known here.
    pub original_type: Option<String>,
    pub order: Option<Order>,
    /// Shared contact cards, as the platform sent them.
    #[schema(value_type = Option<Vec<Object>>)]
    pub contacts: Option<Value>,
    /// The ad, post or link that it came from.
    pub referral: Option<Attribution>,
    /// The platform's own item, of what is not known here.
    pub raw: Option<Value>,
    /// The platform's own errors on an incoming message.
    pub errors: Option<Value>,
    /// The sender's own string that came back with an echo or a status.
    pub tracking: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Location {
    pub latitude: f64,
    pub longitude: f64,
    pub name: Option<String>,
    pub address: Option<String>,
    pub url: Option<String>,
}

/// A cart that was sent from the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    pub catalog_id: Option<String>,
    pub items: Vec<OrderItem>,
    /// Null when an item has no readable price or the currencies differ.
    pub total: Option<Price>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderItem {
    pub product_id: Option<String>,
    pub quantity: i64,
    pub price: Option<Price>,
}

/// Minor units of a currency, as the platform told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Price {
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}
