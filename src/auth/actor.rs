//! Who acts: the signed-in user of a request.
//!
//! Owns: the extractor of signed-in routes and the questions that they ask. Invariant: an [`Actor`] exists only for a
//! session that was valid when the request began. Absent on purpose: how it is found out (`authenticate`), and what a
//! role may do (`policy`).

use super::authenticate;
use super::policy::{Permission, Role, Scope};
use crate::clock;
use crate::db::Tenant;
use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{FutureExt, LocalBoxFuture};
use uuid::Uuid;

/// Longest time since the password was given, for what needs a fresh sign-in.
const STEP_UP: TimeDelta = TimeDelta::minutes(5);

/// A signed-in user.
#[derive(Debug, Clone)]
pub struct Actor {
    pub tenant: Tenant,
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// When the password was given; refreshing doesn't change it.
    pub signed_in_at: DateTime<Utc>,
}

impl Actor {
    /// The scope of a permission, or 403.
    pub fn require(&self, permission: Permission) -> Result<Scope> {
        self.role.scope(permission).ok_or_else(|| {
            metrics::counter!("switchboard_denied_total", "permission" => permission.as_str()).increment(1);
            Error::Forbidden("Your role does not allow that.")
        })
    }

    /// 403 unless the permission reaches what belongs to `owner`; what nobody owns is everybody's.
    pub fn require_own(&self, permission: Permission, owner: Option<Uuid>) -> Result<()> {
        if self.require(permission)?.covers(self.user_id, owner) {
            Ok(())
        } else {
            Err(Error::Forbidden("That belongs to a colleague."))
        }
    }

    /// 403 `step_up_required` unless the password was given a moment ago.
    pub fn require_step_up(&self) -> Result<()> {
        if clock::now() - self.signed_in_at <= STEP_UP {
            Ok(())
        } else {
            Err(Error::ForbiddenCode {
                code: "step_up_required",
                detail: "That needs a sign-in of the last five minutes. Sign in again.",
            })
        }
    }

    /// For the log: who caused an event.
    pub fn label(&self) -> Option<String> {
        Some(format!("user:{}", self.user_id))
    }
}

impl FromRequest for Actor {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { authenticate::of_request(&request).await }.boxed_local()
    }
}

/// A user with the permission `P` (`Allowed<{ Permission::UsersManage as u8 }>`): as an extractor before the body's, so
/// that who may not do it is told so whatever the body looks like.
#[derive(Debug, Clone)]
pub struct Allowed<const P: u8> {
    pub actor: Actor,
    pub scope: Scope,
}

impl<const P: u8> FromRequest for Allowed<P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let actor = authenticate::of_request(&request).await?;
            let permission = Permission::ALL.into_iter().find(|permission| *permission as u8 == P);
            let permission = permission.ok_or_else(|| Error::internal("an unknown permission is asked"))?;
            Ok(Self { scope: actor.require(permission)?, actor })
        }
        .boxed_local()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::auth) fn actor(role: Role) -> Actor {
        Actor {
            tenant: Tenant::proven(Uuid::from_u128(1)),
            user_id: Uuid::from_u128(2),
            session_id: Uuid::from_u128(3),
            email: "a@b.test".to_owned(),
            name: "A".to_owned(),
            role,
            signed_in_at: clock::now(),
        }
    }

    #[test]
    fn permissions_and_owners() {
        let agent = actor(Role::Agent);
        assert!(agent.require(Permission::SecretsManage).is_err());
        assert!(agent.require(Permission::InboxReply).is_ok_and(|scope| scope == Scope::Own));
        assert!(agent.require_own(Permission::InboxReply, None).is_ok());
        assert!(agent.require_own(Permission::InboxReply, Some(agent.user_id)).is_ok());
        assert!(agent.require_own(Permission::InboxReply, Some(Uuid::nil())).is_err());
        assert!(actor(Role::Manager).require_own(Permission::InboxReply, Some(Uuid::nil())).is_ok());
    }

    #[test]
    fn a_fresh_sign_in_is_five_minutes_old_at_most() {
        let mut actor = actor(Role::Administrator);
        assert!(actor.require_step_up().is_ok());
        actor.signed_in_at -= TimeDelta::seconds(299);
        assert!(actor.require_step_up().is_ok());
        actor.signed_in_at -= TimeDelta::seconds(2);
        assert!(actor.require_step_up().is_err_and(|error| error.code() == "step_up_required"));
    }
}
