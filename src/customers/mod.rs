//! Customers: the people who write, one record a person and tenant.
//!
//! Owns: `customer` and `customer_identity`, their shape, list, search and edit. Invariants: REST and events give a
//! customer in one shape ([`Customer`]); ids that a person gave up are not shown; a merged customer answers as the one
//! that is left. Reads `card` to know the boards that a customer's events go to. Absent on purpose: making and merging
//! customers (`ingest`), and the viewer's snapshot of everything around a customer (`timeline`).

pub mod events;
mod model;
mod store;

pub use model::{Customer, Identity, Person};
pub use store::{boards, load};
