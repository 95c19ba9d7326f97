//! The second tenant: the same numbers, Pages and message ids as the samples, under a word that must never show.

use super::{sample_channels, sample_index};
use std::collections::BTreeSet;
use switchboard::db::Tenant;
use switchboard::log::Log;
use switchboard::tenants;

/// In every text of the second tenant.
pub const CANARY: &str = "NOISE-CANARY";

/// Makes the second tenant with everything that the samples name.
pub async fn add(log: &Log) -> Tenant {
    let tenant = tenants::create(log.db(), "noise", CANARY).await.unwrap();
    let write = log.begin(tenant, None).await.unwrap();
    let (mut people, mut messages) = (BTreeSet::new(), BTreeSet::new());
    collect(&sample_index()["files"], &mut people, &mut messages);
    let channels: Vec<String> = sample_channels()
        .into_iter()
        .map(|c| format!("('{}', '{}')", c.kind.as_str(), c.account_id))
        .collect();
    let people: Vec<String> =
        people.into_iter().map(|id| format!("('{}')", id.replace('\'', "''"))).collect();
    let messages: Vec<String> =
        messages.into_iter().map(|id| format!("('{}')", id.replace('\'', "''"))).collect();
    let statement = format!(
        "insert into channel (tenant_id, id, kind, account_id, name)
             select '{t}', gen_random_uuid(), kind, id, '{CANARY}' from (values {channels}) as c (kind, id);
         insert into customer (tenant_id, id, name, name_rank, phone, phone_key, email, search)
             select '{t}', gen_random_uuid(), '{CANARY}', 5, '+' || id, id, 'ayse@example.test', lower('{CANARY}') || id
             from (values {people}) as p (id);
         insert into customer_identity (tenant_id, id, customer_id, channel_kind, kind, scope, value, match_key, username)
             select '{t}', gen_random_uuid(), c.id, 'whatsapp', k.kind, '', c.phone_key, c.phone_key, '{CANARY}'
             from customer c, (values ('wa_id'), ('bsuid'), ('psid'), ('igsid'), ('lead')) as k (kind)
             where c.tenant_id = '{t}';
         insert into conversation (tenant_id, id, channel_id, customer_id, last_activity_at)
             select '{t}', gen_random_uuid(), h.id, c.id, now()
             from channel h, customer c where h.tenant_id = '{t}' and c.tenant_id = '{t}';
         insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, sent_at)
             select '{t}', gen_random_uuid(), v.id, v.channel_id, m.id, 'in', 'text', '{CANARY}', now()
             from (values {messages}) as m (id),
                  (select distinct on (channel_id) id, channel_id from conversation where tenant_id = '{t}') v;",
        t = tenant.id(),
        channels = channels.join(","),
        people = people.join(","),
        messages = messages.join(","),
    );
    diesel_async::SimpleAsyncConnection::batch_execute(&mut write.conn(), &statement).await.unwrap();
    write.commit().await.unwrap();
    tenant
}

/// Ids of people and messages anywhere in the samples' expectations.
fn collect(value: &serde_json::Value, people: &mut BTreeSet<String>, messages: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value.as_str()) {
                    ("customer", Some(id)) => {
                        people.insert(id.trim_start_matches("lead:").to_owned());
                    }
                    ("external_id" | "message", Some(id)) => {
                        messages.insert(id.to_owned());
                    }
                    _ => collect(value, people, messages),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, people, messages)),
        _ => {}
    }
}
