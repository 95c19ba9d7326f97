drop function search_customers(uuid, text);
drop table schedule, job;
drop table event;
drop function analyze_grown_tables();
drop function maintain_event_partitions(integer, integer);
drop table card, board_column, board, notification, saved_reply, draft, attachment, file_link, file, message, conversation, activity, attribution, customer_identity,
    customer, parked_fact, message_template, channel_event, webhook_delivery, channel_account, channel, secret, data_key, idempotency_key,
    socket_ticket, refresh_token, access_token, session, credential, app_user, tenant_counter, tenant, installation;
drop extension pg_trgm;
