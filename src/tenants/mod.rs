//! Tenants: who shares one installation.
//!
//! Owns: making a tenant with what every tenant has (its place in the log, its default board, its `website` channel),
//! and finding it by slug. Invariant: a tenant is complete or not there; it is made in one transaction.
//!
//! Absent on purpose: settings of a tenant, and removing one.

mod service;
mod store;

pub use service::{create, ensure};
pub use store::{all, by_slug, only, region};
