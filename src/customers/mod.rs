//! Customers: the people who write, one record a person and tenant.
//!
//! Owns: `customer` and `customer_identity`, their shape, list, search and edit. As the lowest of the features it also
//! owns what all of them share about lists ([`listing`]), one-line texts ([`text`]) and edits ([`patch`]).
//!
//! Invariants: REST and events give a customer in one shape ([`Customer`]); ids that a person gave up are not shown; a
//! merged customer answers as the one that is left.
//!
//! Reads `card` to know the boards that a customer's events go to, `tenant` for its region and `app_user` to know who
//! can be given work. Absent on purpose: making and merging customers (`ingest`), and the viewer's snapshot of
//! everything around a customer (`timeline`).

pub mod events;
pub mod listing;
mod model;
pub mod patch;
pub mod refusals;
pub mod routes;
mod service;
mod store;
pub mod text;

pub use model::{Attribution, Customer, CustomerPatch, DefaultRegion, Identity, Person};
pub use service::{check_assignee, is_broad, resolve};
pub use store::{boards, load};
