//! What sign-in needs of the process, once: as `web::Data<Auth>`.

use super::cookies::Cookies;
use super::origins::Origins;
use super::password::Passwords;
use super::revocations::Revocations;
use crate::db::Db;
use crate::http::Limits;
use crate::log::Log;
use actix_web::web::Data;
use std::net::SocketAddr;
use url::Url;

/// The parts that sign-in shares.
#[derive(Clone)]
pub struct Auth {
    pub log: Log,
    pub limits: Data<Limits>,
    pub origins: Origins,
    pub cookies: Cookies,
    pub revocations: Revocations,
    pub(super) passwords: Passwords,
}

impl Auth {
    /// `bound` is the address that the server really listens on (port 0 is none).
    pub fn new(log: Log, limits: Data<Limits>, public_url: Option<&Url>, bound: SocketAddr) -> Self {
        Self {
            log,
            limits,
            origins: Origins::new(public_url, bound),
            cookies: Cookies::new(public_url, bound),
            revocations: Revocations::default(),
            passwords: Passwords::default(),
        }
    }

    pub fn db(&self) -> &Db {
        self.log.db()
    }
}
