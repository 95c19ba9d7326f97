//! Templates reach WhatsApp filled in, at any time, and never whom they must not.

use crate::files::{picture, upload};
use crate::outbox::{Desk, accepted, refused};
use serde_json::{Value, json};
use switchboard::channels::ChannelKind;
use switchboard::ids;
use uuid::Uuid;

/// A template of the desk's account.
async fn template(desk: &Desk, category: &str, status: &str, components: &Value) -> Uuid {
    let id = ids::new();
    let statement =
        "insert into message_template (tenant_id, id, waba_id, external_id, name, language, category,
             category_at, status, status_at, quality_at, components, search, synced_at)
         select $1, $2, waba_id, $3, 'order_update', $3, $4, now(), $5, now(), now(), $6, 'x', now()
         from channel where tenant_id = $1 and kind = 'whatsapp' and account_id = $7";
    let (tenant, language) = (desk.app.tenant.id(), id.simple().to_string());
    let rows = desk
        .app
        .database
        .owner()
        .execute(statement, &[&tenant, &id, &language, &category, &status, components, &desk.account])
        .await
        .unwrap();
    assert_eq!(rows, 1);
    id
}

fn body(text: &str) -> Value {
    json!([{ "type": "BODY", "text": text, "example": { "body_text": [["Ayşe", "7"]] } }])
}

/// The window closes.
async fn a_day_later(desk: &Desk) {
    let late = "update conversation set last_inbound_at = now() - interval '3 days'";
    desk.app.database.owner().batch_execute(late).await.unwrap();
}

fn used(client_id: &str, id: Uuid, parameters: &Value) -> Value {
    json!({ "client_id": client_id, "template": { "id": id, "parameters": parameters } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_goes_out_though_the_window_is_closed() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    a_day_later(&desk).await;
    let (status, problem) = desk.post(&json!({ "client_id": "t", "text": "Hi" })).await;
    assert_eq!((status, &problem["alternatives"]), (422, &json!(["template", "override"])), "{problem}");
    let id = template(&desk, "utility", "approved", &body("Dear {{1}}, order {{2}} is ready.")).await;
    desk.graph(&accepted("wamid.t1"));
    let (status, message) = desk.post(&used("c", id, &json!({ "body.1": "Ayşe", "body.2": "7" }))).await;
    assert_eq!((status, &message["kind"]), (201, &json!("template")), "{message}");
    assert_eq!(message["text"], "Dear Ayşe, order 7 is ready.");
    assert_eq!(message["template"]["name"], "order_update");
    desk.becomes(&message, "sent").await;
    let sent = desk.sent();
    assert_eq!(
        (&sent[0]["type"], &sent[0]["template"]["name"]),
        (&json!("template"), &json!("order_update"))
    );
    assert_eq!(
        sent[0]["template"]["components"],
        json!([{ "type": "body", "parameters": [{ "type": "text", "text": "Ayşe" }, { "type": "text", "text": "7" }] }])
    );
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_brings_its_file() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let components = json!([{ "type": "HEADER", "format": "IMAGE" }, { "type": "BODY", "text": "Look" }]);
    let id = template(&desk, "utility", "approved", &components).await;
    let (picture, paper) = (
        upload(&desk.app, "a.png", "image/png", &picture()).await,
        upload(&desk.app, "a.pdf", "application/pdf", b"%PDF-1.7 x").await,
    );
    let with = |file: &Value| used("c", id, &json!({ "header.1": { "file_id": file["id"] } }));
    let (status, problem) = desk.post(&with(&paper)).await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("unsupported")), "{problem}");
    desk.app.graph.answer(&format!("POST /{}/media", desk.account), &json!({ "id": "11" }));
    desk.graph(&accepted("wamid.t2"));
    let (status, message) = desk.post(&with(&picture)).await;
    assert_eq!((status, &message["attachments"][0]["kind"]), (201, &json!("template")), "{message}");
    desk.becomes(&message, "sent").await;
    let header = &desk.sent()[0]["template"]["components"][0];
    assert_eq!(
        header,
        &json!({ "type": "header", "parameters": [{ "type": "image", "image": { "id": "11" } }] })
    );
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_whatsapp_or_the_customer_would_refuse_is_not_sent() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let approved = template(&desk, "utility", "approved", &body("Dear {{1}}")).await;
    let paused = template(&desk, "utility", "paused", &body("Dear {{1}}")).await;
    let offer = template(&desk, "marketing", "approved", &body("Dear {{1}}")).await;
    let code = async |body: Value| {
        let (status, problem) = desk.post(&body).await;
        (status, problem["errors"][0]["code"].as_str().unwrap_or_default().to_owned())
    };
    let ayse = json!({ "body.1": "Ayşe" });
    assert_eq!(code(used("a", paused, &ayse)).await, (422, "not_approved".to_owned()));
    assert_eq!(code(used("a", ids::new(), &ayse)).await, (422, "unknown".to_owned()));
    assert_eq!(code(used("a", approved, &json!({}))).await, (422, "required".to_owned()));
    assert_eq!(
        code(used("a", approved, &json!({ "body.1": "x", "body.2": "y" }))).await,
        (422, "unknown".to_owned())
    );
    assert_eq!(
        code(used("a", approved, &json!({ "body.1": "two\nlines" }))).await,
        (422, "invalid".to_owned())
    );
    let mut beside = used("a", approved, &ayse);
    beside["text"] = json!("and this");
    assert_eq!(code(beside).await, (422, "invalid".to_owned()));
    desk.app.database.owner().batch_execute("update customer set marketing_opt_out = true").await.unwrap();
    assert_eq!(code(used("a", offer, &ayse)).await, (422, "opted_out".to_owned()));
    assert_eq!(desk.sent().len(), 0);
    // Meta knows better than our copy: the message fails, and the list is asked for.
    desk.graph(&refused(400, 132_001));
    let (_, message) = desk.post(&used("b", approved, &ayse)).await;
    let failed = desk.becomes(&message, "failed").await;
    assert!(failed["error"]["title"].as_str().unwrap().contains("template"), "{failed}");
    let waiting = "select count(*) from job where tenant_id = $1 and kind = 'sync_templates'";
    desk.app.settle().await;
    let asked = desk.app.graph.calls().iter().any(|call| call.contains("message_templates"));
    assert!(asked || desk.app.count(waiting).await == 1);
    desk.app.end().await;
}
