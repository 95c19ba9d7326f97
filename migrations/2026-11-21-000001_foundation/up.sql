-- The foundation: tenants, sign-in, channels and their journal, customers, inbox, board, log, jobs.
-- Every table leads with tenant_id and is under forced row-level security, except those of the global list
-- (tests/architecture.rs), which are read before a tenant is known.

create extension if not exists pg_trgm;

-- ---------------------------------------------------------------------------------------------------- tenants
create table installation (
    sole boolean primary key default true check (sole),
    -- Changes when a database is restored, so that clients with cursors of the lost future start anew.
    epoch bigint not null,
    -- SHA-256 of the one-time token of the set-up page, while there is no user.
    setup_token_hash bytea,
    -- Rises with each change of a secret, whoever's: nodes look at it to know when to read.
    secrets_changes bigint not null default 0
);
insert into installation (epoch) values ((extract(epoch from clock_timestamp()) * 1000)::bigint);

create table tenant (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text not null,
    -- ISO 3166 country of phone numbers without country code; null: the setting DEFAULT_REGION.
    default_region text,
    currency text not null default 'EUR',
    created_at timestamptz not null default now()
);

-- The place in the tenant's log. Its row lock is always the last that a transaction takes.
create table tenant_counter (
    tenant_id uuid primary key references tenant (id) on delete cascade,
    seq bigint not null default 0
) with (fillfactor = 50);

create table app_user (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    email text not null,
    name text not null,
    role text not null check (role in ('administrator', 'manager', 'agent')),
    disabled_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, email)
);

-- ---------------------------------------------------------------------------------------------------- sign-in
create table credential (
    -- Lower case; one sign-in name in the whole installation.
    email text primary key,
    tenant_id uuid not null,
    user_id uuid not null,
    -- Argon2id, PHC string.
    password_hash text not null,
    foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade
);

create table session (
    id uuid primary key,
    tenant_id uuid not null,
    user_id uuid not null,
    token_hash bytea not null unique,
    signed_in_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade
);
create index session_of_user on session (tenant_id, user_id);
create index session_expiry on session (expires_at);

create table access_token (
    hash bytea primary key,
    session_id uuid not null references session (id) on delete cascade,
    expires_at timestamptz not null
);
create index access_token_session on access_token (session_id);

create table refresh_token (
    hash bytea primary key,
    session_id uuid not null references session (id) on delete cascade,
    expires_at timestamptz not null,
    replaced_at timestamptz,
    replaced_by bytea
);
create index refresh_token_session on refresh_token (session_id);

create table socket_ticket (
    hash bytea primary key,
    session_id uuid not null references session (id) on delete cascade,
    expires_at timestamptz not null
);
create index socket_ticket_session on socket_ticket (session_id);

create table idempotency_key (
    tenant_id uuid not null,
    user_id uuid not null,
    key text not null,
    request_hash bytea not null,
    status smallint,
    response json,
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id, key),
    foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade
);
create index idempotency_key_age on idempotency_key (created_at);

-- ---------------------------------------------------------------------------------------------------- secrets
-- What encrypts a tenant's secrets, itself encrypted by a key of the settings.
create table data_key (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    wrapped bytea not null,
    encryptions bigint not null default 0,
    created_at timestamptz not null default now(),
    -- It decrypts only, until nothing is left of it.
    retired_at timestamptz,
    primary key (tenant_id, id)
);
create unique index data_key_active on data_key (tenant_id) where retired_at is null;

-- Versions of secrets. The current one has no replaced_at; those replaced are accepted for 48 hours.
create table secret (
    tenant_id uuid not null references tenant (id) on delete cascade,
    name text not null,
    -- Never used twice: the record is bound to it.
    version bigint not null,
    -- Both null: the secret was taken out.
    data_key_id uuid,
    record bytea,
    created_at timestamptz not null default now(),
    created_by uuid,
    replaced_at timestamptz,
    primary key (tenant_id, name, version),
    check ((record is null) = (data_key_id is null)),
    foreign key (tenant_id, data_key_id) references data_key (tenant_id, id),
    foreign key (tenant_id, created_by) references app_user (tenant_id, id)
);
create unique index secret_current on secret (tenant_id, name) where replaced_at is null;
create index secret_data_key on secret (tenant_id, data_key_id) where data_key_id is not null;

