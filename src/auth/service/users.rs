//! The users of a tenant, by its administrators.

use super::setup::new_user;
use crate::auth::Auth;
use crate::auth::actor::Actor;
use crate::auth::model::{self, UserView};
use crate::auth::policy::{Permission, Role};
use crate::auth::store::{self, NewUser};
use crate::error::{Error, Result};
use crate::log::Write;
use crate::page::{self, List};
use secrecy::SecretString;
use uuid::Uuid;

/// A user to be made.
pub struct NewAccount {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password: SecretString,
}

/// What of a user is to change.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub disabled: Option<bool>,
    pub version: Option<i32>,
}

/// Colleagues by name; e-mails and permissions only for those who may read users. With the place it shows.
pub async fn users(
    auth: &Auth,
    actor: &Actor,
    cursor: Option<&str>,
    limit: i64,
) -> Result<(i64, List<UserView>)> {
    let after: Option<(String, Uuid)> = cursor.map(page::decode).transpose()?;
    if after.as_ref().is_some_and(|(name, _)| name.contains('\0')) {
        return Err(page::foreign_cursor());
    }
    let tx = auth.db().read(actor.tenant).await?;
    let rows = store::list(&tx, after, limit + 1).await?;
    let List { items, next_cursor } = page::list(rows, limit, |row| (row.name.clone(), row.id))?;
    let full = actor.require(Permission::UsersRead).is_ok();
    let items = items
        .into_iter()
        .map(|row| if full { row.view() } else { row.view_of_colleague() })
        .collect::<Result<_>>()?;
    Ok((tx.seq(), List { items, next_cursor }))
}

/// The actor as a user, with the place it shows.
pub async fn me(auth: &Auth, actor: &Actor) -> Result<(i64, UserView)> {
    let tx = auth.db().read(actor.tenant).await?;
    let Some(row) = store::user(tx.conn(), tx.tenant(), actor.user_id).await? else {
        return Err(Error::NotFound);
    };
    Ok((tx.seq(), row.view()?))
}

/// Checks the account and hashes its password: before the transaction, which must not wait for that.
pub async fn prepare_user(auth: &Auth, account: NewAccount) -> Result<NewUser> {
    new_user(&auth.passwords, &account.email, account.password, Some(&account.name), account.role).await
}

/// Adds the user within the transaction.
pub async fn create_user(write: &Write, user: &NewUser) -> Result<UserView> {
    store::insert_user(write.conn(), write.tenant(), user).await?.view()
}

/// Changes a user. Another role or being disabled ends the user's sessions, which the caller announces after the
/// commit. The last administrator stays one.
pub async fn change_user(write: &Write, id: Uuid, change: Change) -> Result<(UserView, Vec<Uuid>)> {
    let administrators = store::lock_administrators(write).await?;
    let Some(row) = store::user(write.conn(), write.tenant(), id).await? else { return Err(Error::NotFound) };
    if change.version.is_some_and(|version| version != row.version) {
        return Err(Error::VersionConflict { current: serde_json::to_value(row.view()?)? });
    }
    let name = change.name.as_deref().map_or(row.name.as_str(), str::trim);
    if let Some(error) = model::check_name(name) {
        return Err(Error::Invalid(vec![error]));
    }
    let old_role = model::role(&row.role)?;
    let role = change.role.unwrap_or(old_role);
    let was_disabled = row.disabled_at.is_some();
    let disabled = change.disabled.unwrap_or(was_disabled);
    let steps_down = role != Role::Administrator || disabled;
    if steps_down && administrators == [id] {
        return Err(Error::invalid("role", "last_administrator", "Someone must stay administrator."));
    }
    let view = store::update_user(write, id, name, role.as_str(), disabled).await?.view()?;
    let ended = if role != old_role || (disabled && !was_disabled) {
        tracing::info!(target: "security", user = %id, role = role.as_str(), disabled, "user changed");
        store::revoke_of_user(write, id).await?
    } else {
        Vec::new()
    };
    Ok((view, ended))
}
