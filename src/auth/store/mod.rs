//! Every statement of sign-in, on tables of the global list and on `app_user`.
//!
//! Owns: `credential`, `session`, `access_token`, `refresh_token`, `socket_ticket`, `installation.setup_token_hash`,
//! `app_user`. Invariants: tokens come in as hashes; times are the database's, one clock for all nodes. Absent on
//! purpose: begin and commit of tenants' transactions.
//!
//! A session is found before its tenant is known, so these statements run in the system door; [`enter`] then sets the
//! tenant for the rest of that transaction, so that `app_user` shows that tenant's users and nobody else's.

mod session;
mod token;
mod user;

pub use session::{
    NewSession, Presented, clean, find, insert_session, invalid_sessions, of_token, revoke, revoke_of_user,
    touch,
};
pub use token::{
    insert_access, insert_extra_cookie, insert_refresh, insert_ticket, lock_session, refresh_state,
    replace_refresh, session_of_refresh,
};
pub use user::{
    NewUser, any_user, credential, enter, insert_user, list, lock_administrators, rehash, set_setup_token,
    take_setup_token, update_user, user,
};
