//! Leads: the website's form, Lead Ads whose content Graph gives late, and names that Graph knows.

use crate::bodies::{PAGE, apply, items, messages_of, messenger_text, only, person, post, text_body};
use crate::support::{Setup, TestApp, sample, sample_index};
use serde_json::{Value, json};
use switchboard::jobs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn site_key(app: &TestApp) -> String {
    let channels = items(app, "/channels").await;
    let website = channels.iter().find(|channel| channel["kind"] == "website").expect("every tenant has one");
    website["site_key"].as_str().expect("an administrator sees it").to_owned()
}

/// Sends a lead in as JSON: status and body.
async fn send(app: &TestApp, lead: &Value) -> (u16, Value) {
    let answer = app.http.post(format!("{}/api/public/leads", app.base)).json(lead).send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*", "errors can be read by the page too");
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn send_as(app: &TestApp, kind: &str, body: Vec<u8>) -> u16 {
    let request = app.http.post(format!("{}/api/public/leads", app.base)).header("content-type", kind);
    request.body(body).send().await.unwrap().status().as_u16()
}

async fn activities(app: &TestApp, customer: &Value) -> Vec<Value> {
    let details = app.fetch(&format!("/customers/{}/details", customer["id"].as_str().unwrap())).await;
    details["activities"].as_array().unwrap().clone()
}

async fn cards(app: &TestApp, customer: &Value) -> Vec<Value> {
    let details = app.fetch(&format!("/customers/{}/details", customer["id"].as_str().unwrap())).await;
    details["cards"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_website_lead_becomes_a_customer_a_card_and_an_activity() {
    let app = TestApp::start().await;
    let key = site_key(&app).await;
    let lead = json!({ "site_key": key, "name": " Zeynep Şahin ", "phone": "0533 123 45 67", "email": " Zeynep@Example.TEST ",
        "message": "Köşe koltuk?\nAcil", "page_url": "https://shop.test/sofa?x=1", "utm_source": "google", "utm_medium": "cpc",
        "utm_campaign": "kasım", "utm_term": "koltuk", "utm_content": "a" });
    let (status, answer) = send(&app, &lead).await;
    assert_eq!(status, 201, "{answer}");
    let customer = only(&app, "/customers").await;
    assert_eq!(customer["name"], "Zeynep Şahin");
    assert_eq!(
        (&customer["phone"], &customer["email"]),
        (&json!("+905331234567"), &json!("zeynep@example.test"))
    );
    let identity =
        json!({ "channel_kind": "website", "kind": "lead", "external_id": answer["id"], "username": null });
    assert_eq!(customer["identities"], json!([identity]));
    let card = &cards(&app, &customer).await[0];
    assert_eq!((&card["source"], &card["title"]), (&json!("website"), &json!("Zeynep Şahin")));
    for field in ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "page_url"] {
        assert_eq!(card["attribution"][field], lead[field], "{field}");
    }
    let activity = &activities(&app, &customer).await[0];
    assert_eq!((&activity["kind"], &activity["status"]), (&json!("website_lead"), &json!("pending")));
    assert_eq!(activity["data"]["message"], "Köşe koltuk?\nAcil");
    assert!(items(&app, "/conversations?status=all").await.is_empty(), "a lead is no conversation");
    let board = only(&app, "/boards").await;
    let board = app.fetch(&format!("/boards/{}", board["id"].as_str().unwrap())).await;
    assert_eq!(board["columns"][0]["cards"].as_array().unwrap().len(), 1, "in the first column");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_works_as_json_does_and_its_other_fields_are_passed_over() {
    let app = TestApp::start().await;
    let key = site_key(&app).await;
    let form = format!(
        "site_key={key}&name=Ay%C5%9Fe+Y%C4%B1lmaz&email=ayse%40example.test&submit=Send&utm_source=x%2By"
    );
    for kind in ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8"] {
        assert_eq!(send_as(&app, kind, form.clone().into_bytes()).await, 201);
    }
    let customer = only(&app, "/customers").await;
    assert_eq!((&customer["name"], &customer["phone"]), (&json!("Ayşe Yılmaz"), &Value::Null));
    assert_eq!(cards(&app, &customer).await[0]["attribution"]["utm_source"], "x+y");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_page_may_ask_and_no_cookie_goes_along() {
    let app = TestApp::start().await;
    let url = format!("{}/api/public/leads", app.base);
    let preflight = app.http.request(reqwest::Method::OPTIONS, &url).header("origin", "https://shop.test");
    let preflight = preflight.header("access-control-request-method", "POST");
    let answer = preflight.header("access-control-request-headers", "content-type").send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let headers = answer.headers();
    assert_eq!(
        (&headers["access-control-allow-origin"], &headers["access-control-allow-methods"]),
        (&"*".parse().unwrap(), &"POST".parse().unwrap())
    );
    assert_eq!(headers["access-control-allow-headers"], "content-type");
    assert!(!headers.contains_key("access-control-allow-credentials"));
    let lead = json!({ "site_key": site_key(&app).await, "phone": "+905331234567" });
    let answer = app.http.post(&url).header("origin", "https://shop.test").json(&lead).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(!answer.headers().contains_key("set-cookie"));
    let get = app.http.get(&url).send().await.unwrap();
    assert_eq!(get.status(), 405);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leads_that_can_not_be_taken_say_why_and_leave_nothing() {
    let app = TestApp::start().await;
    let key = site_key(&app).await;
    for wrong in [
        json!({ "phone": "+905331234567" }),
        json!({ "site_key": "", "phone": "+905331234567" }),
        json!({ "site_key": "nope", "phone": "+905331234567" }),
        json!({ "site_key": format!("{key}x"), "phone": "1" }),
    ] {
        let (status, problem) = send(&app, &wrong).await;
        assert_eq!((status, &problem["code"]), (401, &json!("unauthenticated")));
    }
    let long = |length: usize| "x".repeat(length);
    for (fields, field, code) in [
        (json!({ "name": "Nobody" }), "phone", "required"),
        (json!({ "phone": "", "email": "  " }), "phone", "required"),
        (json!({ "email": "no address" }), "email", "format"),
        (json!({ "email": "a@b.test", "name": long(501) }), "name", "too_long"),
        (json!({ "email": "a@b.test", "phone": "1".repeat(501) }), "phone", "too_long"),
        (json!({ "email": "a@b.test", "message": long(10_001) }), "message", "too_long"),
        (json!({ "email": "a@b.test", "page_url": long(2001) }), "page_url", "too_long"),
        (json!({ "email": "a@b.test", "utm_term": long(2001) }), "utm_term", "too_long"),
    ] {
        let mut lead = fields;
        lead["site_key"] = json!(key);
        let (status, problem) = send(&app, &lead).await;
        assert_eq!((status, &problem["code"]), (422, &json!("invalid")), "{problem}");
        let errors = problem["errors"].as_array().unwrap();
        let named = errors
            .iter()
            .any(|error| error["field"] == field && error["code"] == code && error["detail"].is_string());
        assert!(named, "{field} {code}: {problem}");
    }
    let good = json!({ "site_key": key, "phone": "+905331234567" }).to_string();
    for (kind, body, status) in [
        ("application/json", "{".to_owned(), 400),
        ("application/json", json!({ "site_key": key, "phone": 7 }).to_string(), 400),
        ("application/json", json!({ "site_key": key, "phone": "1", "role": "x" }).to_string(), 400),
        ("application/json", format!("{good}{}", " ".repeat(64 * 1024 + 1 - good.len())), 413),
        ("application/x-www-form-urlencoded", "x".repeat(64 * 1024 + 1), 413),
        ("text/plain", good.clone(), 415),
        ("multipart/form-data; boundary=x", good.clone(), 415),
        ("application/jsonx", good.clone(), 415),
        ("", good.clone(), 415),
    ] {
        assert_eq!(send_as(&app, kind, body.into_bytes()).await, status, "{kind}");
    }
    assert!(items(&app, "/customers").await.is_empty());
    let just_fits = format!("{good}{}", " ".repeat(64 * 1024 - good.len()));
    assert_eq!(send_as(&app, "application/json", just_fits.into_bytes()).await, 201);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_twenty_first_lead_of_an_address_in_a_minute_is_429() {
    let app =
        TestApp::with(Setup { settings: vec![("RATE_LIMITS", "on".to_owned())], ..Setup::default() }).await;
    let lead = json!({ "site_key": site_key(&app).await, "phone": "+905331234567" });
    for number in 0..20 {
        assert_eq!(send(&app, &lead).await.0, 201, "{number}");
    }
    let (status, problem) = send(&app, &lead).await;
    assert_eq!((status, &problem["code"]), (429, &json!("rate_limited")));
    assert_eq!(
        post(&app, &text_body("905320000061", "wamid.leads", "hi")).await,
        200,
        "webhooks are another matter"
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_joins_the_whatsapp_customer_of_its_number_and_is_reapplied() {
    let app = TestApp::start().await;
    let key = site_key(&app).await;
    apply(&app, &text_body("905324187650", "wamid.known", "hi")).await;
    let before = person(&app, "905324187650").await;
    for phone in ["0532 418 76 50", "+90 (532) 418-76-50", "00905324187650", "5324187650"] {
        let lead =
            json!({ "site_key": key, "name": "Somebody Else", "phone": phone, "email": "ayse@example.test" });
        assert_eq!(send(&app, &lead).await.0, 201);
        let customer = only(&app, "/customers").await;
        assert_eq!(
            (&customer["id"], &customer["phone"]),
            (&before["id"], &json!("+905324187650")),
            "{phone}"
        );
        assert_eq!(customer["email"], "ayse@example.test");
    }
    let customer = only(&app, "/customers").await;
    assert_eq!(cards(&app, &customer).await.len(), 1);
    assert_eq!(cards(&app, &customer).await[0]["source"], "organic", "the first source stays");
    let kinds = async || {
        let all = activities(&app, &customer).await;
        all.iter().map(|activity| activity["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, ["whatsapp_lead"], "one that is pending is enough");
    app.database.owner().batch_execute("update activity set status = 'done'").await.unwrap();
    assert_eq!(
        send(&app, &json!({ "site_key": key, "email": "AYSE@example.test", "message": "again" })).await.0,
        201
    );
    assert_eq!(kinds().await, ["reapplied", "whatsapp_lead"]);
    assert_eq!(activities(&app, &customer).await[0]["data"]["message"], "again");
    // With only closed cards there is a new one.
    app.database.owner().batch_execute(
        "update card set column_id = (select id from board_column c where c.tenant_id = card.tenant_id and c.kind = 'won')",
    ).await.unwrap();
    assert_eq!(send(&app, &json!({ "site_key": key, "phone": "+905324187650" })).await.0, 201);
    assert_eq!(cards(&app, &customer).await.len(), 2);
    app.end().await;
}

/// What Graph's jobs put off is due now.
async fn hurry(app: &TestApp) {
    app.database.owner().batch_execute("update job set run_at = now()").await.unwrap();
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_whose_content_comes_late_is_stored_once() {
    let app = TestApp::start().await;
    let call = "GET /1290847362510012";
    let good = sample_index()["files"]["leadgen/basic.json"]["graph"][call].clone();
    let refused = json!({ "_status": 400, "error": { "message": "no", "code": 100, "error_subcode": 33 } });
    let broken = json!({ "_status": 500, "error": { "message": "oops", "code": 2 } });
    app.graph.answer(call, &json!([broken, refused, refused, good]));
    let body = sample("leadgen/basic.json");
    assert_eq!(app.deliver("meta", &body).await, 200);
    app.settle().await;
    let page =
        items(&app, "/channels").await.into_iter().find(|channel| channel["account_id"] == PAGE).unwrap();
    let events = format!("/channels/{}/events", page["id"].as_str().unwrap());
    assert_eq!(only(&app, &events).await["data"]["state"], "pending");
    assert!(items(&app, "/customers").await.is_empty());
    while jobs::waiting(&app.app.db, false).await.unwrap() > 0 {
        // Told again meanwhile: nothing is asked twice for it.
        assert_eq!(app.deliver("meta", &body).await, 200);
        hurry(&app).await;
    }
    assert_eq!(app.graph.calls(), [call, call, call, call]);
    for _ in 0..3 {
        assert_eq!(app.deliver("meta", &body).await, 200);
        app.settle().await;
    }
    assert_eq!(app.graph.calls().len(), 4, "known leads are not fetched");
    let customer = only(&app, "/customers").await;
    assert_eq!(customer["name"], "Zeynep Şahin");
    assert_eq!(cards(&app, &customer).await.len(), 1);
    let event = only(&app, &events).await;
    assert_eq!((&event["data"]["state"], &event["customer_id"]), (&json!("stored"), &customer["id"]));
    assert_eq!(activities(&app, &customer).await.len(), 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_with_half_a_letter_comes_all_the_same() {
    let app = TestApp::start().await;
    let raw = r#"{"first_name":"Meh\u0000met\ud83d","last_name":"Demir","id":"7720183645512093"}"#;
    app.graph.answer("GET /7720183645512093", &json!({ "_raw": raw }));
    apply(&app, &messenger_text(PAGE, "7720183645512093", "m_profile1", "hello")).await;
    assert_eq!(person(&app, "7720183645512093").await["name"], "Mehmet\u{FFFD} Demir");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_come_from_graph_and_reach_the_card() {
    let app = TestApp::start().await;
    let call = "GET /7720183645512093";
    let profile = json!({ "first_name": "Mehmet", "last_name": "Demir", "id": "7720183645512093" });
    app.graph.answer(call, &json!([{ "_status": 503, "error": { "code": 1 } }, profile]));
    apply(&app, &messenger_text(PAGE, "7720183645512093", "m_profile1", "before the name")).await;
    let customer = person(&app, "7720183645512093").await;
    assert_eq!(
        (&customer["name"], messages_of(&app, &customer).await.len()),
        (&json!("7720183645512093"), 1)
    );
    hurry(&app).await;
    apply(&app, &messenger_text(PAGE, "7720183645512093", "m_profile2", "after the name")).await;
    let customer = person(&app, "7720183645512093").await;
    assert_eq!(customer["name"], "Mehmet Demir");
    assert_eq!(cards(&app, &customer).await[0]["title"], "Mehmet Demir");
    assert_eq!(only(&app, "/conversations").await["customer"]["name"], "Mehmet Demir");
    assert_eq!(app.graph.calls(), [call, call], "asked for once, and again after the failure");
    // Somebody whom Graph does not show stays with the id, and is not asked for again and again.
    apply(&app, &messenger_text(PAGE, "8830000000000001", "m_profile3", "hidden")).await;
    assert_eq!(person(&app, "8830000000000001").await["name"], "8830000000000001");
    assert_eq!(jobs::waiting(&app.app.db, false).await.unwrap(), 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_that_asks_for_patience_gets_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let graph = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = b"HTTP/1.1 429 Too Many\r\nRetry-After: 600\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer).await;
        }
    });
    let app = TestApp::with(Setup { settings: vec![("GRAPH_API_URL", graph)], ..Setup::default() }).await;
    apply(&app, &messenger_text(PAGE, "7720183645512093", "m_patience", "hello")).await;
    assert_eq!(app.deliver("meta", &sample("leadgen/basic.json")).await, 200);
    app.settle().await;
    let waiting =
        "select count(*) from job where state = 'queued' and attempts = 1 and last_error like '%429%'
                   and run_at between now() + interval '9 minutes' and now() + interval '20 minutes'";
    assert_eq!(app.number(waiting).await, 2, "a profile and a lead");
    app.end().await;
}
