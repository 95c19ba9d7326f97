//! Who may do what: module × action × scope, from the role.
//!
//! Owns: the permissions, the presets of the roles, and the one question whether something is within a scope. Pure: the
//! same answer for REST, sockets and SQL filters. Absent on purpose: custom roles (they would be rows), and teams:
//! [`Scope::Team`] is understood, counts as own until there are teams, and no preset has it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The presets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Administrator,
    Manager,
    Agent,
}

/// How far a permission reaches. Ordered: a wider one includes the narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// What is assigned to the user, and what is assigned to nobody.
    Own,
    Team,
    All,
}

/// What can be allowed: `module.action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    InboxRead,
    InboxReply,
    /// Status, assignee, priority, labels.
    InboxManage,
    /// Texts that the whole team uses.
    SavedRepliesManage,
    CustomersRead,
    CustomersWrite,
    KanbanRead,
    KanbanWrite,
    ChannelsRead,
    /// Connect, confirm, see site keys.
    ChannelsManage,
    UsersRead,
    UsersManage,
    SecretsManage,
    /// Read and replay webhook deliveries.
    DeliveriesManage,
}

impl Permission {
    /// Every permission, in the order in which users see them.
    pub const ALL: [Self; 14] = [
        Self::InboxRead,
        Self::InboxReply,
        Self::InboxManage,
        Self::SavedRepliesManage,
        Self::CustomersRead,
        Self::CustomersWrite,
        Self::KanbanRead,
        Self::KanbanWrite,
        Self::ChannelsRead,
        Self::ChannelsManage,
        Self::UsersRead,
        Self::UsersManage,
        Self::SecretsManage,
        Self::DeliveriesManage,
    ];

    /// `module.action`
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InboxRead => "inbox.read",
            Self::InboxReply => "inbox.reply",
            Self::InboxManage => "inbox.manage",
            Self::SavedRepliesManage => "saved_replies.manage",
            Self::CustomersRead => "customers.read",
            Self::CustomersWrite => "customers.write",
            Self::KanbanRead => "kanban.read",
            Self::KanbanWrite => "kanban.write",
            Self::ChannelsRead => "channels.read",
            Self::ChannelsManage => "channels.manage",
            Self::UsersRead => "users.read",
            Self::UsersManage => "users.manage",
            Self::SecretsManage => "secrets.manage",
            Self::DeliveriesManage => "deliveries.manage",
        }
    }
}

impl Scope {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::All => "all",
        }
    }

    /// Whether what belongs to `owner` (nobody: null) is within this scope of `user`.
    pub fn covers(self, user: Uuid, owner: Option<Uuid>) -> bool {
        self == Self::All || owner.is_none_or(|owner| owner == user)
    }
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Manager => "manager",
            Self::Agent => "agent",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Administrator, Self::Manager, Self::Agent].into_iter().find(|role| role.as_str() == text)
    }

    /// How far the role may do that; none: not at all.
    pub fn scope(self, permission: Permission) -> Option<Scope> {
        use Permission as P;
        match (self, permission) {
            (Self::Administrator, _) => Some(Scope::All),
            (_, P::ChannelsManage | P::UsersManage | P::SecretsManage | P::DeliveriesManage) => None,
            // Listing users with their e-mails is part of managing; a manager plans with them.
            (Self::Manager, _) => Some(Scope::All),
            (Self::Agent, P::InboxReply | P::InboxManage) => Some(Scope::Own),
            (Self::Agent, P::UsersRead | P::SavedRepliesManage) => None,
            (
                Self::Agent,
                P::InboxRead
                | P::CustomersRead
                | P::CustomersWrite
                | P::KanbanRead
                | P::KanbanWrite
                | P::ChannelsRead,
            ) => Some(Scope::All),
        }
    }

    /// `module.action:scope` of everything the role may do.
    pub fn permissions(self) -> Vec<String> {
        Permission::ALL
            .into_iter()
            .filter_map(|permission| {
                let scope = self.scope(permission)?;
                Some(format!("{}:{}", permission.as_str(), scope.as_str()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets() {
        assert_eq!(Role::Administrator.permissions().len(), Permission::ALL.len());
        assert_eq!(
            Role::Agent.permissions(),
            [
                "inbox.read:all",
                "inbox.reply:own",
                "inbox.manage:own",
                "customers.read:all",
                "customers.write:all",
                "kanban.read:all",
                "kanban.write:all",
                "channels.read:all"
            ]
        );
        let manager = Role::Manager.permissions();
        assert!(manager.contains(&"inbox.reply:all".to_owned()));
        assert!(!manager.iter().any(|text| {
            text.contains("manage") && !text.starts_with("inbox") && !text.starts_with("saved_replies")
        }));
    }

    #[test]
    fn own_includes_what_nobody_has() {
        let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(Scope::Own.covers(me, Some(me)) && Scope::Own.covers(me, None));
        assert!(!Scope::Own.covers(me, Some(other)) && !Scope::Team.covers(me, Some(other)));
        assert!(Scope::All.covers(me, Some(other)));
        assert!(Scope::Own < Scope::Team && Scope::Team < Scope::All);
    }

    #[test]
    fn names_round_trip() {
        for role in [Role::Administrator, Role::Manager, Role::Agent] {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
