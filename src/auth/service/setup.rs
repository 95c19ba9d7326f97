//! The first administrator.
//!
//! Owns: the one-time token of the set-up page, and the two other ways to a first administrator (settings, command
//! line). Invariant: the page works only with the token that this start printed, and never once there is a user.

use super::session::{Signed, begin};
use crate::auth::Auth;
use crate::auth::model;
use crate::auth::password::{self, Passwords};
use crate::auth::policy::Role;
use crate::auth::store::{self, NewUser};
use crate::config::Config;
use crate::db::{Db, SystemTx};
use crate::error::{Error, Result};
use crate::{ids, tenants};
use secrecy::{ExposeSecret, SecretString};
use std::net::IpAddr;
use subtle::ConstantTimeEq;
use uuid::Uuid;

const DONE: Error = Error::Forbidden("This installation is set up already.");

/// At start, after the migrations: makes the tenant, and the administrator of `ADMIN_EMAIL` when there is no user yet.
/// Returns the token of the set-up page, to be printed, when there is still no user.
pub async fn prepare(db: &Db, config: &Config) -> Result<Option<SecretString>> {
    let tenant = tenants::ensure(db).await?;
    let tx = db.system().await?;
    if store::any_user(&tx).await? {
        return Ok(None);
    }
    if let Some((email, password)) = &config.admin {
        drop(tx);
        let user =
            new_user(&Passwords::default(), email, password.clone(), None, Role::Administrator).await?;
        return first(db, tenant.id(), &user).await.map(|_| None);
    }
    let token = ids::token();
    store::set_setup_token(&tx, Some(ids::token_hash(&token))).await?;
    tx.commit().await?;
    Ok(Some(SecretString::from(token)))
}

/// Another node may have made it by now; that is as good.
async fn first(db: &Db, tenant: Uuid, user: &NewUser) -> Result<()> {
    let tx = db.system().await?;
    store::take_setup_token(&tx).await?;
    if store::any_user(&tx).await? {
        return Ok(());
    }
    make(&tx, tenant, user).await?;
    tx.commit().await?;
    tracing::info!(target: "security", user = %user.id, "first administrator made from the settings");
    Ok(())
}

/// Whether the web app shall open the set-up page.
pub async fn needs_setup(db: &Db) -> Result<bool> {
    let tx = db.system().await?;
    Ok(!store::any_user(&tx).await?)
}

/// The set-up page: the first administrator, signed in.
pub async fn setup(
    auth: &Auth,
    token: &str,
    email: &str,
    password: SecretString,
    name: &str,
    address: IpAddr,
) -> Result<Signed> {
    let attempt = auth.limits.sign_in(address, &format!("set-up from {address}")).await?;
    let tx = auth.db().system().await?;
    if store::any_user(&tx).await? {
        return Err(DONE);
    }
    let expected = store::take_setup_token(&tx).await?.unwrap_or_default();
    drop(tx);
    if !bool::from(expected.ct_eq(&ids::token_hash(token))) {
        attempt.failed();
        return Err(Error::Forbidden("That is not the set-up token which the server printed."));
    }
    let user = new_user(&auth.passwords, email, password, Some(name), Role::Administrator).await?;
    let tenant = tenants::ensure(auth.db()).await?.id();
    let tx = auth.db().system().await?;
    // Looked at again under the lock: of two visitors with the token one is first.
    let expected = store::take_setup_token(&tx).await?.unwrap_or_default();
    if store::any_user(&tx).await? || !bool::from(expected.ct_eq(&ids::token_hash(token))) {
        return Err(DONE);
    }
    make(&tx, tenant, &user).await?;
    tracing::info!(target: "security", user = %user.id, %address, "first administrator made on the set-up page");
    begin(tx, tenant, user.id).await?.ok_or(DONE)
}

async fn make(tx: &SystemTx, tenant: Uuid, user: &NewUser) -> Result<()> {
    store::enter(tx, tenant).await?;
    store::insert_user(tx.conn(), tenant, user).await?;
    store::set_setup_token(tx, None).await
}

/// The command line: a user of a tenant (by slug; else the only one). Returns the id.
pub async fn create_admin(
    db: &Db,
    email: &str,
    password: SecretString,
    slug: Option<&str>,
    role: Role,
) -> Result<Uuid> {
    let tenant = match slug {
        Some(slug) => tenants::by_slug(db, slug).await?,
        None => {
            tenants::ensure(db).await?;
            tenants::only(db).await?
        }
    };
    let Some(tenant) = tenant else {
        return Err(Error::invalid("tenant", "unknown", "Name the tenant by its slug."));
    };
    let user = new_user(&Passwords::default(), email, password, None, role).await?;
    let tx = db.system().await?;
    store::take_setup_token(&tx).await?;
    make(&tx, tenant.id(), &user).await?;
    tx.commit().await?;
    tracing::info!(target: "security", user = %user.id, role = role.as_str(), "user made on the command line");
    Ok(user.id)
}

/// Checks the fields and hashes the password. Without a name: the e-mail's first part.
pub(super) async fn new_user(
    passwords: &Passwords,
    email: &str,
    password: SecretString,
    name: Option<&str>,
    role: Role,
) -> Result<NewUser> {
    let email = model::normal_email(email);
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default()).trim().to_owned();
    let errors: Vec<_> = [
        model::check_email(&email),
        password::rule(password.expose_secret(), &[email.as_str(), name.as_str()]),
        model::check_name(&name),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let password_hash = passwords.hash(password).await?;
    Ok(NewUser { id: ids::new(), email, name, role: role.as_str(), password_hash })
}