-- ---------------------------------------------------------------------------------------------------- channels
create table channel (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    kind text not null check (kind in ('whatsapp', 'messenger', 'instagram', 'lead_ads', 'website')),
    account_id text not null,
    -- The WhatsApp business account of a number.
    waba_id text,
    name text not null,
    confirmed boolean not null default false,
    site_key text,
    -- Why nothing is sent any more: {code, title, detail, at, token}, the last a hash of the token that was refused.
    stopped jsonb,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, kind, account_id)
);
create index channel_waba on channel (tenant_id, waba_id) where waba_id is not null;

-- Which tenant owns an account, for webhooks that carry no slug. One owner an account.
create table channel_account (
    kind text not null,
    account_id text not null,
    tenant_id uuid not null,
    channel_id uuid not null,
    primary key (kind, account_id),
    foreign key (tenant_id, channel_id) references channel (tenant_id, id) on delete cascade
);

-- The journal: raw bodies, committed before the platform gets its 200.
create table webhook_delivery (
    id uuid primary key,
    -- Null: of nobody yet. Set by the slug of the address, or when the account's owner is known.
    tenant_id uuid references tenant (id) on delete cascade,
    platform text not null check (platform in ('meta', 'instagram', 'whatsapp')),
    state text not null default 'received' check (state in ('received', 'done', 'failed', 'unrouted')),
    reason text,
    attempts integer not null default 0,
    size integer not null,
    -- Accounts (`kind:id`) that wait for an owner.
    accounts text[] not null default '{}',
    body bytea not null,
    received_at timestamptz not null default now(),
    -- Not before; the sweep leaves rows alone that a live process has just taken.
    due_at timestamptz not null default now() + interval '30 seconds'
) with (fillfactor = 80);
alter table webhook_delivery alter column body set storage external;
create index webhook_delivery_due on webhook_delivery (due_at) where state = 'received';
create index webhook_delivery_unrouted on webhook_delivery using gin (accounts) where state = 'unrouted';
create index webhook_delivery_list on webhook_delivery (tenant_id, id desc);
create index webhook_delivery_age on webhook_delivery (received_at) where state = 'done';

-- What a platform told that is no message; also leads.
create table channel_event (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    -- Null: of a whole WhatsApp business account.
    channel_id uuid,
    -- Channel id, or `waba:` + id.
    scope text not null,
    kind text not null,
    key text not null,
    at timestamptz not null,
    customer_id uuid,
    data jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, scope, kind, key),
    foreign key (tenant_id, channel_id) references channel (tenant_id, id)
);
create index channel_event_list on channel_event (tenant_id, scope, at desc, id desc);
create index channel_event_customer on channel_event (tenant_id, customer_id) where customer_id is not null;

-- Templates of a WhatsApp business account; its numbers share them.
create table message_template (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    waba_id text not null,
    external_id text not null,
    name text not null,
    language text not null,
    -- Words of Meta in lower case, each with the time of the news that told it: an older one changes nothing.
    category text not null,
    category_at timestamptz not null,
    -- `deleted`: not in Meta's list any more.
    status text not null,
    status_at timestamptz not null,
    rejected_reason text,
    quality text,
    quality_at timestamptz not null,
    -- As Meta gives them.
    components jsonb not null,
    -- Lower case: name and body, for search.
    search text not null,
    -- When Meta was last asked for the list that has it.
    synced_at timestamptz not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, waba_id, name, language)
);

-- Facts that came before the message they speak of.
create table parked_fact (
    tenant_id uuid not null references tenant (id) on delete cascade,
    channel_id uuid not null,
    -- External id of the message.
    target text not null,
    -- edit, delete, status, or reaction: + the person.
    slot text not null,
    data jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, channel_id, target, slot),
    foreign key (tenant_id, channel_id) references channel (tenant_id, id) on delete cascade
);
create index parked_fact_age on parked_fact (created_at);

