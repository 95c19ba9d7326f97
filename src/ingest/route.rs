//! Whose a delivery is: reading the body and finding the owners of the accounts in it.
//!
//! A deployment with one tenant owns everything. With several, an account belongs to the tenant that connected it; what
//! belongs to nobody waits as *unrouted*, and a delivery that speaks of several owners' accounts is split into one row
//! an owner, so that each has its own state.

use super::batch::Incoming;
use super::world::channel_key;
use crate::channels::Delivery;
use crate::db::{Db, SystemTx, Tenant, scalar, sql};
use crate::error::{Error, Result};
use crate::ids;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;
use webhooks::{Account, Fact};

/// Bytes of bodies that are read within a few milliseconds.
const QUICK: usize = 256 * 1024;

/// A delivery with what its body says.
type Read = (Delivery, std::result::Result<webhooks::Parsed, webhooks::Unreadable>);

/// What becomes of a delivery.
#[derive(Debug)]
enum Verdict {
    /// All for one tenant.
    For(Tenant, Incoming),
    /// Nothing in it concerns anybody: done.
    Nothing(Option<Tenant>),
    /// Can't be read.
    Failed(Option<Tenant>, String),
    /// Several owners, or none for some.
    Split { owners: BTreeMap<Tenant, BTreeSet<String>>, unowned: BTreeSet<String> },
}

/// Who owns which account, as far as a batch asks.
struct Owners {
    /// The tenant of a deployment that has just one.
    only: Option<Tenant>,
    by_account: HashMap<String, Tenant>,
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
}

/// `kind:id` of an account, as stored where it waits for an owner.
pub fn account_key(account: &Account) -> String {
    match (account, channel_key(account)) {
        (_, Some((kind, id))) => format!("{kind}:{id}"),
        (Account::WhatsappBusiness { waba_id }, None) => format!("waba:{waba_id}"),
        (_, None) => String::new(),
    }
}

/// Sorts deliveries by tenant. It has a connection of its own: owners are asked for before each batch, in one round trip,
/// by statements that are planned once.
pub struct Sorter {
    db: Db,
    connection: Option<AsyncPgConnection>,
}

impl Sorter {
    pub fn new(db: Db) -> Self {
        Self { db, connection: None }
    }

    /// The deliveries of each tenant, in order. Those that are nobody's, unreadable or empty get their state here.
    pub async fn sort(&mut self, deliveries: Vec<Delivery>) -> Result<BTreeMap<Tenant, Vec<Incoming>>> {
        let parsed = parse(deliveries).await?;
        let owners = self.owners(parsed.iter().filter_map(|(_, parsed)| parsed.as_ref().ok())).await?;
        let mut routed: BTreeMap<Tenant, Vec<Incoming>> = BTreeMap::new();
        let mut others = Vec::new();
        for (delivery, parsed) in parsed {
            match judge(&owners, &delivery, parsed) {
                Verdict::For(tenant, incoming) => routed.entry(tenant).or_default().push(incoming),
                verdict => others.push((delivery, verdict)),
            }
        }
        if !others.is_empty() {
            settle(&self.db, others).await?;
        }
        Ok(routed)
    }

    async fn owners(&mut self, parsed: impl Iterator<Item = &webhooks::Parsed>) -> Result<Owners> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.db.dedicated().await?,
        };
        let owners = owners(&connection, parsed).await?;
        // One that failed is not used again.
        self.connection = Some(connection);
        Ok(owners)
    }
}

/// Deliveries that no tenant's batch takes.
async fn settle(db: &Db, deliveries: Vec<(Delivery, Verdict)>) -> Result<()> {
    let tx = db.system().await?;
    for (delivery, verdict) in deliveries {
        match verdict {
            Verdict::For(..) => {}
            Verdict::Nothing(tenant) => set_state(&tx, delivery.id, tenant, "done", None).await?,
            Verdict::Failed(tenant, reason) => {
                set_state(&tx, delivery.id, tenant, "failed", Some(&reason)).await?
            }
            Verdict::Split { mut owners, mut unowned } => {
                find_owners(&tx, &delivery, &mut owners, &mut unowned).await?;
                split(&tx, &delivery, &owners, &unowned).await?;
            }
        }
    }
    tx.commit().await
}

/// Looks again for owners that came meanwhile. Until the end of the transaction nobody connects an account: who connects
/// one later finds what waits for it, who connected one before is found here.
async fn find_owners(
    tx: &SystemTx,
    delivery: &Delivery,
    owners: &mut BTreeMap<Tenant, BTreeSet<String>>,
    unowned: &mut BTreeSet<String>,
) -> Result<()> {
    if unowned.is_empty() {
        return Ok(());
    }
    sql("lock table channel_account in share mode").execute(&mut tx.conn()).await?;
    let found = owners_of(tx.conn(), unowned).await?;
    unowned.retain(|account| match found.get(account) {
        Some(owner) if delivery.tenant.is_none_or(|tenant| tenant == *owner) => {
            owners.entry(*owner).or_default().insert(account.clone());
            false
        }
        _ => true,
    });
    Ok(())
}

/// Reads the bodies; where that takes long (a history of thousands of messages), beside the runtime's threads.
async fn parse(deliveries: Vec<Delivery>) -> Result<Vec<Read>> {
    let bytes: usize = deliveries.iter().map(|delivery| delivery.body.len()).sum();
    let all = move || {
        let read = |delivery: Delivery| {
            let parsed = webhooks::parse(&delivery.body);
            (delivery, parsed)
        };
        deliveries.into_iter().map(read).collect()
    };
    if bytes <= QUICK { Ok(all()) } else { tokio::task::spawn_blocking(all).await.map_err(Error::internal) }
}

