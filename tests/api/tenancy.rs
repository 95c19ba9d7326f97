//! Walls between tenants: whatever of the second one is named, in whatever place, it is as if it were not there.
//!
//! All routes of the OpenAPI document are in these tests by themselves (see [`operations`]).

use crate::operations::{self, Answer, Operation, kind_of, with};
use crate::records::{self, EXTERNAL, PHONE, Records};
use crate::support::TestApp;
use crate::support::noise::CANARY;
use serde_json::{Value, json};
use switchboard::ids;
use uuid::Uuid;

/// Two tenants with a record of each kind, and rows of nobody.
struct Stage {
    app: TestApp,
    own: Records,
    noise: Records,
    /// Of an administrator of *noise*.
    noise_token: String,
    /// A delivery that is of nobody yet.
    unrouted: Uuid,
}

impl Stage {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let owner = app.database.owner();
        let noise: Uuid =
            owner.query_one("select id from tenant where slug = 'noise'", &[]).await.unwrap().get(0);
        let own = Records::add(owner, app.tenant.id(), "own").await;
        let noise = Records::add(owner, noise, CANARY).await;
        let unrouted = ids::new();
        records::add_delivery(owner, None, unrouted, CANARY).await;
        let (_, noise_token) = records::user_of(&app, noise.tenant, "administrator").await;
        Self { app, own, noise, noise_token, unrouted }
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::of(request.bearer_auth(&self.app.token)).await
    }

    async fn get(&self, address: &str) -> Answer {
        self.ask(self.app.http.get(format!("{}{address}", self.app.base))).await
    }

    /// That nothing of the second tenant is in an answer.
    #[track_caller]
    fn shows_nothing(&self, answer: &Answer, of: &str) {
        assert!(answer.status < 500, "{of}: {} {}", answer.status, answer.text);
        assert!(!answer.text.to_uppercase().contains(CANARY), "{of}: {}", answer.text);
        for id in self.noise.all().chain([self.noise.tenant, self.unrouted]) {
            assert!(!answer.text.contains(&id.to_string()), "{of}: {id} in {}", answer.text);
        }
        assert!(!answer.text.contains(&self.noise.site_key), "{of}");
    }
}