-- ---------------------------------------------------------------------------------------------------- customers
create table customer (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    name text not null,
    -- Where the name comes from: 0 id, 1 number, 2 username, 3 profile or form, 4 address book, 5 a colleague.
    name_rank smallint not null default 0,
    -- E.164.
    phone text,
    -- Canonical digits: equal for the spellings of one number.
    phone_key text,
    email text,
    marketing_opt_out boolean not null default false,
    -- Set on what is left of a customer that was joined to another one.
    merged_into uuid,
    -- Lower case: name, phone, e-mail, usernames and ids, for search.
    search text not null default '',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, merged_into) references customer (tenant_id, id)
);
create index customer_phone on customer (tenant_id, phone_key) where phone_key is not null;
create index customer_email on customer (tenant_id, email) where email is not null;
create index customer_merged on customer (tenant_id, merged_into) where merged_into is not null;
create index customer_list on customer (tenant_id, created_at desc, id desc) where merged_into is null;
create index customer_name on customer (tenant_id, name, id) where merged_into is null;
create index customer_search on customer using gin (search gin_trgm_ops);

create table customer_identity (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    customer_id uuid not null,
    channel_kind text not null,
    kind text not null check (kind in ('wa_id', 'bsuid', 'psid', 'igsid', 'lead')),
    -- The Page or account that a PSID or IGSID belongs to; else empty.
    scope text not null,
    -- As received.
    value text not null,
    -- Canonical form, equal for the spellings of one number.
    match_key text not null,
    username text,
    -- When the person gave the id up (number change): earlier messages are still theirs, later ones are not.
    retired_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
);
create unique index customer_identity_value on customer_identity (tenant_id, kind, scope, value)
    where retired_at is null;
create index customer_identity_match on customer_identity (tenant_id, kind, scope, match_key);
create index customer_identity_customer on customer_identity (tenant_id, customer_id);

-- Every touch that brought a customer: ads, links, forms, UTM parameters.
create table attribution (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    customer_id uuid not null,
    -- What told it (message, event or lead id): the same touch is stored once.
    key text not null,
    at timestamptz not null,
    data jsonb not null,
    primary key (tenant_id, id),
    unique (tenant_id, key),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
);
create index attribution_customer on attribution (tenant_id, customer_id, at);

create table activity (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    customer_id uuid not null,
    kind text not null,
    status text not null default 'pending' check (status in ('pending', 'done')),
    data jsonb not null default '{}',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
);
create index activity_customer on activity (tenant_id, customer_id, created_at desc, id desc);

-- ---------------------------------------------------------------------------------------------------- inbox
create table conversation (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    channel_id uuid not null,
    -- In a group: who wrote first.
    customer_id uuid not null,
    group_external_id text,
    group_name text,
    status text not null default 'open' check (status in ('open', 'pending', 'snoozed', 'resolved')),
    snoozed_until timestamptz,
    assignee_id uuid,
    priority text check (priority in ('low', 'normal', 'high', 'urgent')),
    labels text[] not null default '{}',
    unread_count integer not null default 0,
    -- The place up to which anyone of the team has read.
    read_sent_at timestamptz,
    read_message_id uuid,
    last_message_id uuid,
    last_message_at timestamptz,
    last_activity_at timestamptz not null,
    -- The customer's last message: opens the platform's window.
    last_inbound_at timestamptz,
    -- Messenger and Instagram: all of ours up to here are delivered, read.
    delivered_up_to timestamptz,
    read_up_to timestamptz,
    merged_into uuid,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, channel_id) references channel (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    foreign key (tenant_id, assignee_id) references app_user (tenant_id, id),
    foreign key (tenant_id, merged_into) references conversation (tenant_id, id)
) with (fillfactor = 80);
create unique index conversation_person on conversation (tenant_id, channel_id, customer_id)
    where group_external_id is null and merged_into is null;
create unique index conversation_group on conversation (tenant_id, channel_id, group_external_id)
    where group_external_id is not null and merged_into is null;
