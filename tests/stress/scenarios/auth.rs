//! Who may open a socket, and its first words.

use crate::client::bearer;
use crate::stage::Stage;
use serde_json::json;
use std::sync::Arc;
use tokio::task::JoinSet;

pub async fn a_ticket_opens_one_socket(stage: Arc<Stage>) {
    let node = stage.node().await;
    let ticket = node.ticket(&stage.ada).await;
    let mut client = node.connect_with(&format!("?ticket={ticket}"), &[]).await.expect("the first time");
    client.hello(json!({"type": "hello"})).await;
    assert_eq!(client.welcome["user_id"], json!(stage.ada.id));
    assert_eq!(
        node.connect_with(&format!("?ticket={ticket}"), &[]).await.err(),
        Some(401),
        "the second time"
    );
    let ticket = node.ticket(&stage.ada).await;
    let mut racers = JoinSet::new();
    for _ in 0..12 {
        let (node, ticket) = (Arc::clone(&node), ticket.clone());
        racers.spawn(async move { node.connect_with(&format!("?ticket={ticket}"), &[]).await });
    }
    let results = racers.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "of twelve at once");
    assert_eq!(results.iter().filter(|result| result.as_ref().err() == Some(&401)).count(), 11);
}

pub async fn an_old_ticket_opens_none(stage: Arc<Stage>) {
    let node = stage.node().await;
    let ticket = node.ticket(&stage.ada).await;
    let session = stage.ada.session;
    let left = "expires_at = now() + interval '30 seconds'";
    let old = format!(
        "update socket_ticket set expires_at = now() - interval '1 second' where session_id = '{session}'"
    );
    stage.sql(&old.replace("expires_at = now() - interval '1 second'", left)).await;
    stage.sql(&old).await;
    assert_eq!(node.connect_with(&format!("?ticket={ticket}"), &[]).await.err(), Some(401));
    assert_eq!(node.connect_with("?ticket=", &[]).await.err(), Some(401));
    // A wrong ticket is not made good by a right header.
    let header = bearer(&stage.ada);
    assert_eq!(node.connect_with("?ticket=x", &[("authorization", &header)]).await.err(), Some(401));
}

pub async fn a_ticket_leads_into_its_own_tenant(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut ada = node.socket(&stage.ada, &["inbox"]).await;
    let ticket = node.ticket(&stage.eve).await;
    let mut eve = node.connect_with(&format!("?ticket={ticket}"), &[]).await.expect("connects");
    eve.hello(json!({"type": "hello", "rooms": ["inbox"]})).await;
    assert_eq!(eve.welcome["tenant_id"], json!(stage.foreign.id()));
    assert_eq!(eve.welcome["presence"]["inbox"].as_array().map(Vec::len), Some(1), "she sees nobody else");
    for n in 0..20 {
        node.emit(stage.tenant, &["inbox"], n).await;
        node.emit(stage.foreign, &["inbox"], 100 + n).await;
    }
    for n in 0..20 {
        assert_eq!((ada.number().await, eve.number().await), (n, 100 + n));
    }
}

pub async fn a_token_in_the_address_is_refused(stage: Arc<Stage>) {
    let node = stage.node().await;
    let header = bearer(&stage.ada);
    for name in ["token", "access_token", "Token"] {
        let query = format!("?{name}={}", stage.ada.token);
        assert_eq!(node.connect_with(&query, &[]).await.err(), Some(400), "{name}");
        assert_eq!(node.connect_with(&query, &[("authorization", &header)]).await.err(), Some(400), "{name}");
    }
}

pub async fn another_subprotocol_is_refused(stage: Arc<Stage>) {
    let node = stage.node().await;
    let header = bearer(&stage.ada);
    let offered = async |protocols: &str| {
        node.connect_with("", &[("authorization", &header), ("sec-websocket-protocol", protocols)])
            .await
            .err()
    };
    assert_eq!(offered("graphql").await, Some(400));
    assert_eq!(offered("switchboard.v2").await, Some(400));
    assert_eq!(offered("switchboard.v1").await, None);
}

pub async fn a_cookie_counts_from_our_own_page_only(stage: Arc<Stage>) {
    let node = stage.node().await;
    // The session's own token is not known here: whoever comes so far as to be asked for it is 401, the others 403.
    let cookie = format!("session={}", switchboard::ids::token());
    let own = format!("http://{}", node.address);
    for (origin, status) in [
        (Some(own.as_str()), 401),
        (Some("http://evil.test"), 403),
        (Some("null"), 403),
        (Some("http://127.0.0.1.evil.test"), 403),
        (None, 403),
    ] {
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend(origin.map(|origin| ("origin", origin)));
        assert_eq!(node.connect_with("", &headers).await.err(), Some(status), "{origin:?}");
    }
}

pub async fn an_ended_session_opens_nothing(stage: Arc<Stage>) {
    let node = stage.node().await;
    let (revoked, expired, idle) = (stage.user("R").await, stage.user("E").await, stage.user("I").await);
    let disabled = stage.user("D").await;
    stage
        .sql(&format!(
            "update session set revoked_at = now() where id = '{}';
             update session set expires_at = now() - interval '1 second' where id = '{}';
             update session set last_seen_at = now() - interval '13 hours' where id = '{}';
             update app_user set disabled_at = now() where id = '{}'",
            revoked.session, expired.session, idle.session, disabled.id
        ))
        .await;
    for user in [&revoked, &expired, &idle, &disabled] {
        assert_eq!(node.connect(user).await.err(), Some(401));
    }
    assert!(node.connect(&stage.ada).await.is_ok());
}

pub async fn before_hello_nothing_is_done(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.connect(&stage.ada).await.expect("connects");
    for frame in [
        json!({"type": "join", "room": "inbox", "ref": 1}),
        json!({"type": "leave", "room": "inbox"}),
        json!({"type": "signal", "room": "inbox", "name": "viewing"}),
        json!({"type": "helo"}),
    ] {
        client.send(frame).await;
        assert_eq!(client.next().await["code"], "bad_frame");
    }
    node.emit(stage.tenant, &["inbox"], 1).await;
    client.hello(json!({"type": "hello"})).await;
    assert_eq!(client.welcome["rooms"], json!([format!("user:{}", stage.ada.id)]), "nothing was joined");
}

pub async fn a_second_hello_changes_nothing(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    node.emit(stage.tenant, &["inbox"], 1).await;
    assert_eq!(client.number().await, 1);
    client.send(json!({"type": "hello", "rooms": [], "resume_from": 0})).await;
    assert_eq!(client.next().await["code"], "bad_frame");
    node.emit(stage.tenant, &["inbox"], 2).await;
    assert_eq!(client.number().await, 2, "still in the room, still at its place");
}

pub async fn no_hello_is_4000(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut silent = node.connect(&stage.ada).await.expect("connects");
    let mut talks = node.connect(&stage.bob).await.expect("connects");
    // Words that are no hello do not help.
    let talking = async {
        loop {
            talks.send(json!({"type": "join", "room": "inbox"})).await;
            match talks.try_next().await {
                Ok(frame) => assert_eq!(frame["code"], "bad_frame"),
                Err(code) => return code,
            }
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        }
    };
    let (silent, talks) = tokio::join!(silent.closed(), talking);
    assert_eq!((silent, talks), (4000, 4000));
}
