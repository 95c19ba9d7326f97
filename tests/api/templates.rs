//! WhatsApp's templates: fetched page by page, told by webhooks, listed.

use crate::bodies::apply;
use crate::realtime::setup::eventually;
use crate::records::user_of;
use crate::support::{Setup, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use switchboard::channels::{Account, ChannelKind, connect};
use switchboard::clock;
use switchboard::db::Tenant;
use switchboard::tenants;
use uuid::Uuid;

const WABA: &str = "700000000000001";
const JOBS: &str = "select count(*) from job where tenant_id = $1 and kind = 'sync_templates'";

/// A tenant with a token and a number of its own.
struct Desk {
    app: TestApp,
    channel: Uuid,
}

impl Desk {
    async fn start() -> Self {
        let settings = vec![("WHATSAPP_ACCESS_TOKEN", "whatsapp-token".to_owned())];
        let app = TestApp::with(Setup { settings, ..Setup::default() }).await;
        // The schedule's first round, which nobody answers; the number comes after it.
        let refused =
            "select count(*) from job where tenant_id = $1 and kind = 'sync_templates' and state = 'dead'";
        eventually("the first round is over", async || app.count(refused).await == 1).await;
        let channel = number(&app, app.tenant, "900000000000001", Some(WABA)).await;
        Self { app, channel }
    }

    fn path(&self) -> String {
        format!("/channels/{}/templates", self.channel)
    }

    fn answers(&self, answers: &Value) {
        self.app.graph.answer(&format!("GET /{WABA}/message_templates"), answers);
    }

    /// Lets the list be fetched.
    async fn sync(&self, answers: &Value) {
        self.answers(answers);
        let calls = self.app.graph.calls().len();
        let (status, body) = self.app.call(Method::POST, &format!("{}/sync", self.path()), None).await;
        assert_eq!(status, 204, "{body}");
        self.app.settle().await;
        assert!(self.app.graph.calls().len() > calls, "it was asked for");
    }

    async fn list(&self, query: &str) -> Value {
        self.app.fetch(&format!("{}{query}", self.path())).await
    }

    /// Name, state, version of each.
    async fn shown(&self) -> Vec<(String, String, i64)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list = self.list("").await;
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|one| (text(&one["name"]), text(&one["status"]), one["version"].as_i64().unwrap()))
            .collect()
    }

    /// One change of the business account, told by webhook.
    async fn told(&self, field: &str, seconds: i64, value: &Value) {
        let change = json!({"field": field, "value": value});
        let entry = json!({"id": WABA, "time": clock::now().timestamp() + seconds, "changes": [change]});
        apply(&self.app, &json!({"object": "whatsapp_business_account", "entry": [entry]})).await;
    }
}

async fn number(app: &TestApp, tenant: Tenant, account_id: &str, waba_id: Option<&str>) -> Uuid {
    let account = Account { kind: ChannelKind::Whatsapp, account_id, waba_id, name: account_id };
    connect(&app.app.log, tenant, account).await.unwrap().0
}

fn row(name: &str, status: &str, version: i64) -> (String, String, i64) {
    (name.to_owned(), status.to_owned(), version)
}

/// As Graph lists it.
fn template(id: u64, name: &str, status: &str) -> Value {
    let text = format!("Text of {name} for {{{{1}}}}");
    let body = json!({"type": "BODY", "text": text, "example": {"body_text": [["Ayşe"]]}});
    json!({"id": id.to_string(), "name": name, "language": "en", "category": "UTILITY", "status": status,
        "components": [body], "rejected_reason": "NONE", "quality_score": {"score": "GREEN"}})
}

