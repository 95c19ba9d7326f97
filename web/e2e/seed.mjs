// Rows by the ten thousand, put into the tables: webhooks would take minutes.

/** So many conversations with one message each, beside what is there; the newest is `Person 1`. */
export async function seedConversations(server, count) {
  await server.sql(`
    with own as (select tenant_id, id as channel_id from channel where kind = 'whatsapp' limit 1),
    people as (
      insert into customer (tenant_id, id, name, search)
      select tenant_id, gen_random_uuid(), 'Person ' || n, 'person ' || n from own, generate_series(1, ${count}) n
      returning tenant_id, id, name),
    threads as (
      insert into conversation (tenant_id, id, channel_id, customer_id, last_activity_at, last_inbound_at, unread_count)
      select p.tenant_id, gen_random_uuid(), own.channel_id, p.id,
             now() - interval '1 day' - (substr(p.name, 8) || ' seconds')::interval, now() - interval '1 day', 1
      from people p, own
      returning tenant_id, id, channel_id, customer_id, last_activity_at),
    said as (
      insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, sent_at,
                           author_customer_id)
      select tenant_id, gen_random_uuid(), id, channel_id, 'seed.' || id, 'in', 'text', 'Hello', last_activity_at,
             customer_id
      from threads
      returning id, conversation_id)
    select count(*) from said`);
  await server.sql(`
    update conversation c set last_message_id = m.id, last_message_at = m.sent_at
    from message m where m.conversation_id = c.id and c.last_message_id is null and m.external_id like 'seed.%'`);
}

/** So many messages, a minute apart, before those of a conversation; `Line 1` is the newest of them. */
export async function seedMessages(server, conversation, count) {
  await server.sql(`
    insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, sent_at,
                         author_customer_id, status)
    select c.tenant_id, gen_random_uuid(), c.id, c.channel_id, 'line.' || n || '.' || c.id, case when n % 3 = 0 then 'out' else 'in' end,
           'text', 'Line ' || n || repeat(' and more', n % 7), c.last_activity_at - (n || ' minutes')::interval,
           case when n % 3 = 0 then null else c.customer_id end, case when n % 3 = 0 then 'read' end
    from conversation c, generate_series(1, ${count}) n where c.id = '${conversation}'`);
}

/** A colleague of the administrator, with the same password. */
export async function seedUser(server, { email, name, role = 'agent' }) {
  await server.sql(`
    with made as (
      insert into app_user (tenant_id, id, email, name, role)
      select tenant_id, gen_random_uuid(), '${email}', '${name}', '${role}' from app_user where role = 'administrator' limit 1
      returning tenant_id, id)
    insert into credential (email, tenant_id, user_id, password_hash)
    select '${email}', made.tenant_id, made.id, c.password_hash
    from made, credential c where c.tenant_id = made.tenant_id limit 1`);
}
