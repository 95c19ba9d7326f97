//! Whose a webhook is: one tenant, several, a slug; and what waits until its account is connected.

use crate::bodies::{
    INSTAGRAM, NOON, NUMBER, PAGE, SECOND_NUMBER, WABA, apply, change, in_state, items, messenger_text, only,
    person, post, text, text_body, texts, whatsapp,
};
use crate::support::{SECRET, Setup, TestApp, noise, sample};
use serde_json::{Value, json};
use std::time::Duration;
use switchboard::channels::{self, Account, ChannelKind};
use switchboard::db::Tenant;
use switchboard::tenants;
use uuid::Uuid;

async fn alone() -> TestApp {
    TestApp::with(Setup { alone: true, ..Setup::default() }).await
}

/// A second tenant with nothing in it.
async fn neighbour(app: &TestApp) -> Tenant {
    tenants::create(&app.app.db, "neighbour", "Neighbour").await.unwrap()
}

async fn connect(app: &TestApp, tenant: Tenant, kind: ChannelKind, account_id: &str) -> (Uuid, i64) {
    let waba_id = (kind == ChannelKind::Whatsapp).then_some(WABA);
    channels::connect(&app.app.log, tenant, Account { kind, account_id, waba_id, name: account_id })
        .await
        .unwrap()
}