create index conversation_customer on conversation (tenant_id, customer_id);
create index conversation_list on conversation (tenant_id, last_activity_at desc, id desc) where merged_into is null;
create index conversation_status on conversation (tenant_id, status, last_activity_at desc, id desc)
    where merged_into is null;
-- The counts: all they need of the open ones.
create index conversation_open on conversation (tenant_id, assignee_id) include (unread_count)
    where status = 'open' and merged_into is null;
create index conversation_assignee on conversation (tenant_id, assignee_id, last_activity_at desc, id desc)
    where merged_into is null;

create table message (
    -- The tenant and the channel are the conversation's: two foreign keys fewer to check for the row that comes most.
    tenant_id uuid not null,
    -- UUIDv7: arrival order.
    id uuid not null,
    conversation_id uuid not null,
    channel_id uuid not null,
    external_id text,
    client_id text,
    direction text not null check (direction in ('in', 'out', 'internal')),
    kind text not null,
    text text,
    -- Null for incoming.
    status text check (status in ('queued', 'sending', 'sent', 'delivered', 'read', 'played', 'failed',
                                  'uncertain', 'held')),
    error jsonb,
    reply_to_external_id text,
    -- Ours: not to be sent before; how often it was given to the platform, in all and since a person last asked for it;
    -- to be sent though the platform's window is closed.
    send_at timestamptz,
    attempts smallint not null default 0,
    tries smallint not null default 0,
    override_window boolean not null default false,
    author_user_id uuid,
    -- Who wrote an incoming one.
    author_customer_id uuid,
    -- Colleagues whom a note names, in order; null: nobody.
    mentions uuid[],
    -- What only some kinds have (payload, location, order, …), as REST gives it.
    extra jsonb not null default '{}',
    -- [{emoji, by, actor, at}], one an actor.
    reactions jsonb not null default '[]',
    standby boolean not null default false,
    history boolean not null default false,
    -- What the applied edit compares by: the platform's count, or its time in ms.
    edit_rank bigint,
    edited_at timestamptz,
    deleted_at timestamptz,
    -- The platform's time.
    sent_at timestamptz not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade,
    foreign key (tenant_id, author_user_id) references app_user (tenant_id, id),
    foreign key (tenant_id, author_customer_id) references customer (tenant_id, id)
) with (fillfactor = 85);
create unique index message_external on message (tenant_id, channel_id, external_id) where external_id is not null;
create unique index message_client on message (tenant_id, conversation_id, client_id) where client_id is not null;
create index message_thread on message (tenant_id, conversation_id, sent_at desc, id desc);
-- Who quotes a message, for when it comes after its answer.
create index message_quote on message (tenant_id, channel_id, reply_to_external_id)
    where reply_to_external_id is not null;
create index message_author on message (tenant_id, author_customer_id) where author_customer_id is not null;
-- What is still on its way out.
create index message_outbox on message (tenant_id, conversation_id, id)
    where status in ('queued', 'sending', 'uncertain', 'held');

-- A file that was uploaded or fetched; its bytes are in the store of files, under the tenant's and its own id.
create table file (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    -- Who uploads it; null: fetched from a platform.
    owner_user_id uuid,
    file_name text,
    -- As announced; once it is ready, what its bytes are.
    mime_type text not null,
    size bigint not null,
    -- Bytes of an upload that are here.
    received bigint not null default 0,
    state text not null default 'uploading' check (state in ('uploading', 'ready')),
    sha256 bytea,
    width integer,
    height integer,
    duration_ms integer,
    -- Loudness over the time, one byte each.
    peaks bytea,
    thumbnail boolean not null default false,
    touched_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, owner_user_id) references app_user (tenant_id, id)
);
create index file_touched on file (tenant_id, touched_at);

-- An address under which a platform may fetch a file, for an hour; the token's hash.
create table file_link (
    token_hash bytea primary key,
    tenant_id uuid not null,
    file_id uuid not null,
    expires_at timestamptz not null,
    foreign key (tenant_id, file_id) references file (tenant_id, id) on delete cascade
);
create index file_link_file on file_link (tenant_id, file_id);
create index file_link_expires on file_link (expires_at);

