//! Sign-in, sessions, users and permissions.
//!
//! Owns: who is asking ([`Actor`]), what they may do ([`Permission`], [`Scope`]), passwords, sessions with their access,
//! refresh and ticket tokens, set-up, repeated writes ([`Idempotency`]), and the users of a tenant.
//!
//! Invariants:
//! - One function finds out who is asking, for REST and for sockets; it looks at the session each time, so that a
//!   revoked session, a disabled user or a changed role counts at once.
//! - Tokens are opaque; of each one only its SHA-256 is stored. A session ends as a whole, with all its tokens.
//! - A refresh token is used once; a second use ends its session.
//! - An unknown e-mail and a wrong password cost the same time and get the same answer.
//! - A write signed in by cookie comes from the app's own page.
//!
//! Absent on purpose: JWTs (nothing to verify without the database, nothing to forge), second factors and single
//! sign-on, custom roles, password reset by mail.

mod actor;
mod authenticate;
mod context;
mod cookies;
mod idempotency;
mod model;
mod origins;
mod password;
pub mod policy;
mod revocations;
pub mod routes;
pub mod service;
mod store;

pub use actor::{Actor, Allowed};
pub use authenticate::{authenticate_socket, guard};
pub use context::Auth;
pub use cookies::Cookies;
pub use idempotency::{Idempotency, forget as forget_idempotency_keys};
pub use model::UserView;
pub use origins::Origins;
pub use policy::{Permission, Role, Scope};
pub use revocations::Revocations;
pub use store::{clean as forget_expired, invalid_sessions};
