//! Reading templates, and taking in what Meta tells of them.

use super::jobs::sync;
use super::model::{self, Listed, News, Template};
use super::store;
use crate::channels;
use crate::customers::listing::{From, Part, is_text};
use crate::db::{Db, Tenant, Tx};
use crate::error::{Error, Result};
use crate::jobs;
use crate::page::{self, List};
use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// In its cursors, so that those of other lists are told apart.
const LIST: &str = "templates";

/// A channel's templates by name and language.
pub(super) struct Shown {
    /// The place in the log that they show.
    pub seq: i64,
    pub templates: List<Template>,
    /// The business account, when nothing is known of its templates.
    pub unknown: Option<String>,
}

/// 404 for a channel of somebody else. One without a business account has none.
pub(super) async fn list(
    db: &Db,
    tenant: Tenant,
    channel: Uuid,
    pattern: Option<&str>,
    part: &Part,
) -> Result<Shown> {
    let after = match &part.from {
        From::Cursor(cursor) => match page::decode::<(String, (String, String))>(cursor)? {
            (list, after) if list == LIST && is_text(&after.0) && is_text(&after.1) => after,
            _ => return Err(page::foreign_cursor()),
        },
        _ => Default::default(),
    };
    let tx = db.read(tenant).await?;
    let account = channels::business_account(&tx, channel).await?.ok_or(Error::NotFound)?;
    let rows = match &account {
        Some(waba_id) => store::page(&tx, waba_id, pattern, &after, part.limit + 1).await?,
        None => Vec::new(),
    };
    let all = pattern.is_none() && part.from == From::Start;
    let unknown = account.filter(|_| all && rows.is_empty());
    let templates = rows.into_iter().map(Template::from).collect();
    let cursor = |one: &Template| (LIST, (one.name.clone(), one.language.clone()));
    Ok(Shown { seq: tx.seq(), templates: page::list(templates, part.limit, cursor)?, unknown })
}

/// One template that a channel can see, whatever its state.
pub async fn of_channel(tx: &Tx, channel: Uuid, template: Uuid) -> Result<Option<Template>> {
    let Some(waba_id) = channels::business_account(tx, channel).await?.flatten() else { return Ok(None) };
    Ok(store::one(tx, &waba_id, template).await?.map(Template::from))
}

/// Asks for the list of a channel's business account. 404, or 422 as long as no webhook has told which that is.
pub async fn ask(tx: &Tx, channel: Uuid) -> Result<()> {
    let account = channels::business_account(tx, channel).await?.ok_or(Error::NotFound)?;
    let unknown = || {
        let detail = "The WhatsApp business account of this channel is not known yet; it is learnt from its first webhook.";
        Error::invalid("id", "no_account", detail)
    };
    jobs::ask(tx, &sync(&account.ok_or_else(unknown)?)).await
}

/// Takes in what webhooks tell, in their transaction, and asks for the lists that have the rest.
pub async fn hear(tx: &Tx, news: &[News]) -> Result<()> {
    let accounts: BTreeSet<&str> = news.iter().map(|news| news.waba_id.as_str()).collect();
    let named: Vec<&str> = news.iter().filter_map(|news| news.external_id.as_deref()).collect();
    if !named.is_empty() {
        let accounts: Vec<&str> = accounts.iter().copied().collect();
        let kept = store::lock_named(tx, &accounts, &named).await?;
        store::save(tx, &model::heard(kept, news)).await?;
    }
    let lists: Vec<_> = accounts.into_iter().map(sync).collect();
    try_join_all(lists.iter().map(|list| jobs::ask(tx, list))).await?;
    Ok(())
}

/// Takes in a list that was asked for at a time. What can't be read in it is passed over, and then nothing counts as gone.
pub(super) async fn take(
    tx: &Tx,
    waba_id: &str,
    entries: &[Value],
    whole: bool,
    at: DateTime<Utc>,
) -> Result<()> {
    let listed: Vec<Listed> = entries.iter().filter_map(Listed::read).collect();
    let whole = whole && listed.len() == entries.len();
    let kept = store::lock_all(tx, waba_id).await?;
    store::save(tx, &model::listed(kept, waba_id, listed, whole, at)).await
}