create table attachment (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    message_id uuid not null,
    position smallint not null,
    kind text not null,
    -- The platform's id: what came by, or what our upload got.
    external_id text,
    -- When our upload got it; such ids end.
    uploaded_at timestamptz,
    file_name text,
    mime_type text,
    size bigint,
    -- Where the platform keeps it; expires; never leaves the server.
    source_url text,
    sha256 text,
    title text,
    state text not null default 'pending' check (state in ('pending', 'ready', 'failed')),
    file_id uuid,
    width integer,
    height integer,
    duration_ms integer,
    peaks bytea,
    thumbnail boolean not null default false,
    primary key (tenant_id, id),
    foreign key (tenant_id, message_id) references message (tenant_id, id),
    foreign key (tenant_id, file_id) references file (tenant_id, id)
);
create index attachment_message on attachment (tenant_id, message_id, position);
create index attachment_file on attachment (tenant_id, file_id) where file_id is not null;

-- What a user has begun to write, on whatever device.
create table draft (
    tenant_id uuid not null references tenant (id) on delete cascade,
    user_id uuid not null,
    conversation_id uuid not null,
    kind text not null check (kind in ('reply', 'note')),
    text text not null,
    reply_to uuid,
    version integer not null default 1,
    updated_at timestamptz not null default now(),
    primary key (tenant_id, user_id, conversation_id, kind),
    foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade,
    foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);

create table saved_reply (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    shortcut text not null,
    text text not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
create unique index saved_reply_shortcut on saved_reply (tenant_id, lower(shortcut));

-- What a user is to look at. The conversation is the message's, also after a merge.
create table notification (
    tenant_id uuid not null references tenant (id) on delete cascade,
    -- UUIDv7: the order of the list.
    id uuid not null,
    user_id uuid not null,
    kind text not null check (kind in ('mention')),
    message_id uuid not null,
    -- Who caused it.
    actor_id uuid not null,
    created_at timestamptz not null default now(),
    read_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, message_id, user_id, kind),
    foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade,
    foreign key (tenant_id, actor_id) references app_user (tenant_id, id) on delete cascade,
    foreign key (tenant_id, message_id) references message (tenant_id, id) on delete cascade,
    check (user_id <> actor_id)
);
create index notification_list on notification (tenant_id, user_id, id desc);
create index notification_unread on notification (tenant_id, user_id, id desc) where read_at is null;

