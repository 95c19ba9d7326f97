//! Users and sessions: rows, lifetimes and the rules of their fields.
//!
//! Owns: how long things live, and what an e-mail and a name may be. Pure.

use super::policy::Role;
use crate::error::{Error, FieldError};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// A session cookie ends after this, however much it is used; without use after 12 hours (the SQL of `store` says both).
pub(super) const SESSION_DAYS: i64 = 7;
/// A sign-in can't be refreshed for longer.
pub(super) const REFRESH_DAYS: i64 = 30;
/// An access token, in seconds.
pub(super) const ACCESS_SECONDS: i64 = 600;
/// A socket's ticket, in seconds.
pub(super) const TICKET_SECONDS: i64 = 30;

const MAX_EMAIL: usize = 254;
const MAX_NAME: usize = 100;

/// A user as stored.
#[derive(Debug, Clone, QueryableByName)]
pub struct UserRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub role: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub disabled_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Int4)]
    pub version: i32,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// A valid session with its user.
#[derive(Debug, Clone, QueryableByName)]
pub struct SessionRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub signed_in_at: DateTime<Utc>,
    /// Its last use was noted a while ago.
    #[diesel(sql_type = Bool)]
    pub stale: bool,
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub role: String,
}

/// A user as users see them.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct UserView {
    pub id: Uuid,
    /// Null for colleagues, unless one may read users.
    pub email: Option<String>,
    pub name: String,
    pub role: Role,
    /// `module.action:scope`; empty for colleagues, unless one may read users.
    #[schema(example = json!(["inbox.reply:own"]))]
    pub permissions: Vec<String>,
    pub disabled: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl UserRow {
    /// All of it.
    pub fn view(self) -> Result<UserView, Error> {
        let role = role(&self.role)?;
        Ok(UserView {
            id: self.id,
            email: Some(self.email),
            name: self.name,
            role,
            permissions: role.permissions(),
            disabled: self.disabled_at.is_some(),
            version: self.version,
            created_at: self.created_at,
        })
    }

    /// What colleagues see of each other.
    pub fn view_of_colleague(self) -> Result<UserView, Error> {
        Ok(UserView { email: None, permissions: Vec::new(), ..self.view()? })
    }
}

/// A stored role; the table holds no other words.
pub(super) fn role(text: &str) -> Result<Role, Error> {
    Role::parse(text).ok_or_else(|| Error::internal("an unknown role is stored"))
}

/// A secret of a body, hidden from `Debug` from there on.
pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

/// How an e-mail is stored and compared.
pub(super) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An e-mail that can be one; whether it is one, only a mail would tell.
pub(super) fn check_email(email: &str) -> Option<FieldError> {
    let parts = email.split_once('@').filter(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
    });
    let clean = !email.chars().any(|c| c.is_whitespace() || c.is_control() || c == ',' || c == '<');
    if email.len() > MAX_EMAIL {
        field("email", "too_long", "An e-mail address has at most 254 characters.")
    } else if parts.is_none() || !clean {
        field("email", "invalid", "That is no e-mail address.")
    } else {
        None
    }
}

/// A name to show.
pub(super) fn check_name(name: &str) -> Option<FieldError> {
    if name.trim().is_empty() {
        field("name", "required", "A name is needed.")
    } else if name.chars().count() > MAX_NAME {
        field("name", "too_long", "A name has at most 100 characters.")
    } else if name.chars().any(char::is_control) {
        field("name", "invalid", "A name has no control characters.")
    } else {
        None
    }
}

pub(super) fn field(field: &str, code: &'static str, detail: &str) -> Option<FieldError> {
    Some(FieldError { field: field.to_owned(), code, detail: detail.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_and_names() {
        assert_eq!(normal_email(" Ada@Example.COM "), "ada@example.com");
        assert!(check_email("ada@example.com").is_none() && check_email("ada@localhost").is_none());
        for bad in ["", "ada", "@x", "ada@", "a@b@c", "a b@c", "a@b\r\nBcc: x", "a@.b"] {
            assert!(check_email(bad).is_some(), "{bad:?}");
        }
        assert!(check_email(&format!("{}@x.test", "a".repeat(247))).is_none());
        assert!(check_email(&format!("{}@x.test", "a".repeat(248))).is_some());
        assert!(check_name("Ada").is_none() && check_name(&"ü".repeat(100)).is_none());
        assert!(
            check_name(" ").is_some()
                && check_name(&"ü".repeat(101)).is_some()
                && check_name("a\n").is_some()
        );
    }
}
