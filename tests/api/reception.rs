//! Webhooks at the door: verification, signatures, sizes, encodings. What HTTP itself may do to us is in `wire`.

use crate::bodies::{deliveries, text_body, texts};
use crate::support::{SECRET, Setup, TestApp, VERIFY_TOKEN};
use reqwest::header::HeaderValue;
use serde_json::Value;
use webhooks::signature::sign;

const ADDRESSES: [&str; 3] = ["/api/meta/webhook", "/api/instagram/webhook", "/api/whatsapp/webhook"];
const MIB: usize = 1024 * 1024;

async fn verify(app: &TestApp, path: &str, query: &[(&str, &str)]) -> (u16, String, String) {
    let mut url: reqwest::Url = format!("{}{path}", app.base).parse().unwrap();
    url.query_pairs_mut().extend_pairs(query);
    let answer = app.http.get(url).send().await.unwrap();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    (answer.status().as_u16(), kind.unwrap_or_default(), answer.text().await.unwrap())
}

/// A query with one thing changed.
fn asked<'a>(mode: &'a str, token: &'a str, challenge: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", challenge)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_token_gets_its_challenge_back_on_every_address() {
    let app = TestApp::start().await;
    let longest = "Az09_-z!".repeat(32).replace('!', "0");
    for address in ADDRESSES {
        for path in [address.to_owned(), format!("{address}/default"), format!("{address}/noise")] {
            for challenge in ["1158201444", "x", &longest] {
                let (status, kind, body) =
                    verify(&app, &path, &asked("subscribe", VERIFY_TOKEN, challenge)).await;
                assert_eq!((status, body.as_str()), (200, challenge), "{path}");
                assert!(kind.starts_with("text/plain"), "{kind}");
            }
        }
        let unknown = format!("{address}/nobody");
        assert_eq!(verify(&app, &unknown, &asked("subscribe", VERIFY_TOKEN, "1")).await.0, 404);
        let body = text_body("905320000001", "wamid.slug", "hello").to_string();
        let signature = sign(body.as_bytes(), SECRET.as_bytes());
        let answer = app.http.post(format!("{}{unknown}", app.base)).header("x-hub-signature-256", signature);
        assert_eq!(answer.body(body).send().await.unwrap().status(), 404);
    }
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anything_else_is_not_verified() {
    let app = TestApp::start().await;
    let too_long = "1".repeat(257);
    let upper = VERIFY_TOKEN.to_uppercase();
    let mut queries = vec![
        Vec::new(),
        vec![("hub.mode", "subscribe"), ("hub.challenge", "1")],
        vec![("hub.verify_token", VERIFY_TOKEN), ("hub.challenge", "1")],
        vec![("hub.mode", "subscribe"), ("hub.verify_token", VERIFY_TOKEN)],
        vec![("hub.mode", "subscribe"), ("hub.verify_token[]", VERIFY_TOKEN), ("hub.challenge", "1")],
        vec![("hub.mode", "subscribe"), ("hub.verify_token[0]", VERIFY_TOKEN), ("hub.challenge", "1")],
        vec![("hub_mode", "subscribe"), ("hub_verify_token", VERIFY_TOKEN), ("hub_challenge", "1")],
    ];
    let wrong_tokens =
        ["", "wrong", VERIFY_TOKEN.trim_start_matches('s'), &upper, "switchboard-sample-verify-token ", "\0"];
    queries.extend(wrong_tokens.map(|token| asked("subscribe", token, "1")));
    queries.extend(["", "unsubscribe", "SUBSCRIBE"].map(|mode| asked(mode, VERIFY_TOKEN, "1")));
    let bad_challenges =
        ["", "<script>alert(1)</script>", "a b", "1\r\nX: y", "%31", "ä", "1;2", "&lt;", too_long.as_str()];
    queries.extend(bad_challenges.map(|challenge| asked("subscribe", VERIFY_TOKEN, challenge)));
    for twice in [("hub.mode", "subscribe"), ("hub.verify_token", VERIFY_TOKEN), ("hub.challenge", "1")] {
        queries.push([asked("subscribe", VERIFY_TOKEN, "1"), vec![twice]].concat());
    }
    queries.push([asked("subscribe", VERIFY_TOKEN, "1"), vec![("hub.verify_token", "wrong")]].concat());
    for address in ADDRESSES {
        for query in &queries {
            let (status, _, body) = verify(&app, address, query).await;
            assert_eq!(status, 403, "{address} {query:?}");
            let problem: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(problem["code"], "forbidden");
            assert!(!body.contains("<script>") && !body.contains(VERIFY_TOKEN));
        }
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_secrets_nothing_is_verified_and_nothing_accepted() {
    let settings = vec![("META_APP_SECRET", String::new()), ("META_VERIFY_TOKEN", String::new())];
    let app = TestApp::with(Setup { settings, ..Setup::default() }).await;
    let body = text_body("905320000001", "wamid.nosecret", "hello").to_string();
    for address in ["meta", "instagram", "whatsapp", "whatsapp/webhook/default"] {
        let path =
            if address.contains('/') { format!("/api/{address}") } else { format!("/api/{address}/webhook") };
        for token in ["", VERIFY_TOKEN] {
            assert_eq!(verify(&app, &path, &asked("subscribe", token, "1")).await.0, 403);
        }
        for secret in ["", SECRET] {
            let signature = sign(body.as_bytes(), secret.as_bytes());
            assert_eq!(post(&app, &path, body.as_bytes(), &[signature.as_bytes()]).await, 401, "{path}");
        }
    }
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    app.end().await;
}

async fn post(app: &TestApp, path: &str, body: &[u8], signatures: &[&[u8]]) -> u16 {
    let mut request = app.http.post(format!("{}{path}", app.base)).header("content-type", "application/json");
    for signature in signatures {
        request = request.header("x-hub-signature-256", HeaderValue::from_bytes(signature).unwrap());
    }
    request.body(body.to_vec()).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_one_right_signature_is_accepted_and_nothing_is_stored_otherwise() {
    let app = TestApp::start().await;
    let body = serde_json::to_vec_pretty(&text_body("905320000001", "wamid.signed", "köşe")).unwrap();
    let good = sign(&body, SECRET.as_bytes());
    let digits = good.strip_prefix("sha256=").unwrap().to_owned();
    let value: Value = serde_json::from_slice(&body).unwrap();
    let again = sign(value.to_string().as_bytes(), SECRET.as_bytes());
    let escaped = String::from_utf8(body.clone()).unwrap().replace('ö', "\\u00f6");
    let escaped = sign(escaped.as_bytes(), SECRET.as_bytes());
    let other = sign(&body, b"switchboard-sample-app-secret-0002");
    let sha1 = format!("sha1={}", digits.get(..40).unwrap());
    let upper = format!("sha256={}", digits.to_uppercase());
    let (short, long) = (format!("sha256={}", digits.get(..63).unwrap()), format!("sha256={digits}0"));
    let no_hex = format!("sha256={}g", digits.get(..63).unwrap());
    let (quoted, spaced) = (format!("sha256=\"{digits}\""), format!("sha256= {digits}"));
    let (listed, shouted) = (format!("{good}, {good}"), format!("SHA256={digits}"));
    let refused: Vec<Vec<&[u8]>> = vec![
        vec![],
        vec![again.as_bytes()],
        vec![escaped.as_bytes()],
        vec![other.as_bytes()],
        vec![sha1.as_bytes()],
        vec![upper.as_bytes()],
        vec![short.as_bytes()],
        vec![long.as_bytes()],
        vec![no_hex.as_bytes()],
        vec![quoted.as_bytes()],
        vec![spaced.as_bytes()],
        vec![listed.as_bytes()],
        vec![shouted.as_bytes()],
        vec![digits.as_bytes()],
        vec![b""],
        vec![b"sha256="],
        vec![&good.as_bytes()[..17]],
        vec![b"sha256=\xff\xfe"],
        vec![good.as_bytes(), good.as_bytes()],
        vec![good.as_bytes(), other.as_bytes()],
        vec![other.as_bytes(), good.as_bytes()],
        vec![good.as_bytes(), b""],
    ];
    for address in ADDRESSES.iter().flat_map(|address| [(*address).to_owned(), format!("{address}/default")])
    {
        for signatures in &refused {
            assert_eq!(post(&app, &address, &body, signatures).await, 401, "{address} {signatures:?}");
        }
        let mut changed = body.clone();
        changed.push(b'\n');
        assert_eq!(post(&app, &address, &changed, &[good.as_bytes()]).await, 401);
        assert_eq!(post(&app, &address, b"", &[good.as_bytes()]).await, 401);
    }
    // The old header proves nothing, with or without the right bytes.
    let old = app.http.post(format!("{}/api/meta/webhook", app.base)).header("x-hub-signature", &good);
    assert_eq!(old.body(body.clone()).send().await.unwrap().status(), 401);
    app.settle().await;
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    assert_eq!(texts(&app, "köşe").await, 0);
    assert_eq!(post(&app, "/api/whatsapp/webhook", &body, &[good.as_bytes()]).await, 200);
    app.settle().await;
    assert_eq!(texts(&app, "köşe").await, 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_of_another_platform_signs_nothing() {
    let settings = vec![("WHATSAPP_APP_SECRET", "a-secret-of-the-whatsapp-app".to_owned())];
    let app = TestApp::with(Setup { settings, ..Setup::default() }).await;
    let body = text_body("905320000001", "wamid.platform", "hello").to_string();
    let meta = sign(body.as_bytes(), SECRET.as_bytes());
    let whatsapp = sign(body.as_bytes(), b"a-secret-of-the-whatsapp-app");
    for (address, signature, status) in [
        ("whatsapp", &meta, 401),
        ("whatsapp", &whatsapp, 200),
        ("meta", &whatsapp, 401),
        ("meta", &meta, 200),
        ("instagram", &whatsapp, 401),
        ("instagram", &meta, 200),
    ] {
        assert_eq!(app.deliver_signed(address, body.as_bytes(), signature).await, status, "{address}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sixty_first_refused_one_in_a_minute_is_429_and_signed_ones_still_pass() {
    let app =
        TestApp::with(Setup { settings: vec![("RATE_LIMITS", "on".to_owned())], ..Setup::default() }).await;
    let body = text_body("905320000001", "wamid.limit", "still heard").to_string();
    for number in 0..60 {
        assert_eq!(app.deliver_signed("whatsapp", body.as_bytes(), "sha256=").await, 401, "{number}");
    }
    for platform in ["whatsapp", "meta", "instagram"] {
        let answer = app.http.post(format!("{}/api/{platform}/webhook", app.base)).body(body.clone());
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 429);
        let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait));
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "rate_limited");
    }
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    for _ in 0..40 {
        assert_eq!(app.deliver("whatsapp", body.as_bytes()).await, 200, "signed ones are not limited");
    }
    app.settle().await;
    assert_eq!(texts(&app, "still heard").await, 1);
    app.end().await;
}

/// A valid body of exactly so many bytes.
fn padded(id: &str, words: &str, size: usize) -> Vec<u8> {
    let mut body = text_body("905320000002", id, words).to_string().into_bytes();
    body.resize(size, b' ');
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_up_to_8_mib_are_taken() {
    let app = TestApp::start().await;
    let sizes = [256 * 1024 + 1, 2 * MIB + 1, 3_000_000, 8 * MIB];
    for (number, size) in sizes.into_iter().enumerate() {
        let words = format!("body of {size}");
        let body = padded(&format!("wamid.size{number}"), &words, size);
        assert_eq!(app.deliver("whatsapp", &body).await, 200, "{size}");
        app.settle().await;
        assert_eq!(texts(&app, &words).await, 1);
        let stored =
            format!("select count(*) from webhook_delivery where size = {size} and length(body) = {size}");
        assert_eq!(app.number(&stored).await, 1);
    }
    for status in [8 * MIB + 1, 9 * MIB].map(|size| padded("wamid.size", "too large", size)) {
        assert_eq!(app.deliver("whatsapp", &status).await, 413);
    }
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 4);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_content_encoding_is_refused_whatever_it_says() {
    let app = TestApp::start().await;
    let body = text_body("905320000003", "wamid.gzip", "packed").to_string();
    let signature = sign(body.as_bytes(), SECRET.as_bytes());
    for encoding in ["gzip", "br", "zstd", "deflate", "identity", "GZIP, gzip", ""] {
        for signature in [signature.as_str(), "sha256="] {
            let request = app.http.post(format!("{}/api/whatsapp/webhook", app.base));
            let request =
                request.header("content-encoding", encoding).header("x-hub-signature-256", signature);
            let answer = request.body(body.clone()).send().await.unwrap();
            assert_eq!(answer.status(), 415, "{encoding}");
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "unsupported_media_type");
        }
    }
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_nonsense_is_200_and_a_failed_delivery_with_its_reason() {
    let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
    let bodies: [&[u8]; 9] = [
        b"",
        b"hello #1",
        b"{\"object\":\"page\",\"entry\":[",
        b"[]",
        b"null",
        b"{}",
        b"{\"object\":\"user\",\"entry\":[]}",
        b"{\"object\":7}",
        b"\xff\xfe\x00",
    ];
    for (number, body) in bodies.iter().enumerate() {
        let platform = ["meta", "instagram", "whatsapp"][number % 3];
        assert_eq!(app.deliver(platform, body).await, 200, "{body:?}");
    }
    app.settle().await;
    let failed = app.fetch("/webhook-deliveries?state=failed").await;
    let failed = failed["items"].as_array().unwrap();
    assert_eq!(failed.len(), bodies.len(), "{failed:#?}");
    for delivery in failed {
        assert!(delivery["reason"].as_str().is_some_and(|reason| reason.contains("JSON")), "{delivery}");
        assert_eq!(delivery["attempts"], 1);
        app.fetch(&format!("/webhook-deliveries/{}", delivery["id"].as_str().unwrap())).await;
    }
    let reason = &deliveries(&app, "\"user\"").await[0].1;
    assert!(reason.as_deref().is_some_and(|reason| reason.contains("no known `object`")), "{reason:?}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_methods_are_405() {
    let app = TestApp::start().await;
    for address in ADDRESSES.iter().flat_map(|address| [(*address).to_owned(), format!("{address}/default")])
    {
        for method in ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"] {
            let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
            let answer =
                app.http.request(method.clone(), format!("{}{address}", app.base)).send().await.unwrap();
            assert_eq!(answer.status(), 405, "{method} {address}");
            assert_eq!(answer.headers()["allow"], "GET, POST");
        }
    }
    app.end().await;
}
