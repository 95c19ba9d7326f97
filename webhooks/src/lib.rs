//! Meta webhook bodies in, typed facts out.
//!
//! Owns: signature and verification checks, and the reading of Messenger, Instagram, WhatsApp Cloud and Lead Ads
//! payloads. No I/O, no clock, no async. [`parse`] is the one entry: it never panics and never loses a neighbour of a
//! bad item.

mod attachments;
mod envelope;
pub mod fact;
pub mod fuzz;
mod instagram;
mod json;
mod lead_ads;
mod messaging;
mod messaging_message;
mod messenger;
mod money;
pub mod phone;
mod referral;
mod repair;
pub mod signature;
mod sink;
pub mod verification;
mod whatsapp;

pub use fact::*;

/// What one body says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// In the body's order, entry by entry and item by item; of a WhatsApp value the messages before its other lists.
    pub facts: Vec<Fact>,
    /// Items that mean nothing to us, with the reason: kept for the receipt ledger.
    pub skipped: Vec<Skipped>,
}

/// An item that made no fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where: `entry[0].changes[1].value.messages[3]`.
    pub path: String,
    /// Why, in a stable word.
    ///
    /// Meant to make nothing: `dashboard_test`, `self_message`, `own_comment`, `own_receipt`, `not_a_message`,
    /// `not_an_edit`, `account_linking`, `contact_removed`, `history_declined`, `ignored_event`, `ignored_field`,
    /// `ignored_item`, `platform_errors`. New to us: `unknown_event`, `unknown_field`, `unknown_status`,
    /// `nothing_known`. Broken: `wrong_type`, `no_account`, `no_person`.
    pub reason: &'static str,
}

/// A body that can't be read at all; it is kept as a failed delivery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    #[error("the body is JSON, but not a webhook: no known `object`")]
    UnknownObject,
}

/// Reads JSON of a platform as forgivingly as [`parse`] does: half a surrogate pair becomes U+FFFD, U+0000 goes, numbers
/// too large become strings, and what is nested too deeply becomes `null`.
pub fn read_json(body: &[u8]) -> Result<serde_json::Value, serde_json::Error> {
    json::read(body)
}

/// Reads one POST body: the raw bytes, after [`signature::verify`].
pub fn parse(body: &[u8]) -> Result<Parsed, Unreadable> {
    envelope::parse(body)
}