async fn messages_in(app: &TestApp, tenant: Tenant) -> Vec<String> {
    let statement = "select text from message where tenant_id = $1 order by text";
    let rows = app.database.owner().query(statement, &[&tenant.id()]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// State and accounts of every delivery, with how many of its tenant are the given one's.
async fn journal(app: &TestApp, tenant: Tenant) -> Vec<(String, Vec<String>, bool)> {
    let statement = "select state, accounts, tenant_id is not distinct from $1 from webhook_delivery order by state, accounts";
    let rows = app.database.owner().query(statement, &[&tenant.id()]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

async fn channel(app: &TestApp, account_id: &str) -> Option<Value> {
    items(app, "/channels").await.into_iter().find(|channel| channel["account_id"] == account_id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_only_tenant_gets_unknown_accounts_as_unconfirmed_channels() {
    let app = alone().await;
    apply(&app, &text_body("905320000051", "wamid.new", "to a new number")).await;
    apply(&app, &messenger_text(PAGE, "7720183645512093", "m_new", "to a new page")).await;
    for (account, kind, words) in
        [(NUMBER, "whatsapp", "to a new number"), (PAGE, "messenger", "to a new page")]
    {
        let made = channel(&app, account).await.expect("a channel");
        assert_eq!((&made["kind"], &made["confirmed"]), (&json!(kind), &json!(false)));
        assert_eq!(texts(&app, words).await, 1, "it works all the same");
        let path = format!("/channels/{}", made["id"].as_str().unwrap());
        let patch = async |body: Value| app.call(reqwest::Method::PATCH, &path, Some(body)).await;
        let stale = json!({ "confirmed": true, "version": made["version"].as_i64().unwrap() - 1 });
        let (status, problem) = patch(stale).await;
        assert_eq!((status, &problem["current"]["confirmed"]), (409, &json!(false)));
        let (status, confirmed) = patch(json!({ "confirmed": true, "version": made["version"] })).await;
        assert_eq!((status, &confirmed["confirmed"]), (200, &json!(true)));
        assert!(confirmed["version"].as_i64() > made["version"].as_i64());
        assert_eq!(channel(&app, account).await.unwrap(), confirmed);
    }
    // More of the same makes no further channel, and does not take the mark back.
    apply(&app, &text_body("905320000051", "wamid.new2", "again")).await;
    assert_eq!(channel(&app, NUMBER).await.unwrap()["confirmed"], true);
    assert_eq!(items(&app, "/channels").await.len(), 3, "with the website");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_first_named_twenty_times_at_once_becomes_one_channel() {
    let app = alone().await;
    let sent = (0..20).map(|n| {
        let body = text_body(&format!("9053200005{n:02}"), &format!("wamid.rush{n}"), "rush");
        let app = &app;
        async move { crate::bodies::post(app, &body).await }
    });
    assert!(futures_util::future::join_all(sent).await.iter().all(|status| *status == 200));
    app.settle().await;
    assert_eq!(app.count("select count(*) from channel where tenant_id = $1 and kind = 'whatsapp'").await, 1);
    assert_eq!(texts(&app, "rush").await, 20);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dashboards_test_button_makes_nothing() {
    for setup in [Setup { alone: true, ..Setup::default() }, Setup::default()] {
        let app = TestApp::with(setup).await;
        let channels = items(&app, "/channels").await.len();
        let zero = messenger_text(PAGE, "12334", "test_message_id", "test_message")
            .to_string()
            .replace(&format!("\"id\":\"{PAGE}\",\"messaging\""), "\"id\":\"0\",\"messaging\"");
        let number_zero = json!({ "object": "page", "entry": [{ "id": 0, "time": NOON, "changes": [{ "field": "leadgen",
            "value": { "leadgen_id": "444", "page_id": "444", "form_id": "444" } }] }] });
        for (platform, body) in [
            ("meta", sample("messenger/dashboard_test.json")),
            ("instagram", sample("instagram/dashboard_test.json")),
            ("meta", zero.into_bytes()),
            ("meta", number_zero.to_string().into_bytes()),
        ] {
            assert_eq!(app.deliver(platform, &body).await, 200);
        }
        app.settle().await;
        assert_eq!(items(&app, "/channels").await.len(), channels);
        for path in ["/customers", "/conversations?status=all"] {
            assert_eq!(items(&app, path).await.len(), 0, "{path}");
        }
        assert_eq!(app.number("select count(*) from webhook_delivery where state <> 'done'").await, 0);
        assert!(app.graph.calls().is_empty());
        app.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn among_several_tenants_an_unknown_account_waits_until_it_is_connected() {
    let app = alone().await;
    let other = neighbour(&app).await;
    apply(&app, &text_body("905320000052", "wamid.waits1", "waits 1")).await;
    apply(&app, &text_body("905320000052", "wamid.waits1", "waits 1")).await;
    apply(&app, &text_body("905320000053", "wamid.waits2", "waits 2")).await;
    apply(&app, &messenger_text(PAGE, "7720183645512093", "m_waits", "another account")).await;
    assert!(channel(&app, NUMBER).await.is_none() && items(&app, "/customers").await.is_empty());
    assert_eq!(
        app.number("select count(*) from webhook_delivery where state = 'unrouted' and reason is not null")
            .await,
        4
    );
    assert!(in_state(&app, "unrouted").await.is_empty(), "of nobody, so shown to nobody");

    let (_, released) = connect(&app, app.tenant, ChannelKind::Whatsapp, NUMBER).await;
    assert_eq!(released, 3);
    app.settle().await;
    assert_eq!(messages_in(&app, app.tenant).await, ["waits 1", "waits 2"]);
    assert_eq!(in_state(&app, "done").await.len(), 3);
    assert_eq!(connect(&app, app.tenant, ChannelKind::Whatsapp, NUMBER).await.1, 0, "connecting again");
    let taken = Account { kind: ChannelKind::Whatsapp, account_id: NUMBER, waba_id: None, name: "mine" };
    let refused = channels::connect(&app.app.log, other, taken).await;
    assert!(matches!(refused, Err(switchboard::error::Error::Conflict(_))), "{refused:?}");
    assert_eq!(
        app.number("select count(*) from channel where kind = 'whatsapp'").await,
        1,
        "nothing half made"
    );

    connect(&app, other, ChannelKind::Messenger, PAGE).await;
    app.settle().await;
    assert_eq!(messages_in(&app, other).await, ["another account"]);
    assert_eq!(messages_in(&app, app.tenant).await, ["waits 1", "waits 2"]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_of_two_tenants_and_nobody_is_split_between_them() {
    let app = alone().await;
    let other = neighbour(&app).await;
    connect(&app, app.tenant, ChannelKind::Whatsapp, NUMBER).await;
    connect(&app, other, ChannelKind::Whatsapp, SECOND_NUMBER).await;
    let to = |number: &str, id: &str, words: &str| {
        change(number, "messages", json!({ "messages": [text("905320000054", id, NOON, words)] }))
    };
    let body = whatsapp(&[
        to(NUMBER, "wamid.split1", "ours"),
        to(SECOND_NUMBER, "wamid.split2", "theirs"),
        to("999000999000999", "wamid.split3", "nobody's"),
        to(NUMBER, "wamid.split4", "ours too"),
    ]);
    for _ in 0..2 {
        apply(&app, &body).await;
        assert_eq!(messages_in(&app, app.tenant).await, ["ours", "ours too"]);
        assert_eq!(messages_in(&app, other).await, ["theirs"]);
    }
    let rows = journal(&app, app.tenant).await;
    let of = |state: &str, mine: bool| rows.iter().filter(|row| row.0 == state && row.2 == mine).count();
    assert_eq!((of("done", true), of("done", false), of("unrouted", false), rows.len()), (2, 2, 2, 6));
    // What is shown of it has each tenant's own state, and is sent again for that tenant alone.
    for id in in_state(&app, "done").await {
        let path = format!("/webhook-deliveries/{id}/replay");
        assert_eq!(app.call(reqwest::Method::POST, &path, None).await.0, 202);
    }
    app.settle().await;
    let third = tenants::create(&app.app.db, "third", "Third").await.unwrap();
    connect(&app, third, ChannelKind::Whatsapp, "999000999000999").await;
    app.settle().await;
    assert_eq!(messages_in(&app, app.tenant).await, ["ours", "ours too"]);
    assert_eq!(messages_in(&app, other).await, ["theirs"]);
    assert_eq!(messages_in(&app, third).await, ["nobody's"]);
    assert_eq!(items(&app, "/customers").await.len(), 1, "the same person is three tenants' customer");
    assert_eq!(person(&app, "905320000054").await["phone"], "+905320000054");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_being_connected_leaves_nothing_waiting() {
    let app = alone().await;
    let other = neighbour(&app).await;
    let (channel, _) = connect(&app, other, ChannelKind::Whatsapp, SECOND_NUMBER).await;
    let owner = app.database.owner();
    owner.batch_execute("begin").await.unwrap();
    let claim = "with made as (
                     insert into channel (tenant_id, id, kind, account_id, name)
                     select tenant_id, gen_random_uuid(), kind, $1, name from channel where id = $2 returning *
                 )
                 insert into channel_account (kind, account_id, tenant_id, channel_id)
                 select kind, account_id, tenant_id, id from made";
    owner.execute(claim, &[&NUMBER, &channel]).await.unwrap();
    assert_eq!(post(&app, &text_body("905320000059", "wamid.meanwhile", "meanwhile")).await, 200);
    let waits = "select count(*) from pg_locks where not granted and relation = 'channel_account'::regclass";
    let waiting = async {
        while app.number(waits).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .expect("who finds no owner looks again, after the claim");
    owner.batch_execute("commit").await.unwrap();
    app.settle().await;
    assert_eq!(messages_in(&app, other).await, ["meanwhile"]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slug_speaks_of_its_own_tenants_accounts_only() {
    let app = TestApp::start().await;
    let body = text_body("905320000055", "wamid.slug", "through the wrong door").to_string();
    let signature = webhooks::signature::sign(body.as_bytes(), SECRET.as_bytes());
    let deliver = async |slug: &str| {
        let url = format!("{}/api/whatsapp/webhook/{slug}", app.base);
        let request = app.http.post(url).header("x-hub-signature-256", &signature).body(body.clone());
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(deliver("noise").await, 200);
    app.settle().await;
    let noise: Uuid = app
        .database
        .owner()
        .query_one("select id from tenant where slug = 'noise'", &[])
        .await
        .unwrap()
        .get(0);
    let noise = Tenant::proven(noise);
    let wrong = app.number("select count(*) from message where text = 'through the wrong door'").await;
    assert_eq!(wrong, 0, "neither in the owner's tenant nor in the slug's");
    assert_eq!(
        journal(&app, noise).await,
        [("unrouted".to_owned(), vec![format!("whatsapp:{NUMBER}")], true)]
    );
    assert!(items(&app, "/webhook-deliveries").await.is_empty(), "it is the other tenant's");
    assert_eq!(deliver("default").await, 200);
    app.settle().await;
    assert_eq!(texts(&app, "through the wrong door").await, 1);
    // Connecting the account again does not bring the other tenant's copy over.
    assert_eq!(connect(&app, app.tenant, ChannelKind::Whatsapp, NUMBER).await.1, 0);
    assert!(!app.fetch("/conversations").await.to_string().contains(noise::CANARY));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_of_a_whole_account_wait_for_its_first_number_and_show_in_each() {
    for several in [false, true] {
        let app = alone().await;
        if several {
            neighbour(&app).await;
        }
        let body: Value = serde_json::from_slice(&sample("whatsapp/template_quality.json")).unwrap();
        apply(&app, &body).await;
        assert_eq!(items(&app, "/channels").await.len(), 1, "the website; no channel of a whole account");
        let mut ids = Vec::new();
        for (place, number) in [NUMBER, SECOND_NUMBER].into_iter().enumerate() {
            if several {
                let (id, released) = connect(&app, app.tenant, ChannelKind::Whatsapp, number).await;
                assert_eq!(released, i64::from(place == 0));
                ids.push(id.to_string());
            } else {
                let first = change(
                    number,
                    "messages",
                    json!({ "messages": [text("905320000056", number, NOON, "hi")] }),
                );
                apply(&app, &whatsapp(&[first])).await;
                ids.push(channel(&app, number).await.unwrap()["id"].as_str().unwrap().to_owned());
            }
            app.settle().await;
            for id in &ids {
                let event = only(&app, &format!("/channels/{id}/events")).await;
                assert_eq!(
                    (&event["kind"], &event["data"]["quality"]),
                    (&json!("template_quality"), &json!("YELLOW"))
                );
            }
        }
        apply(&app, &body).await;
        assert_eq!(
            items(&app, &format!("/channels/{}/events", ids[0])).await.len(),
            1,
            "told twice, shown once"
        );
        app.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_different_accounts_are_different_people() {
    let app = TestApp::start().await;
    apply(&app, &messenger_text(PAGE, "7720183645512093", "m_one", "on the first page")).await;
    apply(&app, &messenger_text("231904857610293", "7720183645512093", "m_one", "on the second page")).await;
    let instagram = json!({ "object": "instagram", "entry": [{ "id": INSTAGRAM, "time": NOON, "messaging": [{
        "sender": { "id": "7720183645512093" }, "recipient": { "id": INSTAGRAM }, "timestamp": NOON * 1000,
        "message": { "mid": "m_one", "text": "on instagram" } }] }] });
    apply(&app, &instagram).await;
    assert_eq!(items(&app, "/customers").await.len(), 3);
    assert_eq!(items(&app, "/conversations").await.len(), 3);
    assert_eq!(
        messages_in(&app, app.tenant).await,
        ["on instagram", "on the first page", "on the second page"]
    );
    app.end().await;
}
