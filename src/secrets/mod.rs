//! Secrets of the platforms: which ones may sign, verify or call for a tenant, and how administrators change them.
//!
//! Owns: `secret`, `data_key` and the counter of their changes in `installation`; the order of truth (a tenant's own value,
//! then the environment's) and the fallback from one platform to another; where key-encryption keys come from. How
//! records are sealed is the crate `vault`'s.
//!
//! Invariants:
//! - Plaintext is in memory only, as `SecretString`, and goes out only to who signs, verifies or calls. No route, event,
//!   error or log has it; a route tells the last four characters of a long one.
//! - A value that is there and can't be read is never replaced by the environment's: whoever could break a record would
//!   choose the secret with it. Who asks for it gets a 503, and the platform comes again.
//! - Without the key that wrapped a data key everything is locked: nothing is read, nothing is written over.
//! - A version is never used twice: what is taken out leaves a row without a record. A running node remembers the newest
//!   version of each secret, and takes none below it.
//! - A change is in memory of its own node when it is answered, of the others within two seconds.
//!
//! Absent on purpose: asking the platform whether a secret is right, and secrets of anything but platforms.

mod held;
mod keys;
mod model;
pub mod routes;
mod service;
mod store;

pub use model::Platform;
pub use service::{Rotated, Secrets};
