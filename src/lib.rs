//! Switchboard: webhooks of Meta's platforms become customers, conversations and cards, live in every browser.
//!
//! The modules in reading order; `docs/ARCHITECTURE.md` walks one webhook through them.

#[macro_use]
pub mod fail_point;

pub mod clock;
pub mod config;
pub mod error;
pub mod http;
pub mod ids;
pub mod page;
pub mod telemetry;

pub mod db;

pub mod auth;
pub mod jobs;
pub mod log;
pub mod realtime;
pub mod secrets;
pub mod tenants;

pub mod attachments;
pub mod channels;
pub mod customers;
pub mod drafts;
pub mod files;
pub mod inbox;
pub mod kanban;
pub mod notifications;
pub mod saved_replies;
pub mod templates;
pub mod timeline;

pub mod ingest;
pub mod outbox;

pub mod app;
pub mod frames;
pub mod health;
pub mod router;
pub mod webapp;

pub mod simulator;

#[cfg(test)]
mod models;
