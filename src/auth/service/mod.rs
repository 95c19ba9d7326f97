//! Use cases of sign-in, without HTTP.
//!
//! Owns: signing in and out, refreshing, tickets, set-up and the users of a tenant. Each one is a rule and a
//! transaction; hashing happens outside of transactions.

mod session;
mod setup;
mod users;

pub use session::{Cookie, Signed, cookie_hash, logout, refresh, sign_in, ticket};
pub use setup::{create_admin, needs_setup, prepare, setup};
pub use users::{Change, NewAccount, change_user, create_user, me, prepare_user, users};
