//! The Graph part and what follows a send.

use super::*;

async fn get(simulator: &Simulator, path: &str) -> (u16, Value) {
    let url = format!("{}{path}", simulator.graph_url());
    let answer = reqwest::Client::new().get(url).bearer_auth("t").send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn post(simulator: &Simulator, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}{path}", simulator.graph_url());
    let answer = reqwest::Client::new().post(url).bearer_auth("t").json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_sends_are_answered_followed_and_answered_by_the_customer() {
    let (stub, simulator) =
        stage(vec![], |config| config.behaviour = Behaviour { answers: 1.0, ..Behaviour::default() }).await;
    let customers = simulator.customers();
    let customer =
        customers.iter().find(|customer| customer.platform == Platform::Whatsapp && customer.phone.is_some());
    let customer = customer.unwrap();
    simulator.customer_writes(&customer.id, "hello").await.unwrap();
    let body = json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": customer.id,
        "type": "interactive", "interactive": {"type": "button", "body": {"text": "Which?"}, "action": {"buttons": [
            {"type": "reply", "reply": {"id": "a", "title": "Grey"}}]}},
        "biz_opaque_callback_data": "sb:1"});
    let (status, answer) = post(&simulator, "/v26.0/418206994710335/messages", &body).await;
    assert_eq!((status, &answer["contacts"][0]["wa_id"]), (200, &json!(customer.id)));
    let id = answer["messages"][0]["id"].as_str().unwrap();
    assert!(simulator.settle(LONG).await);

    let got = stub.got.lock().clone();
    let values: Vec<Value> =
        got.iter().map(|got| got.body["entry"][0]["changes"][0]["value"].clone()).collect();
    let statuses: Vec<&str> = values
        .iter()
        .filter(|value| value["statuses"][0]["id"] == id)
        .inspect(|value| assert_eq!(value["statuses"][0]["biz_opaque_callback_data"], "sb:1"))
        .filter_map(|value| value["statuses"][0]["status"].as_str())
        .collect();
    assert_eq!(statuses, ["sent", "delivered", "read"]);
    let reply = values.iter().filter_map(|value| value.get("messages")).next_back().unwrap();
    assert_eq!(reply[0]["interactive"]["button_reply"], json!({"id": "a", "title": "Grey"}));
    assert_eq!(reply[0]["context"]["id"], id);
    let sends = simulator.ledger().sends();
    assert_eq!((sends.len(), sends[0].tracking.as_deref()), (1, Some("sb:1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_send_for_messenger_and_instagram() {
    let (stub, simulator) = stage(vec![], |config| {
        config.customers = 30;
        config.behaviour = Behaviour { answers: 0.0, ..Behaviour::default() };
    })
    .await;
    for (platform, path, kinds) in [
        (Platform::Messenger, "/me/messages", vec!["echo", "delivery", "read"]),
        (Platform::Instagram, "/v26.0/107845920384756/messages", vec!["echo", "read"]),
    ] {
        let customer = somebody(&simulator, platform);
        let body = json!({"recipient": {"id": customer.id}, "messaging_type": "RESPONSE",
            "message": {"text": "Merhaba \u{1f44b}", "metadata": "sb:2"}});
        let (status, answer) = post(&simulator, path, &body).await;
        assert_eq!((status, &answer["error"]["error_subcode"]), (400, &json!(2_018_278)), "nobody wrote yet");
        simulator.customer_writes(&customer.id, "hi").await.unwrap();
        let (status, answer) = post(&simulator, path, &body).await;
        assert_eq!((status, &answer["recipient_id"]), (200, &json!(customer.id)), "{answer}");
        assert!(simulator.settle(LONG).await);
        let entries = simulator.ledger().entries();
        let told: Vec<&str> = entries
            .iter()
            .flat_map(|entry| &entry.told)
            .filter(|told| json!(told.external_id) == answer["message_id"])
            .map(|told| told.kind)
            .collect();
        assert_eq!(told, kinds);
    }
    let got = stub.got.lock().clone();
    let echo =
        got.iter().map(|got| &got.body["entry"][0]["messaging"][0]["message"]).find(|m| m["is_echo"] == true);
    let echo = echo.unwrap();
    assert_eq!((&echo["app_id"], &echo["metadata"]), (&json!(904_417_236_650_192_u64), &json!("sb:2")));
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_windows_and_lost_answers_are_the_platforms() {
    let (stub, simulator) =
        stage(vec![], |config| config.behaviour = Behaviour { graph_lost: 1.0, ..Behaviour::default() })
            .await;
    let customer = somebody(&simulator, Platform::Whatsapp);
    let body = json!({"messaging_product": "whatsapp", "to": "905550000000", "type": "text",
        "text": {"body": "x"}, "biz_opaque_callback_data": "sb:3"});
    let (status, answer) = post(&simulator, "/418206994710335/messages", &body).await;
    assert_eq!((status, &answer["error"]["code"]), (500, &json!(2)));
    assert!(simulator.ledger().sends()[0].answer_lost);

    simulator.behave(Behaviour::default()).unwrap();
    let key = if customer.id.contains('.') { "recipient" } else { "to" };
    let body =
        json!({"messaging_product": "whatsapp", key: customer.id, "type": "text", "text": {"body": "x"}});
    assert_eq!(post(&simulator, "/418206994710335/messages", &body).await.0, 200);
    assert!(simulator.settle(LONG).await);
    let got = stub.got.lock().clone();
    let failed = got.iter().map(|got| &got.body["entry"][0]["changes"][0]["value"]["statuses"][0]);
    let failed: Vec<&Value> = failed.filter(|status| status["status"] == "failed").collect();
    assert_eq!((failed.len(), &failed[0]["errors"][0]["code"]), (1, &json!(131_047)));
    assert!(simulator.ledger().totals().told["status"] >= 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn graph_reads_have_the_documented_shapes() {
    let (_stub, simulator) = stage(vec![], |config| config.customers = 40).await;
    let psid = somebody(&simulator, Platform::Messenger).id;
    let (status, profile) =
        get(&simulator, &format!("/v26.0/{psid}?fields=first_name,last_name,profile_pic")).await;
    assert_eq!(status, 200);
    assert!(
        profile["first_name"].is_string() && profile["profile_pic"].is_string() && profile["name"].is_null()
    );
    let igsid = somebody(&simulator, Platform::Instagram).id;
    let (_, profile) = get(&simulator, &format!("/{igsid}?fields=name,username,follower_count")).await;
    assert!(profile["username"].is_string() && profile["follower_count"].is_number());

    let (_, lead) =
        get(&simulator, "/v26.0/1290812345678901?fields=id,created_time,form_id,field_data,is_organic").await;
    assert_eq!((&lead["id"], &lead["form_id"]), (&json!("1290812345678901"), &json!("778120394456123")));
    assert!(lead["field_data"][1]["values"][0].as_str().unwrap().contains('@'));

    let (_, media) = get(&simulator, "/v26.0/1391000000000042").await;
    let bytes =
        reqwest::Client::new().get(media["url"].as_str().unwrap()).bearer_auth("t").send().await.unwrap();
    assert_eq!(bytes.headers()["content-type"], "image/png");
    let bytes = bytes.bytes().await.unwrap();
    assert_eq!(json!(bytes.len()), media["file_size"]);
    assert_eq!(json!(wire::sha256_hex(&bytes)), media["sha256"]);
    let bare = reqwest::get(media["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(bare.status(), 401);
    let cdn = format!("{}/_cdn/1393000000000042.pdf?dl=1", simulator.graph_url());
    assert!(reqwest::get(cdn).await.unwrap().bytes().await.unwrap().starts_with(b"%PDF"));

    let (_, token) = get(&simulator, "/debug_token?input_token=x").await;
    assert_eq!(token["data"]["is_valid"], true);
    let (_, rows) = get(&simulator, "/v26.0/act_1/insights?level=campaign&fields=spend").await;
    assert_eq!(rows["data"].as_array().unwrap().len(), 2);
    assert!(rows["data"][0]["spend"].is_string());
    let events = json!({"data": [{"event_name": "Purchase", "event_time": 1_763_600_000}]});
    assert_eq!(post(&simulator, "/900100/events", &events).await.1["events_received"], 1);
    let (status, unknown) = get(&simulator, "/v26.0/4711").await;
    assert_eq!((status, &unknown["error"]["code"]), (400, &json!(100)));
    assert!(unknown["error"]["fbtrace_id"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn graph_misbehaves_on_demand_and_scripts_win() {
    let (_stub, simulator) = stage(vec![], |_| {}).await;
    simulator
        .graph_answers("GET /42", vec![json!({"_status": 503, "error": {"code": 2}}), json!({"id": "42"})]);
    assert_eq!(get(&simulator, "/v26.0/42").await.0, 503);
    assert_eq!(get(&simulator, "/42").await, (200, json!({"id": "42"})));
    assert_eq!(get(&simulator, "/42").await.0, 200);

    let (status, now) = post(&simulator, "/_simulator/behaviour", &json!({"expired_token": true})).await;
    assert_eq!((status, &now["expired_token"]), (200, &json!(true)));
    let (status, answer) = get(&simulator, "/42").await;
    assert_eq!((status, &answer["error"]["code"]), (401, &json!(190)));
    post(&simulator, "/_simulator/behaviour", &json!({"expired_token": false, "graph_429": 1.0})).await;
    let url = format!("{}/42", simulator.graph_url());
    let mut with_hint = 0;
    for _ in 0..20 {
        let answer = reqwest::Client::new().get(&url).bearer_auth("t").send().await.unwrap();
        assert_eq!(answer.status(), 429);
        with_hint += usize::from(answer.headers().contains_key("retry-after"));
    }
    assert!((1..20).contains(&with_hint));
    assert_eq!(post(&simulator, "/_simulator/behaviour", &json!({"graph_429": 7})).await.0, 400);
    let (_, ledger) = get(&simulator, "/_simulator/ledger").await;
    assert_eq!(ledger["totals"]["graph_spoiled"], 21);
    assert_eq!(simulator.graph_calls().len(), 24);

    let customer = somebody(&simulator, Platform::Instagram);
    let message = json!({"customer": customer.id, "text": "by hand"});
    assert!(post(&simulator, "/_simulator/message", &message).await.1["external_id"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_listed_in_pages_and_sends_must_fit_them() {
    let (_stub, simulator) = stage(vec![], |_| {}).await;
    let path = "/v26.0/329471260257418/message_templates?limit=50&fields=id,name,components";
    let (_, first) = get(&simulator, path).await;
    assert_eq!(first["data"][0]["components"][0]["type"], "BODY");
    assert_eq!(first["data"][0].get("status"), None, "only what was asked for");
    assert!(first["paging"]["next"].is_string());
    let after = first["paging"]["cursors"]["after"].as_str().unwrap();
    let (_, second) = get(&simulator, &format!("{path}&after={after}")).await;
    assert_eq!(second["paging"].get("next"), None);
    let ids = |page: &Value| -> Vec<Value> {
        page["data"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
    };
    let all: std::collections::BTreeSet<String> =
        [ids(&first), ids(&second)].concat().iter().map(Value::to_string).collect();
    assert_eq!(all.len(), ids(&first).len() + ids(&second).len(), "each once");
    for (name, language, values, code) in [
        ("order_shipped", "tr", vec!["Ayşe", "20418"], None),
        ("order_shipped", "tr", vec!["Ayşe"], Some(132_000)),
        ("order_shipped", "de", vec!["Ayşe", "20418"], Some(132_001)),
        ("win_a_sofa", "en", vec!["Ayşe"], Some(132_001)),
        ("delivery_date", "en", vec![], Some(132_000)),
    ] {
        let values: Vec<Value> = values.iter().map(|text| json!({"type": "text", "text": text})).collect();
        let body = json!({"messaging_product": "whatsapp", "to": "905320000001", "type": "template", "template":
            {"name": name, "language": {"code": language}, "components": [{"type": "body", "parameters": values}]}});
        let (status, answer) = post(&simulator, "/v26.0/418206994710335/messages", &body).await;
        let told = answer["error"]["code"].as_i64();
        assert_eq!((told, status == 200), (code, code.is_none()), "{name} {language}: {answer}");
    }
}
