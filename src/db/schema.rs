//! Made from the migrations; a test compares it with a migrated database. Not edited by hand.

diesel::table! {
    use diesel::sql_types::*;

    access_token (hash) {
        hash -> Bytea,
        session_id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    activity (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        kind -> Text,
        status -> Text,
        data -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    app_user (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        name -> Text,
        role -> Text,
        disabled_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    attachment (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        message_id -> Uuid,
        position -> Int2,
        kind -> Text,
        external_id -> Nullable<Text>,
        uploaded_at -> Nullable<Timestamptz>,
        file_name -> Nullable<Text>,
        mime_type -> Nullable<Text>,
        size -> Nullable<Int8>,
        source_url -> Nullable<Text>,
        sha256 -> Nullable<Text>,
        title -> Nullable<Text>,
        state -> Text,
        file_id -> Nullable<Uuid>,
        width -> Nullable<Int4>,
        height -> Nullable<Int4>,
        duration_ms -> Nullable<Int4>,
        peaks -> Nullable<Bytea>,
        thumbnail -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    attribution (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        key -> Text,
        at -> Timestamptz,
        data -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    board (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        is_default -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    board_column (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        board_id -> Uuid,
        name -> Text,
        kind -> Text,
        position -> Int2,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    card (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        board_id -> Uuid,
        column_id -> Uuid,
        rank -> Text,
        customer_id -> Uuid,
        title -> Text,
        value_amount -> Nullable<Int8>,
        value_currency -> Nullable<Text>,
        source -> Text,
        attribution -> Nullable<Jsonb>,
        assignee_id -> Nullable<Uuid>,
        due_at -> Nullable<Timestamptz>,
        last_message_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    channel (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        account_id -> Text,
        waba_id -> Nullable<Text>,
        name -> Text,
        confirmed -> Bool,
        site_key -> Nullable<Text>,
        stopped -> Nullable<Jsonb>,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    channel_account (kind, account_id) {
        kind -> Text,
        account_id -> Text,
        tenant_id -> Uuid,
        channel_id -> Uuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    channel_event (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        channel_id -> Nullable<Uuid>,
        scope -> Text,
        kind -> Text,
        key -> Text,
        at -> Timestamptz,
        customer_id -> Nullable<Uuid>,
        data -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    conversation (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        channel_id -> Uuid,
        customer_id -> Uuid,
        group_external_id -> Nullable<Text>,
        group_name -> Nullable<Text>,
        status -> Text,
        snoozed_until -> Nullable<Timestamptz>,
        assignee_id -> Nullable<Uuid>,
        priority -> Nullable<Text>,
        labels -> Array<Text>,
        unread_count -> Int4,
        read_sent_at -> Nullable<Timestamptz>,
        read_message_id -> Nullable<Uuid>,
        last_message_id -> Nullable<Uuid>,
        last_message_at -> Nullable<Timestamptz>,
        last_activity_at -> Timestamptz,
        last_inbound_at -> Nullable<Timestamptz>,
        delivered_up_to -> Nullable<Timestamptz>,
        read_up_to -> Nullable<Timestamptz>,
        merged_into -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    credential (email) {
        email -> Text,
        tenant_id -> Uuid,
        user_id -> Uuid,
        password_hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    customer (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        name_rank -> Int2,
        phone -> Nullable<Text>,
        phone_key -> Nullable<Text>,
        email -> Nullable<Text>,
        marketing_opt_out -> Bool,
        merged_into -> Nullable<Uuid>,
        search -> Text,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    customer_identity (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        channel_kind -> Text,
        kind -> Text,
        scope -> Text,
        value -> Text,
        match_key -> Text,
        username -> Nullable<Text>,
        retired_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    data_key (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        wrapped -> Bytea,
        encryptions -> Int8,
        created_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    draft (tenant_id, user_id, conversation_id, kind) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        conversation_id -> Uuid,
        kind -> Text,
        text -> Text,
        reply_to -> Nullable<Uuid>,
        version -> Int4,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    event (tenant_id, seq, at) {
        tenant_id -> Uuid,
        seq -> Int8,
        at -> Timestamptz,
        name -> Text,
        rooms -> Array<Text>,
        data -> Json,
        actor -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    file (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_user_id -> Nullable<Uuid>,
        file_name -> Nullable<Text>,
        mime_type -> Text,
        size -> Int8,
        received -> Int8,
        state -> Text,
        sha256 -> Nullable<Bytea>,
        width -> Nullable<Int4>,
        height -> Nullable<Int4>,
        duration_ms -> Nullable<Int4>,
        peaks -> Nullable<Bytea>,
        thumbnail -> Bool,
        touched_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    file_link (token_hash) {
        token_hash -> Bytea,
        tenant_id -> Uuid,
        file_id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    idempotency_key (tenant_id, user_id, key) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        key -> Text,
        request_hash -> Bytea,
        status -> Nullable<Int2>,
        response -> Nullable<Json>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    installation (sole) {
        sole -> Bool,
        epoch -> Int8,
        setup_token_hash -> Nullable<Bytea>,
        secrets_changes -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    job (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        kind -> Text,
        payload -> Jsonb,
        unique_key -> Nullable<Text>,
        resource -> Nullable<Uuid>,
        asked -> Int4,
        state -> Text,
        run_at -> Timestamptz,
        attempts -> Int4,
        lease_token -> Nullable<Uuid>,
        lease_until -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    message (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        conversation_id -> Uuid,
        channel_id -> Uuid,
        external_id -> Nullable<Text>,
        client_id -> Nullable<Text>,
        direction -> Text,
        kind -> Text,
        text -> Nullable<Text>,
        status -> Nullable<Text>,
        error -> Nullable<Jsonb>,
        reply_to_external_id -> Nullable<Text>,
        send_at -> Nullable<Timestamptz>,
        attempts -> Int2,
        tries -> Int2,
        override_window -> Bool,
        author_user_id -> Nullable<Uuid>,
        author_customer_id -> Nullable<Uuid>,
        mentions -> Nullable<Array<Uuid>>,
        extra -> Jsonb,
        reactions -> Jsonb,
        standby -> Bool,
        history -> Bool,
        edit_rank -> Nullable<Int8>,
        edited_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        sent_at -> Timestamptz,
        created_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    message_template (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        waba_id -> Text,
        external_id -> Text,
        name -> Text,
        language -> Text,
        category -> Text,
        category_at -> Timestamptz,
        status -> Text,
        status_at -> Timestamptz,
        rejected_reason -> Nullable<Text>,
        quality -> Nullable<Text>,
        quality_at -> Timestamptz,
        components -> Jsonb,
        search -> Text,
        synced_at -> Timestamptz,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    notification (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        message_id -> Uuid,
        actor_id -> Uuid,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    parked_fact (tenant_id, channel_id, target, slot) {
        tenant_id -> Uuid,
        channel_id -> Uuid,
        target -> Text,
        slot -> Text,
        data -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    refresh_token (hash) {
        hash -> Bytea,
        session_id -> Uuid,
        expires_at -> Timestamptz,
        replaced_at -> Nullable<Timestamptz>,
        replaced_by -> Nullable<Bytea>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    saved_reply (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        shortcut -> Text,
        text -> Text,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    schedule (name) {
        name -> Text,
        last_run_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    secret (tenant_id, name, version) {
        tenant_id -> Uuid,
        name -> Text,
        version -> Int8,
        data_key_id -> Nullable<Uuid>,
        record -> Nullable<Bytea>,
        created_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
        replaced_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    session (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        token_hash -> Bytea,
        signed_in_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    socket_ticket (hash) {
        hash -> Bytea,
        session_id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    tenant (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        default_region -> Nullable<Text>,
        currency -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    tenant_counter (tenant_id) {
        tenant_id -> Uuid,
        seq -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    webhook_delivery (id) {
        id -> Uuid,
        tenant_id -> Nullable<Uuid>,
        platform -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        attempts -> Int4,
        size -> Int4,
        accounts -> Array<Text>,
        body -> Bytea,
        received_at -> Timestamptz,
        due_at -> Timestamptz,
    }
}
