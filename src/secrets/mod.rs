//! Secrets of the platforms: which ones may sign, verify or call for a tenant.
//!
//! Owns: the order of truth (contract section 2) and the fallback from one platform to another. Invariant: plaintext is
//! handed out only as `SecretString`, which no log and no answer shows. Absent on purpose, for now: the tenants' own
//! encrypted values; what there is comes from the environment.

mod service;

pub use service::{Platform, Secrets};
