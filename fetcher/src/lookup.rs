//! From a name to the addresses that are connected to. The client asks nothing else: what was looked at is what it
//! connects to, and a name that answers differently the next time is looked at again.

use crate::address;
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Says which addresses a host's name has.
pub trait Lookup: Send + Sync + 'static {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// As any other program of the machine would be told.
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
        })
    }
}

/// Lets through what is public, all of it or nothing: an answer that mixes both is somebody's try.
pub(crate) struct Guard(pub(crate) Arc<dyn Lookup>);

#[derive(Debug, thiserror::Error)]
#[error("{0} is not public")]
pub(crate) struct NotPublic(pub(crate) IpAddr);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = lookup.addresses(name.as_str()).await?;
            if let Some(address) = addresses.iter().find(|address| !address::is_public(**address)) {
                return Err(NotPublic(*address).into());
            }
            // The client puts the scheme's port in the place of 0.
            Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}
