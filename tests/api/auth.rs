//! Sign-in over real HTTP: an own database, an own server on port 0.
//!
//! Needs `TEST_DATABASE_URL` (default: the development cluster), whose user may create databases.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that can't go on shall say so, and tells its story in one piece"
)]

mod support {
    //! The least that these tests need; the integration binary has its own.

    use actix_web::middleware::from_fn;
    use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer, web};
    use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
    use reqwest::Method;
    use secrecy::ExposeSecret;
    use serde_json::Value;
    use std::collections::{BTreeMap, HashMap};
    use std::sync::mpsc;
    use switchboard::auth::{self, Auth};
    use switchboard::config::Config;
    use switchboard::db::{Db, migrate};
    use switchboard::http::{self, Limits, Proxies};
    use switchboard::log::Log;
    use utoipa_actix_web::AppExt;

    pub(super) const PASSWORD: &str = "correct horse battery";

    fn cluster() -> String {
        std::env::var("TEST_DATABASE_URL").unwrap_or_else(|_| "host=/dev/shm/devpg user=postgres".to_owned())
    }

    pub(super) struct App {
        pub(super) base: String,
        pub(super) db: Db,
        pub(super) auth: web::Data<Auth>,
        pub(super) setup_token: Option<String>,
        name: String,
    }

    impl App {
        pub(super) async fn start() -> Self {
            Self::with(&[("RATE_LIMITS", "off")]).await
        }

        /// With an administrator `ada@example.com`.
        pub(super) async fn with_admin() -> Self {
            Self::with(&[
                ("RATE_LIMITS", "off"),
                ("ADMIN_EMAIL", "Ada@Example.com"),
                ("ADMIN_PASSWORD", PASSWORD),
            ])
            .await
        }

        pub(super) async fn with(settings: &[(&str, &str)]) -> Self {
            let name = format!("auth_{}", switchboard::ids::new().simple());
            let mut admin = AsyncPgConnection::establish(&cluster()).await.expect("the cluster");
            admin.batch_execute(&format!("create database {name}")).await.expect("a database");
            let url = format!("{} dbname={name}", cluster());
            let set_role = migrate::prepare(&url, true).await.expect("migrates");
            let db = Db::new(&url, set_role).expect("a pool");
            let settings: HashMap<_, _> =
                settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            let config = Config::from_parts("", settings).expect("settings");
            let token = auth::service::prepare(&db, &config).await.expect("prepares");
            let (log, _committed) = Log::new(db.clone());
            let (base, auth) = serve(log, &config);
            let setup_token = token.map(|token| token.expose_secret().to_owned());
            Self { base, db, auth, setup_token, name }
        }

        /// A browser on the app's page.
        pub(super) fn browser(&self) -> Browser {
            let headers = vec![("sec-fetch-site".to_owned(), "same-origin".to_owned())];
            Browser { base: self.base.clone(), cookies: BTreeMap::new(), headers }
        }

        /// A program without cookies.
        pub(super) fn program(&self) -> Browser {
            Browser { base: self.base.clone(), cookies: BTreeMap::new(), headers: Vec::new() }
        }

        pub(super) async fn signed_in(&self) -> Browser {
            let mut browser = self.browser();
            let answer = browser.login("ada@example.com", PASSWORD).await;
            assert_eq!(answer.status, 200, "{:?}", answer.body);
            browser
        }

        /// Changes what only time changes.
        pub(super) async fn sql(&self, statement: &str) {
            let url = format!("{} dbname={}", cluster(), self.name);
            let mut conn = AsyncPgConnection::establish(&url).await.expect("a connection");
            conn.batch_execute(statement).await.expect("runs");
        }
    }

    impl Drop for App {
        fn drop(&mut self) {
            let name = self.name.clone();
            std::thread::spawn(move || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let mut admin = AsyncPgConnection::establish(&cluster()).await.expect("the cluster");
                    admin.batch_execute(&format!("drop database {name} with (force)")).await.expect("drops");
                });
            })
            .join()
            .expect("cleans up");
        }
    }

    async fn socket(request: HttpRequest) -> switchboard::error::Result<HttpResponse> {
        let actor = auth::authenticate_socket(&request).await?;
        Ok(HttpResponse::Ok().json(actor.user_id))
    }

    async fn boom() -> HttpResponse {
        panic!("canary-panic")
    }

    fn serve(log: Log, config: &Config) -> (String, web::Data<Auth>) {
        let (ready, started) = mpsc::channel();
        let config = config.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
                let bound = listener.local_addr().expect("an address");
                let limits = web::Data::new(Limits::new(
                    config.rate_limits,
                    Proxies::new(config.trusted_proxies.clone()),
                ));
                let auth = web::Data::new(Auth::new(log, limits, config.public_url.as_ref(), bound));
                let (_, document) = ActixApp::new()
                    .into_utoipa_app()
                    .service(utoipa_actix_web::scope("/api/v1").configure(auth::routes::routes))
                    .split_for_parts();
                let declared = web::Data::new(http::Declared::of(&document));
                let headers = web::Data::new(http::Headers { https: false });
                let data = auth.clone();
                let server = HttpServer::new(move || {
                    ActixApp::new()
                        .into_utoipa_app()
                        .app_data(data.clone())
                        .app_data(declared.clone())
                        .app_data(headers.clone())
                        .service(
                            utoipa_actix_web::scope("/api/v1").configure(auth::routes::routes).configure(
                                |config| {
                                    config.route("/realtime", web::get().to(socket));
                                },
                            ),
                        )
                        .into_app()
                        .route("/boom", web::get().to(boom))
                        .default_service(web::to(http::fallback))
                        .wrap(from_fn(auth::guard))
                        .wrap(from_fn(http::dress))
                })
                .workers(2)
                .listen(listener)
                .expect("listens")
                .run();
                ready.send((format!("http://{bound}"), auth)).expect("someone waits");
                server.await.expect("serves");
            });
        });
        started.recv().expect("the server starts")
    }

    #[derive(Clone)]
    pub(super) struct Browser {
        base: String,
        pub(super) cookies: BTreeMap<String, String>,
        pub(super) headers: Vec<(String, String)>,
    }

    #[derive(Debug)]
    pub(super) struct Answer {
        pub(super) status: u16,
        pub(super) headers: reqwest::header::HeaderMap,
        pub(super) body: Value,
    }

    impl Answer {
        pub(super) fn header(&self, name: &str) -> &str {
            self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
        }

        pub(super) fn code(&self) -> &str {
            self.body["code"].as_str().unwrap_or("")
        }

        /// Name and whole text of each cookie set.
        pub(super) fn set_cookies(&self) -> BTreeMap<String, String> {
            let all = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text"));
            all.map(|text| (text.split('=').next().expect("a name").to_owned(), text.to_owned())).collect()
        }
    }

    impl Browser {
        pub(super) fn with(mut self, name: &str, value: &str) -> Self {
            self.headers.retain(|(key, _)| key != name);
            if !value.is_empty() {
                self.headers.push((name.to_owned(), value.to_owned()));
            }
            self
        }

        pub(super) fn without_cookies(mut self) -> Self {
            self.cookies.clear();
            self
        }

        pub(super) async fn get(&mut self, path: &str) -> Answer {
            self.send(Method::GET, path, None).await
        }

        pub(super) async fn post(&mut self, path: &str, body: Value) -> Answer {
            let body = if body.is_null() { None } else { Some(body.to_string()) };
            self.send(Method::POST, path, body).await
        }

        pub(super) async fn patch(&mut self, path: &str, body: Value) -> Answer {
            self.send(Method::PATCH, path, Some(body.to_string())).await
        }

        pub(super) async fn login(&mut self, email: &str, password: &str) -> Answer {
            self.post("/api/v1/auth/login", serde_json::json!({"email": email, "password": password})).await
        }

        pub(super) async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
            let client = reqwest::Client::builder().no_proxy().build().expect("a client");
            let mut request = client.request(method, format!("{}{path}", self.base));
            for (name, value) in &self.headers {
                request = request.header(name, value);
            }
            if !self.cookies.is_empty() {
                let jar: Vec<String> =
                    self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                request = request.header("cookie", jar.join("; "));
            }
            if let Some(body) = body {
                if !self.headers.iter().any(|(name, _)| name == "content-type") {
                    request = request.header("content-type", "application/json");
                }
                request = request.body(body);
            }
            let response = request.send().await.expect("an answer");
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let text = response.text().await.expect("a body");
            let answer = Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null) };
            for (name, text) in answer.set_cookies() {
                let value = text.split(['=', ';']).nth(1).unwrap_or("").to_owned();
                if value.is_empty() {
                    self.cookies.remove(&name);
                } else {
                    self.cookies.insert(name, value);
                }
            }
            answer
        }
    }
}

