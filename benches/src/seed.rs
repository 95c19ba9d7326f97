//! Conversations by the hundred thousand, put into the tables by the database itself: webhooks would take hours.

use anyhow::Result;
use tokio_postgres::Client;

/// Messages of each conversation.
pub const EACH: i64 = 10;

/// Brings the number of conversations to `total`, each with a customer, a card and ten messages. One conversation must
/// be there: it tells the channel and the board.
pub async fn conversations(postgres: &Client, total: i64) -> Result<()> {
    let there: i64 = postgres.query_one("select count(*) from conversation", &[]).await?.get(0);
    postgres
        .batch_execute(&format!(
            "begin;
             -- As the owner of the tables; no trigger and no foreign key is asked a million times.
             set local session_replication_role = replica;
             set local synchronous_commit = off;
             create temporary table new_one on commit drop as
                 select c.tenant_id, n, gen_random_uuid() as customer_id, gen_random_uuid() as conversation_id,
                        gen_random_uuid() as card_id, c.channel_id, k.board_id, k.column_id,
                        now() - interval '1 hour' - n * interval '7 seconds' as at
                 from generate_series({there} + 1, {total}) n,
                      (select tenant_id, channel_id from conversation order by id limit 1) c,
                      (select board_id, column_id from card order by id limit 1) k;
             insert into customer (tenant_id, id, name, phone, phone_key, search, created_at)
                 select tenant_id, customer_id, 'Person ' || n, '+9053' || lpad(n::text, 8, '0'), '9053' || lpad(n::text, 8, '0'),
                        'person ' || n || ' +9053' || lpad(n::text, 8, '0'), at from new_one;
             insert into conversation (tenant_id, id, channel_id, customer_id, last_activity_at, last_inbound_at, unread_count,
                                       last_message_at, created_at)
                 select tenant_id, conversation_id, channel_id, customer_id, at, at, n % 3, at, at from new_one;
             insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, sent_at,
                                  author_customer_id, status, created_at)
                 select tenant_id, gen_random_uuid(), conversation_id, channel_id, 'seed.' || n || '.' || m,
                        case when m % 3 = 0 then 'out' else 'in' end, 'text', 'Line ' || m || ' of person ' || n || ' about the corner sofa',
                        at - m * interval '1 minute', case when m % 3 = 0 then null else customer_id end,
                        case when m % 3 = 0 then 'read' end, at - m * interval '1 minute'
                 from new_one, generate_series(0, {EACH} - 1) m;
             update conversation c set last_message_id = m.id from new_one o, message m
                 where c.tenant_id = o.tenant_id and c.id = o.conversation_id and m.tenant_id = o.tenant_id
                   and m.conversation_id = o.conversation_id and m.external_id = 'seed.' || o.n || '.0';
             insert into card (tenant_id, id, board_id, column_id, rank, customer_id, title, source, value_amount, value_currency,
                               last_message_at, created_at)
                 select tenant_id, card_id, board_id, column_id, '80' || lpad(to_hex(n), 8, '0') || '80', customer_id, 'Deal ' || n,
                        'organic', n * 100, 'TRY', at, at from new_one where n <= 100000;
             commit;"
        ))
        .await?;
    postgres.batch_execute("vacuum analyze customer, conversation, message, card").await?;
    Ok(())
}
