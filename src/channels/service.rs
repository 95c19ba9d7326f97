//! Use cases of channels and deliveries.

use super::model::{Channel, ChannelKind};
use super::store;
use crate::db::Tenant;
use crate::error::{Error, Result};
use crate::log::{Log, Write};
use uuid::Uuid;

/// What may be changed of a channel.
#[derive(Debug, Clone, Default)]
pub struct ChannelChange {
    pub name: Option<String>,
    pub confirmed: Option<bool>,
    pub version: Option<i32>,
}

/// An account to be connected.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    pub kind: ChannelKind,
    pub account_id: &'a str,
    /// The business account of a WhatsApp number, whose own news then reach the tenant too.
    pub waba_id: Option<&'a str>,
    pub name: &'a str,
}

/// Connects an account to a tenant and sends the deliveries that waited for it back to work. 409 when another tenant
/// has the account. Connecting again is the same channel. Returns the channel and how many deliveries were released.
pub async fn connect(log: &Log, tenant: Tenant, account: Account<'_>) -> Result<(Uuid, i64)> {
    let write = log.begin(tenant, None).await?;
    let channel = store::claim_account(&write, &account).await?;
    let mut released = store::release_waiting(&write, account.kind.as_str(), account.account_id).await?;
    if let Some(waba_id) = account.waba_id {
        store::claim_waba(&write, waba_id, channel).await?;
        released += store::release_waiting(&write, "waba", waba_id).await?;
    }
    write.commit().await?;
    Ok((channel, released))
}

/// Applies a change. 404, or 409 with the current record on a stale version.
pub(super) async fn change(write: &Write, id: Uuid, change: ChannelChange) -> Result<Channel> {
    let mut channel = store::lock_channel(write, id).await?.ok_or(Error::NotFound)?;
    if change.version.is_some_and(|version| version != channel.version) {
        return Err(Error::VersionConflict { current: serde_json::to_value(&channel)? });
    }
    let before = channel.clone();
    if let Some(name) = change.name {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(Error::invalid("name", "length", "A name has 1 to 200 characters."));
        }
        if name.chars().any(char::is_control) {
            return Err(Error::invalid("name", "invalid", "A name is one line of text."));
        }
        name.clone_into(&mut channel.name);
    }
    channel.confirmed = change.confirmed.unwrap_or(channel.confirmed);
    if channel != before {
        store::update_channel(write, &channel).await?;
        channel.version += 1;
    }
    Ok(channel)
}