use serde_json::{Value, json};
use support::{App, PASSWORD};

const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const ME: &str = "/api/v1/auth/me";

#[tokio::test(flavor = "multi_thread")]
async fn set_up_happens_once_and_needs_the_printed_token() {
    let app = App::start().await;
    let token = app.setup_token.clone().expect("no user yet");
    let form = |token: &str| json!({"token": token, "email": "Ada@Example.com", "password": PASSWORD, "name": "Ada"});
    let path = "/api/v1/auth/setup";
    assert_eq!(app.browser().get(path).await.body, json!({"needed": true}));
    assert_eq!(app.browser().post(path, form("wrong")).await.status, 403);
    assert_eq!(app.browser().with("sec-fetch-site", "cross-site").post(path, form(&token)).await.status, 403);
    let weak = json!({"token": token, "email": "x", "password": "short", "name": ""});
    let refused = app.browser().post(path, weak).await;
    assert_eq!((refused.status, refused.body["errors"].as_array().map(Vec::len)), (422, Some(3)));

    // Two visitors at once: one becomes administrator.
    let (mut one, mut two) = (app.browser(), app.browser());
    let (first, second) = tokio::join!(one.post(path, form(&token)), two.post(path, form(&token)));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403]);
    let won = if first.status == 200 { first } else { second };
    assert_eq!(won.body["user"]["role"], "administrator");
    assert_eq!(won.set_cookies().len(), 2);
    assert_eq!(app.browser().post(path, form(&token)).await.status, 403, "once there is a user");
    assert_eq!(app.browser().get(path).await.body, json!({"needed": false}));
    assert_eq!(app.browser().login("ada@example.com", PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_two_cookies_and_an_access_token() {
    let app = App::with_admin().await;
    let mut browser = app.browser();
    let answer = browser.login(" ADA@example.com", PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert_eq!((&answer.body["token_type"], &answer.body["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(answer.body["user"]["email"], "ada@example.com");
    assert!(
        answer.body["user"]["permissions"]
            .as_array()
            .is_some_and(|all| all.contains(&json!("inbox.reply:all")))
    );
    for (name, text) in answer.set_cookies() {
        assert!(["session", "refresh"].contains(&name.as_str()));
        assert!(text.contains("HttpOnly; SameSite=Lax; Path=/; Max-Age="), "{text}");
        let value = text.split(['=', ';']).nth(1).expect("a value");
        assert!(!answer.body.to_string().contains(value), "a cookie's value is in no body");
    }
    let me = browser.get(ME).await;
    assert_eq!((me.status, &me.body["name"], me.header("switchboard-seq")), (200, &json!("ada"), "0"));
    let token = answer.body["access_token"].as_str().expect("a token").to_owned();
    let bearer = format!("Bearer {token}");
    assert_eq!(app.program().with("authorization", &bearer).get(ME).await.status, 200);
    assert_eq!(app.program().get(ME).await.status, 401);
    // An access token that is none is not made good by a cookie; a cookie's token is no access token.
    let session = format!("Bearer {}", browser.cookies["session"]);
    let refresh = format!("Bearer {}", browser.cookies["refresh"]);
    for bad in ["Bearer x", "Basic eDp5", "Bearer", &session, &refresh, "Bearer eyJhbGciOiJub25lIn0.e30."] {
        assert_eq!(browser.clone().with("authorization", bad).get(ME).await.status, 401, "{bad}");
    }
    for query in ["token", "access_token"] {
        assert_eq!(browser.get(&format!("{ME}?{query}={token}")).await.status, 400);
    }
    app.sql("update access_token set expires_at = now()").await;
    assert_eq!(app.program().with("authorization", &bearer).get(ME).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_e_mail_look_the_same() {
    let app = App::with_admin().await;
    let shown = |mut body: Value| {
        body["request_id"] = Value::Null;
        body
    };
    let wrong = app.browser().login("ada@example.com", "wrong horse battery").await;
    let unknown = app.browser().login("nobody@example.com", "wrong horse battery").await;
    assert_eq!((wrong.status, wrong.code()), (401, "unauthenticated"));
    assert_eq!((unknown.status, shown(unknown.body)), (401, shown(wrong.body)));
    app.sql("update app_user set disabled_at = now()").await;
    assert_eq!(app.browser().login("ada@example.com", PASSWORD).await.status, 401);
    app.sql("update app_user set disabled_at = null").await;

    // In turns of changing order, so that what else the machine does hits both alike.
    let mut times = [Vec::new(), Vec::new()];
    let emails = ["ada@example.com", "nobody@example.com"];
    for round in 0..60 {
        for place in [round / 2 % 2, 1 - round / 2 % 2] {
            let email = emails[place];
            let start = switchboard::clock::monotonic();
            assert_eq!(app.browser().login(email, "wrong horse battery").await.status, 401);
            times[place].push(start.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    });
    println!("median of a known e-mail {known:.4} s, of an unknown one {unknown:.4} s");
    assert!((known / unknown - 1.0).abs() < 0.5, "{known} {unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_strict() {
    let app = App::with_admin().await;
    let mut browser = app.browser();
    for (body, status) in [
        (json!({"email": "a@b.test", "password": PASSWORD, "role": "administrator"}), 400),
        (json!({"email": 1, "password": PASSWORD}), 400),
        (json!({"email": "a@b.test"}), 400),
    ] {
        let answer = browser.post(LOGIN, body).await;
        assert_eq!((answer.status, answer.code()), (status, "bad_request"), "{:?}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let mut plain = app.browser().with("content-type", "text/plain");
    assert_eq!(plain.post(LOGIN, json!({"email": "a", "password": "b"})).await.status, 415);
    let huge = json!({"email": "a".repeat(256 * 1024), "password": "b"});
    assert_eq!(browser.post(LOGIN, huge).await.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn refreshing_replaces_tokens_and_a_second_use_ends_the_session() {
    let app = App::with_admin().await;
    let mut ended = app.auth.revocations.subscribe();
    let mut browser = app.signed_in().await;
    let stolen = browser.clone();
    let before = browser.cookies.clone();
    let answer = browser.post(REFRESH, Value::Null).await;
    assert_eq!((answer.status, answer.set_cookies().len()), (200, 2));
    assert_ne!(browser.cookies["refresh"], before["refresh"]);
    assert_eq!(browser.cookies["session"], before["session"], "a working one stays");
    let bearer = format!("Bearer {}", answer.body["access_token"].as_str().expect("a token"));

    // A parallel tab, at the same moment: both go on.
    let mut tab = stolen.clone();
    assert_eq!(tab.post(REFRESH, Value::Null).await.status, 200);
    assert_eq!(tab.get(ME).await.status, 200);
    let mut next = browser.clone();
    assert_eq!(next.post(REFRESH, Value::Null).await.status, 200, "the successor is used");
    assert_eq!(next.get(ME).await.status, 200);

    // The old one again, after its successor was used: ended for everybody.
    let again = stolen.clone().post(REFRESH, Value::Null).await;
    assert_eq!((again.status, again.code()), (401, "unauthenticated"));
    assert_eq!(next.get(ME).await.status, 401);
    assert_eq!(next.post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(app.program().with("authorization", &bearer).get(ME).await.status, 401);
    let session = ended.try_recv().expect("sockets hear of it");
    let invalid = switchboard::auth::store::invalid_sessions(&app.db, &[session]).await.expect("asks");
    assert_eq!(invalid, [session]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_grace_is_over_after_ten_seconds() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    let mut old = browser.clone();
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 200);
    app.sql("update refresh_token set replaced_at = replaced_at - interval '11 seconds'").await;
    assert_eq!(old.post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(browser.get(ME).await.status, 401, "the session is ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_at_once_leave_a_working_session() {
    let app = App::with_admin().await;
    let browser = app.signed_in().await;
    let tabs = (0..50).map(|_| {
        let mut tab = browser.clone();
        tokio::spawn(async move {
            let status = tab.post(REFRESH, Value::Null).await.status;
            (status, tab)
        })
    });
    for tab in futures_util::future::join_all(tabs).await {
        let (status, mut tab) = tab.expect("runs");
        assert_eq!((status, tab.get(ME).await.status), (200, 200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_when_idle_old_or_left() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    app.sql("update session set last_seen_at = now() - interval '12 hours' + interval '1 minute'").await;
    assert_eq!(browser.get(ME).await.status, 200, "not yet, and that was a use");
    app.sql("update session set last_seen_at = last_seen_at - interval '12 hours' + interval '1 minute'")
        .await;
    assert_eq!(browser.get(ME).await.status, 200);
    app.sql("update session set last_seen_at = now() - interval '12 hours'").await;
    assert_eq!(browser.get(ME).await.status, 401, "idle");
    let old = browser.cookies["session"].clone();
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 200, "but not signed out");
    assert_eq!(browser.get(ME).await.status, 200);
    app.sql("update session set expires_at = now(); update access_token set expires_at = now()").await;
    assert_eq!(browser.get(ME).await.status, 401, "seven days");
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 200);
    assert_ne!(browser.cookies["session"], old);
    assert_eq!(browser.get(ME).await.status, 200);
    app.sql("update session set signed_in_at = now() - interval '30 days'").await;
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 401, "thirty days");

    let mut browser = app.signed_in().await;
    let left = browser.clone();
    let answer = browser.post("/api/v1/auth/logout", Value::Null).await;
    assert_eq!((answer.status, answer.header("clear-site-data")), (204, "\"cookies\", \"storage\""));
    assert!(browser.cookies.is_empty());
    assert_eq!(left.clone().get(ME).await.status, 401);
    assert_eq!(left.clone().post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(left.clone().post("/api/v1/auth/logout", Value::Null).await.status, 204, "twice is fine");
    assert_eq!(app.browser().post("/api/v1/auth/logout", Value::Null).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_by_cookie_come_from_the_app() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    let port = app.base.rsplit(':').next().expect("a port");
    let ticket = "/api/v1/auth/ticket";
    for (site, origin, status) in [
        ("same-origin", String::new(), 200),
        ("", format!("http://localhost:{port}"), 200),
        ("", format!("http://127.0.0.1:{port}"), 200),
        ("", String::new(), 403),
        ("", "http://evil.test".to_owned(), 403),
        ("", "null".to_owned(), 403),
        ("", format!("http://localhost:{port}.evil.test"), 403),
        ("cross-site", String::new(), 403),
        ("same-site", String::new(), 403),
        ("cross-site", "http://evil.test".to_owned(), 403),
    ] {
        let mut page = browser.clone().with("sec-fetch-site", site).with("origin", &origin);
        assert_eq!(page.post(ticket, Value::Null).await.status, status, "{site} {origin}");
        for path in [REFRESH, "/api/v1/auth/logout"] {
            if status == 403 {
                assert_eq!(page.post(path, Value::Null).await.status, 403, "{path} {site} {origin}");
            }
        }
        assert_eq!(page.get(ME).await.status, 200, "reading is not refused");
    }
    let answer = browser.post(REFRESH, Value::Null).await;
    let bearer = format!("Bearer {}", answer.body["access_token"].as_str().expect("a token"));
    assert_eq!(app.program().with("authorization", &bearer).post(ticket, Value::Null).await.status, 200);
    let mut foreign = app.program().with("origin", "http://evil.test");
    assert_eq!(foreign.login("ada@example.com", PASSWORD).await.status, 403, "signing others in");
    assert_eq!(app.program().login("ada@example.com", PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_sign_in_by_ticket_cookie_or_token() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    let port = app.base.rsplit(':').next().expect("a port");
    let socket = "/api/v1/realtime";
    let page = browser.clone().with("sec-fetch-site", "");
    for (origin, status) in [
        ("", 403),
        ("null", 403),
        ("http://evil.test", 403),
        (&*format!("http://localhost:{port}"), 200),
        (&*format!("http://localhost:{port}.evil.test"), 403),
    ] {
        assert_eq!(page.clone().with("origin", origin).get(socket).await.status, status, "{origin}");
    }
    assert_eq!(app.program().get(socket).await.status, 401);
    let answer = browser.post("/api/v1/auth/ticket", Value::Null).await;
    assert_eq!(answer.body["expires_in"], 30);
    let by_ticket = format!("{socket}?ticket={}", answer.body["ticket"].as_str().expect("a ticket"));
    let uses = (0..20).map(|_| {
        let mut program = app.program();
        let path = by_ticket.clone();
        tokio::spawn(async move { program.get(&path).await.status })
    });
    let statuses: Vec<u16> =
        futures_util::future::join_all(uses).await.into_iter().map(|status| status.expect("runs")).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 19);
    let answer = browser.post("/api/v1/auth/ticket", Value::Null).await;
    app.sql("update socket_ticket set expires_at = now()").await;
    let expired = format!("{socket}?ticket={}", answer.body["ticket"].as_str().expect("a ticket"));
    assert_eq!(browser.get(&expired).await.status, 401, "the cookie does not make it good");
    let session = &browser.cookies["session"].clone();
    assert_eq!(browser.get(&format!("{socket}?token={session}")).await.status, 400);
    assert_eq!(app.program().get(&format!("{socket}?ticket={session}")).await.status, 401);
    let token =
        browser.post(REFRESH, Value::Null).await.body["access_token"].as_str().expect("a token").to_owned();
    let mut program = app.program().with("authorization", &format!("Bearer {token}"));
    assert_eq!(program.get(socket).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_manage_users() {
    let app = App::with_admin().await;
    let mut admin = app.signed_in().await;
    let form =
        |email: &str| json!({"email": email, "name": "Bo", "role": "agent", "password": "another long one"});
    let made = admin.post("/api/v1/users", form("Bo@Example.com")).await;
    assert_eq!(
        (made.status, &made.body["email"], &made.body["version"]),
        (201, &json!("bo@example.com"), &json!(1))
    );
    assert_eq!(made.body["permissions"][1], "inbox.reply:own");
    assert_eq!(admin.post("/api/v1/users", form("bo@example.com")).await.status, 422, "taken");
    let id = made.body["id"].as_str().expect("an id");
    let path = format!("/api/v1/users/{id}");

    let mut agent = app.browser();
    assert_eq!(agent.login("bo@example.com", "another long one").await.status, 200);
    assert_eq!(agent.post("/api/v1/users", form("c@example.com")).await.status, 403);
    assert_eq!(agent.post("/api/v1/users", json!({})).await.status, 403, "whatever the body");
    assert_eq!(app.program().post("/api/v1/users", json!({})).await.status, 401, "whatever the body");
    assert_eq!(agent.patch(&path, json!({"role": "administrator"})).await.status, 403);
    let list = agent.get("/api/v1/users").await;
    assert_eq!(list.body["items"].as_array().map(Vec::len), Some(2));
    assert!(!list.body.to_string().contains("@example.com"), "colleagues have names here");
    let list = admin.get("/api/v1/users?limit=1").await;
    let cursor = list.body["next_cursor"].as_str().expect("more");
    let rest = admin.get(&format!("/api/v1/users?limit=1&cursor={cursor}")).await;
    assert_eq!((&rest.body["items"][0]["name"], &rest.body["next_cursor"]), (&json!("ada"), &Value::Null));
    assert_eq!(admin.get("/api/v1/users?limit=201").await.status, 400);

    assert_eq!(admin.patch("/api/v1/users/none", json!({})).await.status, 404);
    assert_eq!(
        admin.patch("/api/v1/users/0193e6f2-0000-7000-8000-000000000001", json!({})).await.status,
        404
    );
    assert_eq!(admin.patch(&path, json!({"password": "x"})).await.status, 400);
    let renamed = admin.patch(&path, json!({"name": " Bo B. ", "version": 1})).await;
    assert_eq!((renamed.status, &renamed.body["name"]), (200, &json!("Bo B.")));
    assert_eq!(agent.get(ME).await.status, 200, "a name ends nothing");
    let stale = admin.patch(&path, json!({"role": "manager", "version": 1})).await;
    assert_eq!(
        (stale.status, stale.code(), &stale.body["current"]["version"]),
        (409, "version_conflict", &json!(2))
    );
    assert_eq!(admin.patch(&path, json!({"role": "manager"})).await.status, 200);
    assert_eq!(agent.get(ME).await.status, 401, "another role is another sign-in");
    assert_eq!(agent.login("bo@example.com", "another long one").await.status, 200);
    assert_eq!(admin.patch(&path, json!({"disabled": true})).await.status, 200);
    assert_eq!(agent.get(ME).await.status, 401);
    assert_eq!(agent.post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(agent.login("bo@example.com", "another long one").await.status, 401);

    let ada = admin.get(ME).await.body["id"].as_str().expect("an id").to_owned();
    let alone = admin.patch(&format!("/api/v1/users/{ada}"), json!({"role": "agent"})).await;
    assert_eq!((alone.status, &alone.body["errors"][0]["code"]), (422, &json!("last_administrator")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_write_gets_the_first_answer() {
    let app = App::with_admin().await;
    let admin = app.signed_in().await;
    let form =
        |email: &str| json!({"email": email, "name": "Bo", "role": "agent", "password": "another long one"});
    let keyed = admin.clone().with("idempotency-key", "k-1");
    let posts = (0..8).map(|_| {
        let mut keyed = keyed.clone();
        tokio::spawn(async move {
            keyed
                .post(
                    "/api/v1/users",
                    json!({"email": "bo@example.com", "name": "Bo", "role": "agent", "password": "another long one"}),
                )
                .await
        })
    });
    let answers: Vec<_> =
        futures_util::future::join_all(posts).await.into_iter().map(|answer| answer.expect("runs")).collect();
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body));
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotency-replayed").is_empty()).count(), 1);
    let other = keyed.clone().post("/api/v1/users", form("c@example.com")).await;
    assert_eq!((other.status, &other.body["errors"][0]["code"]), (422, &json!("idempotency_key_reused")));
    assert_eq!(
        admin.clone().with("idempotency-key", "a b").post("/api/v1/users", form("d@x.test")).await.status,
        400
    );
    assert_eq!(admin.clone().get("/api/v1/users").await.body["items"].as_array().map(Vec::len), Some(2));
    app.sql("update idempotency_key set created_at = now() - interval '25 hours'").await;
    assert_eq!(switchboard::auth::forget_idempotency_keys(&app.db).await.expect("forgets"), 1);
    switchboard::auth::store::clean(&app.db).await.expect("cleans");
    assert_eq!(admin.clone().get(ME).await.status, 200, "cleaning ends nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_limited_by_address_and_user() {
    let app = App::with(&[
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
        ("ADMIN_EMAIL", "ada@example.com"),
        ("ADMIN_PASSWORD", PASSWORD),
    ])
    .await;
    let from = |address: &str| app.browser().with("x-forwarded-for", address);
    // 20 a second, whatever the path; another address in the same /64 is the same client.
    let mut refused = 0;
    for n in 0..30 {
        let answer = from(&format!("2001:db8::{n:x}")).get(ME).await;
        if answer.status == 429 {
            assert_eq!((answer.code(), answer.header("retry-after")), ("rate_limited", "1"));
            assert_eq!(answer.header("content-type"), "application/problem+json");
            refused += 1;
        }
    }
    assert!(refused >= 1, "30 requests took more than a second?");
    assert_eq!(from("2001:db8:1::1").get(ME).await.status, 401, "another client");
    // 100 in 15 minutes.
    let mut counts = [0, 0];
    let mut last = None;
    for n in 0..110 {
        if n % 18 == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1010)).await;
        }
        let path = ["/api/v1/anything", "/api/v1//auth/me/", "/%61pi/v1/auth/me", ME][n % 4];
        let answer = from("203.0.113.7").get(path).await;
        counts[usize::from(answer.status == 429)] += 1;
        last = Some(answer);
    }
    assert_eq!(counts, [100, 10]);
    let wait: u32 = last.expect("an answer").header("retry-after").parse().expect("seconds");
    assert!((880..=900).contains(&wait), "{wait}");
    assert_eq!(from("203.0.113.8").get(ME).await.status, 401);

    // A user is counted as a user, from wherever.
    let mut ada = from("203.0.113.9");
    assert_eq!(ada.login("ada@example.com", PASSWORD).await.status, 200);
    tokio::time::sleep(std::time::Duration::from_millis(1010)).await;
    let mut statuses = [0, 0];
    for n in 0..25 {
        let answer = ada.clone().with("x-forwarded-for", &format!("198.51.100.{n}")).get(ME).await;
        statuses[usize::from(answer.status == 429)] += 1;
    }
    assert_eq!(statuses[0] + statuses[1], 25);
    assert!(statuses[1] >= 1, "{statuses:?}");
    assert_eq!(
        ada.clone().with("x-forwarded-for", "203.0.113.7").without_cookies().get(ME).await.status,
        429
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_are_limited_also_all_at_once() {
    let app = App::with(&[
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
        ("ADMIN_EMAIL", "ada@example.com"),
        ("ADMIN_PASSWORD", PASSWORD),
    ])
    .await;
    let tries = (0..18).map(|_| {
        let mut browser = app.browser().with("x-forwarded-for", "203.0.113.1");
        tokio::spawn(async move { browser.login("ada@example.com", "wrong horse battery").await })
    });
    let answers: Vec<_> =
        futures_util::future::join_all(tries).await.into_iter().map(|answer| answer.expect("runs")).collect();
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 5);
    let waits =
        answers.iter().filter(|answer| answer.status == 429).map(|answer| answer.header("retry-after"));
    let waits: Vec<u32> = waits.map(|wait| wait.parse().expect("seconds")).collect();
    assert_eq!(waits.len(), 13);
    assert!(waits.iter().all(|wait| (295..=300).contains(wait)), "{waits:?}");
    // From other addresses: ten of the e-mail in all, then not even the right password.
    for n in 0..5 {
        let mut browser = app.browser().with("x-forwarded-for", &format!("198.51.100.{n}"));
        assert_eq!(browser.login("Ada@example.com", "wrong horse battery").await.status, 401);
    }
    let mut browser = app.browser().with("x-forwarded-for", "198.51.100.77");
    assert_eq!(browser.login("ada@example.com", PASSWORD).await.status, 429);
    assert_eq!(browser.login("bo@example.com", PASSWORD).await.status, 401, "others are not concerned");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_right_sign_ins_at_once_are_no_attack() {
    let app = App::with(&[("ADMIN_EMAIL", "ada@example.com"), ("ADMIN_PASSWORD", PASSWORD)]).await;
    let tries = (0..15).map(|_| {
        let mut browser = app.browser();
        tokio::spawn(async move { browser.login("ada@example.com", PASSWORD).await.status })
    });
    let statuses = futures_util::future::join_all(tries).await;
    assert!(statuses.into_iter().all(|status| status.expect("runs") == 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_dressed() {
    let app = App::with_admin().await;
    let mut browser = app.browser();
    for (method, path, status, code) in [
        (reqwest::Method::GET, "/api/v1/none", 404, "not_found"),
        (reqwest::Method::GET, "/api/v1/auth/login", 405, "method_not_allowed"),
        (reqwest::Method::TRACE, "/api/v1/auth/me", 405, "method_not_allowed"),
        (reqwest::Method::DELETE, "/api/v1/users/x", 405, "method_not_allowed"),
        (reqwest::Method::GET, "/boom", 500, "internal"),
        (reqwest::Method::GET, "/api/v1/auth/me", 401, "unauthenticated"),
    ] {
        let answer = browser.send(method, path, None).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.header("x-request-id"), answer.body["request_id"].as_str().expect("an id"));
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.body.to_string().contains("canary"));
    }
    let answer = browser.get("/api/v1/auth/login").await;
    assert_eq!(answer.header("allow"), "POST");
    assert_eq!(browser.get("/boom").await.status, 500, "the worker is alive");
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_are_complete() {
    let app = App::start().await;
    let db = &app.db;
    let only = switchboard::tenants::only(db).await.expect("asks").expect("one");
    assert_eq!(switchboard::tenants::ensure(db).await.expect("again"), only);
    assert_eq!(switchboard::tenants::by_slug(db, "default").await.expect("asks"), Some(only));
    let acme = switchboard::tenants::create(db, "acme", "Acme").await.expect("made");
    assert!(switchboard::tenants::create(db, "acme", "Acme").await.is_err(), "taken");
    assert_eq!(switchboard::tenants::only(db).await.expect("asks"), None, "there are two");
    for tenant in [only, acme] {
        let tx = db.read(tenant).await.expect("reads");
        use diesel_async::RunQueryDsl;
        let row: switchboard::db::scalar::Word = switchboard::db::sql(
            "select string_agg(c.name || ':' || c.kind, ',' order by c.position)
                    || (select ' ' || kind || ' ' || confirmed || ' ' || length(site_key) from channel) as value
             from board b join board_column c on c.board_id = b.id where b.is_default",
        )
        .get_result(&mut tx.conn())
        .await
        .expect("a row");
        assert_eq!(row.value, "Potential:open,In progress:open,Won:won,Lost:lost website true 43");
    }
    let id = switchboard::auth::service::create_admin(
        db,
        "root@example.com",
        PASSWORD.into(),
        Some("acme"),
        switchboard::auth::Role::Administrator,
    )
    .await
    .expect("made");
    let mut browser = app.browser();
    let answer = browser.login("root@example.com", PASSWORD).await;
    assert_eq!(answer.body["user"]["id"], id.to_string());
    assert_eq!(browser.get("/api/v1/users").await.body["items"].as_array().map(Vec::len), Some(1));
    assert!(
        switchboard::auth::service::create_admin(
            db,
            "x@example.com",
            PASSWORD.into(),
            None,
            switchboard::auth::Role::Agent
        )
        .await
        .is_err(),
        "which tenant?"
    );
}