/// An answer's status and body with the ids that were asked for taken out.
fn shown(answer: &Answer, asked: &Records) -> (u16, String) {
    let (status, body) = answer.shown();
    let body = asked.all().fold(body.to_string(), |body, id| body.replace(&id.to_string(), "…"));
    (status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_tenant_is_an_id_that_does_not_exist() {
    let stage = Stage::set().await;
    let nobody = Records::of_nobody(stage.noise.tenant);
    let before = records::digest(stage.app.database.owner(), None).await;
    let mut asked = 0;
    for operation in operations::of_api().iter().filter(|operation| operation.has_ids()) {
        let name = operation.name();
        let places = operation.path.matches('{').count();
        // Each id alone, the others being one's own; and all of them.
        let choices = (0..places).map(|place| vec![place]).chain([(0..places).collect()]);
        for foreign in choices {
            let address_of = |other: &Records| {
                let mut place = 0;
                operation.address_with(
                    |kind| {
                        place += 1;
                        let of = if foreign.contains(&(place - 1)) { other } else { &stage.own };
                        of.id(kind).to_string()
                    },
                    &stage.own,
                )
            };
            let body = operation.valid_body(&stage.own);
            let mut answers = Vec::new();
            for other in [&stage.noise, &nobody] {
                let request = operation.to(&stage.app, &address_of(other));
                let request = if let Some(body) = &body { request.json(body) } else { request };
                let answer = stage.ask(request).await;
                answer.is_problem(404, "not_found", &name);
                stage.shows_nothing(&answer, &name);
                answers.push(answer.shown());
            }
            assert_eq!(answers[0], answers[1], "{name} tells that there is such a record");
            asked += 1;
        }
    }
    assert!(asked >= 15, "only {asked} requests: are the routes in the document?");
    assert_eq!(records::digest(stage.app.database.owner(), None).await, before);
    stage.app.end().await;
}

/// What else a body needs so that one of its ids is looked at.
fn around(property: &str, own: &Records) -> Value {
    match property {
        "column_id" => json!({ "version": 1 }),
        "after_card_id" | "before_card_id" => json!({ "column_id": own.id("column"), "version": 1 }),
        "channel_id" => json!({
            "recipient": "+4915112345678",
            "message": { "client_id": "c", "text": "New", "override_window": true },
        }),
        "mentions" => json!({ "client_id": "c", "text": "New", "internal": true }),
        "seen_message_id" => json!({ "client_id": "c", "text": "New", "override_window": true }),
        _ => json!({}),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_tenant_in_a_body_is_refused_and_changes_nothing() {
    let stage = Stage::set().await;
    let nobody = Records::of_nobody(stage.noise.tenant);
    let before = records::digest(stage.app.database.owner(), None).await;
    let mut asked = Vec::new();
    for operation in operations::of_api().iter().filter(|operation| operation.is_record()) {
        for (property, _) in operation.properties() {
            // A client's own word for its message names nothing of the server's.
            let list = property == "ids" || property == "mentions";
            if (!property.ends_with("_id") && !list) || property == "client_id" {
                continue;
            }
            let of = format!("{}, {property}", operation.name());
            let mut answers = Vec::new();
            for other in [&stage.noise, &nobody] {
                let mut body = around(&property, &stage.own);
                body[&property] = match property.as_str() {
                    // Of whatever kind.
                    "ids" => json!(other.all().chain([stage.unrouted]).collect::<Vec<_>>()),
                    "mentions" => json!([other.id("user")]),
                    _ => json!(other.id(kind_of(&property))),
                };
                let answer =
                    stage.ask(operation.to(&stage.app, &operation.address(&stage.own)).json(&body)).await;
                stage.shows_nothing(&answer, &of);
                match answer.status {
                    // An action on a list: there is nothing of it that is the tenant's own.
                    202 => assert_eq!(answer.json(), json!({ "count": 0 }), "{of}"),
                    204 => assert_eq!(answer.text, "", "{of}"),
                    404 => answer.is_problem(404, "not_found", &of),
                    _ => answer.is_problem(422, "invalid", &of),
                }
                answers.push(shown(&answer, other));
            }
            assert_eq!(answers[0], answers[1], "{of}");
            asked.push(property);
        }
    }
    for property in
        ["assignee_id", "column_id", "after_card_id", "before_card_id", "message_id", "ids", "mentions"]
    {
        assert!(asked.iter().any(|one| one == property), "{property} is in no body");
    }
    assert_eq!(records::digest(stage.app.database.owner(), None).await, before);
    stage.app.end().await;
}

/// Values of a list's parameter that name something of the second tenant, or could reach it.
fn values(name: &str, noise: &Records) -> Vec<String> {
    let id = |kind| noise.id(kind).to_string();
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
    match name {
        "q" => {
            [CANARY, PHONE, EXTERNAL, "same-username", "same@example.test", "ayse@example.test", "", "%", "_"]
                .into_iter()
                .map(str::to_owned)
                .chain(noise.all().map(|id| id.to_string()))
                .collect()
        }
        "status" => texts(&["all", "open", "pending", "done"]),
        "state" => texts(&["received", "done", "failed", "unrouted"]),
        "kind" => texts(&["comment", "lead"]),
        "label" => texts(&[CANARY]),
        "sort" => texts(&["name", "created_at", "email", "phone", "last_activity_at", "unread_count"]),
        "order" => texts(&["asc", "desc"]),
        "unread" | "unread_only" | "filter_opt_out" | "download" => texts(&["true", "false"]),
        "filter_channel" => texts(&["whatsapp", "lead_ads"]),
        "limit" => texts(&["1", "200"]),
        "page" => texts(&["1", "2", "10000"]),
        "assignee" => vec![id("user"), "me".to_owned(), "none".to_owned()],
        "cursor" | "ticket" => Vec::new(),
        other => vec![id(kind_of(other))],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_shows_another_tenant_whatever_is_asked() {
    let stage = Stage::set().await;
    let mut seen_by_noise = 0;
    for operation in
        operations::of_api().iter().filter(|operation| operation.is_record() && operation.is_get())
    {
        let address = operation.address(&stage.own);
        let mut addresses = vec![address.clone()];
        for (name, _) in operation.parameters("query") {
            for value in values(&name, &stage.noise) {
                let asked = with(&address, &name, &value);
                // Together with whatever widens a list.
                if operation.takes("status") && name != "status" && operation.takes("q") {
                    addresses.push(with(&asked, "status", "all"));
                }
                addresses.push(asked);
            }
        }
        // A cursor that the second tenant was given.
        if operation.takes("cursor") {
            let theirs = with(&operation.address(&stage.noise), "limit", "1");
            let theirs = if operation.takes("q") { with(&theirs, "status", "all") } else { theirs };
            let request =
                stage.app.http.get(format!("{}{theirs}", stage.app.base)).bearer_auth(&stage.noise_token);
            let answer = Answer::of(request).await;
            assert_eq!(answer.status, 200, "{theirs}: {}", answer.text);
            seen_by_noise += usize::from(answer.text.contains(CANARY));
            if let Some(cursor) = answer.json()["next_cursor"].as_str() {
                addresses.push(with(&address, "cursor", cursor));
            }
        }
        // Another tenant in the query.
        for name in ["tenant", "tenant_id", "filter_tenant_id"] {
            addresses.push(with(&address, name, &stage.noise.tenant.to_string()));
        }
        for address in addresses {
            let answer = stage.get(&address).await;
            assert!([200, 400].contains(&answer.status), "{address}: {} {}", answer.status, answer.text);
            stage.shows_nothing(&answer, &address);
        }
        // Another tenant in a header.
        for header in ["x-tenant", "x-tenant-id", "x-forwarded-host", "x-remote-user"] {
            for value in ["noise", &stage.noise.tenant.to_string(), "noise.localhost"] {
                let request =
                    stage.app.http.get(format!("{}{address}", stage.app.base)).header(header, value);
                let answer = stage.ask(request).await;
                assert_eq!(answer.status, 200, "{address}");
                stage.shows_nothing(&answer, &address);
            }
        }
    }
    assert!(seen_by_noise >= 4, "the canary is in no list at all: {seen_by_noise}");
    stage.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_the_own_one_of_two_customers_with_the_same_number() {
    let stage = Stage::set().await;
    for q in [PHONE, "+90 532 999 88 77", "same@example.test", "same-username"] {
        for (list, kind) in [("customers", "customer"), ("conversations", "conversation")] {
            let answer = stage.get(&with(&format!("/api/v1/{list}"), "q", q)).await;
            let items = answer.json()["items"].as_array().unwrap().clone();
            let found: Vec<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
            assert_eq!(found, [stage.own.id(kind).to_string()], "{list} with {q}");
        }
    }
    stage.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_leave_every_row_of_another_tenant_as_it_was() {
    let stage = Stage::set().await;
    let owner = stage.app.database.owner();
    // The same ids in both tenants: only the tenant tells the two apart.
    stage.own.add_twins(owner, stage.noise.tenant, CANARY).await;
    let before = records::digest(owner, Some(stage.noise.tenant)).await;
    let unrouted = "select t::text from webhook_delivery t where id = $1";
    let unrouted_before: String = owner.query_one(unrouted, &[&stage.unrouted]).await.unwrap().get(0);
    let own_before = records::digest(owner, Some(stage.own.tenant)).await;
    let is_write = |operation: &&Operation| operation.is_record() && !operation.is_get();
    let mut writes: Vec<_> =
        operations::of_api().into_iter().filter(|operation| is_write(&operation)).collect();
    // What is deleted can't be changed.
    writes.sort_by_key(|operation| operation.method == reqwest::Method::DELETE);
    for operation in &writes {
        let answer = stage.ask(operation.request(&stage.app, &stage.own)).await;
        assert!(
            (200..300).contains(&answer.status),
            "{}: {} {}",
            operation.name(),
            answer.status,
            answer.text
        );
        stage.shows_nothing(&answer, &operation.name());
    }
    let card = format!("{}/api/v1/cards/{}", stage.app.base, stage.own.id("card"));
    let version =
        stage.get(&format!("/api/v1/cards/{}", stage.own.id("card"))).await.json()["version"].clone();
    let (column, user) = (stage.own.id("column"), stage.own.id("user"));
    let moved = json!({ "column_id": column, "version": version, "assignee_id": user });
    assert_eq!(stage.ask(stage.app.http.patch(card).json(&moved)).await.status, 200);
    for state in ["failed", "unrouted"] {
        let many = format!("{}/api/v1/webhook-deliveries/replay", stage.app.base);
        assert_eq!(stage.ask(stage.app.http.post(many).json(&json!({ "state": state }))).await.status, 202);
    }
    stage.app.settle().await;
    assert_ne!(records::digest(owner, Some(stage.own.tenant)).await, own_before, "the writes wrote");
    assert_eq!(records::digest(owner, Some(stage.noise.tenant)).await, before);
    assert_eq!(
        owner.query_one(unrouted, &[&stage.unrouted]).await.unwrap().get::<_, String>(0),
        unrouted_before
    );
    // Reads tell the two apart too.
    for operation in
        operations::of_api().iter().filter(|operation| operation.is_record() && operation.is_get())
    {
        let answer = stage.get(&operation.address(&stage.own)).await;
        assert_eq!(answer.status, 200, "{}: {}", operation.name(), answer.text);
        stage.shows_nothing(&answer, &operation.name());
    }
    stage.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_of_nobody_show_to_nobody() {
    let stage = Stage::set().await;
    let path = "/api/v1/webhook-deliveries";
    for state in ["", "?state=unrouted", "?filter_state=unrouted&filter_state=failed"] {
        for (token, own) in [(&stage.app.token, &stage.own), (&stage.noise_token, &stage.noise)] {
            let address = format!("{}{path}{state}", stage.app.base);
            let answer = Answer::of(stage.app.http.get(address).bearer_auth(token)).await;
            assert!(!answer.text.contains(&stage.unrouted.to_string()), "{state}: {}", answer.text);
            let shows_own = answer.text.contains(&own.id("delivery").to_string());
            assert_eq!(shows_own, state != "?state=unrouted", "{state}: {}", answer.text);
        }
    }
    let one = stage.get(&format!("{path}/{}", stage.unrouted)).await;
    let none = stage.get(&format!("{path}/{}", ids::new())).await;
    one.is_problem(404, "not_found", "a delivery of nobody");
    assert_eq!(one.shown(), none.shown());
    stage.app.end().await;
}
