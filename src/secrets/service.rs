//! The look-up of a platform's secrets.

use crate::config::{AppSecrets, PlatformSecrets};
use crate::db::Tenant;
use secrecy::SecretString;

/// A webhook address and the app behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Messenger and Lead Ads.
    Meta,
    Whatsapp,
    Instagram,
}

impl Platform {
    /// The word in addresses and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Whatsapp => "whatsapp",
            Self::Instagram => "instagram",
        }
    }
}

/// Secrets of this deployment.
#[derive(Debug, Clone)]
pub struct Secrets {
    environment: PlatformSecrets,
}

impl Secrets {
    pub fn new(environment: PlatformSecrets) -> Self {
        Self { environment }
    }

    /// Secrets that a webhook of the platform may be signed with. Empty: nothing is accepted.
    pub fn app_secrets(&self, platform: Platform, tenant: Option<Tenant>) -> Vec<SecretString> {
        self.app(platform, tenant).app_secret.iter().cloned().collect()
    }

    /// Tokens that prove a subscription. Empty: nothing is accepted.
    pub fn verify_tokens(&self, platform: Platform, tenant: Option<Tenant>) -> Vec<SecretString> {
        self.app(platform, tenant).verify_token.iter().cloned().collect()
    }

    /// Token for calls to Graph.
    pub fn access_token(&self, platform: Platform, tenant: Tenant) -> Option<SecretString> {
        self.app(platform, Some(tenant)).access_token.clone()
    }

    /// Every tenant shares the environment's until it has its own.
    fn app(&self, platform: Platform, _tenant: Option<Tenant>) -> &AppSecrets {
        match platform {
            Platform::Meta => &self.environment.meta,
            Platform::Whatsapp => &self.environment.whatsapp,
            Platform::Instagram => &self.environment.instagram,
        }
    }
}
