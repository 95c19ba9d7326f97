//! Every statement on `customer` and `customer_identity` of the read and edit side.

mod edit;
mod list;
mod shapes;

pub(super) use edit::{default_region, is_colleague, lock, resolve, spellings, update};
pub(super) use list::{Filter, Place, Sort, is_broad, page, table, total};
pub use shapes::{boards, load};
