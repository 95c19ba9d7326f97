// Made from openapi.json by `npm run types`; not edited by hand.

export interface paths {
    "/api/public/leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a lead of the website's form: JSON or a form. Phone or e-mail is required. */
        post: operations["take"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Activities of a customer, newest first. Needs `customers.read`. */
        get: operations["list_activities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activities/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Marks an activity as done, or pending again. Needs `customers.write`. */
        patch: operations["edit_activity"];
        trace?: never;
    };
    "/api/v1/attachments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The file of an attachment, whole or a `Range` of it. Needs `inbox.read`, in its scope.
         * @description Pictures, sounds and films are shown in place, anything else is saved; so are they with `download=true`.
         */
        get: operations["read_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments/{id}/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetches a file again that could not be had; any other one stays as it is. Needs `inbox.read`, in its scope. */
        post: operations["fetch_attachment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments/{id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A small picture of an attachment's file, at most 480 pixels wide and high. Needs `inbox.read`, in its scope. */
        get: operations["read_thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in by e-mail and password. */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session, its tokens and its sockets. */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New tokens for the refresh cookie. The same one again, later, ends the session. */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether there is no user yet, so that the app opens the set-up page. */
        get: operations["setup_state"];
        put?: never;
        /** Makes the first administrator, and signs in. Only while there is no user. */
        post: operations["setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A one-time ticket that signs a socket in, for clients that can send neither cookie nor header. */
        post: operations["ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Boards with their columns, without cards; the default one first. Needs `kanban.read`. */
        get: operations["list_boards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One board with the first cards of each column, by rank. Needs `kanban.read`. */
        get: operations["show_board"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/{id}/columns/{column_id}/cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cards of a column, by rank: the pages after the board's own. Needs `kanban.read`. */
        get: operations["list_cards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cards/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One card. Needs `kanban.read`. */
        get: operations["show_card"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Moves or edits a card. Needs `kanban.write`. */
        patch: operations["edit_card"];
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The business's accounts. Permission `channels.read`; `site_key` only for administrators. */
        get: operations["list_channels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Names or confirms a channel. Permission `channels.manage`. */
        patch: operations["change_channel"];
        trace?: never;
    };
    "/api/v1/channels/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the platform told of the channel that is no message, newest first. Permission `channels.read`. */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The templates of a WhatsApp number, by name and language, without those that are gone. A list that is still empty is
         *     asked for at the platform. Needs `inbox.read`.
         */
        get: operations["list_templates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}/templates/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the platform for the templates of a WhatsApp number anew; they are there within seconds. Needs `channels.manage`. */
        post: operations["sync_templates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Conversations, newest activity first. Needs `inbox.read`. */
        get: operations["list_conversations"];
        put?: never;
        /**
         * Writes first: the conversation with a recipient on a channel, made if there is none, with this message in it. Needs
         *     `inbox.reply`, in its scope.
         * @description Nothing is made when the message can't be sent: on WhatsApp somebody who has not written takes templates only.
         */
        post: operations["begin_conversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many open conversations there are, as the user may see them. Needs `inbox.read`. */
        get: operations["count_conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One conversation; the id of a merged one gives the one that is left. Needs `inbox.read`. */
        get: operations["show_conversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Edits a conversation. Needs `inbox.manage`, in its scope. */
        patch: operations["edit_conversation"];
        trace?: never;
    };
    "/api/v1/conversations/{id}/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The user's drafts in a conversation, of a reply and of a note. Needs `inbox.read`. */
        get: operations["list_drafts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/drafts/note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps the draft of a note, for all devices of the user. Needs `inbox.read`. */
        put: operations["keep_note_draft"];
        post?: never;
        /** Forgets the draft of a note. Needs `inbox.read`. */
        delete: operations["forget_note_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/drafts/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps the draft of a reply, for all devices of the user. Needs `inbox.read`. */
        put: operations["keep_reply_draft"];
        post?: never;
        /** Forgets the draft of a reply. Needs `inbox.read`. */
        delete: operations["forget_reply_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages of a conversation, newest first: the platform's time, then arrival. Needs `inbox.read`. */
        get: operations["list_messages"];
        put?: never;
        /**
         * Writes a message to the customer, or a note. Needs `inbox.reply`, in its scope.
         * @description The message is `queued`, and goes out after those before it in the conversation. The same `client_id` again gives the
         *     same message.
         */
        post: operations["send_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells that the team has read up to a message; an earlier one changes nothing. Needs `inbox.read`. */
        post: operations["mark_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/typing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows the customer that somebody types, for some seconds. Needs `inbox.reply`, in its scope. Nothing is stored. */
        post: operations["type_on"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Customers, as a list by cursor or a table by page. Needs `customers.read`. */
        get: operations["list_customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One customer; the id of a merged one gives the one that is left. Needs `customers.read`. */
        get: operations["show_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Edits a customer. Needs `customers.write`. */
        patch: operations["edit_customer"];
        trace?: never;
    };
    "/api/v1/customers/{id}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything around a customer at one moment: the customer viewer. Needs `customers.read`, `inbox.read` (in its scope)
         *     and `kanban.read`.
         */
        get: operations["show_details"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page to read and try the interface. */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins an upload; its parts follow by `PATCH`. Needs `inbox.reply`.
         * @description One that stands still is deleted within the hour, and so is a file that no message has after a day. 429: a hundred files,
         *     or 1 GiB, wait for their messages already.
         */
        post: operations["begin_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An upload of one's own, to go on with. Needs `inbox.reply`. */
        get: operations["show_upload"];
        put?: never;
        post?: never;
        /** Deletes an upload of one's own that no message has. Needs `inbox.reply`. */
        delete: operations["cancel_upload"];
        options?: never;
        head?: never;
        /**
         * The next part of an upload: `part_size` bytes, the last one what is left. Needs `inbox.reply`; one's own upload.
         * @description Safe to repeat: at another place than `received` it is 409 `wrong_offset` with the upload as `current`. The last part
         *     answers the file as it was found to be; if it could not be stored just then (503), an empty part asks for that again.
         */
        patch: operations["upload_part"];
        trace?: never;
    };
    "/api/v1/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes back a message that the platform was not given, or a note of one's own. Needs `inbox.reply`, in its scope. */
        delete: operations["take_back_message"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/reaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Reacts to a message, in the place of an earlier reaction of the business. Needs `inbox.reply`, in its scope. */
        put: operations["react"];
        post?: never;
        /** Takes the business's reaction to a message back. Needs `inbox.reply`, in its scope. */
        delete: operations["take_reaction_back"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a message again that `failed`, is `held`, or, with `sure`, is `uncertain`. Needs `inbox.reply`, in its scope. */
        post: operations["retry_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The user's own notifications, newest first, and how many are unread. Needs `inbox.read`. */
        get: operations["list_notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks notifications of the user as read, or all of them. Needs `inbox.read`. */
        post: operations["read_notifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The description of this interface (OpenAPI 3.1). */
        get: operations["document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/realtime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live events of the tenant
         * @description A WebSocket with JSON text frames (subprotocol `switchboard.v1`, or none asked for). Signed in by the session cookie,
         *     with an allowed `Origin`; by `Authorization: Bearer`; or by a one-time `ticket` of `POST /auth/ticket`. The first frame
         *     of the client is `hello`.
         */
        get: operations["connect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/saved-replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The team's saved replies, by their shortcut. Needs `inbox.read`. */
        get: operations["list_saved_replies"];
        put?: never;
        /** Makes a saved reply. Needs `saved_replies.manage`. */
        post: operations["create_saved_reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/saved-replies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a saved reply. Needs `saved_replies.manage`. */
        delete: operations["delete_saved_reply"];
        options?: never;
        head?: never;
        /** Changes a saved reply. Needs `saved_replies.manage`. */
        patch: operations["edit_saved_reply"];
        trace?: never;
    };
    "/api/v1/system-config/definitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every secret: what it is for, how to get it, whether it is set. Never its value. Needs `secrets.manage`. */
        get: operations["list_definitions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system-config/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sets a secret, on every node within two seconds. The app secret or verify token before it is accepted for 48 hours
         *     more. Needs `secrets.manage` and a sign-in of the last five minutes.
         */
        put: operations["set_secret"];
        post?: never;
        /**
         * Takes a secret out, with its former values, at once; the environment's counts again. Needs `secrets.manage` and a
         *     sign-in of the last five minutes.
         */
        delete: operations["delete_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody of the tenant, by name. E-mails and permissions are shown to managers and administrators. */
        get: operations["list_users"];
        put?: never;
        /** Adds a user. Permission `users.manage`. */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a user. Another role, or being disabled, ends that user's sessions. Permission `users.manage`. */
        patch: operations["change_user"];
        trace?: never;
    };
    "/api/v1/webhook-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks as they were received, newest first. Permission `deliveries.manage`. */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends many webhooks through ingest again. Permission `deliveries.manage`. */
        post: operations["replay_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One webhook with its body, personal data masked. Permission `deliveries.manage`. */
        get: operations["show_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends one webhook through ingest again; what it did already, it does not do twice. Permission
         *     `deliveries.manage`.
         */
        post: operations["replay_one"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers. */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The database answers too, the stored secrets can be read, and the process is not about to end. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file for a platform that fetches what is sent by itself. The token is the permission; it lives for an hour. */
        get: operations["linked"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics: for a peer on this machine that no proxy speaks for, else for an administrator's bearer token. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Activity: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            customer_id: string;
            /** @description `whatsapp_lead`, `instagram_lead`, `messenger_lead`, `meta_lead_form`, `website_lead`, `reapplied`, … */
            kind: string;
            status: components["schemas"]["ActivityStatus"];
            data: components["schemas"]["ActivityData"];
            /** Format: date-time */
            created_at: string;
            /** Format: int32 */
            version: number;
        };
        ActivityChanged: {
            activity: components["schemas"]["Activity"];
        };
        /** @description What is known of an activity, by its kind; for the API description. */
        ActivityData: {
            /**
             * Format: uuid
             * @description Where the customer wrote.
             */
            channel_id?: string | null;
            lead_id?: string | null;
            /** @description The answers of a lead form, as Graph gave them. */
            fields?: components["schemas"]["FormField"][] | null;
            /** @description What was written into the website's form. */
            message?: string | null;
            /** @description As it was written there. */
            phone?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description What a colleague changes of an activity. */
        ActivityPatch: {
            status?: components["schemas"]["ActivityStatus"];
            /**
             * Format: int32
             * @description The version that was edited: a stale one is a 409; without it the last write wins.
             */
            version?: number;
        };
        /** @enum {string} */
        ActivityStatus: "pending" | "done";
        /** @description Sending again. */
        Again: {
            /** @description Also a message that may have arrived. */
            sure?: boolean;
        };
        Attachment: {
            /** Format: uuid */
            id: string;
            kind: string;
            external_id?: string | null;
            /** @description As the sender named it: for showing, never a path. */
            file_name?: string | null;
            mime_type?: string | null;
            /** Format: int64 */
            size?: number | null;
            /** @description Where this server gives the file out; null until it is ready. */
            url?: string | null;
            /** @description Of a share. */
            title?: string | null;
            /** @description `pending`, `ready`, `failed`. */
            state: string;
            /** @description Where this server gives out a small picture of it, if there is one. */
            thumbnail_url?: string | null;
            /**
             * Format: int32
             * @description Pixels, turned upright.
             */
            width?: number | null;
            /** Format: int32 */
            height?: number | null;
            /** Format: int32 */
            duration_ms?: number | null;
            /** @description Loudness of a sound over the time, 0 to 255; empty where it isn't known. */
            peaks?: number[];
        };
        /**
         * @description What is known of a touch: the ad, post, link or form that brought a customer. Which keys there are depends on what told
         *     it; for the API description.
         */
        Attribution: {
            /** @description `ad`, `post`, `shortlink`, … */
            source_type?: string | null;
            /** @description The platform's own word for it. */
            source?: string | null;
            source_url?: string | null;
            post_id?: string | null;
            headline?: string | null;
            body?: string | null;
            media_url?: string | null;
            ctwa_clid?: string | null;
            /** @description The free text of a link. */
            ref?: string | null;
            product_id?: string | null;
            ad_id?: string | null;
            ad_name?: string | null;
            adset_id?: string | null;
            adset_name?: string | null;
            campaign_id?: string | null;
            campaign_name?: string | null;
            form_id?: string | null;
            lead_id?: string | null;
            /** @description Where a lead ad was shown: `fb`, `ig`. */
            platform?: string | null;
            is_organic?: boolean | null;
            utm_source?: string | null;
            utm_medium?: string | null;
            utm_campaign?: string | null;
            utm_term?: string | null;
            utm_content?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description A board with the first cards of its columns. */
        Board: {
            /** Format: uuid */
            id: string;
            name: string;
            is_default: boolean;
            /** @description In their order. */
            columns: components["schemas"]["Column"][];
        };
        /** @description A board in the list of boards. */
        BoardSummary: {
            /** Format: uuid */
            id: string;
            name: string;
            is_default: boolean;
            /** @description In their order. */
            columns: components["schemas"]["ColumnSummary"][];
        };
        /** @description An answer to tap. */
        Button: {
            /** @description Comes back as the answer's `payload`. */
            id: string;
            title: string;
        };
        Card: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            board_id: string;
            /** Format: uuid */
            column_id: string;
            /** @description Cards of a column stand in byte order of it. */
            rank: string;
            customer: components["schemas"]["Person"];
            title: string;
            value?: components["schemas"]["Money"] | null;
            /** @description `organic`, `ad`, `lead_ad`, `website`: what first brought the customer. */
            source: string;
            attribution?: components["schemas"]["Attribution"] | null;
            assignee?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            due_at?: string | null;
            /** Format: date-time */
            last_message_at?: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: int32 */
            version: number;
        };
        CardChanged: {
            card: components["schemas"]["Card"];
            /**
             * Format: uuid
             * @description Where a moved card was; null for the others.
             */
            from_column_id?: string | null;
        };
        CardDeleted: {
            /** Format: uuid */
            id: string;
        };
        /**
         * @description What a colleague changes; what is absent stays, null clears. A move names its column, at most one neighbour in it
         *     (none: last), and the version that was moved.
         */
        CardPatch: {
            /** Format: uuid */
            column_id?: string;
            /** Format: uuid */
            after_card_id?: string | null;
            /** Format: uuid */
            before_card_id?: string | null;
            title?: string | null;
            value?: components["schemas"]["Money"] | null;
            /** Format: uuid */
            assignee_id?: string | null;
            /** Format: date-time */
            due_at?: string | null;
            /**
             * Format: int32
             * @description The version that was edited: a stale one is a 409. A move must have it; without it the last edit wins.
             */
            version?: number;
        };
        ChangeUser: {
            name?: string | null;
            role?: components["schemas"]["Role"] | null;
            disabled?: boolean | null;
            /** Format: int32 */
            version?: number | null;
        };
        /** @description Who changed a secret. */
        ChangedBy: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description An account of the business. */
        Channel: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["ChannelKind"];
            /** @description The platform's id of the number, Page or account. */
            account_id: string;
            name: string;
            /** @description False: made by the first webhook; an administrator has still to say that it is theirs. */
            confirmed: boolean;
            /** @description `ok`, or `stopped`: the platform takes nothing until an administrator has done something. */
            health: string;
            /** @description What is wrong, as a sentence. */
            health_reason?: string | null;
            /** @description Key of the website form; administrators only, else null. */
            site_key?: string | null;
            /** Format: int32 */
            version: number;
        };
        /** @description What a platform told that is no message. */
        ChannelEvent: {
            /** Format: uuid */
            id: string;
            /**
             * @description `referral`, `optin`, `handover`, `call`, `comment`, `mention`, `policy`, `lead`, `identity_changed`,
             *     `template_status`, `template_quality`, `template_category`, `phone_quality`, `account`.
             */
            kind: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            customer_id?: string | null;
            data: Record<string, unknown>;
        };
        /** @enum {string} */
        ChannelKind: "whatsapp" | "messenger" | "instagram" | "lead_ads" | "website";
        ChannelPatch: {
            name?: string | null;
            /** @description True: an administrator says that the account is theirs. */
            confirmed?: boolean | null;
            /** Format: int32 */
            version?: number | null;
        };
        ChannelRef: {
            /** Format: uuid */
            id: string;
            /** @description `whatsapp`, `messenger`, `instagram`, `lead_ads`, `website`. */
            kind: string;
            account_id: string;
            name: string;
        };
        /** @description What a client says. */
        ClientFrame: {
            rooms?: string[] | null;
            /** Format: int64 */
            resume_from?: number | null;
            /** Format: int64 */
            epoch?: number | null;
            /** @enum {string} */
            type: "hello";
        } | {
            room: string;
            ref?: components["schemas"]["Reference"] | null;
            /** @enum {string} */
            type: "join";
        } | {
            room: string;
            ref?: components["schemas"]["Reference"] | null;
            /** @enum {string} */
            type: "leave";
        } | {
            room: string;
            name: components["schemas"]["SignalName"];
            data?: unknown;
            ref?: components["schemas"]["Reference"] | null;
            /** @enum {string} */
            type: "signal";
        };
        Column: components["schemas"]["ColumnSummary"] & {
            /** @description The first ones, by rank. */
            cards: components["schemas"]["Card"][];
            /** @description For the column's further cards; null when these are all. */
            next_cursor?: string | null;
        };
        /** @enum {string} */
        ColumnKind: "open" | "won" | "lost";
        ColumnSummary: {
            /** Format: uuid */
            id: string;
            name: string;
            kind: components["schemas"]["ColumnKind"];
            /**
             * Format: int64
             * @description Of cards.
             */
            count: number;
            /** @description Of their values, one for each currency. */
            sum: components["schemas"]["Money"][];
        };
        Conversation: {
            /** Format: uuid */
            id: string;
            status: components["schemas"]["ConversationStatus"];
            /** Format: date-time */
            snoozed_until?: string | null;
            channel: components["schemas"]["ChannelRef"];
            /** @description In a group: who wrote first. */
            customer: components["schemas"]["CustomerRef"];
            group?: components["schemas"]["Group"] | null;
            assignee?: components["schemas"]["Person"] | null;
            priority?: components["schemas"]["Priority"] | null;
            labels: string[];
            /**
             * Format: int32
             * @description Incoming messages after the last one that anyone of the team has read.
             */
            unread_count: number;
            last_message?: components["schemas"]["Message"] | null;
            /**
             * Format: date-time
             * @description Until when the platform lets the business write freely; null where it never did, or where there is no window.
             */
            window_expires_at?: string | null;
            /** @description What may be sent, as of the time of this shape. */
            sending: components["schemas"]["Sending"];
            /** Format: date-time */
            last_activity_at: string;
            /** Format: date-time */
            created_at: string;
            /** Format: int32 */
            version: number;
        };
        ConversationChanged: {
            conversation: components["schemas"]["Conversation"];
        };
        ConversationMerged: {
            /** @description The one that is left. */
            conversation: components["schemas"]["Conversation"];
            /** Format: uuid */
            merged_id: string;
        };
        /** @description What a colleague changes; what is absent stays, null clears. */
        ConversationPatch: {
            status?: components["schemas"]["ConversationStatus"];
            /**
             * Format: date-time
             * @description With `snoozed`: until then, or until the customer writes. A time snoozes by itself; null wakes up.
             */
            snoozed_until?: string | null;
            /** Format: uuid */
            assignee_id?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            /** @description The whole list, in its order. */
            labels?: string[];
            /**
             * Format: int32
             * @description The version that was edited: a stale one is a 409; without it the last write wins.
             */
            version?: number;
        };
        /** @enum {string} */
        ConversationStatus: "open" | "pending" | "snoozed" | "resolved";
        /** @description How many open conversations there are, as the user may see them. */
        Counts: {
            /** Format: int64 */
            mine: number;
            /** Format: int64 */
            unassigned: number;
            /** Format: int64 */
            all: number;
            /**
             * Format: int64
             * @description Conversations with something unread.
             */
            unread: number;
        };
        CreateUser: {
            email: string;
            name: string;
            role: components["schemas"]["Role"];
            /** Format: password */
            password: string;
        };
        Customer: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description E.164. */
            phone?: string | null;
            email?: string | null;
            /** @description What the platforms know the person by. */
            identities: components["schemas"]["Identity"][];
            marketing_opt_out: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: int32 */
            version: number;
        };
        CustomerChanged: {
            customer: components["schemas"]["Customer"];
        };
        CustomerMerged: {
            /** @description The one that is left. */
            customer: components["schemas"]["Customer"];
            /** Format: uuid */
            merged_id: string;
        };
        /** @description What a colleague changes; what is absent stays, null clears. */
        CustomerPatch: {
            name?: string;
            /** @description International (`+90…`), or national in the tenant's region; kept as E.164. */
            phone?: string | null;
            email?: string | null;
            marketing_opt_out?: boolean;
            /**
             * Format: int32
             * @description The version that was edited: a stale one is a 409; without it the last write wins.
             */
            version?: number;
        };
        CustomerRef: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description E.164. */
            phone?: string | null;
        };
        /** @description How much the tenant's data key was used. */
        DataKeyUse: {
            /** Format: date-time */
            created_at: string;
            /** Format: int64 */
            encryptions: number;
            /** @description `switchboard secrets rotate --data-keys` should be run. */
            rotation_due: boolean;
        };
        /** @description What a secret is, and how it is set now. */
        Definition: components["schemas"]["SecretView"] & {
            platform: components["schemas"]["Platform"];
            kind: components["schemas"]["Kind"];
            description: string;
            used_for: string;
            how_to_get: string;
            expires: string;
            /** @description The key that counts when this one has no value. */
            falls_back_to?: string | null;
        };
        /** @description All keys. */
        Definitions: {
            items: components["schemas"]["Definition"][];
            /** @description Null: there is one page. */
            next_cursor?: string | null;
            data_key?: components["schemas"]["DataKeyUse"] | null;
        };
        /** @description A webhook as it was received. */
        DeliveryRecord: {
            /** Format: uuid */
            id: string;
            /** @description The address it came to: `meta`, `whatsapp`, `instagram`. */
            platform: string;
            /** @description `received`, `done`, `failed`, `unrouted`. */
            state: string;
            /** @description Why it failed or waits. */
            reason?: string | null;
            /** Format: int32 */
            attempts: number;
            /**
             * Format: int32
             * @description Bytes.
             */
            size: number;
            /** Format: date-time */
            received_at: string;
        };
        /** @description A webhook with its body, personal data masked. */
        DeliveryView: components["schemas"]["DeliveryRecord"] & {
            /** @description JSON with masked values; a text when the body is no JSON. */
            body: Record<string, unknown>;
        };
        /** @description Everything around a customer at one moment; of each list the newest. */
        Details: {
            customer: components["schemas"]["Customer"];
            /** @description By their latest activity. */
            conversations: components["schemas"]["Conversation"][];
            cards: components["schemas"]["Card"][];
            activities: components["schemas"]["Activity"][];
            /** @description Every touch that brought the customer, newest first. */
            attribution: components["schemas"]["Touch"][];
            /** @description What the platforms told that is no message, newest first. */
            events: components["schemas"]["PlatformEvent"][];
        };
        /** @enum {string} */
        Direction: "in" | "out" | "internal";
        /** @description Of one user in one conversation. */
        Draft: {
            kind: components["schemas"]["DraftKind"];
            text: string;
            /**
             * Format: uuid
             * @description The message that it answers.
             */
            reply_to?: string | null;
            /** Format: date-time */
            updated_at: string;
            /** Format: int32 */
            version: number;
        };
        /** @description A draft as an event tells of it. */
        DraftChange: {
            /** Format: uuid */
            conversation_id: string;
            kind: components["schemas"]["DraftKind"];
            /** @description Null: there is none any more. */
            text?: string | null;
            /** Format: uuid */
            reply_to?: string | null;
            /** Format: date-time */
            updated_at: string;
            /** Format: int32 */
            version: number;
        };
        DraftChanged: {
            draft: components["schemas"]["DraftChange"];
        };
        /** @enum {string} */
        DraftKind: "reply" | "note";
        /** @enum {string} */
        ErrorCode: "forbidden" | "bad_frame" | "too_many_rooms";
        /** @description What changed, with whole records as they were after it. */
        Event: {
            data: components["schemas"]["CustomerChanged"];
            /** @enum {string} */
            name: "customer.created";
        } | {
            data: components["schemas"]["CustomerChanged"];
            /** @enum {string} */
            name: "customer.updated";
        } | {
            data: components["schemas"]["CustomerMerged"];
            /** @enum {string} */
            name: "customer.merged";
        } | {
            data: components["schemas"]["ConversationChanged"];
            /** @enum {string} */
            name: "conversation.created";
        } | {
            data: components["schemas"]["ConversationChanged"];
            /** @enum {string} */
            name: "conversation.updated";
        } | {
            data: components["schemas"]["ConversationMerged"];
            /** @enum {string} */
            name: "conversation.merged";
        } | {
            data: components["schemas"]["MessageChanged"];
            /** @enum {string} */
            name: "message.created";
        } | {
            data: components["schemas"]["MessageChanged"];
            /** @enum {string} */
            name: "message.updated";
        } | {
            data: components["schemas"]["CardChanged"];
            /** @enum {string} */
            name: "card.created";
        } | {
            data: components["schemas"]["CardChanged"];
            /** @enum {string} */
            name: "card.updated";
        } | {
            data: components["schemas"]["CardChanged"];
            /** @enum {string} */
            name: "card.moved";
        } | {
            data: components["schemas"]["CardDeleted"];
            /** @enum {string} */
            name: "card.deleted";
        } | {
            data: components["schemas"]["ActivityChanged"];
            /** @enum {string} */
            name: "activity.created";
        } | {
            data: components["schemas"]["ActivityChanged"];
            /** @enum {string} */
            name: "activity.updated";
        } | {
            data: components["schemas"]["DraftChanged"];
            /** @enum {string} */
            name: "draft.updated";
        } | {
            data: components["schemas"]["NotificationCreated"];
            /** @enum {string} */
            name: "notification.created";
        } | {
            data: components["schemas"]["NotificationsRead"];
            /** @enum {string} */
            name: "notification.read";
        } | {
            data: components["schemas"]["Counts"];
            /** @enum {string} */
            name: "inbox.counted";
        };
        /** @description A change with its place in the log. */
        EventFrame: components["schemas"]["Event"] & {
            /** Format: int64 */
            seq: number;
            /**
             * Format: int64
             * @description The `seq` of the `event` or `beat` before.
             */
            prev: number;
            /** Format: date-time */
            at: string;
            /** @description Those of the event that this socket is in. */
            rooms: string[];
        };
        /** @description One field of a refused body. */
        FieldError: {
            field: string;
            /** @description Stable word: `required`, `too_long`, `unknown`, … */
            code: string;
            detail: string;
        };
        /** @description An upload, or what came of it. */
        File: {
            /** Format: uuid */
            id: string;
            file_name?: string | null;
            mime_type: string;
            kind: components["schemas"]["FileKind"];
            /** Format: int64 */
            size: number;
            /**
             * Format: int64
             * @description Bytes that are here; the next part begins there.
             */
            received: number;
            /** @description `uploading`, `ready`. */
            state: string;
            /**
             * Format: int64
             * @description Bytes of each part but the last.
             */
            part_size: number;
            /**
             * Format: int32
             * @description As it is to be shown, turned upright.
             */
            width?: number | null;
            /** Format: int32 */
            height?: number | null;
            /** Format: int32 */
            duration_ms?: number | null;
            /** @description Loudness over the time, 0 to 255; empty where it isn't known. */
            peaks?: number[];
        };
        /** @enum {string} */
        FileKind: "image" | "video" | "audio" | "document";
        /** @description A question of a lead form with its answers. */
        FormField: {
            name: string;
            values: string[];
        };
        Group: {
            external_id: string;
            name?: string | null;
        };
        /** @description What readiness says. */
        Health: {
            /** @description `ok`. */
            status: string;
        };
        Identity: {
            /** @description `whatsapp`, `messenger`, `instagram`, `lead_ads`, `website`. */
            channel_kind: string;
            /** @description `wa_id`, `bsuid`, `psid`, `igsid`, `lead`. */
            kind: string;
            external_id: string;
            /** @description Without a leading `@`. */
            username?: string | null;
        };
        /**
         * @description What a secret is for.
         * @enum {string}
         */
        Kind: "app_id" | "app_secret" | "verify_token" | "access_token";
        /** @description A list read by cursor. */
        List_Activity: {
            items: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                customer_id: string;
                /** @description `whatsapp_lead`, `instagram_lead`, `messenger_lead`, `meta_lead_form`, `website_lead`, `reapplied`, … */
                kind: string;
                status: components["schemas"]["ActivityStatus"];
                data: components["schemas"]["ActivityData"];
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_BoardSummary: {
            items: {
                /** Format: uuid */
                id: string;
                name: string;
                is_default: boolean;
                /** @description In their order. */
                columns: components["schemas"]["ColumnSummary"][];
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_Card: {
            items: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                board_id: string;
                /** Format: uuid */
                column_id: string;
                /** @description Cards of a column stand in byte order of it. */
                rank: string;
                customer: components["schemas"]["Person"];
                title: string;
                value?: components["schemas"]["Money"] | null;
                /** @description `organic`, `ad`, `lead_ad`, `website`: what first brought the customer. */
                source: string;
                attribution?: components["schemas"]["Attribution"] | null;
                assignee?: components["schemas"]["Person"] | null;
                /** Format: date-time */
                due_at?: string | null;
                /** Format: date-time */
                last_message_at?: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_Channel: {
            items: {
                /** Format: uuid */
                id: string;
                kind: components["schemas"]["ChannelKind"];
                /** @description The platform's id of the number, Page or account. */
                account_id: string;
                name: string;
                /** @description False: made by the first webhook; an administrator has still to say that it is theirs. */
                confirmed: boolean;
                /** @description `ok`, or `stopped`: the platform takes nothing until an administrator has done something. */
                health: string;
                /** @description What is wrong, as a sentence. */
                health_reason?: string | null;
                /** @description Key of the website form; administrators only, else null. */
                site_key?: string | null;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_ChannelEvent: {
            items: {
                /** Format: uuid */
                id: string;
                /**
                 * @description `referral`, `optin`, `handover`, `call`, `comment`, `mention`, `policy`, `lead`, `identity_changed`,
                 *     `template_status`, `template_quality`, `template_category`, `phone_quality`, `account`.
                 */
                kind: string;
                /** Format: date-time */
                at: string;
                /** Format: uuid */
                customer_id?: string | null;
                data: Record<string, unknown>;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_Conversation: {
            items: {
                /** Format: uuid */
                id: string;
                status: components["schemas"]["ConversationStatus"];
                /** Format: date-time */
                snoozed_until?: string | null;
                channel: components["schemas"]["ChannelRef"];
                /** @description In a group: who wrote first. */
                customer: components["schemas"]["CustomerRef"];
                group?: components["schemas"]["Group"] | null;
                assignee?: components["schemas"]["Person"] | null;
                priority?: components["schemas"]["Priority"] | null;
                labels: string[];
                /**
                 * Format: int32
                 * @description Incoming messages after the last one that anyone of the team has read.
                 */
                unread_count: number;
                last_message?: components["schemas"]["Message"] | null;
                /**
                 * Format: date-time
                 * @description Until when the platform lets the business write freely; null where it never did, or where there is no window.
                 */
                window_expires_at?: string | null;
                /** @description What may be sent, as of the time of this shape. */
                sending: components["schemas"]["Sending"];
                /** Format: date-time */
                last_activity_at: string;
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_Customer: {
            items: {
                /** Format: uuid */
                id: string;
                name: string;
                /** @description E.164. */
                phone?: string | null;
                email?: string | null;
                /** @description What the platforms know the person by. */
                identities: components["schemas"]["Identity"][];
                marketing_opt_out: boolean;
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_DeliveryRecord: {
            items: {
                /** Format: uuid */
                id: string;
                /** @description The address it came to: `meta`, `whatsapp`, `instagram`. */
                platform: string;
                /** @description `received`, `done`, `failed`, `unrouted`. */
                state: string;
                /** @description Why it failed or waits. */
                reason?: string | null;
                /** Format: int32 */
                attempts: number;
                /**
                 * Format: int32
                 * @description Bytes.
                 */
                size: number;
                /** Format: date-time */
                received_at: string;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_Draft: {
            items: {
                kind: components["schemas"]["DraftKind"];
                text: string;
                /**
                 * Format: uuid
                 * @description The message that it answers.
                 */
                reply_to?: string | null;
                /** Format: date-time */
                updated_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_Message: {
            items: (components["schemas"]["MessageExtra"] & {
                /** Format: uuid */
                id: string;
                /** @description Whom sends it chooses it: the same one again is the same message. */
                client_id?: string | null;
                /** Format: uuid */
                conversation_id: string;
                direction: components["schemas"]["Direction"];
                /** @description `text`, `image`, `button_reply`, `unsupported`, … */
                kind: string;
                text?: string | null;
                attachments: components["schemas"]["Attachment"][];
                reply_to?: components["schemas"]["ReplyTo"] | null;
                reactions: components["schemas"]["Reaction"][];
                /** @description Of a note: the colleagues whom it names. */
                mentions: components["schemas"]["Person"][];
                /**
                 * @description Null for incoming; else `queued`, `sending`, `sent`, `delivered`, `read`, `played`, `failed`, `uncertain`,
                 *     `held`.
                 */
                status?: string | null;
                error?: components["schemas"]["MessageError"] | null;
                /** @description The platform's id. */
                external_id?: string | null;
                author?: components["schemas"]["Person"] | null;
                /**
                 * Format: date-time
                 * @description Ours: not to be sent before.
                 */
                send_at?: string | null;
                /** @description Came while another app owned the thread. */
                standby?: boolean;
                /** @description From an imported history. */
                history?: boolean;
                /** Format: date-time */
                edited_at?: string | null;
                /** Format: date-time */
                deleted_at?: string | null;
                /**
                 * Format: date-time
                 * @description The platform's time.
                 */
                sent_at: string;
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            })[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_SavedReply: {
            items: {
                /** Format: uuid */
                id: string;
                /** @description What is typed after `/`. */
                shortcut: string;
                text: string;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_Template: {
            items: {
                /** Format: uuid */
                id: string;
                name: string;
                language: string;
                /** @description `marketing`, `utility`, `authentication`. */
                category: string;
                /** @description `approved`, `pending`, `rejected`, `paused`, `disabled`, … */
                status: string;
                rejected_reason?: string | null;
                /** @description As Meta gives them. */
                components: Record<string, unknown>[];
                /** @description What has to be filled in, in its order. */
                parameters: components["schemas"]["TemplateParameter"][];
                /** @description Whether it can be sent: it is approved, and of a form that can be filled in here. */
                sendable: boolean;
                /** @description `green`, `yellow`, `red`; null: not known yet. */
                quality?: string | null;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list read by cursor. */
        List_UserView: {
            items: {
                /** Format: uuid */
                id: string;
                /** @description Null for colleagues, unless one may read users. */
                email?: string | null;
                name: string;
                role: components["schemas"]["Role"];
                /**
                 * @description `module.action:scope`; empty for colleagues, unless one may read users.
                 * @example [
                 *       "inbox.reply:own"
                 *     ]
                 */
                permissions: string[];
                disabled: boolean;
                /** Format: int32 */
                version: number;
                /** Format: date-time */
                created_at: string;
            }[];
            /** @description Null at the end. */
            next_cursor?: string | null;
        };
        /** @description A list as it was asked for: by cursor or by page. */
        Listed_Activity: components["schemas"]["List_Activity"] | components["schemas"]["Table_Activity"];
        /** @description A list as it was asked for: by cursor or by page. */
        Listed_Conversation: components["schemas"]["List_Conversation"] | components["schemas"]["Table_Conversation"];
        /** @description A list as it was asked for: by cursor or by page. */
        Listed_Customer: components["schemas"]["List_Customer"] | components["schemas"]["Table_Customer"];
        Location: {
            /** Format: double */
            latitude: number;
            /** Format: double */
            longitude: number;
            name?: string | null;
            address?: string | null;
            url?: string | null;
        };
        Login: {
            email: string;
            /** Format: password */
            password: string;
        };
        /** @description A menu that opens at a tap. */
        Menu: {
            button: string;
            sections: components["schemas"]["MenuSection"][];
        };
        MenuRow: {
            id: string;
            title: string;
            description?: string | null;
        };
        MenuSection: {
            title?: string | null;
            rows: components["schemas"]["MenuRow"][];
        };
        Message: components["schemas"]["MessageExtra"] & {
            /** Format: uuid */
            id: string;
            /** @description Whom sends it chooses it: the same one again is the same message. */
            client_id?: string | null;
            /** Format: uuid */
            conversation_id: string;
            direction: components["schemas"]["Direction"];
            /** @description `text`, `image`, `button_reply`, `unsupported`, … */
            kind: string;
            text?: string | null;
            attachments: components["schemas"]["Attachment"][];
            reply_to?: components["schemas"]["ReplyTo"] | null;
            reactions: components["schemas"]["Reaction"][];
            /** @description Of a note: the colleagues whom it names. */
            mentions: components["schemas"]["Person"][];
            /**
             * @description Null for incoming; else `queued`, `sending`, `sent`, `delivered`, `read`, `played`, `failed`, `uncertain`,
             *     `held`.
             */
            status?: string | null;
            error?: components["schemas"]["MessageError"] | null;
            /** @description The platform's id. */
            external_id?: string | null;
            author?: components["schemas"]["Person"] | null;
            /**
             * Format: date-time
             * @description Ours: not to be sent before.
             */
            send_at?: string | null;
            /** @description Came while another app owned the thread. */
            standby?: boolean;
            /** @description From an imported history. */
            history?: boolean;
            /** Format: date-time */
            edited_at?: string | null;
            /** Format: date-time */
            deleted_at?: string | null;
            /**
             * Format: date-time
             * @description The platform's time.
             */
            sent_at: string;
            /** Format: date-time */
            created_at: string;
            /** Format: int32 */
            version: number;
        };
        MessageChanged: {
            message: components["schemas"]["Message"];
            conversation: components["schemas"]["Conversation"];
            customer: components["schemas"]["Customer"];
        };
        /** @description Why a message was not delivered. */
        MessageError: {
            /** Format: int64 */
            code: number;
            title?: string | null;
            detail?: string | null;
        };
        /** @description The keys that only some kinds of messages have. */
        MessageExtra: {
            template?: components["schemas"]["UsedTemplate"] | null;
            /** @description Of ours: answers to tap. */
            buttons?: components["schemas"]["Button"][] | null;
            list?: components["schemas"]["Menu"] | null;
            /** @description Of a button, list row, quick reply or postback. */
            payload?: string | null;
            /** @description The answers of a form (Flow). */
            payload_json?: unknown;
            location?: components["schemas"]["Location"] | null;
            /** @description The product that was asked about. */
            product?: string | null;
            story_id?: string | null;
            forwarded?: boolean | null;
            /** @description The platform's own word for a kind that is not known here. */
            original_type?: string | null;
            order?: components["schemas"]["Order"] | null;
            /** @description Shared contact cards, as the platform sent them. */
            contacts?: Record<string, unknown>[] | null;
            referral?: components["schemas"]["Attribution"] | null;
            /** @description The platform's own item, of what is not known here. */
            raw?: unknown;
            /** @description The platform's own errors on an incoming message. */
            errors?: unknown;
            /** @description The sender's own string that came back with an echo or a status. */
            tracking?: string | null;
        };
        /** @description Minor units (cents, kuruş) of a currency. */
        Money: {
            /** Format: int64 */
            amount: number;
            /** @description ISO 4217. */
            currency: string;
        };
        /** @description An answer that the customer gives by a tap. */
        NewButton: {
            /** @description Comes back as the answer's `payload`; none: the title. */
            id?: string | null;
            /** @description 1 to 20 characters. */
            title: string;
        };
        /** @description A contact card. WhatsApp only. */
        NewContact: {
            /** @description 1 to 100 characters. */
            name: string;
            /** @description A phone or an e-mail is needed. */
            phones?: string[];
            emails?: string[];
            organization?: string | null;
        };
        /** @description A conversation that the business begins. */
        NewConversation: {
            /** Format: uuid */
            channel_id: string;
            /**
             * @description A phone number, international or of the tenant's region, or the customer's id at the platform (for Messenger and
             *     Instagram: of somebody who has written before).
             */
            recipient: string;
            message: components["schemas"]["NewMessage"];
        };
        /** @description What is written now. */
        NewDraft: {
            /** @description At most 10,000 characters. */
            text: string;
            /** Format: uuid */
            reply_to?: string | null;
            /**
             * Format: int32
             * @description The version that this was written on; without one the last write wins.
             */
            version?: number | null;
        };
        /** @description An upload that is to begin. */
        NewFile: {
            /** @description At most 255 characters. */
            file_name: string;
            /** @description What it is thought to be; its bytes decide. */
            mime_type: string;
            /**
             * Format: int64
             * @description Bytes: 1 to 104,857,600.
             */
            size: number;
        };
        /** @description A menu that opens. WhatsApp only; at most 10 rows in all. */
        NewList: {
            /** @description What opens it: 1 to 20 characters. */
            button: string;
            sections: components["schemas"]["NewSection"][];
        };
        /** @description A place on the map. WhatsApp only. */
        NewLocation: {
            /** Format: double */
            latitude: number;
            /** Format: double */
            longitude: number;
            name?: string | null;
            address?: string | null;
        };
        /** @description A message as a colleague writes it. */
        NewMessage: {
            /** @description Chosen by whom sends, 1 to 64 characters: the same one again is the same message. */
            client_id: string;
            /** @description WhatsApp: 4,096 characters. Messenger: 2,000. Instagram: 1,000 bytes of UTF-8. A note: 10,000 characters. */
            text?: string | null;
            /** @description A note for colleagues, never sent. */
            internal?: boolean;
            /** @description Of a note: ids of colleagues whom it names, at most 20 and each once. They are told. */
            mentions?: string[];
            /**
             * @description Uploads of one's own, ready, at most 10 and each once; with several there is a message for each, in order, and
             *     the first one is answered. A text is the first one's caption where the channel has captions, else it goes before.
             */
            attachments?: string[];
            /** @description The one attachment is a recording, to go as a voice note. */
            voice?: boolean;
            /** @description The one attachment is a WebP picture, to go as a sticker (WhatsApp): at most 100 KB, animated 500 KB. */
            sticker?: boolean;
            location?: components["schemas"]["NewLocation"] | null;
            /** @description In the place of a text: contact cards. */
            contacts?: components["schemas"]["NewContact"][] | null;
            /** @description Below the text: answers to tap. WhatsApp: at most 3, Messenger and Instagram: 13. */
            buttons?: components["schemas"]["NewButton"][] | null;
            list?: components["schemas"]["NewList"] | null;
            template?: components["schemas"]["TemplateUse"] | null;
            /**
             * Format: uuid
             * @description A message of this conversation that is answered.
             */
            reply_to?: string | null;
            /**
             * Format: date-time
             * @description Not to be sent before; within a year.
             */
            send_at?: string | null;
            /** @description Though the platform's window is closed: what it refuses then becomes `failed`. */
            override_window?: boolean;
            /**
             * Format: uuid
             * @description The newest message that the writer has seen: a colleague's reply after it is 409 `newer_reply`.
             */
            seen_message_id?: string | null;
        };
        /** @description A reaction as a colleague gives it. */
        NewReaction: {
            /** @description One emoji. Messenger knows ❤️ 😆 😮 😢 😡 👍 👎, Instagram ❤️. */
            emoji: string;
        };
        NewRow: {
            id?: string | null;
            /** @description 1 to 24 characters. */
            title: string;
            /** @description At most 72 characters. */
            description?: string | null;
        };
        NewSavedReply: {
            /** @description One word, 1 to 40 characters. */
            shortcut: string;
            /** @description 1 to 4,096 characters. */
            text: string;
        };
        NewSection: {
            /** @description At most 24 characters; needed where there are several sections. */
            title?: string | null;
            rows: components["schemas"]["NewRow"][];
        };
        /** @description The body of a `PUT`. */
        NewValue: {
            /**
             * Format: password
             * @description 1 to 2,048 characters; blanks around it are taken off.
             */
            value: string;
        };
        NotedConversation: {
            /** Format: uuid */
            id: string;
            customer: components["schemas"]["Person"];
        };
        NotedMessage: {
            /** Format: uuid */
            id: string;
            /** @description The beginning of its text, on one line; null when it has none, or was deleted. */
            excerpt?: string | null;
        };
        Notification: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["NotificationKind"];
            conversation: components["schemas"]["NotedConversation"];
            message: components["schemas"]["NotedMessage"];
            /** @description Who caused it. */
            actor: components["schemas"]["Person"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            read_at?: string | null;
        };
        NotificationCreated: {
            notification: components["schemas"]["Notification"];
        };
        /** @enum {string} */
        NotificationKind: "mention";
        /** @description A page of a user's notifications, newest first. */
        NotificationList: {
            items: components["schemas"]["Notification"][];
            /** @description Null at the end. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description Of all of them, not of this page.
             */
            unread_count: number;
        };
        NotificationsRead: {
            /** @description Those that were unread until now. */
            ids: string[];
            /** Format: date-time */
            read_at: string;
        };
        /** @description A cart that was sent from the catalogue. */
        Order: {
            catalog_id?: string | null;
            items: components["schemas"]["OrderItem"][];
            total?: components["schemas"]["Price"] | null;
        };
        OrderItem: {
            product_id?: string | null;
            /** Format: int64 */
            quantity: number;
            price?: components["schemas"]["Price"] | null;
        };
        /**
         * @description `image`, `video`, `document`: a file. Everything else is a text; `url` is the end of an address.
         * @enum {string}
         */
        ParameterKind: "text" | "image" | "video" | "document" | "url" | "copy_code";
        /** @description Anyone by name: a colleague, or a customer on a card. */
        Person: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /**
         * @description A webhook address and the app behind it.
         * @enum {string}
         */
        Platform: "meta" | "whatsapp" | "instagram";
        /** @description As `GET /channels/{id}/events` gives it. */
        PlatformEvent: {
            /** Format: uuid */
            id: string;
            /** @description `referral`, `optin`, `call`, `comment`, `lead`, … */
            kind: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            customer_id?: string | null;
            data: Record<string, unknown>;
        };
        /** @description Somebody in a room. */
        Present: {
            /** Format: uuid */
            user_id: string;
            name: string;
        };
        /** @description Minor units of a currency, as the platform told. */
        Price: {
            /** Format: int64 */
            amount: number;
            /** @description ISO 4217. */
            currency: string;
        };
        /** @enum {string} */
        Priority: "low" | "normal" | "high" | "urgent";
        /** @description The body of every error answer (RFC 9457). */
        Problem: {
            /** @description `about:blank`: the code says it all. */
            type: string;
            title: string;
            /** Format: int32 */
            status: number;
            detail: string;
            /** @description `bad_request`, `unauthenticated`, `forbidden`, `not_found`, `version_conflict`, … */
            code: string;
            request_id: string;
            errors?: components["schemas"]["FieldError"][];
            current?: unknown;
            /** @description With `outside_window`: what can be done instead (`override`). */
            alternatives?: string[];
        };
        Reaction: {
            emoji: string;
            /** @description `customer` or `agent`. */
            by: string;
            /** @description Of ours: `sending`, `failed`; absent when the platform has it. */
            state?: string | null;
        };
        /** @description What the user has looked at: ids, or everything. */
        ReadNotifications: {
            /** @description At most 200; what is not the user's, or read already, changes nothing. */
            ids?: string[] | null;
            all?: boolean;
        };
        /** @description Up to where the team has read. */
        ReadUpTo: {
            /** Format: uuid */
            message_id: string;
        };
        /** @description The client's own mark on a frame, which comes back with the answer: a number, or a text of at most 64 bytes. */
        Reference: number | string;
        ReplayMany: {
            /** @description These deliveries. */
            ids?: string[];
            /** @description All of this state: `failed` or `unrouted`. */
            state?: string | null;
        };
        Replayed: {
            /**
             * Format: int64
             * @description How many go to work again.
             */
            count: number;
        };
        ReplyTo: {
            /**
             * Format: uuid
             * @description Null when that message is not here.
             */
            message_id?: string | null;
            external_id: string;
        };
        /**
         * @description The presets.
         * @enum {string}
         */
        Role: "administrator" | "manager" | "agent";
        SavedReply: {
            /** Format: uuid */
            id: string;
            /** @description What is typed after `/`. */
            shortcut: string;
            text: string;
            /** Format: int32 */
            version: number;
        };
        SavedReplyPatch: {
            shortcut?: string | null;
            text?: string | null;
            /** Format: int32 */
            version?: number | null;
        };
        /** @description A secret as it may be shown: everything but the value. */
        SecretView: {
            key: string;
            is_set: boolean;
            source: components["schemas"]["Source"];
            state: components["schemas"]["State"];
            /** @description The last four characters, as `••••1234`. Null under 16 characters, and while it can't be read. */
            hint?: string | null;
            /** Format: date-time */
            updated_at?: string | null;
            updated_by?: components["schemas"]["ChangedBy"] | null;
            /**
             * Format: date-time
             * @description Until when the value before is accepted too (app secrets and verify tokens).
             */
            overlap_until?: string | null;
        };
        /** @description What may be sent in a conversation, as of the time of the answer. */
        Sending: {
            mode: components["schemas"]["SendingMode"];
            /**
             * Format: date-time
             * @description When that ends; null: not by time.
             */
            until?: string | null;
        };
        /** @enum {string} */
        SendingMode: "free" | "human_agent" | "template" | "closed" | "unsupported";
        /** @description What the server says. */
        ServerFrame: (components["schemas"]["Welcome"] & {
            /** @enum {string} */
            type: "welcome";
        }) | {
            room: string;
            ref?: components["schemas"]["Reference"] | null;
            /** Format: int64 */
            seq: number;
            presence: components["schemas"]["Present"][];
            /** @enum {string} */
            type: "joined";
        } | {
            room: string;
            ref?: components["schemas"]["Reference"] | null;
            /** @enum {string} */
            type: "left";
        } | (components["schemas"]["EventFrame"] & {
            /** @enum {string} */
            type: "event";
        }) | {
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            prev: number;
            /** @enum {string} */
            type: "beat";
        } | {
            room: string;
            name: components["schemas"]["SignalName"];
            from: components["schemas"]["Present"];
            data: unknown;
            /** @enum {string} */
            type: "signal";
        } | {
            room: string;
            joined: components["schemas"]["Present"][];
            left: components["schemas"]["Present"][];
            /** @enum {string} */
            type: "presence";
        } | {
            ref?: components["schemas"]["Reference"] | null;
            code: components["schemas"]["ErrorCode"];
            detail: string;
            /** @enum {string} */
            type: "error";
        };
        Setup: {
            /** @description The one-time token that the server printed. */
            token: string;
            email: string;
            /** Format: password */
            password: string;
            name: string;
        };
        /** @description Whether the installation waits for its first administrator. */
        SetupState: {
            needed: boolean;
        };
        /** @enum {string} */
        SignalName: "typing.started" | "typing.stopped" | "viewing";
        /** @description A signed-in user with an access token; the browser gets two cookies besides. */
        SignedIn: {
            access_token: string;
            /** @description `Bearer` */
            token_type: string;
            /**
             * Format: int64
             * @description In seconds.
             */
            expires_in: number;
            user: components["schemas"]["UserView"];
        };
        /**
         * @description Where the value comes from that counts.
         * @enum {string}
         */
        Source: "config" | "env" | "none";
        /**
         * @description Whether a stored value can be used.
         * @enum {string}
         */
        State: "ok" | "locked" | "damaged";
        /** @description A table read by page number. */
        Table_Activity: {
            items: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                customer_id: string;
                /** @description `whatsapp_lead`, `instagram_lead`, `messenger_lead`, `meta_lead_form`, `website_lead`, `reapplied`, … */
                kind: string;
                status: components["schemas"]["ActivityStatus"];
                data: components["schemas"]["ActivityData"];
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
        };
        /** @description A table read by page number. */
        Table_Conversation: {
            items: {
                /** Format: uuid */
                id: string;
                status: components["schemas"]["ConversationStatus"];
                /** Format: date-time */
                snoozed_until?: string | null;
                channel: components["schemas"]["ChannelRef"];
                /** @description In a group: who wrote first. */
                customer: components["schemas"]["CustomerRef"];
                group?: components["schemas"]["Group"] | null;
                assignee?: components["schemas"]["Person"] | null;
                priority?: components["schemas"]["Priority"] | null;
                labels: string[];
                /**
                 * Format: int32
                 * @description Incoming messages after the last one that anyone of the team has read.
                 */
                unread_count: number;
                last_message?: components["schemas"]["Message"] | null;
                /**
                 * Format: date-time
                 * @description Until when the platform lets the business write freely; null where it never did, or where there is no window.
                 */
                window_expires_at?: string | null;
                /** @description What may be sent, as of the time of this shape. */
                sending: components["schemas"]["Sending"];
                /** Format: date-time */
                last_activity_at: string;
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
        };
        /** @description A table read by page number. */
        Table_Customer: {
            items: {
                /** Format: uuid */
                id: string;
                name: string;
                /** @description E.164. */
                phone?: string | null;
                email?: string | null;
                /** @description What the platforms know the person by. */
                identities: components["schemas"]["Identity"][];
                marketing_opt_out: boolean;
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                version: number;
            }[];
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
        };
        /** @description A template as it can be used. */
        Template: {
            /** Format: uuid */
            id: string;
            name: string;
            language: string;
            /** @description `marketing`, `utility`, `authentication`. */
            category: string;
            /** @description `approved`, `pending`, `rejected`, `paused`, `disabled`, … */
            status: string;
            rejected_reason?: string | null;
            /** @description As Meta gives them. */
            components: Record<string, unknown>[];
            /** @description What has to be filled in, in its order. */
            parameters: components["schemas"]["TemplateParameter"][];
            /** @description Whether it can be sent: it is approved, and of a form that can be filled in here. */
            sendable: boolean;
            /** @description `green`, `yellow`, `red`; null: not known yet. */
            quality?: string | null;
            /** Format: int32 */
            version: number;
        };
        /** @description One value to be filled in. */
        TemplateParameter: {
            /** @description `header.1`, `body.1`, `body.<name>`, `button.<index>.1`. */
            key: string;
            kind: components["schemas"]["ParameterKind"];
            /** @description From whom wrote the template. */
            example?: string | null;
        };
        /** @description A template, filled in. */
        TemplateUse: {
            /** Format: uuid */
            id: string;
            /** @description A value for each of the template's parameters, by its key: a text, or `{"file_id": …}` for a file. */
            parameters?: {
                [key: string]: unknown;
            };
        };
        /** @description A one-time ticket for `GET /realtime?ticket=`. */
        Ticket: {
            ticket: string;
            /**
             * Format: int64
             * @description In seconds.
             */
            expires_in: number;
        };
        /** @description An ad, link or form that brought the customer, with its UTM parameters. */
        Touch: components["schemas"]["Attribution"] & {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
        };
        /** @description A template as it was used. */
        UsedTemplate: {
            /** Format: uuid */
            id: string;
            name: string;
            language: string;
            category: string;
            /** @description With its values, as Meta took them. */
            components: Record<string, unknown>[];
        };
        /** @description A user as users see them. */
        UserView: {
            /** Format: uuid */
            id: string;
            /** @description Null for colleagues, unless one may read users. */
            email?: string | null;
            name: string;
            role: components["schemas"]["Role"];
            /**
             * @description `module.action:scope`; empty for colleagues, unless one may read users.
             * @example [
             *       "inbox.reply:own"
             *     ]
             */
            permissions: string[];
            disabled: boolean;
            /** Format: int32 */
            version: number;
            /** Format: date-time */
            created_at: string;
        };
        /** @description A website's form. */
        WebsiteLead: {
            /** @description From `GET /channels`, as an administrator. */
            site_key?: string | null;
            name?: string | null;
            phone?: string | null;
            email?: string | null;
            message?: string | null;
            page_url?: string | null;
            utm_source?: string | null;
            utm_medium?: string | null;
            utm_campaign?: string | null;
            utm_term?: string | null;
            utm_content?: string | null;
        };
        WebsiteLeadTaken: {
            /** Format: uuid */
            id: string;
        };
        /** @description The answer to `hello`. */
        Welcome: {
            /** Format: uuid */
            tenant_id: string;
            /** Format: uuid */
            user_id: string;
            /** Format: uuid */
            connection_id: string;
            /**
             * Format: int64
             * @description The life of the database; kept with the cursor.
             */
            epoch: number;
            /** @description Of the server and its app, as in the page's `<meta name="build">`. */
            build: string;
            /** Format: int64 */
            seq: number;
            /** @description False: fetch anew. */
            resumed: boolean;
            rooms: string[];
            denied: string[];
            /** @description People by room. */
            presence: {
                [key: string]: components["schemas"]["Present"][];
            };
            /**
             * Format: int64
             * @description Seconds without a frame after which to reconnect.
             */
            heartbeat_s: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    take: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebsiteLead"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebsiteLeadTaken"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_activities: {
        parameters: {
            query: {
                /** @description Whose; the id of a merged one stands for the one that is left */
                customer: string;
                /** @description Only these */
                status?: components["schemas"]["ActivityStatus"];
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description From 1; the answer then has `page` and `total` */
                page?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The activities */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Activity"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_activity: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityPatch"];
            };
        };
        responses: {
            /** @description The activity after it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_attachment: {
        parameters: {
            query?: {
                /** @description To save it under its name */
                download?: boolean;
            };
            header?: {
                /** @description `bytes=0-1023`; of several ranges the first */
                Range?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description A range of it */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description As `If-None-Match` has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The range lies outside of it */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fetch_attachment: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is being fetched; `message.updated` tells the rest */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_thumbnail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                };
            };
            /** @description As `If-None-Match` has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Signed in; cookies `session` and `refresh` are set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden: another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out; cookies and storage of the app are cleared */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden: another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in anew; cookies are set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden: another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setup"];
            };
        };
        responses: {
            /** @description Set up and signed in; cookies are set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden: set up already, or not the printed token */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden: another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_boards: {
        parameters: {
            query?: {
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The boards */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_BoardSummary"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_board: {
        parameters: {
            query?: {
                /** @description Cards of a column: 1 to 200, default 50 */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The board */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_cards: {
        parameters: {
            query?: {
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
                column_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cards */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Card"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_card: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The card */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Card"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_card: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardPatch"];
            };
        };
        responses: {
            /** @description The card after it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Card"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_channels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Channel"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                kind?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_ChannelEvent"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_templates: {
        parameters: {
            query?: {
                /** @description Words of the name or the body */
                q?: string;
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The templates */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Template"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sync_templates: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked for */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_conversations: {
        parameters: {
            query?: {
                /** @description `open` (default), `pending`, `snoozed`, `resolved`, `all` */
                status?: string;
                /** @description A user's id, `me` or `none` */
                assignee?: string;
                channel?: string;
                label?: string;
                /** @description Only those with something unread */
                unread?: boolean;
                /** @description In the customer's name, phone, e-mail, username or external id */
                q?: string;
                /** @description `last_activity_at` (default); by page also `created_at`, `unread_count` */
                sort?: string;
                /** @description `desc` (default) or `asc` */
                order?: string;
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description From 1; the answer then has `page` and `total` */
                page?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Conversation"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_conversation: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConversation"];
            };
        };
        responses: {
            /** @description The conversation */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    count_conversations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_conversation: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationPatch"];
            };
        };
        responses: {
            /** @description The conversation after it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_drafts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The drafts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Draft"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keep_note_draft: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDraft"];
            };
        };
        responses: {
            /** @description The draft */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forget_note_draft: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keep_reply_draft: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDraft"];
            };
        };
        responses: {
            /** @description The draft */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forget_reply_draft: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_Message"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_message: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description The message that was written under this `client_id` before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description The message */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mark_read: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadUpTo"];
            };
        };
        responses: {
            /** @description Read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    type_on: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Told, if the channel lets us */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_customers: {
        parameters: {
            query?: {
                /** @description In name, phone, e-mail, username or external id */
                q?: string;
                /** @description Known on any of these kinds of channels */
                filter_channel?: string[];
                /** @description Whether marketing is unwanted */
                filter_opt_out?: boolean;
                /** @description `created_at` (default), `name`, `email`, `phone` */
                sort?: string;
                /** @description `asc` or `desc`; default `desc` for `created_at`, else `asc` */
                order?: string;
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description From 1; the answer then has `page` and `total` */
                page?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Customer"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_customer: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerPatch"];
            };
        };
        responses: {
            /** @description The customer after it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_details: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The snapshot */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Details"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    begin_upload: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFile"];
            };
        };
        responses: {
            /** @description The upload */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted, or in a message by now */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_part: {
        parameters: {
            query?: never;
            header: {
                /** @description Where the part begins: `received` */
                "Upload-Offset": number;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description The upload */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_back_message: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    react: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReaction"];
            };
        };
        responses: {
            /** @description The message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_reaction_back: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_message: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Again"];
            };
        };
        responses: {
            /** @description The message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_notifications: {
        parameters: {
            query?: {
                /** @description Without those that are read */
                unread_only?: boolean;
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The notifications */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationList"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_notifications: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadNotifications"];
            };
        };
        responses: {
            /** @description Read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    document: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    connect: {
        parameters: {
            query?: {
                /** @description One-time ticket of `POST /auth/ticket` */
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is a WebSocket now */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad_request: no handshake, another subprotocol, a token in the query */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden: `Origin` missing or not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited: 20 sockets of a user */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unavailable: shutting down, or no database */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_saved_replies: {
        parameters: {
            query?: {
                /** @description 1 to 200, default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replies */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_SavedReply"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_saved_reply: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSavedReply"];
            };
        };
        responses: {
            /** @description The reply */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedReply"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_saved_reply: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_saved_reply: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SavedReplyPatch"];
            };
        };
        responses: {
            /** @description The reply after it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedReply"];
                };
            };
            /** @description `bad_request`: an unknown filter or sort, a bad limit, cursor or page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: no such record, or another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_conflict`: `current` holds the record as it is now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid`: `errors` names the fields; also a reused idempotency key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_definitions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Definitions"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_secret: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description as `meta_app_secret` */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewValue"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: no such key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unavailable, secrets_locked, no_encryption_key, secret_damaged, data_key_exhausted */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_secret: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description as `meta_app_secret` */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: no such key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unavailable, secrets_locked, no_encryption_key, secret_damaged, data_key_exhausted */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: {
                /** @description Default 50 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_UserView"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gets the first answer again */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUser"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_user: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUser"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description bad_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description version_conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_deliveries: {
        parameters: {
            query?: {
                state?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_DeliveryRecord"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_many: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayMany"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description unavailable, secrets_locked */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    linked: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description No such link, or it is over */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
