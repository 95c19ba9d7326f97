//! What happened around a customer: activities, and the viewer's one snapshot of everything.
//!
//! Owns: `activity` and its shape, and `GET /customers/{id}/details`, which stands above customers, inbox and kanban.
//! Reads `attribution`, `channel_event`, `conversation` and `card` for that snapshot. Invariant: REST and events give an activity in one shape
//! ([`Activity`]). Absent on purpose: making activities (`ingest`).

pub mod events;
mod model;
pub mod routes;
mod service;
mod store;

pub use model::{
    Activity, ActivityData, ActivityPatch, ActivityStatus, Details, FormField, PlatformEvent, Touch,
};
pub use store::load_activities;