fn judge(
    owners: &Owners,
    delivery: &Delivery,
    parsed: std::result::Result<webhooks::Parsed, webhooks::Unreadable>,
) -> Verdict {
    let facts = match parsed {
        Ok(parsed) => parsed.facts,
        Err(error) => return Verdict::Failed(delivery.tenant.or(owners.only), error.to_string()),
    };
    let facts: Vec<Fact> = facts
        .into_iter()
        .filter(|fact| {
            delivery.accounts.is_empty() || delivery.accounts.contains(&account_key(&fact.account))
        })
        .collect();
    if facts.is_empty() {
        return Verdict::Nothing(delivery.tenant.or(owners.only));
    }
    let incoming = |facts| Incoming {
        delivery_id: delivery.id,
        received_at: delivery.received_at,
        facts,
        make_channels: owners.only.is_some(),
    };
    if let Some(only) = owners.only {
        return Verdict::For(only, incoming(facts));
    }
    let mut found: BTreeMap<Tenant, BTreeSet<String>> = BTreeMap::new();
    let mut unowned = BTreeSet::new();
    for fact in &facts {
        let account = account_key(&fact.account);
        match owners.by_account.get(&account) {
            // An address with a slug speaks of that tenant's accounts only.
            Some(owner) if delivery.tenant.is_none_or(|tenant| tenant == *owner) => {
                found.entry(*owner).or_default().insert(account);
            }
            _ => {
                unowned.insert(account);
            }
        }
    }
    match found.first_key_value() {
        Some((tenant, _)) if found.len() == 1 && unowned.is_empty() => Verdict::For(*tenant, incoming(facts)),
        _ => Verdict::Split { owners: found, unowned },
    }
}

async fn owners(
    connection: &AsyncPgConnection,
    parsed: impl Iterator<Item = &webhooks::Parsed>,
) -> Result<Owners> {
    let accounts: BTreeSet<String> =
        parsed.flat_map(|parsed| &parsed.facts).map(|fact| account_key(&fact.account)).collect();
    let (tenants, by_account) =
        futures_util::try_join!(first_tenants(connection), owners_of(connection, &accounts))?;
    let only = match tenants.as_slice() {
        [only] => Some(Tenant::proven(only.id)),
        _ => None,
    };
    Ok(Owners { only, by_account })
}

async fn first_tenants(mut connection: &AsyncPgConnection) -> Result<Vec<scalar::Id>> {
    Ok(sql("select id from tenant order by created_at limit 2").load(&mut connection).await?)
}

async fn owners_of(
    mut connection: &AsyncPgConnection,
    accounts: &BTreeSet<String>,
) -> Result<HashMap<String, Tenant>> {
    let rows: Vec<Owner> =
        sql("select a.kind || ':' || a.account_id as account, a.tenant_id from channel_account a
         join unnest($1::text[]) as k (account)
           on a.kind = split_part(k.account, ':', 1)
          and a.account_id = substr(k.account, strpos(k.account, ':') + 1)")
        .bind::<Array<Text>, _>(accounts.iter().collect::<Vec<_>>())
        .load(&mut connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.account, Tenant::proven(row.tenant_id))).collect())
}

async fn set_state(
    tx: &SystemTx,
    delivery: Uuid,
    tenant: Option<Tenant>,
    state: &str,
    reason: Option<&str>,
) -> Result<()> {
    sql("update webhook_delivery set state = $2, reason = $3, tenant_id = coalesce(tenant_id, $4),
                attempts = attempts + 1
         where id = $1 and state = 'received'")
    .bind::<SqlUuid, _>(delivery)
    .bind::<Text, _>(state)
    .bind::<Nullable<Text>, _>(reason)
    .bind::<Nullable<SqlUuid>, _>(tenant.map(Tenant::id))
    .execute(&mut tx.conn())
    .await?;
    metrics::counter!("switchboard_deliveries_set_aside_total", "state" => state.to_owned()).increment(1);
    Ok(())
}

/// One row an owner, and one for what waits. The first part takes the delivery's own row.
async fn split(
    tx: &SystemTx,
    delivery: &Delivery,
    owners: &BTreeMap<Tenant, BTreeSet<String>>,
    unowned: &BTreeSet<String>,
) -> Result<()> {
    let parts = owners
        .iter()
        .map(|(tenant, accounts)| (Some(*tenant), "received", accounts))
        .chain((!unowned.is_empty()).then_some((delivery.tenant, "unrouted", unowned)));
    for (place, (tenant, state, accounts)) in parts.enumerate() {
        let accounts: Vec<&String> = accounts.iter().collect();
        let statement = if place == 0 {
            "update webhook_delivery set tenant_id = $2, state = $3, accounts = $4, reason = $5, due_at = now()
             where id = $1 and state = 'received'"
        } else {
            "insert into webhook_delivery (id, tenant_id, platform, state, accounts, reason, size, body, received_at,
                                           due_at)
             select $6, $2, platform, $3, $4, $5, size, body, received_at, now() from webhook_delivery where id = $1"
        };
        let reason = (state == "unrouted").then_some("no channel owns the account");
        let query = sql(statement)
            .bind::<SqlUuid, _>(delivery.id)
            .bind::<Nullable<SqlUuid>, _>(tenant.map(Tenant::id))
            .bind::<Text, _>(state)
            .bind::<Array<Text>, _>(accounts)
            .bind::<Nullable<Text>, _>(reason);
        if place == 0 {
            query.execute(&mut tx.conn()).await?;
        } else {
            query.bind::<SqlUuid, _>(ids::new()).execute(&mut tx.conn()).await?;
        }
    }
    Ok(())
}
