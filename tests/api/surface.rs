//! What every answer wears, and the few addresses that are open: places in the log, repeated writes, headers, the
//! description and its page, health and metrics.

use crate::operations::{self, Answer, with};
use crate::records::{self, Records};
use crate::support::{Setup, TestApp};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

async fn stage() -> (TestApp, Records) {
    let app = TestApp::start().await;
    let own = Records::add(app.database.owner(), app.tenant.id(), "own").await;
    (app, own)
}

fn to(app: &TestApp, address: &str) -> RequestBuilder {
    app.http.get(format!("{}{address}", app.base))
}

async fn get(app: &TestApp, address: &str) -> Answer {
    Answer::of(to(app, address).bearer_auth(&app.token)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_tells_its_place_in_the_log() {
    let (app, own) = stage().await;
    let counter = "select coalesce((select seq from tenant_counter where tenant_id = $1), 0)";
    let mut places = Vec::new();
    for priority in ["low", "high"] {
        for operation in operations::of_api().iter().filter(|operation| operation.is_get()) {
            if operation.is_public() || (!operation.is_record() && !operation.is_sign_in()) {
                continue;
            }
            let answer = get(&app, &operation.address(&own)).await;
            assert_eq!(answer.status, 200, "{}: {}", operation.name(), answer.text);
            assert_eq!(
                answer.header("switchboard-seq"),
                app.count(counter).await.to_string(),
                "{}",
                operation.name()
            );
        }
        places.push(app.count(counter).await);
        let path = format!("/conversations/{}", own.id("conversation"));
        let body = json!({ "priority": priority });
        let request =
            app.http.patch(format!("{}/api/v1{path}", app.base)).bearer_auth(&app.token).json(&body);
        let answer = Answer::of(request).await;
        assert_eq!(
            answer.header("switchboard-seq"),
            app.count(counter).await.to_string(),
            "a write tells its own"
        );
    }
    places.push(app.count(counter).await);
    assert!(places.is_sorted_by(|one, next| one < next), "{places:?}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_with_a_key_happens_once() {
    let (app, own) = stage().await;
    let owner = app.database.owner();
    for operation in
        operations::of_api().iter().filter(|operation| operation.is_record() && operation.takes_body())
    {
        let (name, address) = (operation.name(), operation.address(&own));
        let body = operation.valid_body(&own).unwrap();
        let write = |key: &str, body: &Value| {
            let request = operation.to(&app, &address).bearer_auth(&app.token).header("idempotency-key", key);
            Answer::of(request.json(body))
        };
        // Two at the same moment: one is carried out, the other one gets its answer.
        let key = format!("key-of-{}", switchboard::ids::new());
        let (one, two) = tokio::join!(write(&key, &body), write(&key, &body));
        assert!((200..300).contains(&one.status), "{name}: {}", one.text);
        assert_eq!((one.status, &one.text), (two.status, &two.text), "{name}");
        let replayed = [&one, &two].map(|answer| answer.header("idempotency-replayed").to_owned());
        assert_eq!(replayed.iter().filter(|mark| *mark == "true").count(), 1, "{name}: {replayed:?}");
        // What a write set going (a replayed delivery, say) must have ended.
        app.settle().await;
        let before = records::digest(owner, None).await;
        let again = write(&key, &body).await;
        assert_eq!((again.status, &again.text), (one.status, &one.text), "{name}");
        let mut other = body.clone();
        other.as_object_mut().unwrap().insert("version".to_owned(), json!(1));
        if !operation.properties().contains_key("version") {
            other = operation.valid_body(&Records::of_nobody(own.tenant)).unwrap();
        }
        // No ids to differ in: then in what it says.
        if other == body && body.get("emoji").is_some() {
            other["emoji"] = json!("❤️");
        } else if other == body {
            other.as_object_mut().unwrap().clear();
        }
        let refused = write(&key, &other).await;
        refused.is_problem(422, "invalid", &name);
        assert_eq!(refused.json()["errors"][0]["code"], "idempotency_key_reused", "{name}");
        assert_eq!(records::digest(owner, None).await, before, "{name}");
        for bad in ["a b", "", &"x".repeat(256)] {
            write(bad, &body).await.is_problem(400, "bad_request", &name);
        }
        assert_eq!(
            write(&"x".repeat(255), &body).await.status / 100,
            if ["POST /api/v1/users", "POST /api/v1/saved-replies"].contains(&name.as_str()) { 4 } else { 2 },
            "{name}"
        );
        owner.execute("delete from idempotency_key where length(key) = 255", &[]).await.unwrap();
    }
    app.end().await;
}

/// The headers of every answer; what differs in each is left out.
const HEADERS: [(&str, &str); 8] = [
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; frame-src 'none'; object-src 'none'; \
         require-trusted-types-for 'script'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), microphone=(self), geolocation=(), payment=()"),
    ("referrer-policy", "no-referrer"),
    ("vary", "accept-encoding"),
    ("x-content-type-options", "nosniff"),
];

/// That an answer wears what all wear, and nothing that tells of the server.
fn is_dressed(answer: &Answer, of: &str) {
    let mut snapshot: BTreeMap<String, String> =
        HEADERS.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let varying = [
        "date",
        "x-request-id",
        "content-type",
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
        "switchboard-seq",
    ];
    let mut worn: BTreeMap<String, String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !varying.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    // Of some answers only.
    for (name, expected) in [
        ("www-authenticate", answer.status == 401),
        ("set-cookie", answer.status < 300),
        ("clear-site-data", answer.status == 204),
        ("sec-websocket-accept", answer.status == 101),
    ] {
        assert!(worn.remove(name).is_none() || expected, "{of}: {name}");
    }
    // Of what can be compressed.
    let body = !answer.text.is_empty();
    if !worn.contains_key("vary") {
        assert!(!body || answer.text.len() < 1000, "{of}: {worn:?}");
        snapshot.remove("vary");
    }
    assert_eq!(worn, snapshot, "{of}");
    for name in [
        "server",
        "x-powered-by",
        "x-version",
        "via",
        "access-control-allow-origin",
        "strict-transport-security",
    ] {
        assert!(!answer.headers.contains_key(name), "{of}: {name}");
    }
    for text in [env!("CARGO_PKG_VERSION"), "actix"] {
        assert!(!format!("{:?}", answer.headers).contains(text), "{of}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_wears_the_same_headers() {
    let (app, own) = stage().await;
    let mut ids = std::collections::BTreeSet::new();
    for operation in operations::of_api() {
        if operation.path.ends_with("/docs") {
            continue;
        }
        for signed in [true, false] {
            let mut request = operation.request(&app, &own);
            if signed {
                // Signing out ends that session: each has its own.
                let (_, token) = records::user_of(&app, app.tenant.id(), "administrator").await;
                request = request.bearer_auth(token);
            }
            let answer = Answer::of(request).await;
            let of = format!("{} {}", operation.name(), answer.status);
            is_dressed(&answer, &of);
            assert!(ids.insert(answer.header("x-request-id").to_owned()), "{of}: a request id comes twice");
        }
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_that_come_by_https_stay_there() {
    let app = TestApp::with(Setup {
        settings: vec![("PUBLIC_URL", "https://crm.example.test".to_owned())],
        alone: true,
    })
    .await;
    for address in ["/api/v1/auth/me", "/health/live", "/none"] {
        let answer = get(&app, address).await;
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=31536000; includeSubDomains",
            "{address}"
        );
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_and_its_page_are_open_and_served_from_here() {
    let app = TestApp::with(Setup { settings: Vec::new(), alone: true }).await;
    let answer = Answer::of(to(&app, "/api/v1/openapi.json")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document, serde_json::to_value(switchboard::router::openapi()).unwrap());
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    for operation in operations::all() {
        let name = operation.name();
        let named = operation.document["security"]
            .as_array()
            .unwrap_or_else(|| panic!("{name} says nothing of sign-in"));
        for scheme in named.iter().flat_map(|one| one.as_object().unwrap().keys()) {
            assert!(schemes.contains_key(scheme), "{name}: {scheme}");
        }
        let ids: Vec<_> = operation.document["operationId"].as_str().into_iter().collect();
        assert_eq!(ids.len(), 1, "{name}");
    }
    let page = Answer::of(to(&app, "/api/v1/docs")).await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
    for part in page.text.split(['"', '\'']).filter(|part| part.contains("//")) {
        assert!(!part.starts_with("http") && !part.starts_with("//"), "from elsewhere: {part}");
    }
    let files: Vec<&str> =
        page.text.split('"').filter(|part| part.ends_with(".js") || part.ends_with(".css")).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let address = format!("/api/v1/docs/{}", file.trim_start_matches("./"));
        assert_eq!(Answer::of(to(&app, &address)).await.status, 200, "{address}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_for_this_machine_or_an_administrator() {
    let (app, _) = stage().await;
    let metrics = || to(&app, "/metrics");
    let local = Answer::of(metrics()).await;
    assert_eq!(local.status, 200);
    assert!(local.header("content-type").starts_with("text/plain; version=0.0.4"));
    assert!(local.text.contains("switchboard_db_connections_open"), "{}", local.text);
    for header in ["127.0.0.1", "203.0.113.9", "", "::1"] {
        let asked = || metrics().header("x-forwarded-for", header);
        Answer::of(asked()).await.is_problem(401, "unauthenticated", header);
        for (role, status) in [("agent", 403), ("manager", 403), ("administrator", 200)] {
            let (_, token) = records::user_of(&app, app.tenant.id(), role).await;
            assert_eq!(Answer::of(asked().bearer_auth(token)).await.status, status, "{role}");
        }
        Answer::of(asked().bearer_auth("x".repeat(43))).await.is_problem(401, "unauthenticated", header);
    }
    for address in ["/health/live", "/health/ready"] {
        let answer = Answer::of(to(&app, address).header("x-forwarded-for", "203.0.113.9")).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "status": "ok" })), "{address}");
    }
    for address in ["/metrics", "/health/live"] {
        let answer = get(&app, &with(address, "limit", "x")).await;
        assert_eq!(answer.status, 200, "{address}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_is_alive_but_not_ready() {
    let (app, _) = stage().await;
    app.app.hub.drain(Duration::ZERO).await;
    Answer::of(to(&app, "/health/ready")).await.is_problem(503, "unavailable", "ready");
    assert_eq!(Answer::of(to(&app, "/health/live")).await.status, 200);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_writes_nothing() {
    let (app, own) = stage().await;
    let before = records::digest(app.database.owner(), Some(own.tenant)).await;
    let login = json!({ "email": crate::support::EMAIL, "password": crate::support::PASSWORD });
    let signed = Answer::of(app.http.post(format!("{}/api/v1/auth/login", app.base)).json(&login)).await;
    let cookie: Vec<&str> = signed
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|one| one.to_str().unwrap().split(';').next().unwrap())
        .collect();
    let cookie = cookie.join("; ");
    let after_sign_in = records::digest(app.database.owner(), Some(own.tenant)).await;
    assert_ne!(before, after_sign_in, "a session more");
    let foreign: [&[(&str, &str)]; 7] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "null")],
        &[("origin", "https://evil.test")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("x-forwarded-host", "127.0.0.1"),
            ("x-http-method-override", "GET"),
        ],
    ];
    for operation in
        operations::of_api().iter().filter(|operation| !operation.is_get() && !operation.is_public())
    {
        for headers in foreign {
            let request = operation.request(&app, &own).header("cookie", &cookie);
            let request =
                headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            Answer::of(request).await.is_problem(
                403,
                "forbidden",
                &format!("{} {headers:?}", operation.name()),
            );
        }
    }
    assert_eq!(records::digest(app.database.owner(), Some(own.tenant)).await, after_sign_in);
    // The same from the app's own page.
    let write = || {
        app.http
            .patch(format!("{}/api/v1/cards/{}", app.base, own.id("card")))
            .header("cookie", &cookie)
            .json(&json!({ "title": "x" }))
    };
    assert_eq!(Answer::of(write().header("sec-fetch-site", "same-origin")).await.status, 200);
    assert_eq!(Answer::of(write().header("origin", &app.base)).await.status, 200);
    app.end().await;
}

async fn boom() -> HttpResponse {
    panic!("canary of a panic")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_answered_and_the_worker_lives() {
    let (tell, bound) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let make = || {
                App::new().wrap(from_fn(switchboard::http::dress)).route("/api/v1/boom", web::get().to(boom))
            };
            let server = HttpServer::new(make).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
            let address = server.addrs()[0];
            let server = server.run();
            tell.send((address, server.handle())).unwrap();
            server.await.unwrap();
        });
    });
    let (address, handle) = bound.await.unwrap();
    for _ in 0..3 {
        let answer = Answer::of(reqwest::Client::new().get(format!("http://{address}/api/v1/boom"))).await;
        answer.is_problem(500, "internal", "a panic");
        assert!(!answer.text.contains("canary"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    handle.stop(false).await;
}