fn page(templates: &[Value], after: Option<&str>) -> Value {
    let mut paging = json!({"cursors": {"after": after.unwrap_or("end")}});
    if after.is_some() {
        paging["next"] = json!("http://127.0.0.1:9/elsewhere");
    }
    json!({"data": templates, "paging": paging})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_comes_in_pages_and_what_is_gone_does_not_show() {
    let desk = Desk::start().await;
    let first = page(&[template(1, "b", "APPROVED"), template(2, "a", "REJECTED")], Some("the next"));
    desk.sync(&json!([first, page(&[template(3, "c", "APPROVED")], None)])).await;
    let all = [row("a", "rejected", 1), row("b", "approved", 1), row("c", "approved", 1)];
    assert_eq!(desk.shown().await, all);
    let queries = desk.app.graph.queries();
    assert!(queries[queries.len() - 1].contains("after=the+next"), "{queries:?}");

    let start = desk.list("?limit=2").await;
    let rest = desk.list(&format!("?limit=2&cursor={}", start["next_cursor"].as_str().unwrap())).await;
    assert_eq!((&rest["items"][0]["name"], &rest["next_cursor"]), (&json!("c"), &Value::Null));
    for (query, found) in [("?q=TEXT%20of%20b", 1), ("?q=text", 3), ("?q=nowhere", 0), ("?q=c", 1)] {
        assert_eq!(desk.list(query).await["items"].as_array().unwrap().len(), found, "{query}");
    }
    let b = &start["items"][1];
    assert_eq!(b["parameters"], json!([{"key": "body.1", "kind": "text", "example": "Ayşe"}]));
    assert_eq!(
        (&b["category"], &b["quality"], &b["sendable"]),
        (&json!("utility"), &json!("green"), &json!(true))
    );
    assert_eq!(start["items"][0]["sendable"], false);
    let (status, _) = desk.app.get(&format!("{}?cursor=eA", desk.path())).await;
    assert_eq!(status, 400);

    desk.sync(&page(&[template(1, "b", "PAUSED")], None)).await;
    assert_eq!(desk.shown().await, [row("b", "paused", 2)]);
    assert_eq!(desk.app.count("select count(*) from message_template where tenant_id = $1").await, 3);
    desk.sync(&page(&[template(9, "c", "APPROVED")], None)).await;
    assert_eq!(desk.shown().await, [row("c", "approved", 3)], "made anew");
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_can_not_be_read_ends_nothing() {
    let desk = Desk::start().await;
    let (a, b) = (template(1, "a", "APPROVED"), template(2, "b", "APPROVED"));
    desk.sync(&page(&[a.clone(), b.clone()], None)).await;
    let both = [row("a", "approved", 1), row("b", "approved", 1)];
    let paused = page(&[template(1, "a", "PAUSED")], Some("more"));
    for answers in [
        json!({"_raw": page(std::slice::from_ref(&a), None).to_string().split_at(90).0}),
        json!({"data": {}}),
        json!({"_status": 500}),
        json!({"_status": 403, "error": {"code": 200}}),
        json!([paused.clone(), {"_raw": "{"}]),
        json!([paused.clone(), {"_status": 500}]),
        paused,
    ] {
        desk.sync(&answers).await;
        assert_eq!(desk.shown().await, both, "{answers}");
        // It would wait for its next try.
        desk.app.database.owner().execute("delete from job", &[]).await.unwrap();
    }
    desk.sync(&page(&[template(1, "a", "PAUSED"), json!({"id": "2", "name": "b"})], None)).await;
    assert_eq!(
        desk.shown().await,
        [row("a", "paused", 2), row("b", "approved", 1)],
        "`b` is there in some form"
    );
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_change_templates_at_once_and_in_any_order() {
    let desk = Desk::start().await;
    desk.sync(&page(&[template(1, "a", "PENDING"), template(2, "b", "APPROVED")], None)).await;
    desk.answers(&json!({"_status": 400, "error": {"code": 100}}));
    let of = |more: Value| {
        let mut value = json!({"message_template_id": 1, "message_template_name": "a", "message_template_language": "en"});
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let status = "message_template_status_update";
    desk.told(status, 120, &of(json!({"event": "APPROVED", "reason": null}))).await;
    assert_eq!(desk.shown().await[0], row("a", "approved", 2));
    desk.told(status, 110, &of(json!({"event": "REJECTED", "reason": "PROMOTIONAL"}))).await;
    assert_eq!(desk.shown().await[0], row("a", "approved", 2), "older news");
    desk.told("message_template_quality_update", 90, &of(json!({"new_quality_score": "RED"}))).await;
    desk.told("template_category_update", 90, &of(json!({"new_category": "MARKETING"}))).await;
    desk.told(status, 130, &of(json!({"event": "REJECTED", "reason": "PROMOTIONAL"}))).await;
    desk.app.settle().await;
    let list = desk.list("").await;
    let a = &list["items"][0];
    let words = ["quality", "category", "status", "rejected_reason"].map(|key| a[key].as_str().unwrap());
    assert_eq!(words, ["red", "marketing", "rejected", "PROMOTIONAL"]);
    assert_eq!(list["items"][1]["version"], 1, "`b` was not meant");
    assert_eq!(desk.app.count(&format!("{JOBS} and state = 'dead'")).await, 2, "each asked for the list");

    // What was rewritten or is new is in the list only.
    desk.answers(&page(&[template(2, "b", "APPROVED"), template(3, "new", "APPROVED")], None));
    let rewritten = of(json!({"message_template_element": "Other words"}));
    desk.told("message_template_components_update", 140, &rewritten).await;
    desk.app.settle().await;
    let shown = desk.shown().await;
    assert!(shown.contains(&row("new", "approved", 1)), "{shown:?}");
    assert!(shown.contains(&row("a", "rejected", 5)), "the list is older than the news: {shown:?}");
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_is_asked_for_by_who_looks() {
    let desk = Desk::start().await;
    desk.answers(&page(&[template(1, "a", "APPROVED")], None));
    let agent = user_of(&desk.app, desk.app.tenant.id(), "agent").await.1;
    let ask = async |method: Method, path: &str| {
        let address = format!("{}/api/v1{path}", desk.app.base);
        desk.app.http.request(method, address).bearer_auth(&agent).send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(Method::POST, &format!("{}/sync", desk.path())).await, 403, "not an agent's");
    assert_eq!(ask(Method::GET, &format!("{}?q=a", desk.path())).await, 200);
    assert_eq!(desk.app.count(JOBS).await, 1, "what is not found may be elsewhere in the list");
    assert_eq!(ask(Method::GET, &desk.path()).await, 200);
    desk.app.settle().await;
    assert_eq!(desk.shown().await, [row("a", "approved", 1)]);

    let unknown = number(&desk.app, desk.app.tenant, "900000000000002", None).await;
    let path = format!("/channels/{unknown}/templates");
    assert_eq!(desk.app.fetch(&path).await["items"], json!([]));
    let (status, refused) = desk.app.call(Method::POST, &format!("{path}/sync"), None).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("no_account")));

    // Another tenant with a number of the same business account has a list of its own.
    let other = tenants::create(&desk.app.app.db, "other-desk", "Other").await.unwrap();
    let foreign = number(&desk.app, other, "900000000000003", Some(WABA)).await;
    for (method, end) in [(Method::GET, ""), (Method::POST, "/sync")] {
        let (status, _) = desk.app.call(method, &format!("/channels/{foreign}/templates{end}"), None).await;
        assert_eq!(status, 404, "{end}");
    }
    let rows = desk.app.number("select count(distinct tenant_id) from message_template").await;
    assert_eq!(rows, 1);
    desk.app.end().await;
}
