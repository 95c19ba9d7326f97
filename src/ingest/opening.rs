//! The business writes first: a conversation with somebody who may never have written.

use super::batch;
use super::jobs::Context;
use super::leads::e164;
use crate::channels::{self, ChannelKind};
use crate::db::Tenant;
use crate::error::{Error, Result};
use uuid::Uuid;
use webhooks::{Person, PersonId, PersonIdKind};

/// Bytes of a number or an id.
const MAX: usize = 255;

/// To whom the business writes, and where.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub channel_id: Uuid,
    pub channel_kind: ChannelKind,
    id: PersonId,
}

impl Recipient {
    /// Reads a number or an id as the channel has them.
    pub async fn read(context: &Context, tenant: Tenant, channel_id: Uuid, text: &str) -> Result<Self> {
        if text.len() > MAX || text.chars().any(char::is_control) {
            return Err(Error::invalid("recipient", "invalid", "A recipient is a phone number or an id."));
        }
        let tx = context.log.db().read(tenant).await?;
        let kind = channels::kind(&tx, channel_id).await?;
        drop(tx);
        let unknown = || Error::invalid("channel_id", "unknown", "There is no such channel.");
        let channel_kind = kind.ok_or_else(unknown)?;
        let id = match channel_kind {
            ChannelKind::Whatsapp => whatsapp_id(text, context.region(tenant).await?.as_deref())?,
            ChannelKind::Messenger => PersonId { kind: PersonIdKind::Psid, value: text.to_owned() },
            ChannelKind::Instagram => PersonId { kind: PersonIdKind::Igsid, value: text.to_owned() },
            ChannelKind::LeadAds | ChannelKind::Website => {
                let detail = "Nothing can be sent on this channel.";
                return Err(Error::invalid("channel_id", "unsupported", detail));
            }
        };
        Ok(Self { channel_id, channel_kind, id })
    }

    /// Under which the person's ids are found, however they are spelt.
    pub fn key(&self) -> String {
        match self.id.kind {
            PersonIdKind::WaId => webhooks::phone::canonical(&self.id.value),
            _ => self.id.value.clone(),
        }
    }
}

/// The conversation with a recipient, made if there is none: the customer too, on WhatsApp. Exactly one, however often
/// it is asked for.
pub async fn open_thread(context: &Context, tenant: Tenant, recipient: &Recipient) -> Result<Uuid> {
    let person = Person { ids: vec![recipient.id.clone()], name: None, username: None, shared_phone: None };
    // Only on WhatsApp may the business speak first; elsewhere ids are given to who has written.
    let strangers = recipient.channel_kind == ChannelKind::Whatsapp;
    batch::open_thread(&context.log, tenant, recipient.channel_id, &person, strangers).await?.ok_or_else(
        || Error::invalid("recipient", "unknown", "Nobody with this id has written on this channel yet."),
    )
}

/// A number, international or of the region, or a business-scoped id.
fn whatsapp_id(recipient: &str, region: Option<&str>) -> Result<PersonId> {
    let scoped = recipient.split_once('.').is_some_and(|(country, rest)| {
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    });
    if scoped && recipient.len() <= 140 {
        return Ok(PersonId { kind: PersonIdKind::Bsuid, value: recipient.to_owned() });
    }
    let number = e164(recipient, region).ok_or_else(|| {
        Error::invalid(
            "recipient",
            "invalid",
            "That is no phone number. Write it with its country code, as +90….",
        )
    })?;
    Ok(PersonId { kind: PersonIdKind::WaId, value: number.trim_start_matches('+').to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_a_number_or_a_scoped_id() {
        let of = |text: &str| whatsapp_id(text, Some("TR")).ok().map(|id| (id.kind, id.value));
        let number = Some((PersonIdKind::WaId, "905324187650".to_owned()));
        assert_eq!(of("+90 532 418 76 50"), number);
        assert_eq!(of("0532 418 76 50"), number);
        assert_eq!(of("TR.88ab"), Some((PersonIdKind::Bsuid, "TR.88ab".to_owned())));
        for odd in ["", "Ayşe", "12", "TR.", "tr.88", "TR.8 8", "+90"] {
            assert_eq!(of(odd), None, "{odd}");
        }
    }
}
