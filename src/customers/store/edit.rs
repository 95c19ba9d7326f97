//! Finding the customer that is left, locking it, and writing an edit.

use crate::customers::model::Editable;
use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Int2, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName)]
struct LockedRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Int2)]
    name_rank: i16,
    #[diesel(sql_type = Nullable<Text>)]
    phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    phone_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    email: Option<String>,
    #[diesel(sql_type = Bool)]
    marketing_opt_out: bool,
    #[diesel(sql_type = Int4)]
    version: i32,
}

#[derive(QueryableByName)]
struct Spelling {
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
}

#[derive(QueryableByName)]
struct Region {
    #[diesel(sql_type = Nullable<Text>)]
    default_region: Option<String>,
}

/// The customer that an id stands for: itself, or the one that is left of its merges. `None`: nobody.
pub(in crate::customers) async fn resolve(tx: &Tx, id: Uuid) -> Result<Option<Uuid>> {
    let left: Vec<scalar::Id> = sql("with recursive chain as (
             select id, merged_into from customer where tenant_id = $1 and id = $2
             union
             select c.id, c.merged_into from chain
             join customer c on c.tenant_id = $1 and c.id = chain.merged_into
         )
         select id from chain where merged_into is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .load(&mut tx.conn())
    .await?;
    Ok(left.into_iter().next().map(|row| row.id))
}

/// Locks a customer for an edit, with its version. `None`: nobody, or merged meanwhile.
pub(in crate::customers) async fn lock(tx: &Tx, id: Uuid) -> Result<Option<(Editable, i32)>> {
    let rows: Vec<LockedRow> =
        sql("select name, name_rank, phone, phone_key, email, marketing_opt_out, version from customer
             where tenant_id = $1 and id = $2 and merged_into is null for no key update")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next().map(|row| {
        let editable = Editable {
            name: row.name,
            name_rank: row.name_rank,
            phone: row.phone,
            phone_key: row.phone_key,
            email: row.email,
            marketing_opt_out: row.marketing_opt_out,
        };
        (editable, row.version)
    }))
}

/// Every id and username that the customer was ever known by, for search.
pub(in crate::customers) async fn spellings(tx: &Tx, id: Uuid) -> Result<Vec<String>> {
    let rows: Vec<Spelling> = sql("select value, username from customer_identity
         where tenant_id = $1 and customer_id = $2 order by created_at, id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().flat_map(|row| std::iter::once(row.value).chain(row.username)).collect())
}

/// Writes a locked customer.
pub(in crate::customers) async fn update(tx: &Tx, id: Uuid, new: &Editable, search: &str) -> Result<()> {
    sql("update customer set name = $3, name_rank = $4, phone = $5, phone_key = $6, email = $7,
                marketing_opt_out = $8, search = $9, version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(&new.name)
    .bind::<Int2, _>(new.name_rank)
    .bind::<Nullable<Text>, _>(&new.phone)
    .bind::<Nullable<Text>, _>(&new.phone_key)
    .bind::<Nullable<Text>, _>(&new.email)
    .bind::<Bool, _>(new.marketing_opt_out)
    .bind::<Text, _>(search)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// The tenant's own region of phone numbers without country code.
pub(in crate::customers) async fn default_region(tx: &Tx) -> Result<Option<String>> {
    let rows: Vec<Region> = sql("select default_region from tenant where id = $1")
        .bind::<SqlUuid, _>(tx.tenant())
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next().and_then(|row| row.default_region))
}

/// Whether someone of the team can be given work.
pub(in crate::customers) async fn is_colleague(tx: &Tx, user: Uuid) -> Result<bool> {
    let found: Vec<scalar::Id> =
        sql("select id from app_user where tenant_id = $1 and id = $2 and disabled_at is null")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(user)
            .load(&mut tx.conn())
            .await?;
    Ok(!found.is_empty())
}