-- ---------------------------------------------------------------------------------------------------- kanban
create table board (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    name text not null,
    is_default boolean not null default false,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
create unique index board_default on board (tenant_id) where is_default;

create table board_column (
    tenant_id uuid not null,
    id uuid not null,
    board_id uuid not null,
    name text not null,
    kind text not null check (kind in ('open', 'won', 'lost')),
    position smallint not null,
    primary key (tenant_id, id),
    unique (tenant_id, board_id, position),
    foreign key (tenant_id, board_id) references board (tenant_id, id) on delete cascade
);

create table card (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    board_id uuid not null,
    column_id uuid not null,
    -- Fractional index, hex: byte order is board order; a move writes this row only.
    rank text collate "C" not null,
    customer_id uuid not null,
    title text not null,
    value_amount bigint,
    value_currency text,
    source text not null check (source in ('organic', 'ad', 'lead_ad', 'website')),
    attribution jsonb,
    assignee_id uuid,
    due_at timestamptz,
    last_message_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, board_id) references board (tenant_id, id),
    foreign key (tenant_id, column_id) references board_column (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    foreign key (tenant_id, assignee_id) references app_user (tenant_id, id)
) with (fillfactor = 85);
create index card_column on card (tenant_id, column_id, rank, id);
create index card_customer on card (tenant_id, customer_id);

-- ---------------------------------------------------------------------------------------------------- log
create table event (
    tenant_id uuid not null,
    -- Gapless a tenant, in commit order.
    seq bigint not null,
    at timestamptz not null default now(),
    name text not null,
    rooms text[] not null,
    data json not null,
    -- Who caused it: user:<id>, webhook, job, …
    actor text,
    primary key (tenant_id, seq, at)
) partition by range (at);

-- Partitions from yesterday to `ahead` days from now; drops those older than `keep` days. Returns the dropped. One at a
-- time. Both lock the log as a whole: who can't have that soon gives up, as everybody else waits behind him.
create function maintain_event_partitions(ahead integer, keep integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public set lock_timeout = '2s' as $$
declare
    day date;
    part record;
    dropped integer := 0;
begin
    perform pg_advisory_xact_lock(7310003);
    for day in select generate_series(current_date - 1, current_date + ahead, interval '1 day')::date loop
        if to_regclass(format('public.event_%s', to_char(day, 'YYYYMMDD'))) is null then
            execute format('create table public.event_%s partition of public.event for values from (%L) to (%L)',
                to_char(day, 'YYYYMMDD'), day, day + 1);
        end if;
    end loop;
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'public.event'::regclass and c.relname ~ '^event_[0-9]{8}$'
          and to_date(substr(c.relname, 7), 'YYYYMMDD') < current_date - keep
    loop
        execute format('drop table public.%I', part.relname);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
select maintain_event_partitions(7, 36500);

-- ---------------------------------------------------------------------------------------------------- jobs
create table job (
    id uuid primary key,
    tenant_id uuid not null references tenant (id) on delete cascade,
    kind text not null,
    payload jsonb not null,
    -- Same kind and key: one job.
    unique_key text,
    -- What it uses that is slow or broken for all who use it: a channel.
    resource uuid,
    -- Goes up whenever it was asked for again: what was asked while it ran must not be forgotten.
    asked integer not null default 1,
    state text not null default 'queued' check (state in ('queued', 'dead')),
    run_at timestamptz not null default now(),
    attempts integer not null default 0,
    -- The lease: who holds it, until when.
    lease_token uuid,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null default now()
);
create unique index job_unique on job (tenant_id, kind, unique_key) where unique_key is not null;
create index job_ready on job (run_at) where state = 'queued';

-- Schedules that run once across all nodes.
create table schedule (
    name text primary key,
    last_run_at timestamptz not null
);

-- ---------------------------------------------------------------------------------------------------- statistics
-- Looks anew at tables whose rows have doubled since they were last looked at, as long as they are small: PostgreSQL
-- itself comes by once a minute, and plans made for small tables are bad ones until then. Rows count, not pages: those of
-- an open transaction fill pages, but show to nobody yet. A table of a few rows says nothing about what will be in it.
-- Returns how many.
create function analyze_grown_tables() returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    grown record;
    looked_at integer := 0;
begin
    -- One node at a time.
    if not pg_try_advisory_xact_lock(hashtextextended('analyze_grown_tables', 0)) then
        return 0;
    end if;
    for grown in
        select c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relpages < 10000
          and pg_stat_get_live_tuples(c.oid) >= 2 * greatest(c.reltuples, 50)
    loop
        execute format('analyze public.%I', grown.relname);
        looked_at := looked_at + 1;
    end loop;
    return looked_at;
end $$;

-- ---------------------------------------------------------------------------------------------------- search
-- Under row-level security LIKE may not use the trigram index (it is not leakproof); this door, which takes the
-- tenant explicitly, may.
create function search_customers(tenant uuid, pattern text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select id from public.customer
    where tenant_id = tenant and merged_into is null and search like pattern escape '\'
$$;

-- ---------------------------------------------------------------------------------------------------- the wall
do $$
declare
    t text;
begin
    foreach t in array array['app_user', 'idempotency_key', 'data_key', 'secret', 'channel', 'channel_event', 'message_template', 'parked_fact',
        'customer', 'customer_identity', 'attribution', 'activity', 'conversation', 'message', 'file', 'attachment', 'draft',
        'saved_reply', 'notification', 'board', 'board_column', 'card', 'event']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format($policy$create policy tenant_wall on %I using (tenant_id =
            (select nullif(current_setting('app.tenant_id', true), '')::uuid))$policy$, t);
    end loop;
end $$;
