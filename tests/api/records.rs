//! One record of each kind, for tests that go over all routes: the same in the tenant under test and in *noise*.

use crate::support::TestApp;
use std::collections::BTreeMap;
use switchboard::ids;
use tokio_postgres::Client;
use uuid::Uuid;

/// The kinds, as [`Records::id`] takes them.
pub const KINDS: [&str; 16] = [
    "activity",
    "attachment",
    "board",
    "card",
    "channel",
    "column",
    "conversation",
    "customer",
    "delivery",
    "file",
    "message",
    "notification",
    "own_message",
    "saved_reply",
    "template",
    "user",
];

/// Digits of the one customer's phone number, and the platform's id of the one message: equal in both tenants.
pub const PHONE: &str = "905329998877";
pub const EXTERNAL: &str = "wamid.same-in-both";

/// The records of one tenant.
#[derive(Debug, Clone)]
pub struct Records {
    pub tenant: Uuid,
    pub site_key: String,
    ids: BTreeMap<&'static str, Uuid>,
}

impl Records {
    pub fn id(&self, kind: &str) -> Uuid {
        self.ids[kind]
    }

    pub fn all(&self) -> impl Iterator<Item = Uuid> {
        self.ids.values().copied()
    }

    /// Ids that nobody has.
    pub fn of_nobody(tenant: Uuid) -> Self {
        let ids = KINDS.into_iter().map(|kind| (kind, ids::new())).collect();
        Self { tenant, site_key: String::new(), ids }
    }

    /// Makes one record of each kind, with `text` in everything that people write.
    pub async fn add(owner: &Client, tenant: Uuid, text: &str) -> Self {
        let mut records = Self::of_nobody(tenant);
        records.insert(owner, text, true).await;
        let key = "select account_id from channel_account where kind = 'site_key' and tenant_id = $1";
        records.site_key = owner.query_one(key, &[&tenant]).await.unwrap().get(0);
        records
    }

    /// The same ids once more, in another tenant. A delivery's id is one of the whole installation: not that one.
    pub async fn add_twins(&self, owner: &Client, tenant: Uuid, text: &str) {
        let twins = Self { tenant, ..self.clone() };
        twins.insert(owner, text, false).await;
    }

    async fn insert(&self, owner: &Client, text: &str, delivery: bool) {
        let id = |kind| self.id(kind);
        let (t, user, customer, channel) = (self.tenant, id("user"), id("customer"), id("channel"));
        let (conversation, message, board, column) =
            (id("conversation"), id("message"), id("board"), id("column"));
        // Twins beside records of their own: what is unique in a tenant comes from the ids.
        let account = channel.simple();
        let statement = format!(
            "insert into app_user (tenant_id, id, email, name, role) values ('{t}', '{user}', '{user}@example.test', '{text}', 'agent');
             insert into channel (tenant_id, id, kind, account_id, waba_id, name, confirmed)
                 values ('{t}', '{channel}', 'whatsapp', '{account}', '{account}', '{text}', true);
             insert into message_template (tenant_id, id, waba_id, external_id, name, language, category, category_at, status,
                                           status_at, quality_at, components, search, synced_at)
                 values ('{t}', '{template}', '{account}', '{template}', '{template}', 'en', 'utility', now(), 'approved', now(),
                         now(), '[{{\"type\": \"BODY\", \"text\": \"{text}\"}}]', lower('{text}'), now());
             insert into channel_event (tenant_id, id, channel_id, scope, kind, key, at, data)
                 values ('{t}', '{channel}', '{channel}', '{channel}', 'comment', '{channel}', now(), '{{\"text\": \"{text}\"}}');
             insert into customer (tenant_id, id, name, name_rank, phone, phone_key, email, search)
                 values ('{t}', '{customer}', '{text}', 5, '+{PHONE}', '{PHONE}', 'same@example.test',
                         lower('{text}') || ' +{PHONE} same@example.test same-username');
             insert into customer_identity (tenant_id, id, customer_id, channel_kind, kind, scope, value, match_key, username)
                 values ('{t}', '{customer}', '{customer}', 'whatsapp', 'bsuid', '{account}', '{account}', '{account}', 'same-username');
             insert into attribution (tenant_id, id, customer_id, key, at, data)
                 values ('{t}', '{customer}', '{customer}', '{customer}', now(), '{{\"source\": \"{text}\"}}');
             insert into activity (tenant_id, id, customer_id, kind, data)
                 values ('{t}', '{activity}', '{customer}', 'website_lead', '{{\"message\": \"{text}\"}}');
             insert into conversation (tenant_id, id, channel_id, customer_id, labels, unread_count, last_message_id, last_activity_at)
                 values ('{t}', '{conversation}', '{channel}', '{customer}', array['{text}'], 1, '{message}', now());
             insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, sent_at)
                 values ('{t}', '{message}', '{conversation}', '{channel}', '{EXTERNAL}', 'in', 'text', '{text}', now());
             insert into message (tenant_id, id, conversation_id, channel_id, client_id, direction, kind, text, status, sent_at)
                 values ('{t}', '{own}', '{conversation}', '{channel}', '{own}', 'out', 'text', '{text}', 'failed', now());
             insert into file (tenant_id, id, owner_user_id, file_name, mime_type, size, received, state)
                 select '{t}', '{file}', id, '{text}', 'text/plain', 3, 3, 'ready'
                 from app_user where tenant_id = '{t}' order by created_at, id limit 1;
             insert into attachment (tenant_id, id, message_id, position, kind, file_name, state, external_id)
                 values ('{t}', '{attachment}', '{message}', 0, 'document', '{text}', 'failed', '{attachment}');
             insert into draft (tenant_id, user_id, conversation_id, kind, text)
                 values ('{t}', '{user}', '{conversation}', 'note', '{text}');
             insert into notification (tenant_id, id, user_id, kind, message_id, actor_id)
                 select '{t}', '{notification}', id, 'mention', '{own}', '{user}' from app_user where tenant_id = '{t}' and id <> '{user}' order by created_at, id limit 1;
             insert into saved_reply (tenant_id, id, shortcut, text) values ('{t}', '{saved}', '{saved}', '{text}');
             insert into board (tenant_id, id, name) values ('{t}', '{board}', '{text}');
             insert into board_column (tenant_id, id, board_id, name, kind, position)
                 values ('{t}', '{column}', '{board}', '{text}', 'open', 0);
             insert into card (tenant_id, id, board_id, column_id, rank, customer_id, title, source)
                 values ('{t}', '{card}', '{board}', '{column}', '80', '{customer}', '{text}', 'organic');",
            activity = id("activity"),
            attachment = id("attachment"),
            file = id("file"),
            card = id("card"),
            notification = id("notification"),
            own = id("own_message"),
            saved = id("saved_reply"),
            template = id("template"),
        );
        owner.batch_execute(&statement).await.unwrap();
        if delivery {
            add_delivery(owner, Some(self.tenant), id("delivery"), text).await;
        }
    }
}

/// A webhook that failed; of nobody when there is no tenant.
pub async fn add_delivery(owner: &Client, tenant: Option<Uuid>, id: Uuid, text: &str) {
    let body = format!("{{\"object\": \"page\", \"entry\": [], \"note\": \"{text}\"}}").into_bytes();
    let state = if tenant.is_some() { "failed" } else { "unrouted" };
    owner
        .execute(
            "insert into webhook_delivery (id, tenant_id, platform, state, reason, size, body)
             values ($1, $2, 'meta', $3, $4, length($5::bytea), $5::bytea)",
            &[&id, &tenant, &state, &text, &body],
        )
        .await
        .unwrap();
}

/// A token of a new session of that user, like one of a sign-in.
pub async fn token_of(app: &TestApp, tenant: Uuid, user: Uuid) -> String {
    let token: String = format!("test-{}{}", ids::new().simple(), "0".repeat(6));
    app.database
        .owner()
        .execute(
            "with s as (insert into session (id, tenant_id, user_id, token_hash, expires_at)
                 values (gen_random_uuid(), $1, $2, $3, now() + interval '1 day') returning id)
             insert into access_token (hash, session_id, expires_at)
                 select $3, id, now() + interval '1 day' from s",
            &[&tenant, &user, &ids::token_hash(&token).as_slice()],
        )
        .await
        .unwrap();
    token
}

/// A new user of that role, signed in.
pub async fn user_of(app: &TestApp, tenant: Uuid, role: &str) -> (Uuid, String) {
    let id = ids::new();
    let add = "insert into app_user (tenant_id, id, email, name, role) values ($1, $2, $4, $3, $3)";
    app.database.owner().execute(add, &[&tenant, &id, &role, &format!("{id}@example.test")]).await.unwrap();
    (id, token_of(app, tenant, id).await)
}

/// What every table holds, as one digest each: all rows, or those of one tenant.
pub async fn digest(owner: &Client, tenant: Option<Uuid>) -> BTreeMap<String, String> {
    let tables = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition";
    let mut digest = BTreeMap::new();
    for row in owner.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        // Being seen is no change of a session.
        let row = if table == "session" { "(to_jsonb(t) - 'last_seen_at')::text" } else { "t::text" };
        let rows = format!(
            "select count(*) || ' ' || coalesce(md5(string_agg({row}, '|' order by {row})), '') from {table} t
             where $1::uuid is null or tenant_id = $1"
        );
        digest.insert(table, owner.query_one(&rows, &[&tenant]).await.unwrap().get(0));
    }
    digest
}
